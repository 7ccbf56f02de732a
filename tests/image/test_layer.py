"""What an editor's layer gets back."""

from __future__ import annotations

import numpy as np
import pytest
import pyvips
from photochrom.errors import BadPicture
from photochrom.image import lab
from photochrom.image.layer import LayerPixels, compose_lab
from photochrom.image.spaces import NAMED, SRGB

from .conftest import HEIGHT, WIDTH, color, no_color


@pytest.fixture
def planes(rng):
    lightness = rng.uniform(0, 100, (HEIGHT, WIDTH)).astype(np.float32)
    lightness[0, :4] = [0, 100, 1e-30, 99.99999]
    alpha = rng.choice(np.float32([0, 1, 0.3333333, 1e-7]), (HEIGHT, WIDTH)).astype(np.float32)
    return lightness, alpha


def test_lightness_and_alpha_come_back_bit_by_bit(planes):
    layer = LayerPixels.from_planes(WIDTH, HEIGHT, b"".join(p.tobytes() for p in planes), alpha=True)
    result = compose_lab(layer, color())
    assert (result.width, result.height, result.bands, result.format) == (WIDTH, HEIGHT, 4, "float")
    pixels = result.numpy()
    assert np.array_equal(pixels[..., 0].view(np.uint32), planes[0].view(np.uint32))
    assert np.array_equal(pixels[..., 3].view(np.uint32), planes[1].view(np.uint32))


def test_a_layer_without_alpha_is_opaque(planes):
    layer = LayerPixels.from_planes(WIDTH, HEIGHT, planes[0].tobytes(), alpha=False)
    assert np.all(compose_lab(layer, color()).numpy()[..., 3] == 1)


@pytest.mark.parametrize("name", list(NAMED))
def test_the_color_fits_the_space_of_the_image(planes, name):
    space = NAMED[name]
    layer = LayerPixels.from_planes(WIDTH, HEIGHT, planes[0].tobytes(), alpha=False, space=space)
    pixels = compose_lab(layer, color()).numpy().astype(float)
    fy = (pixels[..., 0] + 16) / 116
    f = np.stack([fy + pixels[..., 1] / 500, fy, fy - pixels[..., 2] / 200], -1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * lab.WHITE
    rgb = xyz @ np.linalg.inv(space.to_xyz).T
    assert rgb.min() > -1e-5
    assert rgb.max() < 1 + 1e-5


def test_no_color_stays_no_color(planes):
    layer = LayerPixels.from_planes(WIDTH, HEIGHT, planes[0].tobytes(), alpha=False, space=SRGB)
    assert np.all(compose_lab(layer, no_color()).numpy()[..., 1:3] == 0)


def test_pixels_that_are_not_numbers_stay_where_they_are(planes):
    lightness = planes[0].copy()
    lightness[3, 3], lightness[4, 4] = np.nan, np.inf
    layer = LayerPixels.from_planes(WIDTH, HEIGHT, lightness.tobytes(), alpha=False)
    pixels = compose_lab(layer, color()).numpy()
    assert np.isfinite(layer.finite_lightness().numpy()).all()
    assert np.array_equal(pixels[..., 0].view(np.uint32), lightness.view(np.uint32))
    assert np.isfinite(pixels[..., 1:]).all()


def test_a_body_of_the_wrong_length_is_refused():
    with pytest.raises(BadPicture, match="needs 3404"):
        LayerPixels.from_planes(WIDTH, HEIGHT, b"\0" * 12, alpha=False)


def test_strips_are_computed_as_they_are_read():
    lightness = np.full((400, 300), 50, np.float32)
    layer = LayerPixels.from_planes(300, 400, lightness.tobytes(), alpha=False)
    result = compose_lab(layer, pyvips.Image.new_from_array(np.full((400, 300, 2), 20, np.float32)))
    strip = np.frombuffer(pyvips.Region.new(result).fetch(0, 100, 300, 10), np.float32).reshape(10, 300, 4)
    assert np.all(strip[..., 0] == 50)
    assert np.allclose(strip[..., 1:3], 20)
