"""Our Lab D50 is everybody's Lab D50."""

from __future__ import annotations

import numpy as np
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from photochrom.image import lab
from photochrom.image.color_spaces import SRGB

from .conftest import color_science_lab, lcms_lab

rgb_arrays = hnp.arrays(
    np.float64, st.tuples(st.integers(1, 5), st.just(3)), elements=st.floats(0, 1, allow_subnormal=False)
)


@given(rgb_arrays)
def test_lab_agrees_with_colour_science(rgb):
    difference = np.abs(lab.lab_from_srgb(rgb) - color_science_lab(rgb))
    assert difference[..., 0].max() < 0.005
    assert difference[..., 1:].max() < 0.05


def test_lab_agrees_with_lcms_on_every_gray_and_on_extremes(rng):
    rgb = np.concatenate(
        [
            np.repeat(np.arange(256)[:, None], 3, 1),
            np.stack(np.meshgrid([0, 255], [0, 255], [0, 255]), -1).reshape(-1, 3),
            rng.integers(0, 256, (2000, 3)),
        ]
    ).astype(np.uint8)[None]
    ours, theirs = lab.lab_from_srgb(rgb / 255), lcms_lab(rgb)
    assert np.abs(ours[..., 0] - theirs[..., 0]).max() < 0.2 + 0.3  # its 8-bit steps, and its 8-bit tables
    inside = np.abs(ours[..., 1:]) < 127
    assert np.abs(ours - theirs)[..., 1:][inside].max() < 1.2


def test_lightness_agrees_with_lcms_at_16_bit(rng):
    codes = rng.integers(0, 65536, (40, 50, 3)).astype(np.uint16)
    image = pyvips.Image.new_from_array(codes).copy(interpretation="rgb16")
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", SRGB.icc)
    theirs = image.icc_import(embedded=True, intent="relative", pcs="lab").numpy()
    difference = np.abs(lab.lab_from_srgb(codes / 65535) - theirs)[..., 0]
    assert np.median(difference) < 0.005
    assert difference.max() < 0.15  # lcms interpolates in a table of 33 steps here


@given(rgb_arrays)
def test_there_and_back(rgb):
    assert np.abs(lab.srgb_from_lab(lab.lab_from_srgb(rgb)) - rgb).max() < 1e-7  # sRGB's two pieces meet that closely


def test_float32_stays_float32_and_exact(rng):
    rgb = rng.random((64, 64, 3))
    small = lab.lab_from_srgb(rgb.astype(np.float32))
    assert small.dtype == np.float32
    assert np.abs(small - lab.lab_from_srgb(rgb)).max() < 2e-3
    assert np.abs(small - lab.lab_from_srgb(rgb))[..., 0].max() < 2e-4
    assert lab.srgb_from_lab(small).dtype == np.float32


def test_white_black_and_gray():
    assert np.allclose(lab.lab_from_srgb([[1, 1, 1], [0, 0, 0]]), [[100, 0, 0], [0, 0, 0]], atol=1e-9)
    gray = lab.lab_from_srgb(np.repeat(np.linspace(0, 1, 100)[:, None], 3, 1))
    assert np.abs(gray[:, 1:]).max() < 1e-9


@given(hnp.arrays(np.float64, 5, elements=st.floats(0, 1, allow_subnormal=False)))
def test_lightness_and_luminance_are_inverse(luminance):
    assert np.allclose(lab.luminance_from_lightness(lab.lightness_from_luminance(luminance)), luminance, atol=1e-12)
