"""Paint becomes hints of its own color at its own place, however small or soft."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photochrom.guidance.hints import from_paint, joined, reduced
from photochrom.values import Hints

HEIGHT, WIDTH = 30, 40
SCALE = 8
RED, GREEN = (60, 50), (-50, 40)


def paint(*dabs, height=SCALE * HEIGHT, width=SCALE * WIDTH):
    """A layer with dabs of (rows, columns, ab, alpha) on it."""
    painted = np.zeros((height, width, 4), np.float32)
    for rows, columns, ab, alpha in dabs:
        painted[rows, columns, 0] = 50
        painted[rows, columns, 1:3] = ab
        painted[rows, columns, 3] = alpha
    return painted


def soft(row, column, spread, ab, strength=1.0):
    """A layer with one airbrushed dab in 8-bit alpha."""
    painted = paint((slice(None), slice(None), ab, 1))
    rows, columns = np.ogrid[: SCALE * HEIGHT, : SCALE * WIDTH]
    alpha = strength * np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (2 * spread**2))
    painted[..., 3] = np.rint(alpha * 255) / 255
    return painted


def over(above, below):
    """Two layers as an editor merges them; straight alpha."""
    a, b = above[..., 3:], below[..., 3:] * (1 - above[..., 3:])
    mixed = (above[..., :3] * a + below[..., :3] * b) / np.maximum(a + b, 1e-9)
    return np.concatenate([mixed, a + b], -1).astype(np.float32)


def test_bare_layer_has_no_hints():
    assert from_paint(paint(), HEIGHT, WIDTH) is None


def test_what_is_erased_is_no_hint():
    erased = paint((slice(80, 160), slice(80, 160), RED, 0.0))
    assert from_paint(erased, HEIGHT, WIDTH) is None
    erased[100:120, 100:120, 3] = 2 / 255  # what a soft eraser leaves in 8 bit
    assert from_paint(erased, HEIGHT, WIDTH) is None


def test_opaque_paint_hints_its_cells_in_its_color():
    hints = from_paint(paint((slice(80, 160), slice(40, 120), RED, 1)), HEIGHT, WIDTH)
    assert hints.ab.shape == (HEIGHT, WIDTH, 2)
    assert hints.ab.dtype == hints.mask.dtype == np.float32
    assert (hints.mask[10:20, 5:15] == 1).all()
    assert set(np.unique(hints.mask)) == {0, 1}
    assert hints.mask.sum() <= 12 * 12
    np.testing.assert_allclose(hints.ab[hints.mask == 1], np.broadcast_to(RED, (int(hints.mask.sum()), 2)), atol=1e-3)
    assert not hints.ab[hints.mask == 0].any()


@given(st.integers(0, SCALE * HEIGHT - 1), st.integers(0, SCALE * WIDTH - 1), st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_the_smallest_dab_survives(row, column, size):
    rows, columns = slice(row, row + size), slice(column, column + size)
    hints = from_paint(paint((rows, columns, RED, 1)), HEIGHT, WIDTH)
    assert hints.mask[row // SCALE, column // SCALE] or size > 1
    hinted = np.argwhere(hints.mask)
    middle = np.array([row + min(size, SCALE * HEIGHT - row) / 2, column + min(size, SCALE * WIDTH - column) / 2])
    assert np.abs((hinted + 0.5) * SCALE - middle).max() < size / 2 + 1.5 * SCALE
    np.testing.assert_allclose(hints.ab[hints.mask == 1], np.broadcast_to(RED, (len(hinted), 2)), atol=1e-2)


def test_one_pixel_of_a_large_photograph_survives():
    painted = paint((slice(1001, 1002), slice(2017, 2018), RED, 1), height=1600, width=2400)
    hints = from_paint(painted, 160, 240)
    assert 1 <= hints.mask.sum() <= 4
    assert hints.mask[100, 201]


def test_a_thin_line_stays_whole():
    hints = from_paint(paint((slice(99, 101), slice(None), GREEN, 1)), HEIGHT, WIDTH)
    assert hints.mask.any(0).all()
    assert hints.mask.sum(0).max() <= 2


def test_a_small_dab_beside_much_paint_survives_in_its_own_color():
    """An iris in a face: a tenth of its cell, two cells beside cells that are full."""
    face = paint((slice(160, 480), slice(160, 480), RED, 1), height=640, width=960)
    iris = paint((slice(300, 301), slice(490, 492), GREEN, 1), height=640, width=960)
    hints = from_paint(over(iris, face), 160, 240)
    assert hints.mask[75, 122]
    np.testing.assert_allclose(hints.ab[75, 122], GREEN, atol=0.1)
    assert hints.mask[42:118, 42:118].all()


def test_a_wash_is_a_hint_as_opaque_paint_is():
    opaque = from_paint(paint((slice(80, 160), slice(40, 120), RED, 1)), HEIGHT, WIDTH)
    wash = from_paint(paint((slice(80, 160), slice(40, 120), RED, 0.2)), HEIGHT, WIDTH)
    assert np.array_equal(opaque.mask, wash.mask)
    np.testing.assert_allclose(opaque.ab, wash.ab, atol=1e-3)


@pytest.mark.parametrize("strength", [1.0, 0.4])
def test_a_soft_dab_ends_where_it_has_fallen_to_about_half(strength):
    spread = 4 * SCALE
    hints = from_paint(soft(120, 160, spread, RED, strength), HEIGHT, WIDTH)
    rows, columns = np.indices((HEIGHT, WIDTH))
    away = np.hypot((rows + 0.5) * SCALE - 120, (columns + 0.5) * SCALE - 160)
    assert hints.mask[away < spread].all()
    assert not hints.mask[away > 3 * spread].any()


def test_colors_that_share_a_cell_mix_by_alpha():
    half = (slice(80, 160), slice(40, 124), RED, 1), (slice(80, 160), slice(124, 200), GREEN, 1)
    hints = from_paint(paint(*half), HEIGHT, WIDTH)
    np.testing.assert_allclose(hints.ab[15, 15], np.mean([RED, GREEN], 0), atol=3)
    thin = from_paint(paint(half[0], (*half[1][:3], 0.25)), HEIGHT, WIDTH)
    assert thin.ab[15, 15, 0] > hints.ab[15, 15, 0] + 10


def test_gray_paint_hints_gray():
    hints = from_paint(paint((slice(80, 160), slice(40, 120), (0, 0), 1)), HEIGHT, WIDTH)
    assert hints.mask[12, 8] == 1
    assert not hints.ab.any()


def test_the_color_of_bare_and_of_broken_pixels_does_not_count():
    painted = paint((slice(80, 160), slice(40, 120), RED, 1))
    painted[painted[..., 3] == 0, 1:3] = 100
    painted[0, 0] = np.nan
    hints = from_paint(painted, HEIGHT, WIDTH)
    assert np.isfinite(hints.ab).all()
    assert not hints.mask[:3].any()
    np.testing.assert_allclose(hints.ab[hints.mask == 1][:, 0], RED[0], atol=1e-2)


def test_paint_smaller_than_the_proxy_is_enlarged():
    hints = from_paint(paint((slice(4, 8), slice(4, 8), RED, 1), height=15, width=20), HEIGHT, WIDTH)
    assert hints.mask[9:15, 9:15].all()
    assert hints.mask.sum() <= 12 * 12
    np.testing.assert_allclose(hints.ab[12, 12], RED, atol=1e-3)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 60), (7, 3)])
def test_strips_and_single_cells(height, width):
    hints = from_paint(paint((slice(None), slice(None), RED, 1)), height, width)
    assert hints.mask.all()
    np.testing.assert_allclose(hints.ab, np.broadcast_to(RED, (height, width, 2)), atol=1e-3)


def test_reduced_hints_keep_every_stroke_and_its_color():
    hints = Hints(np.zeros((HEIGHT, WIDTH, 2), np.float32), np.zeros((HEIGHT, WIDTH), np.float32))
    hints.ab[4:10, 4:12], hints.mask[4:10, 4:12] = RED, 1
    hints.ab[20, 20], hints.mask[20, 20] = GREEN, 1  # an eighth of its cell
    small = reduced(hints, HEIGHT // 2, WIDTH // 4)
    assert np.argwhere(small.mask).tolist() == [[2, 1], [2, 2], [3, 1], [3, 2], [4, 1], [4, 2], [10, 5]]
    np.testing.assert_allclose(small.ab[2, 1], RED, atol=1e-3)
    np.testing.assert_allclose(small.ab[10, 5], GREEN, atol=1e-3)
    assert np.array_equal(reduced(hints, HEIGHT, WIDTH).ab, hints.ab)


def test_where_two_hint_the_first_is_heard():
    first = Hints(np.full((2, 3, 2), 10, np.float32), np.array([[1, 0, 0], [1, 0, 0]], np.float32))
    second = Hints(np.full((2, 3, 2), 20, np.float32), np.array([[1, 1, 0], [0, 0, 0]], np.float32))
    both = joined(first, second)
    assert np.array_equal(both.mask, [[1, 1, 0], [1, 0, 0]])
    assert both.ab[0, 0, 0] == both.ab[1, 0, 0] == 10
    assert both.ab[0, 1, 0] == 20
