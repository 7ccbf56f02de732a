"""Uncertainty is what the distribution leaves open; where it matters most is the place to paint first."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photochrom import models
from photochrom.guidance.uncertainty import (
    COLD,
    COVER,
    best_guess,
    chroma_spread,
    heat_map,
    neighbors,
    paint_first,
    uncertainty,
)
from photochrom.image.lab import lab_from_srgb
from photochrom.values import Distribution, Segments

AXIS = np.arange(-45, 46, 10, dtype=np.float32)
CENTERS = np.stack(np.meshgrid(AXIS, AXIS), -1).reshape(-1, 2)


def at(a, b):
    (number,) = np.flatnonzero(((a, b) == CENTERS).all(-1))
    return number


def mixture(height, width, **colors):
    """A distribution that is the same in all cells: parts by "a,b"."""
    probabilities = np.zeros((height, width, len(CENTERS)), np.float32)
    for color, part in colors.items():
        probabilities[..., at(*map(int, color.split(",")))] = part
    return Distribution(probabilities, CENTERS)


def test_a_class_touches_the_eight_around_it():
    table = neighbors(CENTERS)
    assert table[at(5, 5)].sum() == 9
    assert table[at(-45, -45)].sum() == 4
    assert table[at(5, 5), at(15, -5)] == 1
    assert table[at(5, 5), at(25, 5)] == 0


def test_neighboring_classes_are_one_guess():
    sure = mixture(2, 3, **{"5,5": 0.4, "15,5": 0.35, "5,15": 0.25})
    np.testing.assert_allclose(uncertainty(sure), np.zeros((2, 3)), atol=1e-6)


def test_the_best_guess_is_where_most_lies_not_the_single_highest():
    distribution = mixture(1, 1, **{"-35,-35": 0.3, "15,15": 0.25, "25,15": 0.25, "25,25": 0.2})
    chosen, confidence = best_guess(distribution)
    assert neighbors(CENTERS)[chosen[0, 0], at(15, 15)] == 1
    assert confidence[0, 0] == pytest.approx(0.7)
    assert uncertainty(distribution)[0, 0] == pytest.approx(0.3)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 20))
def test_uncertainty_is_a_probability(seed, power):
    grown = np.random.default_rng(seed).random((3, 4, len(CENTERS))).astype(np.float32) ** power
    found = uncertainty(Distribution(grown / grown.sum(-1, keepdims=True), CENTERS))
    assert found.dtype == np.float32
    assert found.min() >= 0
    assert found.max() <= 1


def test_chroma_spread_is_in_ab_units():
    assert chroma_spread(mixture(1, 1, **{"5,5": 1.0}))[0, 0] == pytest.approx(0, abs=0.05)
    assert chroma_spread(mixture(1, 1, **{"-15,5": 0.5, "25,5": 0.5}))[0, 0] == pytest.approx(20)


def test_the_heat_map_is_clear_where_sure_and_ordered_by_lightness():
    ramp = heat_map(np.linspace(0, 1, 101, dtype=np.float32)[None])
    assert ramp.shape == (1, 101, 4)
    assert ramp.min() >= 0
    assert ramp.max() <= 1
    assert (ramp[0, : int(100 * COLD), 3] == 0).all()
    assert ramp[0, -1, 3] == pytest.approx(COVER)
    assert (np.diff(ramp[0, :, 3]) >= 0).all()
    assert (np.diff(lab_from_srgb(ramp[0, :, :3])[:, 0]) > 0).all()


def test_paint_first_where_uncertainty_area_and_spread_are_greatest():
    """Three columns: one sure, one torn between far colors, one between near ones."""
    probabilities = mixture(8, 12, **{"5,5": 1.0}).probabilities
    probabilities[:, 4:8] = mixture(8, 4, **{"-45,5": 0.5, "45,5": 0.5}).probabilities
    probabilities[:, 8:] = mixture(8, 4, **{"-15,5": 0.5, "15,5": 0.5}).probabilities
    labels = np.repeat(np.arange(3), 16)[None].repeat(32, 0)
    found = paint_first(Distribution(probabilities, CENTERS), Segments.from_labels(labels))
    assert found.shape == labels.shape
    assert (found[:, :16] == 0).all()
    assert (found[:, 16:32] == 1).all()
    assert (found[:, 32:] == 2).all()


def test_of_like_segments_the_larger_is_painted_first_and_no_more_than_asked_for():
    torn = mixture(8, 12, **{"-45,5": 0.5, "45,5": 0.5})
    labels = np.zeros((32, 48), int)
    labels[:, 30:] = 1
    labels[:, 46:] = 2
    found = paint_first(torn, Segments.from_labels(labels), count=2)
    assert (found[:, :30] == 1).all()
    assert (found[:, 30:46] == 2).all()
    assert (found[:, 46:] == 0).all()


def test_pixels_of_no_segment_are_never_named():
    torn = mixture(8, 12, **{"-45,5": 0.5, "45,5": 0.5})
    labels = np.full((32, 48), -1)
    assert not paint_first(torn, Segments.from_labels(labels)).any()
    labels[:4, :4] = 0
    assert paint_first(torn, Segments.from_labels(labels)).sum() == 16


def test_every_embedded_colorizer_is_calibrated():
    embedded = [card for card in models.shipped() if card.system == "lite"]
    assert len(embedded) >= 5
    for card in embedded:
        found = card.details["calibration"]
        assert 0.5 < found["temperature"] < 1.5
        assert found["expected_calibration_error"] < 0.03
        assert found["expected_calibration_error"] < found["expected_calibration_error_before"]
        assert found["held_out_photographs"] > 300
