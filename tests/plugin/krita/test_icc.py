"""The profile made of a document's primaries is the same RGB space to the engine."""

import numpy as np
import pytest
from photochrom.image import lab
from photochrom.image.color_spaces import LINEAR, NAMED, parse_icc


@pytest.mark.parametrize("name", sorted(NAMED))
def test_engine_reads_the_same_primaries(load, name):
    to_xyz = NAMED[name].to_xyz
    primaries = [tuple(lab_of(column)) for column in to_xyz.T]
    space = parse_icc(load("icc").matrix_profile(primaries))
    assert space is not None
    np.testing.assert_allclose(space.to_xyz, to_xyz, atol=1e-4)
    assert space.curves == (LINEAR,) * 3


def lab_of(xyz):
    f = [lab_f(value) for value in np.asarray(xyz) / lab.WHITE]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def lab_f(t):
    return t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29
