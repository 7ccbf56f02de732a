"""The layers that an engine holds, without the engine around them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from living import lightness
from photochrom import pipeline
from photochrom.adjustments import Adjustments
from photochrom.colorizers.lite import Lite
from photochrom.options import Options
from photochrom.service.error_responses import ErrorResponse
from photochrom.service.layers import MAX_LAYERS, Layer, Layers


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


def test_a_layer_that_waits_for_its_first_job_is_not_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layers = Layers(tmp_path)
    held = [complete(layers) for _ in range(MAX_LAYERS)]
    assert layers.in_the_way(256) == []
    held[3].pixels()
    assert layers.in_the_way(256) == [held[3]]
    monkeypatch.setattr("photochrom.service.layers.FRESH", -1.0)
    assert layers.in_the_way(256) == [held[0]]
