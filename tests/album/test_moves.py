from __future__ import annotations

import numpy as np
import pytest
from photochrom.album.moves import Painted, moved, painted


@pytest.fixture
def guide():
    """Dark left of the middle, light right of it."""
    guide = np.full((120, 160), 20, np.float32)
    guide[:, 80:] = 80
    return guide


def test_a_move_follows_the_edges(guide):
    move = np.zeros((15, 20, 2), np.float32)
    move[:, 10:] = 10, -6
    ab = moved(guide, np.full((60, 80, 2), 2, np.float32), move)
    np.testing.assert_allclose(ab[:, :36], 2, atol=0.6)
    np.testing.assert_allclose(ab[:, 44:], np.broadcast_to([12, -4], (60, 36, 2)), atol=0.6)


def test_a_map_coarser_than_the_cells_is_moved_too(guide):
    ab = moved(guide, np.zeros((6, 8, 2), np.float32), np.full((15, 20, 2), 5, np.float32))
    np.testing.assert_allclose(ab, 5, atol=1e-3)


@pytest.mark.parametrize("size", [(120, 160), (30, 40)])
def test_objects_have_their_color_and_the_rest_keeps_its_own(guide, size):
    mask = np.zeros(size, bool)
    mask[:, size[1] // 2 :] = True
    before = np.full((60, 80, 2), 7, np.float32)
    ab = painted(guide, before, [Painted(mask, (0.0, 40.0)), Painted(mask, (-20.0, 10.0))])
    np.testing.assert_allclose(ab[:, 44:], np.broadcast_to([-20, 10], (60, 36, 2)), atol=0.5)
    np.testing.assert_allclose(ab[:, :36], 7, atol=0.5)
    np.testing.assert_array_equal(painted(guide, before, []), before)
