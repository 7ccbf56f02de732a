"""Segments from label maps and from masks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from photochrom.values import Segments

LABELS = arrays(np.int32, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.integers(-2, 4))
MASKS = arrays(bool, array_shapes(min_dims=3, max_dims=3, max_side=6))


@given(LABELS)
def test_label_map_keeps_its_segments_and_leaves_out_negative_values(labels):
    segments = Segments.from_labels(labels)
    assert segments.layers.shape == (1, *labels.shape)
    assert segments.count == len(set(labels[labels >= 0].tolist()))
    np.testing.assert_array_equal(segments.innermost == 0, labels < 0)
    for number in range(1, segments.count + 1):
        mask = segments.mask(number)
        np.testing.assert_array_equal(mask, labels == labels[mask][0])


@given(MASKS)
def test_masks_come_back_as_they_were_the_largest_first(masks):
    segments = Segments.from_masks(masks)
    kept = [mask for mask in masks if mask.any()]
    assert segments.count == len(kept)
    back = sorted(segments.mask(number).tobytes() for number in range(1, segments.count + 1))
    assert back == sorted(mask.tobytes() for mask in kept)


@given(st.one_of(LABELS.map(Segments.from_labels), MASKS.map(Segments.from_masks)))
def test_numbers_go_from_the_largest_to_the_smallest(segments):
    areas = segments.areas
    assert areas[0] == 0
    assert (areas[1:] > 0).all()
    assert (np.diff(areas[1:]) <= 0).all()


def test_innermost_is_the_smallest_segment_of_a_pixel():
    masks = np.zeros((3, 4, 4), bool)
    masks[0, 1:3, 1:3] = masks[1, :, :3] = masks[2, 0, 0] = True
    np.testing.assert_array_equal(
        Segments.from_masks(masks).innermost, [[3, 1, 1, 0], [1, 2, 2, 0], [1, 2, 2, 0], [1, 1, 1, 0]]
    )


def test_masks_that_do_not_overlap_share_a_layer():
    masks = np.zeros((2, 2, 2), bool)
    masks[0, 0] = masks[1, 1] = True
    assert Segments.from_masks(masks).layers.shape == (1, 2, 2)


@pytest.mark.parametrize(
    "segments", [Segments.from_masks(np.zeros((0, 2, 3), bool)), Segments.from_labels(np.full((2, 3), -1))]
)
def test_no_mask_is_no_segment(segments):
    assert segments.count == 0
    assert not segments.layers.any()
    assert segments.layers.shape == (1, 2, 3)
