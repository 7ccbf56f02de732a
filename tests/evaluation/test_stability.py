"""Stability: answers whose faults are known, on a few pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from photochrom.evaluation.dataset import Photograph
from photochrom.evaluation.stability import CROPS, GRAIN, difference, sample, stability

LIGHTNESS = np.full((20, 32), 50, np.float32)


def steady(lightness, _paint):
    """The same color for the same tone, wherever it is."""
    return np.stack([lightness / 5, lightness / 10], -1)


def one_color(_number):
    return lambda lightness, _paint: np.full((*lightness.shape, 2), 10, np.float32)


def test_difference_is_ciede2000_at_one_lightness() -> None:
    """Pair 1 of Sharma, Wu and Dalal 2005 has ΔE00 2.0425 at L* 50; half of the pixels are equal."""
    lightness = np.full((1, 2), 50, np.float32)
    first = np.array([[[2.6772, -79.7751], [5, 5]]], np.float32)
    second = np.array([[[0, -82.7485], [5, 5]]], np.float32)
    assert difference(lightness, first, second) == pytest.approx(2.0425 / 2, abs=1e-4)


def test_what_looks_at_nothing_is_stable() -> None:
    found = stability(LIGHTNESS, {"even": one_color(0)})["even"]
    assert set(found) == {
        f"stability_{name}" for name in ("mirror", "crop_70", "crop_50", "gamma_0.7", "gamma_1.4", "grain")
    }
    assert found == pytest.approx(dict.fromkeys(found, 0), abs=1e-6)


def test_tones_that_stay_keep_their_colors() -> None:
    """Colors that follow tone alone bear mirror and crop; gamma and grain move them."""
    lightness = np.linspace(10, 90, 600, dtype=np.float32).reshape(20, 30)
    found = stability(lightness, {"steady": steady})["steady"]
    assert found["stability_mirror"] == pytest.approx(0, abs=1e-6)
    assert found["stability_crop_50"] == pytest.approx(0, abs=1e-6)
    assert min(found["stability_gamma_0.7"], found["stability_gamma_1.4"], found["stability_grain"]) > 0.3


def test_gamma_changes_colors_by_what_it_does_to_tone() -> None:
    """L* 25 at γ 0.7 becomes 37.9: a* 5 becomes 7.58, b* 2.5 becomes 3.79, seen at L* 25."""
    lightness = np.full((4, 4), 25, np.float32)
    brighter = np.float32(100 * 0.25**0.7)
    expected = difference(lightness, steady(lightness, None), steady(np.full_like(lightness, brighter), None))
    assert stability(lightness, {"steady": steady})["steady"]["stability_gamma_0.7"] == pytest.approx(expected)


def test_left_and_right_are_distinguished() -> None:
    """An answer that colors the left of whatever it sees: mirrored back, that is the right."""

    def left(lightness, _paint):
        ab = np.zeros((*lightness.shape, 2), np.float32)
        ab[:, : lightness.shape[1] // 2, 0] = 20
        return ab

    red = difference(LIGHTNESS, np.full((20, 32, 2), (20, 0), np.float32), np.zeros((20, 32, 2), np.float32))
    found = stability(LIGHTNESS, {"left": left})["left"]
    assert found["stability_mirror"] == pytest.approx(red)
    assert found["stability_crop_50"] == pytest.approx(0)  # the middle of left and right stays


def test_crops_are_of_the_middle() -> None:
    seen = []

    def watch(lightness, _paint):
        seen.append(lightness)
        return np.zeros((*lightness.shape, 2), np.float32)

    lightness = np.arange(600, dtype=np.float32).reshape(20, 30) / 6
    stability(lightness, {"watch": watch})
    assert [each.shape for each in seen] == [(20, 30), (20, 30), (14, 21), (10, 15), *[(20, 30)] * 3]
    assert CROPS == (70, 50)
    assert np.array_equal(seen[3], lightness[5:15, 7:22])
    noise = seen[-1] - lightness
    assert np.std(noise[5:15]) == pytest.approx(GRAIN, rel=0.2)


def test_a_sample_is_spread_over_the_data_set() -> None:
    photographs = [Photograph(Path(f"{number:03}.png"), f"{number:03}.png", "all") for number in range(120)]
    assert sample(photographs, 3) == {"000.png", "040.png", "080.png"}
    assert len(sample(photographs)) == 60
    assert len(sample(photographs[:7])) == 7
