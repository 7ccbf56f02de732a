from __future__ import annotations

import numpy as np
import pytest
from photochrom.album.carry import found, known
from photochrom.values import Segments


@pytest.fixture
def squares(guides):
    """Each frame in squares of 16 pixels."""
    rows, columns = (np.arange(side) // 16 for side in guides[1].shape)
    return Segments.from_labels(rows[:, None] * (columns.max() + 1) + columns)


def test_an_object_is_found_where_it_is_in_another_frame(guides, looks, squares):
    height, width = guides[0].shape
    mask = np.zeros((height, width), bool)
    mask[int(0.35 * height) : int(0.75 * height), int(0.45 * width) : int(0.8 * width)] = True
    there, alike = found([known(looks[0], mask)], looks[1], guides[1], squares)
    expected = np.roll(mask, -round(width / 4), 1)  # a fifth of the photograph, whose width is 1.25 frames
    assert (there & expected).sum() > 0.6 * (there | expected).sum()
    assert 0.5 < alike <= 1


def test_an_object_is_not_found_in_a_frame_that_shows_something_else(guides, looks, unrelated, squares):
    mask = np.zeros(guides[0].shape, bool)
    mask[150:300, 200:350] = True
    assert found([known(looks[0], mask)], unrelated, guides[1], squares) is None


def test_an_object_smaller_than_a_cell_has_one(guides, looks):
    mask = np.zeros(guides[0].shape, bool)
    mask[200:204, 300:304] = True
    assert known(looks[0], mask).inside.sum() == 1
