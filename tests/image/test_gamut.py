"""Colors that do not fit lose chroma and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from photochrom.image import gamut, lab
from photochrom.image.color_spaces import LARGEST, NAMED, SRGB

from .conftest import color_science_lab

SCIENCE = {"srgb": "sRGB", "display-p3": "Display P3", "adobe-rgb": "Adobe RGB (1998)"}
ROUNDING = {"uchar": 0.3, "ushort": 0.005, "float": 0.005}

lab_rows = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.float32, (1, n), elements=st.floats(0, 100, width=32, allow_subnormal=False)),
        hnp.arrays(np.float32, (1, n, 2), elements=st.floats(-300, 300, width=32, allow_subnormal=False)),
    )
)


def _extremes() -> tuple[np.ndarray, np.ndarray]:
    lightness = np.float32([0, 1e-6, 0.01, 1, 7.999, 8.001, 30, 50, 99, 99.999, 100])
    ab = np.float32([0, 1e-7, 1, -1, 128, -128, 1000, -1000])
    grid = np.stack(np.meshgrid(lightness, ab, ab, indexing="ij"), -1).reshape(1, -1, 3)
    return np.ascontiguousarray(grid[..., 0]), np.ascontiguousarray(grid[..., 1:])


def _assert_keeps_lightness(lightness, ab, name, format):
    space = NAMED[name]
    linear = gamut.linear_rgb(pyvips.Image.new_from_array(lightness), pyvips.Image.new_from_array(ab), space)
    assert linear.min() >= -1e-6
    assert linear.max() <= 1 + 1e-6
    samples = space.encode(linear, format).numpy() / LARGEST[format]
    measured = color_science_lab(samples.astype(np.float64), SCIENCE[name])[..., 0]
    assert np.abs(measured - lightness).max() <= ROUNDING[format]


@pytest.mark.parametrize("format", ["uchar", "ushort", "float"])
@pytest.mark.parametrize("name", list(NAMED))
def test_lightness_stays_on_extreme_pixels(name, format):
    _assert_keeps_lightness(*_extremes(), name, format)


@settings(max_examples=60, deadline=None)
@given(lab_rows, st.sampled_from(list(NAMED)), st.sampled_from(list(ROUNDING)))
def test_lightness_stays_on_any_pixels(rows, name, format):
    _assert_keeps_lightness(*rows, name, format)


def test_what_fits_is_not_touched(rng):
    rgb = rng.uniform(0.02, 0.98, (40, 40, 3))
    wanted = lab.lab_from_srgb(rgb).astype(np.float32)
    lightness, ab = np.ascontiguousarray(wanted[..., 0]), np.ascontiguousarray(wanted[..., 1:])
    L, colors = pyvips.Image.new_from_array(lightness), pyvips.Image.new_from_array(ab)
    assert np.array_equal(gamut.fit_ab(L, colors, SRGB).numpy(), ab)
    assert np.abs(gamut.linear_rgb(L, colors, SRGB).numpy() - lab.decode_srgb(rgb)).max() < 1e-5


def test_what_does_not_fit_reaches_the_border_of_the_gamut(rng):
    lightness = rng.uniform(5, 95, (30, 30)).astype(np.float32)
    ab = rng.choice([-200, 200], (30, 30, 2)).astype(np.float32)
    linear = gamut.linear_rgb(pyvips.Image.new_from_array(lightness), pyvips.Image.new_from_array(ab), SRGB).numpy()
    to_border = np.minimum(linear, 1 - linear).min(axis=-1)
    assert np.abs(to_border).max() < 1e-5


def test_fitted_ab_is_the_color_that_linear_rgb_gives():
    lightness, ab = _extremes()
    usable = (lightness > 0.5) & (lightness < 99.5)
    L, colors = pyvips.Image.new_from_array(lightness), pyvips.Image.new_from_array(ab)
    fitted = gamut.fit_ab(L, colors, SRGB).numpy()
    linear = gamut.linear_rgb(L, colors, SRGB).numpy()
    expected = lab.lab_from_srgb(lab.encode_srgb(np.clip(linear, 0, 1).astype(np.float64)))
    assert np.abs(fitted - expected[..., 1:])[usable].max() < 0.01


def test_no_color_is_exactly_neutral_even_beyond_white():
    lightness = np.linspace(-5, 130, 200, dtype=np.float32)[None]
    ab = np.zeros((1, 200, 2), np.float32)
    linear = gamut.linear_rgb(pyvips.Image.new_from_array(lightness), pyvips.Image.new_from_array(ab), SRGB).numpy()
    assert np.array_equal(linear[..., 0], linear[..., 1])
    assert np.array_equal(linear[..., 0], linear[..., 2])
    assert np.allclose(linear[..., 0], lab.luminance_from_lightness(lightness.astype(float)), atol=1e-6)
