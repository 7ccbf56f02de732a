from __future__ import annotations

import numpy as np
from photochrom.album.matching import match


def test_cells_match_where_two_frames_show_the_same(looks):
    one, other = looks
    there, back = match(one, other)
    rows, columns = np.divmod(there.cells, one.shape[1])
    partner_rows, partner_columns = np.divmod(there.partners[:, 0], other.shape[1])
    shift = one.shape[1] / 4  # a fifth of the photograph, whose width is 1.25 frames
    near = np.hypot(rows - partner_rows, columns - partner_columns - shift) <= 1.5
    assert near.mean() > 0.9
    assert there.cells.size > 0.5 * one.cells
    assert back.cells.size > 0.5 * other.cells
    np.testing.assert_allclose(there.shares.sum(1), 1, rtol=1e-5)


def test_matches_keep_nothing_else_in_memory(looks):
    for each in match(*looks):
        assert each.partners.base is None
        assert each.partners.size == each.shares.size <= 4 * each.cells.size


def test_frames_that_show_different_things_do_not_match(looks, unrelated):
    assert match(looks[0], unrelated) is None
