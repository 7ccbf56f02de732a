"""Confidence against how often it was right, worked by hand, and through the real pipeline."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from photochrom.errors import BadRequest
from photochrom.evaluation import reliability
from photochrom.evaluation.reliability import Reliability, ask, judge
from photochrom.values import Distribution, Prediction
from PIL import Image

from .conftest import colorful

AXIS = np.arange(-45, 46, 10, dtype=np.float32)
CENTERS = np.stack(np.meshgrid(AXIS, AXIS), -1).reshape(-1, 2)


def test_bins_by_hand() -> None:
    found = Reliability.of(
        np.array([0.62, 0.66, 0.64, 0.68, 1.0, 0.95]), np.array([True, True, False, True, True, False])
    )
    assert found.cells.tolist() == [0, 0, 0, 0, 0, 0, 4, 0, 0, 2]
    assert found.confidence[[6, 9]] == pytest.approx([0.65, 0.975])
    assert found.right[[6, 9]] == pytest.approx([0.75, 0.5])
    assert found.error == pytest.approx((4 * 0.10 + 2 * 0.475) / 6)
    assert found.share_right == pytest.approx(4 / 6)


def test_who_is_right_as_often_as_sure_has_no_error() -> None:
    random = np.random.default_rng(1)
    confidence = random.random(200_000)
    assert Reliability.of(confidence, random.random(confidence.size) < confidence).error < 0.01


def test_right_is_within_one_class() -> None:
    probabilities = np.zeros((1, 3, len(CENTERS)), np.float32)
    five = int(np.flatnonzero((CENTERS == (5, 5)).all(-1))[0])
    probabilities[..., five] = 1
    truth = [int(np.flatnonzero((each == CENTERS).all(-1))[0]) for each in ((5, 5), (15, -5), (25, 5))]
    confidence, right = judge(Distribution(probabilities, CENTERS), np.array([truth]))
    assert confidence.tolist() == [1, 1, 1]
    assert right.tolist() == [True, True, False]


def test_true_classes_are_those_of_the_cells_mean() -> None:
    original = np.zeros((40, 60, 3), np.uint8)
    original[:, :30] = (200, 40, 30)
    original[:, 30:] = (40, 60, 190)
    uniform = np.full((4, 6, len(CENTERS)), 1 / len(CENTERS), np.float32)
    seen = []

    def predict(proxy: object) -> Prediction:
        seen.append(proxy.guide)  # type: ignore[attr-defined]
        return Prediction(np.zeros((4, 6, 2), np.float32), Distribution(uniform, CENTERS))

    _, truth = ask(original, predict)
    assert seen[0].ndim == 2
    assert truth.shape == (4, 6)
    assert (CENTERS[truth[:, :2]] == (45, 45)).all()
    assert (CENTERS[truth[:, 4:]][..., 1] == -45).all()


def test_who_has_no_distribution_cannot_be_doubted() -> None:
    with pytest.raises(BadRequest, match="no distribution"):
        ask(colorful(0), lambda _: Prediction(np.zeros((4, 6, 2), np.float32)))


@pytest.mark.parametrize("name", ["lite", "auto"])
def test_measures_the_shipped_colorizers(tmp_path: Path, name: str) -> None:
    for number in range(2):
        Image.fromarray(colorful(number)).save(tmp_path / f"{number}.png")
    said: list[str] = []
    found = reliability.measure(tmp_path, name, lambda _, doing: said.append(doing))
    assert found.cells.sum() == 2 * 40 * 54
    assert 0 < found.error < 1
    assert said == ["0.png (1 of 2)", "1.png (2 of 2)", ""]


def test_table_json_and_diagram_say_the_same() -> None:
    found = Reliability.of(np.array([0.62, 0.66, 0.95, 0.97]), np.array([True, False, True, True]))
    assert found.table()[1:] == [
        ["60…70 %", "50.0%", "64.0%", "50.0%"],
        ["90…100 %", "50.0%", "96.0%", "100.0%"],
        ["all", "100.0%", "error 9.0%", "75.0%"],
    ]
    assert found.as_json()["expected_calibration_error"] == 0.09
    assert found.as_json()["bins"][6] == {"cells": 2, "confidence": 0.64, "right": 0.5}
    page = ElementTree.fromstring(found.svg("lite"))
    tags = [element.tag.rpartition("}")[2] for element in page.iter()]
    assert tags.count("circle") == 2
    assert tags.count("rect") == 2 + 2  # bars, paper and frame
    assert "lite: calibration error 9.0%" in "".join(page.itertext())
