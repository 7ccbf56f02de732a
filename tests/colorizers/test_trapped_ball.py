"""Trapped-ball segmentation on drawings made here."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from photochrom.colorizers.hensman2017 import evened
from photochrom.colorizers.trapped_ball import lines_of, segmented


def two_rooms(gap):
    """A wall down the middle of 40 × 41 pixels, with a gap of so many."""
    lines = np.zeros((40, 41), bool)
    lines[:, 20] = True
    lines[18 : 18 + gap, 20] = False
    return lines


def test_a_ball_does_not_pass_a_gap_that_is_narrower_than_it():
    labels = segmented(two_rooms(3), [3])
    assert labels[20, 2] != labels[20, 38]
    assert len(np.unique(labels)) == 2


def test_it_passes_a_gap_that_is_wider():
    labels = segmented(two_rooms(12), [3])
    assert labels[2, 2] == labels[2, 38]


def test_areas_that_are_too_small_for_the_large_ball_are_found_by_the_small_one():
    lines = np.zeros((60, 60), bool)
    lines[20:25, [20, 24]] = lines[[20, 24], 20:25] = True
    assert segmented(lines, [5])[22, 22] == segmented(lines, [5])[50, 50]
    assert segmented(lines, [5, 1])[22, 22] != segmented(lines, [5, 1])[50, 50]


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 5))
def test_every_pixel_belongs_to_an_area(height, width, seed):
    lines = np.random.default_rng(seed).random((height, width)) < 0.2
    labels = segmented(lines, [4, 2, 1])
    assert labels.shape == lines.shape
    assert labels.min() >= 1


def test_lines_are_where_lightness_is_steep():
    lightness = np.full((20, 20), 80, np.float32)
    lightness[:, 10:] = 20
    assert np.flatnonzero(lines_of(lightness, 4.0).all(0)).tolist() == [9, 10]
    assert not lines_of(np.tile(np.arange(20, dtype=np.float32), (20, 1)), 4.0).any()


def test_an_area_has_its_mean_color_more_saturated_or_one_of_the_palette():
    areas = np.array([[3, 3], [7, 7]], np.int32)
    ab = np.array([[[0, 10], [20, 30]], [[-8, 0], [-8, 4]]], np.float32)
    even = evened(ab, areas, 1.1, np.empty((0, 2), np.float32))
    np.testing.assert_allclose(even, [[[11, 22]] * 2, [[-8.8, 2.2]] * 2], rtol=1e-5)
    palette = np.array([[10, 20], [-30, 0], [0, 60]], np.float32)
    np.testing.assert_array_equal(evened(ab, areas, 1.1, palette)[:, 0], [[10, 20], [-30, 0]])
