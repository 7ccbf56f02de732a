"""How far answers are apart, worked by hand; and the shipped colorizer's variants, through all of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from photochrom.evaluation import diversity
from photochrom.evaluation.diversity import differences
from photochrom.values import Plane, Segments
from PIL import Image

from .conftest import colorful


def two_halves() -> Segments:
    return Segments.from_labels(np.arange(40)[None].repeat(32, 0) // 20)


def flat(left: tuple[float, float], right: tuple[float, float]) -> Plane:
    ab = np.empty((8, 10, 2), np.float32)
    ab[:, :5], ab[:, 5:] = left, right
    return ab


def test_another_color_of_a_segment_is_meaning() -> None:
    apart, noise = differences([flat((0, 0), (10, 0)), flat((30, 40), (10, 0))], two_halves())
    assert apart == pytest.approx(25)  # 50 in one half, 0 in the other
    assert noise == pytest.approx(0, abs=1e-3)


def test_what_varies_within_a_segment_is_noise() -> None:
    checked = flat((0, 0), (0, 0))
    checked[::2, :, 0], checked[1::2, :, 0] = 6, -6
    apart, noise = differences([flat((0, 0), (0, 0)), checked], two_halves())
    assert apart == pytest.approx(0, abs=1e-3)
    assert noise == pytest.approx(6)


def test_all_pairs_count() -> None:
    answers = [flat((a, 0), (a, 0)) for a in (0, 10, 30)]
    assert differences(answers, two_halves())[0] == pytest.approx((10 + 30 + 20) / 3)


def test_measures_the_shipped_colorizer(tmp_path: Path) -> None:
    for number in range(4):
        Image.fromarray(colorful(number, 96, 128)).save(tmp_path / f"{number}.png")
    found = diversity.measure(tmp_path, 3, every=2)
    assert found.photographs == 2
    assert 0 < found.answers <= 3
    assert found.apart > found.noise > 0
    assert found.psnr_best >= found.psnr
    assert found.psnr_best >= found.psnr_variants
    assert found == diversity.measure(tmp_path, 3, every=2)
    assert len(found.table()) == 11
