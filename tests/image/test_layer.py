"""What an editor's layer gets back."""

from __future__ import annotations

import numpy as np
import pytest
import pyvips
from photochrom.errors import BadPicture
from photochrom.image import gamut, lab
from photochrom.image.color_spaces import NAMED, SRGB, Parametric, RGBSpace
from photochrom.image.layer import LayerPixels, SampleStrips, compose_lab, has_samples
from photochrom.sampling.upsampling import Coefficients, FullSize

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


def strong(rng, width, height):
    """ab far inside and far outside of any gamut."""
    planes = rng.normal(0, 60, (9, 12, 4)).astype(np.float32) * np.float32([0.02, 0.02, 1, 1])
    return FullSize(Coefficients(planes), height, width)


@pytest.mark.parametrize("name", list(NAMED))
@pytest.mark.parametrize(("form", "kind", "format"), [("rgb8", "<u1", "uchar"), ("rgb16", "<u2", "ushort")])
def test_samples_are_what_an_integer_image_holds(rng, planes, name, form, kind, format):
    space = NAMED[name]
    layer = LayerPixels.from_planes(WIDTH, HEIGHT, b"".join(p.tobytes() for p in planes), alpha=True, space=space)
    ab = strong(rng, WIDTH, HEIGHT)
    strips = SampleStrips(layer, ab, form)
    data = b"".join(strips.strip(top, 7) for top in range(0, HEIGHT, 7))
    samples = np.frombuffer(data, kind).reshape(HEIGHT, WIDTH, 4).astype(int)
    light = gamut.linear_rgb(layer.lightness, ab.image(layer.lightness), space)
    exact = space.encode(light, "float").numpy().clip(0, 1) * np.iinfo(kind).max
    off = np.abs(samples[..., :3] - exact)
    assert off[light.numpy() > 1e-6].max() < (0.6 if form == "rgb8" else 2.1)
    assert off.mean() < 0.5
    assert np.array_equal(samples[..., 3], np.rint(planes[1] * np.iinfo(kind).max).astype(int))


def test_samples_of_what_is_not_a_number_are_black(rng, planes):
    lightness, alpha = (plane.copy() for plane in planes)
    lightness[3, 3] = alpha[3, 3] = np.nan
    layer = LayerPixels.from_planes(WIDTH, HEIGHT, lightness.tobytes() + alpha.tobytes(), alpha=True)
    samples = np.frombuffer(SampleStrips(layer, strong(rng, WIDTH, HEIGHT), "rgb8").strip(0, HEIGHT), np.uint8)
    assert not samples.reshape(HEIGHT, WIDTH, 4)[3, 3].any()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("far", [1e5, 1e13, 1e29])
def test_samples_far_beyond_white_are_white_and_beyond_black_black(rng, planes, far):
    lightness = planes[0].copy()
    lightness[3, 3], lightness[4, 4] = far, -far
    layer = LayerPixels.from_planes(WIDTH, HEIGHT, lightness.tobytes(), alpha=False)
    samples = np.frombuffer(SampleStrips(layer, strong(rng, WIDTH, HEIGHT), "rgb8").strip(0, HEIGHT), np.uint8)
    assert samples.reshape(HEIGHT, WIDTH, 4)[[3, 4], [3, 4], :3].tolist() == [[255] * 3, [0] * 3]


def test_a_curve_too_steep_for_a_table_has_no_codes():
    steep = RGBSpace("steep", SRGB.to_xyz, (Parametric(4.0),) * 3, None)
    assert not has_samples(steep, "rgb8") and not has_samples(steep, "rgb16")
    assert not has_samples(SRGB, "lab") and has_samples(SRGB, "rgb16")
