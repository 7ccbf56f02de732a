"""The layers that an engine holds, without the engine around them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from living import lightness
from photochrom import pipeline
from photochrom.adjustments import Adjustments
from photochrom.colorizers.lite import Lite
from photochrom.options import Options
from photochrom.service.error_responses import ErrorResponse
from photochrom.service.jobs import Jobs
from photochrom.service.layers import MAX_LAYERS, QUIET, Layer, Layers
from photochrom.service.turns import Turns


def test_a_layer_sent_again_does_not_run_the_network_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    predict = Lite.predict

    def counted(self: Lite, *given: Any) -> Any:
        asked.append(self.card.name)
        return predict(self, *given)

    monkeypatch.setattr(Lite, "predict", counted)
    layers = Layers(tmp_path)
    colors = []
    for strength in (1.0, 0.5):
        upload = layers.begin(64, 48, alpha=False)
        upload.write(lightness(64, 48))
        layer = layers.end(upload)
        assert layer is not None
        options = Options("lite", Adjustments(strength))
        colors.append(pipeline.predict(layer.proxy, options).ab)
        layers.remove(layer.id)
    assert asked == ["lite"]
    assert colors[1] == pytest.approx(colors[0] / 2)


def complete(layers: Layers) -> Layer:
    upload = layers.begin(8, 8, alpha=False)
    upload.write(lightness(8, 8))
    layer = layers.end(upload)
    assert layer is not None
    return layer


def test_uploads_under_way_take_room_too(tmp_path: Path) -> None:
    layers = Layers(tmp_path)
    uploads = [layers.begin(8, 8, alpha=False) for _ in range(MAX_LAYERS)]
    with pytest.raises(ErrorResponse) as busy:
        layers.begin(8, 8, alpha=False)
    assert (busy.value.status, busy.value.code) == (429, "busy")
    assert layers.end(uploads[0]) is None  # its client has gone
    assert layers.begin(8, 8, alpha=False) is not None


def test_a_layer_whose_client_is_at_work_is_not_removed(tmp_path: Path) -> None:
    layers = Layers(tmp_path)
    held = [complete(layers) for _ in range(MAX_LAYERS)]
    assert layers.in_the_way(256) == []
    for layer in held[3:5]:
        layer.used -= QUIET
    with held[3].in_use():
        assert layers.in_the_way(256) == [held[4]]
    layers.get(held[4].id)
    assert layers.in_the_way(256) == []


def test_a_result_that_its_client_has_not_heard_of_is_kept(tmp_path: Path) -> None:
    async def while_it_is_followed() -> list[bytes]:
        layers, jobs = Layers(tmp_path), Jobs(Turns())
        held = [complete(layers) for _ in range(MAX_LAYERS)]
        job = jobs.start(held[0], Options("lite"))
        events, said = jobs.events(job), []
        async for event in events:
            said.append(event)
            if len(said) == 1:  # a client that reads slowly
                while not job.over:
                    await asyncio.sleep(0.01)
                held[0].used -= 10 * QUIET
                for unused in layers.in_the_way(256):
                    jobs.forget(layers.remove(unused.id))
        await jobs.close()
        return said

    assert json.loads(asyncio.run(while_it_is_followed())[-1])["state"] == "done"
