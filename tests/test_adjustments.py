"""What sliders do to colors that are chosen already."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from photochrom.adjustments import NEUTRAL, Adjustments
from photochrom.errors import BadRequest


def colors(*chromas):
    angle = 0.7
    return np.array([[(c * math.cos(angle), c * math.sin(angle)) for c in chromas]], np.float32)


def chroma(ab):
    return np.hypot(ab[..., 0], ab[..., 1])


def test_nothing_wished_changes_nothing(rng):
    ab = rng.normal(0, 20, (5, 7, 2)).astype(np.float32)
    assert np.array_equal(Adjustments().apply(ab), ab)


def test_chroma_is_a_factor():
    assert chroma(Adjustments(chroma=0.5).apply(colors(40))) == pytest.approx(20)
    assert not Adjustments(chroma=0).apply(colors(40)).any()


def test_warm_is_yellower_and_cold_is_bluer():
    ab = colors(0, 30)
    warm, cold = (Adjustments(warmth=w).apply(ab) for w in (1, -1))
    assert (warm[..., 1] > ab[..., 1]).all()
    assert (cold[..., 1] < ab[..., 1]).all()


def test_protected_neutrals_go_gray_and_colors_stay():
    ab = colors(3, NEUTRAL + 1)
    faded = chroma(Adjustments(neutrals=1).apply(ab))[0]
    assert faded[0] < 0.2
    assert faded[1] == pytest.approx(NEUTRAL + 1)


def test_protected_neutrals_stay_gray_in_warm_light_too():
    assert chroma(Adjustments(neutrals=1, warmth=1).apply(colors(0))).max() == 0


@given(neutrals=st.floats(0.05, 1))
def test_a_more_colorful_place_stays_the_more_colorful(neutrals):
    faded = chroma(Adjustments(neutrals=neutrals).apply(colors(*range(60))))[0]
    assert (np.diff(faded) >= 0).all()


def test_the_tint_of_the_paper_lies_below_all_colors():
    tinted = Adjustments(chroma=0, tint=(4, 15)).apply(colors(0, 30))
    assert np.allclose(tinted, (4, 15))


@pytest.mark.parametrize(
    "wish", [{"chroma": -0.1}, {"chroma": math.nan}, {"warmth": 1.1}, {"neutrals": -1}, {"tint": (50, 50)}]
)
def test_what_cannot_be_is_refused(wish):
    with pytest.raises(BadRequest, match=f"{next(iter(wish))} must be"):
        Adjustments(**wish)
