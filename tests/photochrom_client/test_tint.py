"""The paper's tint."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom_client.tint import tint_of


def lab(*pixels):
    return b"".join(struct.pack("<3f", *each) for each in pixels)


def test_gray_layer_has_no_tint():
    assert tint_of(lab(*[(50, 0.8, -1.2)] * 100)) == (0, 0)


def test_toned_layer_has_its_mean_tint_however_much_of_it_is_gray():
    assert tint_of(lab(*[(50, 5, 20)] * 20, *[(60, 7, 24)] * 20, *[(0, 0, 0)] * 60)) == pytest.approx((6, 22))


def test_stain_is_no_tint():
    assert tint_of(lab(*[(50, 40, 20)] * 5, *[(60, 0, 0)] * 95)) == (0, 0)


@given(st.lists(st.tuples(st.floats(0, 100, width=32), *[st.floats(-120, 120, width=32)] * 2), max_size=30))
def test_tint_is_one_that_the_engine_takes(pixels):
    assert all(-40 <= each <= 40 for each in tint_of(lab(*pixels)))
