"""A hint is about an object: its reach, in synthetic scenes and with the shipped network."""

import numpy as np
import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from photochrom import colorizers, pipeline
from photochrom.errors import BadRequest
from photochrom.guidance.hinted_objects import follow, membership
from photochrom.options import Options
from photochrom.sampling.proxy import Proxy
from photochrom.values import Hints, Segments

LEFT, MIDDLE, RIGHT = np.s_[:, :20], np.s_[:, 20:40], np.s_[:, 40:]


@pytest.fixture
def two_objects_picture():
    """A light square on a dark ground, with grain: an image, and where both are on the map of colors (96 cells)."""
    random = np.random.default_rng(2)
    lightness = np.full((400, 400), 30.0, np.float32)
    lightness[120:280, 120:280] = 75
    lightness += random.normal(0, 1, lightness.shape).astype(np.float32)
    side = colorizers.load("lite").card.proxy_side // 2
    rows, columns = (np.mgrid[:side, :side] + 0.5) / side
    square = (np.maximum(abs(rows - 0.5), abs(columns - 0.5))) < 0.17
    ground = (np.maximum(abs(rows - 0.5), abs(columns - 0.5))) > 0.25
    return pyvips.Image.new_from_array(lightness), square, ground


def strips(lightness, color=(0, 0, 0)):
    """Three strips of these L and of a as given; their segments, lightness and ab at half the size."""
    labels = np.repeat(np.arange(3), 20)[None].repeat(40, 0)
    ab = np.zeros((20, 30, 2), np.float32)
    ab[..., 0] = np.array(color, np.float32)[labels[::2, ::2]]
    return Segments.from_labels(labels), np.array(lightness, np.float32)[labels], ab


def dab(*where):
    hints = Hints(np.zeros((40, 60, 2), np.float32), np.zeros((40, 60), np.float32))
    for column in where:
        hints.ab[18:22, column : column + 4] = (40, 0)
        hints.mask[18:22, column : column + 4] = 1
    return hints


def means(held):
    return [float(held[:, part].mean()) for part in (np.s_[1:9], np.s_[11:19], np.s_[21:29])]


def test_what_looks_like_the_hinted_thing_beside_it_belongs_to_it():
    left, middle, right = means(membership(*strips((50, 51, 80)), dab(8)))
    assert left == pytest.approx(1)
    assert middle > 0.9
    assert right < 0.01


def test_what_has_another_color_is_another_thing():
    left, middle, _ = means(membership(*strips((50, 50, 50), (0, 30, 0)), dab(8)))
    assert left == pytest.approx(1)
    assert middle < 0.01


def test_a_thing_beyond_another_one_is_not_reached():
    *_, right = means(membership(*strips((50, 80, 50)), dab(8)))
    assert right < 0.01


def test_two_dabs_hint_two_things():
    left, middle, right = means(membership(*strips((20, 50, 80)), dab(8, 48)))
    assert (left, right) == pytest.approx((1, 1))
    assert middle < 0.01


def test_a_dab_that_laps_over_a_little_hints_its_own_thing():
    left, middle, _ = means(membership(*strips((20, 60, 60)), dab(8, 17)))
    assert left == pytest.approx(1)
    assert middle < 0.2


def test_nothing_is_hinted_where_nothing_is_painted():
    assert not membership(*strips((50, 50, 50)), dab()).any()


@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 99))
def test_the_change_is_whole_inside_and_bounded_outside(reach, more, seed):
    random = np.random.default_rng(seed)
    plain, told = random.normal(0, 30, (2, 6, 8, 2)).astype(np.float32)
    inside = np.zeros((6, 8), np.float32)
    inside[:, :4] = 1
    followed = follow(plain, told, inside, reach)
    np.testing.assert_allclose(followed[:, :4], told[:, :4], atol=1e-3)
    change, whole = (np.linalg.norm(each - plain, axis=-1)[:, 4:] for each in (followed, told))
    assert (change <= whole + 1e-3).all()
    if reach <= 0.5:
        assert change.max() < 7
    farther = follow(plain, told, inside, max(reach, more))
    assert (np.linalg.norm(farther - plain, axis=-1)[:, 4:] >= change - 1e-3).all()


def test_no_reach_leaves_what_is_not_hinted_as_it_was():
    plain, told = np.zeros((4, 4, 2), np.float32), np.full((4, 4, 2), 30, np.float32)
    np.testing.assert_array_equal(follow(plain, told, np.zeros((4, 4), np.float32), 0.0), plain)
    np.testing.assert_array_equal(follow(plain, told, np.zeros((4, 4), np.float32), 1.0), told)


@pytest.mark.parametrize("reach", [-0.1, 1.1, float("nan")])
def test_a_reach_that_is_none_is_refused(reach):
    with pytest.raises(BadRequest, match="reach"):
        Options(reach=reach)


def test_a_strong_dab_on_one_thing_leaves_the_other_alone(two_objects_picture):
    lightness, square, ground = two_objects_picture
    paint = np.zeros((100, 100, 4), np.float32)
    paint[48:52, 48:52] = (50, 60, 30, 1)
    plain, bound, free = (
        pipeline.predict(Proxy(lightness), Options("lite", hints=given, reach=reach)).prediction.ab
        for given, reach in ((None, 0.5), (paint, 0.5), (paint, 1.0))
    )
    change = np.linalg.norm(bound - plain, axis=-1)
    assert np.median(change[square]) > 20
    assert np.median(change[ground]) < 7.01
    assert np.linalg.norm(free - plain, axis=-1)[ground].mean() >= change[ground].mean()
