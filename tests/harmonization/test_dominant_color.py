"""Objects take their own color, and nothing else happens."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from photochrom.errors import BadRequest
from photochrom.harmonization import algorithm1
from photochrom.harmonization.dominant_color import draw_together
from photochrom.values import Segments

examples = settings(max_examples=25, deadline=None)

SIDE = 48
WHOLE = Segments.from_labels(np.zeros((SIDE, SIDE), int))


def flat(*color):
    return np.full((SIDE, SIDE, 2), color, np.float32)


def edge(width=3):
    mask = np.ones((SIDE, SIDE), bool)
    mask[width:-width, width:-width] = False
    return mask


def any_segments(random):
    masks = [random.random((SIDE, SIDE)) < random.random() for _ in range(3)]
    masks.append(np.hypot(*(np.mgrid[:SIDE, :SIDE] - SIDE / 2)) < random.integers(1, SIDE // 2))
    return Segments.from_masks(np.array(masks))


def any_ab(random):
    return random.normal(random.uniform(-40, 40, 2), random.uniform(0, 30), (SIDE, SIDE, 2)).astype(np.float32)


SEEDS = st.integers(0, 2**32 - 1).map(np.random.default_rng)
COLORS = st.tuples(st.floats(-70, 70), st.floats(-70, 70))


@examples
@given(COLORS, st.integers(0, 2**32 - 1))
def test_flat_object_with_noisy_edges_comes_out_flat(color, seed):
    noise = np.random.default_rng(seed).normal(0, 30, (SIDE, SIDE, 2)).astype(np.float32)
    ab = flat(*color) + noise * edge()[..., None]
    away, after = (np.linalg.norm(each - color, axis=-1) for each in (ab, draw_together(ab, WHOLE)))
    assert np.sqrt((after**2).mean()) < np.sqrt((away**2).mean()) / 4
    assert after.max() < 8


@examples
@given(COLORS)
def test_color_that_bleeds_in_from_one_side_goes(color):
    ab = flat(*color)
    ab[:, :8] += np.linspace(30, 0, 8, dtype=np.float32)[:, None]
    after = np.linalg.norm(draw_together(ab, WHOLE) - color, axis=-1)
    assert after.max() < np.linalg.norm(ab - np.float32(color), axis=-1).max() / 5
    assert after[:, 8:].max() < 3


@examples
@given(COLORS, COLORS, st.floats(0.3, 0.5), st.integers(0, 2**32 - 1))
def test_object_of_two_colors_keeps_both(one, other, share, seed):
    assume(np.hypot(one[0] - other[0], one[1] - other[1]) > 32)
    random = np.random.default_rng(seed)
    ab = np.where(np.arange(SIDE)[:, None, None] < share * SIDE, flat(*other), flat(*one))
    ab += random.normal(0, 1.5, ab.shape).astype(np.float32)
    np.testing.assert_array_equal(draw_together(ab, WHOLE), ab)


def test_what_the_print_does_to_an_object_of_two_colors():
    ab = np.where(np.arange(SIDE)[:, None, None] < 0.4 * SIDE, flat(40, 0), flat(-40, 0))
    assert (algorithm1.harmonize(ab, WHOLE) == flat(-40, 0)).all()
    np.testing.assert_array_equal(draw_together(ab, WHOLE), ab)


@examples
@given(SEEDS)
def test_gray_stays_gray(random):
    gray = np.zeros((SIDE, SIDE, 2), np.float32)
    np.testing.assert_array_equal(draw_together(gray, any_segments(random)), gray)


@examples
@given(SEEDS, st.floats(0, 1))
def test_nothing_outside_the_segments_moves(random, strength):
    ab, segments = any_ab(random), any_segments(random)
    outside = segments.innermost == 0
    np.testing.assert_array_equal(draw_together(ab, segments, strength)[outside], ab[outside])


@examples
@given(SEEDS)
def test_no_segments_no_change(random):
    ab = any_ab(random)
    np.testing.assert_array_equal(draw_together(ab, Segments.from_labels(np.full((SIDE, SIDE), -1))), ab)


@examples
@given(SEEDS)
def test_strength_0_is_identity(random):
    ab = any_ab(random)
    np.testing.assert_array_equal(draw_together(ab, any_segments(random), 0.0), ab)


@examples
@given(SEEDS, st.floats(0, 1))
def test_strength_is_the_part_of_the_way(random, strength):
    ab, segments = any_ab(random), any_segments(random)
    whole = draw_together(ab, segments)
    np.testing.assert_allclose(draw_together(ab, segments, strength), ab + strength * (whole - ab), atol=1e-3)


@examples
@given(SEEDS)
def test_each_pixel_stays_between_what_it_was_and_one_color_of_its_segment(random):
    ab, segments = any_ab(random), any_segments(random)
    moved = draw_together(ab, segments) - ab
    for number in range(1, segments.count + 1):
        inside = (segments.innermost == number) & (np.abs(moved).max(-1) > 0.5)
        if np.count_nonzero(inside) < 20:
            continue
        # All lines of movement meet in the mode: least squares finds it, and what is left over is rounding.
        step, at = moved[inside].astype(float), ab[inside].astype(float)
        across = np.stack([-step[:, 1], step[:, 0]], -1) / np.linalg.norm(step, axis=-1, keepdims=True)
        mode = np.linalg.lstsq(across, (across * at).sum(-1), rcond=None)[0]
        np.testing.assert_allclose((across * (at - mode)).sum(-1), 0, atol=0.05)
        share = (step * (mode - at)).sum(-1) / ((mode - at) ** 2).sum(-1)
        assert ((share > 0) & (share < 1)).all()


def test_object_in_an_object_keeps_its_color():
    inner = np.zeros((SIDE, SIDE), bool)
    inner[20:28, 20:28] = True
    ab = np.where(inner[..., None], flat(50, 10), flat(-5, -30))
    segments = Segments.from_masks(np.array([np.ones_like(inner), inner]))
    np.testing.assert_allclose(draw_together(ab, segments), ab, atol=1e-4)
    assert (algorithm1.harmonize(ab, segments) == flat(-5, -30)).all()


def test_colors_beyond_the_histogram_count_too():
    ab = flat(120, -120)
    ab[0] = 0
    after = draw_together(ab, WHOLE)
    assert np.linalg.norm(after[0] - [120, -120], axis=-1).max() < 1
    np.testing.assert_allclose(after[1:], ab[1:], atol=1)


@examples
@given(SEEDS)
def test_input_stays_as_it_is(random):
    ab = any_ab(random)
    before = ab.copy()
    draw_together(ab, any_segments(random))
    np.testing.assert_array_equal(ab, before)


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_strength_out_of_range_is_refused(strength):
    with pytest.raises(BadRequest, match="must be 0–1"):
        draw_together(flat(0, 0), WHOLE, strength)
