"""Color profiles: ours are what lcms and colour-science take them for, and foreign ones are read right."""

from __future__ import annotations

import io
import struct

import colour as science
import numpy as np
import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from photochrom.image import color_spaces
from photochrom.image.color_spaces import NAMED, SRGB, GraySpace, Parametric, RGBSpace, Sampled
from photochrom.image.lab import WHITE
from PIL import ImageCms

from .conftest import lcms_lab


def gray_profile(curve: bytes) -> bytes:
    """A minimal gray profile with this TRC tag."""
    tags = {b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061), b"kTRC": curve}
    start, body, entries = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        entries += struct.pack(">4sII", name, start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = bytearray(128)
    header[0:4] = struct.pack(">I", start + len(body))
    header[8:24] = struct.pack(">I4s4s4s", 0x04400000, b"mntr", b"GRAY", b"XYZ ")
    header[36:40] = b"acsp"
    header[68:80] = struct.pack(">3i", 63190, 65536, 54061)
    return bytes(header) + struct.pack(">I", len(tags)) + entries + body


@pytest.mark.parametrize(
    ("name", "theirs"), [("srgb", "sRGB"), ("display-p3", "Display P3"), ("adobe-rgb", "Adobe RGB (1998)")]
)
def test_named_spaces_have_the_published_primaries(name, theirs):
    source = science.RGB_COLOURSPACES[theirs]
    adaptation = science.adaptation.matrix_chromatic_adaptation_VonKries(
        science.xy_to_XYZ(source.whitepoint), WHITE, transform="Bradford"
    )
    assert np.abs(NAMED[name].to_xyz - adaptation @ source.matrix_RGB_to_XYZ).max() < 3e-4
    assert np.allclose(NAMED[name].to_xyz.sum(axis=1), WHITE, atol=1e-12)


@pytest.mark.parametrize("name", list(NAMED))
def test_lcms_reads_our_profiles_as_we_do(name, rng):
    space = NAMED[name]
    rgb = rng.integers(0, 256, (20, 20, 3)).astype(np.uint8)
    linear = space.decode(pyvips.Image.new_from_array(rgb)).numpy()
    lightness = np.asarray(
        [116 * np.cbrt(y) - 16 if y > 216 / 24389 else y * 24389 / 27 for y in (linear @ space.luminance).flat]
    ).reshape(20, 20)
    assert np.abs(lightness - lcms_lab(rgb, space.icc)[..., 0]).max() < 0.5 * 100 / 255 + 0.03


@pytest.mark.parametrize("name", list(NAMED))
def test_our_profiles_are_read_back(name):
    again = color_spaces.space_from_icc(NAMED[name].icc)
    assert again.name == NAMED[name].name
    assert np.abs(again.to_xyz - NAMED[name].to_xyz).max() < 3e-5
    assert np.allclose(
        again.curves[0].decode(np.linspace(0, 1, 50)), NAMED[name].curves[0].decode(np.linspace(0, 1, 50)), atol=1e-4
    )


def test_the_srgb_profiles_of_lcms_and_vips_are_srgb():
    for icc in (
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        bytes(pyvips.Operation.call("profile_load", "srgb")),
    ):
        space = color_spaces.space_from_icc(icc)
        assert space is not SRGB
        assert np.abs(space.to_xyz - SRGB.to_xyz).max() < 1e-4
        codes = np.arange(256) / 255
        assert np.abs(space.curves[1].decode(codes) - SRGB.curves[1].decode(codes)).max() < 1e-4


@pytest.mark.parametrize(
    "curve",
    [
        color_spaces.LINEAR,
        color_spaces.SRGB_CURVE,
        Parametric(2.2),
        Parametric(563 / 256),
        Parametric(3.0, a=1 / 1.16, b=0.16 / 1.16, c=2700 / 24389, d=0.08),
        Sampled(tuple((np.linspace(0, 1, 1024) ** 1.8).tolist())),
        Sampled(tuple((np.linspace(0, 1, 4096) ** 2.4).tolist())),
    ],
)
@pytest.mark.parametrize(("format", "largest"), [("uchar", 255), ("ushort", 65535)])
def test_every_code_survives_decode_and_encode(curve, format, largest):
    codes = np.arange(largest + 1).astype(np.uint8 if largest == 255 else np.uint16)[None]
    linear = color_spaces.decode(pyvips.Image.new_from_array(codes), (curve,))
    assert np.array_equal(color_spaces.encode(linear, (curve,), format).numpy(), codes)


@pytest.mark.parametrize(
    "curve", [color_spaces.SRGB_CURVE, Parametric(2.2), Sampled(tuple((np.linspace(0, 1, 1024) ** 1.8).tolist()))]
)
def test_float_samples_survive_decode_and_encode(curve, rng):
    samples = rng.uniform(0.001, 1, (8, 50)).astype(np.float32)
    linear = color_spaces.decode(pyvips.Image.new_from_array(samples), (curve,))
    assert np.abs(linear.numpy() - curve.decode(samples.astype(float))).max() < 2e-6
    assert np.abs(color_spaces.encode(linear, (curve,), "float").numpy() - samples).max() < 1e-4


def test_three_different_curves_stay_apart():
    curves = (Parametric(1.8), Parametric(2.2), color_spaces.SRGB_CURVE)
    space = RGBSpace("odd", SRGB.to_xyz, curves, None)
    codes = np.stack([np.arange(256)] * 3, -1).astype(np.uint8)[None]
    linear = space.decode(pyvips.Image.new_from_array(codes))
    assert not np.allclose(linear.numpy()[..., 0], linear.numpy()[..., 2], atol=0.01)
    assert np.array_equal(space.encode(linear, "uchar").numpy(), codes)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        (b"curv\0\0\0\0" + struct.pack(">I", 0), lambda x: x),
        (b"curv\0\0\0\0" + struct.pack(">IH", 1, 0x0233), lambda x: x ** (0x0233 / 256)),
        (b"curv\0\0\0\0" + struct.pack(">I3H", 3, 0, 16384, 65535),
         lambda x: np.interp(x, [0, 0.5, 1], [0, 16384 / 65535, 1])),
        (b"para\0\0\0\0" + struct.pack(">HHi", 0, 0, 131072), lambda x: x**2),
        (b"para\0\0\0\0" + struct.pack(">HH3i", 1, 0, 131072, 52429, 13107), lambda x: (0.8 * x + 0.2) ** 2),
        (b"para\0\0\0\0" + struct.pack(">HH4i", 2, 0, 131072, 52429, 0, 6554), lambda x: (0.8 * x) ** 2 + 0.1),
        (b"para\0\0\0\0" + struct.pack(">HH5i", 3, 0, 131072, 65536, 0, 6554, 6554),
         lambda x: np.where(x >= 0.1, x**2, 0.1 * x)),
        (b"para\0\0\0\0" + struct.pack(">HH7i", 4, 0, 131072, 58982, 0, 6554, 6554, 3277, 3277),
         lambda x: np.where(x >= 0.1, (0.9 * x) ** 2 + 0.05, 0.1 * x + 0.05)),
    ],
)  # fmt: skip
def test_every_kind_of_curve_is_read(tag, expected):
    space = color_spaces.parse_icc(gray_profile(tag))
    assert isinstance(space, GraySpace)
    x = np.linspace(0, 1, 42)  # no sample on a knee: curves may jump there
    assert np.allclose(space.curve.decode(x), expected(x), atol=1e-3)


@given(st.binary(max_size=400))
def test_garbage_is_no_profile(data):
    assert color_spaces.parse_icc(data) is None


@given(st.integers(0, 2000), st.integers(0, 255))
def test_damaged_profiles_never_raise(place, value):
    icc = bytearray(SRGB.icc)
    icc[place % len(icc)] = value
    color_spaces.parse_icc(bytes(icc))
    color_spaces.parse_icc(bytes(icc[: place % len(icc)]))


def test_a_space_for_hosts_is_srgb_where_the_gamut_is_unknown():
    lab_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    cmyk = bytes(pyvips.Operation.call("profile_load", "cmyk"))
    for icc in (None, b"", b"nonsense", lab_profile, cmyk):
        assert color_spaces.space_from_icc(icc) is SRGB


def test_profiles_are_valid_for_lcms():
    for space in NAMED.values():
        profile = ImageCms.ImageCmsProfile(io.BytesIO(space.icc))
        assert ImageCms.getProfileDescription(profile).strip() == space.name
