"""Evaluation through the real pipeline, with a colorizer small enough to be built here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from photochrom import models
from photochrom.errors import BadRequest, ModelMissing
from photochrom.evaluation import metrics
from photochrom.evaluation.installed import evaluate
from photochrom.evaluation.lightness_only import colorize_lightness, laid_over, lightness_of
from photochrom.evaluation.measure import without_color
from photochrom.evaluation.metrics import lab
from photochrom.evaluation.results import GRAY
from photochrom.models.loaded import LOADED
from photochrom.options import Options
from photochrom.pipeline.files import colorize_file
from photochrom.runtime.inference import openvino
from photochrom.sampling.proxy import Proxy
from photochrom.values import Plane
from PIL import Image

from .conftest import colorful

PLAIN = {"experts": 1.0, "toe": 0.0, "gain": 1.0, "mean": 1.0}


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of models with one in it, `warm`: a network that paints everything a* 12, b* 20."""
    ops = openvino.opset13
    planes = ops.parameter([1, 4, -1, -1], np.float32)

    def constant(cell: int, *values: float) -> openvino.Node:
        pooled = ops.avg_pool(planes, [cell, cell], [0, 0], [0, 0], [cell, cell], True)
        nothing = np.zeros((len(values), 4, 1, 1), np.float32)
        none = ops.convolution(pooled, ops.constant(nothing), [1, 1], [0, 0], [0, 0], [1, 1])
        return ops.add(none, ops.constant(np.array(values, np.float32).reshape(1, -1, 1, 1)))

    classes, gate = constant(4, 0, 0), constant(2, 1)
    color = ops.unsqueeze(constant(2, 12, 20), 1)
    folder = tmp_path / "models" / "warm"
    folder.mkdir(parents=True)
    network = openvino.Model([classes, color, gate], [planes])
    openvino.save_model(network, folder / "lite.xml", compress_to_fp16=False)
    card = {
        "name": "warm",
        "kind": "colorizer",
        "system": "lite",
        "version": "1",
        "good_at": "evenings",
        "license": "GPL-3.0-or-later",
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("lite.xml", "lite.bin")},
        "proxy_side": 64,
        "experts": {"warm": "evenings"},
        "decode": {"temperature": 1.0, "vivid": PLAIN, "calm": PLAIN},
        "bins": [210, 211],
    }
    (folder / "card.json").write_text(json.dumps(card))
    monkeypatch.setattr(models, "shipped_folder", lambda: tmp_path / "models")
    LOADED.clear()
    yield folder
    LOADED.clear()


@pytest.mark.usefixtures("shipped")
def test_pixels_have_the_colors_the_network_chose_and_the_lightness_of_the_photograph() -> None:
    original = colorful(3, 40, 56)
    result, by = colorize_lightness(original, "warm")
    assert by == "warm"
    assert result.shape == original.shape
    assert np.abs(lab(result)[..., 0] - lab(original)[..., 0]).max() <= 0.3
    assert lab(result)[..., 1].mean() == pytest.approx(12, abs=0.5)
    assert lab(result)[..., 2].mean() == pytest.approx(20, abs=0.5)


@pytest.mark.usefixtures("shipped")
def test_nothing_but_the_lightness_of_the_photograph_is_used() -> None:
    """Two pictures of one lightness and different colors come out alike, but for the rounding to 8 bit."""
    original = colorful(4, 40, 56)
    of_color, _ = colorize_lightness(original, "warm")
    of_gray, _ = colorize_lightness(without_color(original), "warm")
    assert np.abs(of_color.astype(int) - of_gray).max() <= 2


@pytest.mark.usefixtures("shipped")
def test_pixels_are_those_of_the_file_that_a_person_gets(tmp_path: Path) -> None:
    original = colorful(5, 40, 56)
    Image.fromarray(original).save(tmp_path / "photograph.png")
    colorize_file(tmp_path / "photograph.png", tmp_path / "color.png", Options(colorizer="warm"))
    result, _ = colorize_lightness(original, "warm")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "color.png")), result)


def test_true_colors_laid_over_give_the_photograph_back() -> None:
    original = colorful(3, 160, 200)
    lightness, true = lightness_of(original), lab(original)[..., 1:].astype(np.float32)

    def psnr(ab: Plane) -> float:
        return metrics.psnr(original, laid_over(lightness, Proxy(lightness).guide, ab))

    assert psnr(true) > 25
    assert psnr(true) > psnr(true * 0.5) + 3


def test_evaluation_says_which_model_it_was(album: Path, shipped: Path) -> None:
    evaluation = evaluate(album, ["all"])
    assert evaluation.colorizers == ("warm",)
    assert evaluation.dataset == album.name
    content = json.loads(evaluation.to_json())
    card = json.loads((shipped / "card.json").read_text())
    assert content["cards"]["warm"]["files"] == card["files"]
    worst = evaluation.estimate("warm", "lightness_max")
    assert worst is not None
    assert worst.value <= 0.3
    assert evaluation.estimate(GRAY, "psnr") is not None


@pytest.mark.usefixtures("shipped")
def test_an_unknown_colorizer_is_reported_before_the_work_starts(album: Path) -> None:
    seen: list[float] = []
    with pytest.raises(ModelMissing, match="cool"):
        evaluate(album, ["warm", "cool"], lambda fraction, _: seen.append(fraction))
    assert seen == []


@pytest.mark.usefixtures("shipped")
def test_a_folder_without_photographs_is_reported(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadRequest, match="no photograph"):
        evaluate(tmp_path / "empty", ["warm"])
