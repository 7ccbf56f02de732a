"""Colored or toned: every figure worked by hand on a few pixels."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from photochrom.evaluation import metrics, variety
from photochrom.evaluation.scores import SCORES, means
from photochrom.evaluation.variety import SECTORS

Plane = NDArray[np.float32]


def row(*colors: tuple[float, float]) -> Plane:
    """ab (1, n, 2)."""
    return np.array([colors], np.float32)


def hues(*degrees: float, chroma: float = 50) -> Plane:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], -1)[None].astype(np.float32) * np.float32(chroma)


def test_spread_is_the_two_standard_deviations_together() -> None:
    """a* 0 and 6: variance 9; b* 1 and 9: variance 16; √25."""
    assert variety.spread(row((0, 1), (6, 9))) == pytest.approx(5)
    assert variety.spread(row((7, 7), (7, 7))) == 0


def test_tint_is_the_length_of_the_mean_and_its_error_a_distance() -> None:
    """Means (3, 4) and (0, 8)."""
    ours, truth = row((0, 4), (6, 4)), row((-5, 8), (5, 8))
    assert variety.tint(ours) == pytest.approx(5)
    assert variety.tint(truth) == pytest.approx(8)
    assert variety.tint_error(ours, truth) == pytest.approx(5)


@pytest.mark.parametrize(
    ("colors", "toned"),
    [
        (row((6, 8), (6, 8)), True),  # one color
        (row((6, 8), (6, 18)), True),  # tint 14.3, spread 5
        (row((6, 8), (6, 27)), False),  # tint 18.5, spread 9.5
        (row((10, 0), (10, 20)), False),  # tint 14.1, spread 10
        (row((0.3, 0.4), (0.3, 0.4)), False),  # nobody sees a tint of 0.5
        (row((0, 0), (0, 0)), False),
    ],
)
def test_toned_is_a_spread_below_half_of_the_tint(colors: Plane, toned: bool) -> None:
    assert variety.toned(colors) == toned


def test_neutrals_are_gray_in_the_original_and_of_middling_lightness() -> None:
    """Of five pixels three are: the first is vivid, the last too dark. Their chroma here is 5, 0 and 13: mean 6."""
    truth = row((30, 0), (3, 2), (0, -3.9), (1, 0), (0, 0))
    lightness = np.array([[50, 20, 80, 50, 19]], np.float32)
    ours = row((40, 0), (3, 4), (0, 0), (5, 12), (50, 50))
    assert variety.neutrals(lightness, truth).tolist() == [[False, True, True, True, False]]
    found = means([variety.scores(lightness, ours, truth)], [variety.true_scores(lightness, truth)])
    assert found["neutrals"] == pytest.approx(6)
    own = means([variety.true_scores(lightness, truth)], [variety.true_scores(lightness, truth)])
    assert own["neutrals"] == pytest.approx((np.sqrt(13) + 3.9 + 1) / 3, abs=1e-4)


def test_sectors_are_of_45_degrees_from_0() -> None:
    assert variety.sectors(hues(0, 44, 46, 134, 136, 179, 181, 269, 271, 359)).tolist() == [
        [0, 0, 1, 2, 3, 3, 4, 5, 6, 7]
    ]
    assert len(SECTORS) == 8
    # Primaries of sRGB in D50: red 41°, blue 301°, magenta 327°.
    assert [SECTORS[int(h // 45)] for h in (41, 301, 327)] == ["red", "blue-violet", "magenta"]


def test_hue_recall_counts_vivid_pixels_that_keep_their_sector() -> None:
    """Three vivid reds, of which one stays red, one turns orange, one is grayer than 4; one vivid blue stays blue; a
    pale green of the original does not count."""
    truth = np.concatenate([hues(10, 20, 30, 250), hues(150, chroma=39)], 1)
    ours = np.concatenate([hues(40, 50), hues(20, chroma=3), hues(230, chroma=5), hues(20)], 1)
    there, kept = variety.kept_hues(ours, truth)
    np.testing.assert_allclose(there, [0.6, 0, 0, 0, 0, 0.2, 0, 0])
    np.testing.assert_allclose(kept, [0.2, 0, 0, 0, 0, 0.2, 0, 0])
    lightness = np.full((1, 5), 50, np.float32)
    found = means([variety.scores(lightness, ours, truth)], [variety.true_scores(lightness, truth)])
    assert {key: value for key, value in found.items() if key.startswith("hue_")} == pytest.approx(
        {"hue_red": 1 / 3, "hue_blue": 1}
    )


def test_correlation_takes_a_picture_apart_by_scale() -> None:
    """4 × 4 pixels: one cell each at scale 4. a* of the truth is 10 with +4 in the left half and -4 in the right; ours
    is 5 with the sides exchanged. The whole agrees, the cells are opposite; b* adds nothing."""
    truth, ours = np.zeros((4, 4, 2), np.float32), np.zeros((4, 4, 2), np.float32)
    truth[:, :2, 0], truth[:, 2:, 0] = 14, 6
    ours[:, :2, 0], ours[:, 2:, 0] = 3, 7
    assert variety.correlations(ours, truth) == pytest.approx({"whole": 1, "4": -1})
    ours[..., 1] = 5  # mean (5, 5) against (10, 0): cos 45°
    assert variety.correlations(ours, truth)["whole"] == pytest.approx(np.sqrt(0.5))


def test_correlation_at_a_fine_scale_is_independent_of_the_coarse_one() -> None:
    """Right in the large, wrong in the small: ours has the truth's halves and its stripes exchanged."""
    halves, stripes = np.zeros((64, 96, 2), np.float32), np.zeros((64, 96, 2), np.float32)
    halves[:, :48, 1], halves[:, 48:, 1] = 20, -20
    stripes[:, ::2, 0], stripes[:, 1::2, 0] = 5, -5
    found = variety.correlations(halves - stripes, halves + stripes)
    assert found == pytest.approx({"4": 1, "64": -1})  # nothing is left at 16, and the mean is gray


def test_correlation_of_gray_is_no_number() -> None:
    assert variety.correlations(np.zeros((8, 8, 2), np.float32), np.ones((8, 8, 2), np.float32) * 9) == {}


def test_uneven_grids_cover_every_pixel_once() -> None:
    ab = np.random.default_rng(1).normal(0, 20, (67, 131, 2)).astype(np.float32)
    assert variety.correlations(ab, ab) == pytest.approx({"whole": 1, "4": 1, "16": 1, "64": 1})


def test_colorfulness_is_that_of_the_picture() -> None:
    """Mid-gray beside sRGB red, known as Lab D50."""
    lightness = np.array([[54.29, 54.29]])
    ab = np.array([[[80.80, 69.89], [0, 0]]])
    pixels = np.array([[[255, 0, 0], [130, 130, 130]]], np.uint8)
    assert variety.colorfulness(lightness, ab) == pytest.approx(metrics.colorfulness(pixels), abs=0.5)


def test_every_key_is_a_known_score_or_what_one_is_measured_by() -> None:
    truth = np.random.default_rng(2).normal(0, 30, (64, 64, 2)).astype(np.float32)
    lightness = np.full((64, 64), 50, np.float32)
    known = {score.of or score.key for score in SCORES} | {score.reference for score in SCORES}
    assert set(variety.scores(lightness, truth, truth)) | set(variety.true_scores(lightness, truth)) <= known
