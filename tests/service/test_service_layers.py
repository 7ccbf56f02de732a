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
from photochrom.service.layers import Layers


def test_a_layer_that_comes_again_is_not_shown_to_the_network_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
