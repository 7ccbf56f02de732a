from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from photochrom.evaluation.albums import frames


@pytest.mark.parametrize("size", [(120, 200), (200, 120)])
def test_neighboring_frames_show_the_same_places(size):
    photograph = np.random.default_rng(3).integers(0, 256, (*size, 3), np.uint8)
    sequence = frames(0, photograph, exposed=False)
    for frame in sequence:
        height, width = frame.pixels.shape[:2]
        np.testing.assert_array_equal(photograph[frame.y : frame.y + height, frame.x : frame.x + width], frame.pixels)
    for one, other in pairwise(sequence):
        wide = min(one.x + one.pixels.shape[1], other.x + other.pixels.shape[1]) - max(one.x, other.x)
        high = min(one.y + one.pixels.shape[0], other.y + other.pixels.shape[0]) - max(one.y, other.y)
        assert min(wide, high) > 0
        assert wide * high > 0.4 * one.pixels[..., 0].size


def test_exposures_differ():
    photograph = np.full((120, 200, 3), 90, np.uint8)
    means = [frame.pixels.mean() for frame in frames(0, photograph, exposed=True)]
    assert len({round(mean) for mean in means}) == len(means)
    assert means[0] == 90
