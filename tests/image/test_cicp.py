"""Code points of color give the space of ITU-T H.273, and a profile that says the same."""

import io

import numpy as np
import pytest
from photochrom.image import cicp
from photochrom.image.color_spaces import RGBSpace, parse_icc
from PIL import ImageCms

from .conftest import color_science_lab

SPACES = {(1, 13): "sRGB", (12, 13): "Display P3", (1, 1): "ITU-R BT.709", (9, 14): "ITU-R BT.2020"}


@pytest.mark.parametrize(("points", "name"), SPACES.items())
def test_lightness_is_that_of_the_space(points, name, rng):
    rgb = rng.random((50, 3))
    space = cicp.space(*points)
    linear = np.stack([curve.decode(rgb[:, i]) for i, curve in enumerate(space.curves)], axis=-1)
    ours = 116 * np.cbrt(linear @ space.luminance) - 16
    expected = color_science_lab(rgb, name)[..., 0]
    bright = expected > 8
    assert np.abs(ours - expected)[bright].max() < 0.1


@pytest.mark.parametrize("points", [(9, 1), (9, 8), (4, 4), (5, 5), (7, 7), (22, 1), (11, 8)])
def test_profile_says_the_same(points):
    space = cicp.space(*points)
    read = parse_icc(space.icc)
    assert isinstance(read, RGBSpace)
    assert np.abs(read.to_xyz - space.to_xyz).max() < 1e-4
    codes = np.linspace(0, 1, 100)
    assert np.abs(read.curves[0].decode(codes) - space.curves[0].decode(codes)).max() < 1e-4
    assert "CICP" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(space.icc)))


@pytest.mark.parametrize("points", [(9, 16), (9, 18), (200, 13), (1, 200), (0, 0)])
def test_high_dynamic_range_and_unknown_points_have_none(points):
    assert cicp.space(*points) is None
