"""Algorithm 1 follows its print, line by line."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photochrom.harmonization import algorithm1
from photochrom.values import Segments


def as_printed(ab, masks):
    """The printed loops, a pixel at a time."""
    result = ab.copy()
    for segment in masks:
        pixels = np.argwhere(segment)
        if len(pixels) > 500:
            for channel in (0, 1):
                values = Counter(round(float(result[row, column, channel])) for row, column in pixels)
                mode = min(values, key=lambda value: (-values[value], value))
                for row, column in pixels:
                    if abs(float(result[row, column, channel]) - mode) > 8:
                        result[row, column, channel] = mode
    return result


def rectangle(top, left, height, width):
    mask = np.zeros((30, 40), bool)
    mask[top : top + height, left : left + width] = True
    return mask


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.lists(st.builds(rectangle, st.integers(0, 10), st.integers(0, 10), st.integers(1, 30), st.integers(1, 40)),
             min_size=1, max_size=4),
)  # fmt: skip
def test_follows_the_print(seed, masks):
    random = np.random.default_rng(seed)
    ab = random.choice([0.0, 3.25, 8.0, 8.5, 20.0, -14.75], (30, 40, 2)).astype(np.float32)
    largest_first = sorted(masks, key=np.count_nonzero, reverse=True)
    result = algorithm1.harmonize(ab, Segments.from_masks(np.array(masks)))
    np.testing.assert_array_equal(result, as_printed(ab, largest_first))


@pytest.mark.parametrize(("pixels", "changes"), [(500, False), (501, True)])
def test_segments_of_500_pixels_are_left_alone(pixels, changes):
    labels = np.full(1000, -1)
    labels[:pixels] = 0
    ab = np.zeros((20, 50, 2), np.float32)
    ab[0, 0] = 50
    result = algorithm1.harmonize(ab, Segments.from_labels(labels.reshape(20, 50)))
    assert (result[0, 0] != 50).all() == changes


def test_a_and_b_are_taken_separately():
    ab = np.full((30, 30, 2), 10, np.float32)
    ab[0, 0] = 40, 12
    result = algorithm1.harmonize(ab, Segments.from_labels(np.zeros((30, 30), int)))
    np.testing.assert_array_equal(result[0, 0], [10, 12])


def test_input_stays_as_it_is(rng):
    ab = rng.normal(0, 20, (30, 30, 2)).astype(np.float32)
    before = ab.copy()
    algorithm1.harmonize(ab, Segments.from_labels(np.zeros((30, 30), int)))
    np.testing.assert_array_equal(ab, before)
