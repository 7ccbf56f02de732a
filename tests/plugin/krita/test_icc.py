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


@pytest.mark.parametrize("name", sorted(NAMED))
def test_engine_reads_the_same_space(load, name):
    space = NAMED[name]
    read = parse_icc(load("icc").profile_of(lambda samples: [lab_in(space, each) for each in samples]))
    assert read is not None and "ushort" in read.codes
    samples = np.linspace(0, 1, 100)
    np.testing.assert_allclose(read.to_xyz, space.to_xyz, atol=1e-4)
    np.testing.assert_allclose(read.curves[0].decode(samples), space.curves[0].decode(samples), atol=1e-4)


def test_space_without_a_known_curve_has_no_profile(load):
    assert load("icc").profile_of(lambda samples: [(100 * each[1], 0, 0) for each in samples]) is None  # L*'s own


@pytest.mark.parametrize("gray", [110.0, 0.0, np.nan])
def test_space_with_impossible_grays_has_no_profile(load, gray):
    assert load("icc").profile_of(lambda samples: [(gray, 0.0, 0.0) for _ in samples]) is None


def test_space_that_knows_nothing_of_other_colors_has_no_profile(load):
    def holed(samples):
        return [lab_in(NAMED["srgb"], each) if len(set(each)) < 3 else (np.nan,) * 3 for each in samples]

    assert load("icc").profile_of(holed) is None


def test_space_that_is_no_matrix_has_no_profile(load):
    def in_tables(samples):
        """As sRGB, but where one primary is alone and not full: only tables do that."""
        alone = [sorted(each)[:2] == [0, 0] and 0 < max(each) < 1 for each in samples]
        return [(50, 0, 0) if one else lab_in(NAMED["srgb"], each) for one, each in zip(alone, samples, strict=True)]

    assert load("icc").profile_of(in_tables) is None


def lab_in(space, samples):
    return lab_of(space.to_xyz @ space.curves[0].decode(np.array(samples, float)))


def lab_of(xyz):
    f = [lab_f(value) for value in np.asarray(xyz) / lab.WHITE]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def lab_f(t):
    return t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29
