"""PNG says by its chunks what its samples are: on reading, and in all that is written."""

from __future__ import annotations

import struct
import zlib

import colour as science
import numpy as np
import pytest
from photochrom.errors import BadPicture
from photochrom.image.color_spaces import SRGB, SRGB_CURVE
from photochrom.image.files import write_picture
from photochrom.image.icc import gray_profile
from photochrom.image.lab import WHITE
from photochrom.image.picture import open_picture
from PIL import Image

from .conftest import HEIGHT, WIDTH, expected_lightness, no_color


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(path, data: np.ndarray, *chunks: bytes):
    """A 16-bit PNG, gray (h, w) or RGB (h, w, 3), with more chunks."""
    height, width = data.shape[:2]
    rows = data.astype(">u2").reshape(height, -1).view(np.uint8)
    lines = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 16, 2 if data.ndim == 3 else 0, 0, 0, 0)
    body = b"".join([chunk(b"IHDR", header), *chunks, chunk(b"IDAT", zlib.compress(lines)), chunk(b"IEND", b"")])
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def gama(gamma: float) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", round(100_000 / gamma)))


def chrm(*values: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in values)))


def lstar(luminance: np.ndarray) -> np.ndarray:
    return np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16, luminance * 24389 / 27)


@pytest.fixture
def gray16(rng):
    return rng.integers(0, 65536, (HEIGHT, WIDTH)).astype(np.uint16)


@pytest.mark.parametrize("gamma", [1.0, 1.8, 2.2])
def test_gamma_counts_where_nothing_better_does(tmp_path, gray16, gamma):
    picture = open_picture(png(tmp_path / "x.png", gray16, gama(gamma)))
    truth = lstar((gray16 / 65535) ** gamma)
    assert np.abs(picture.lightness().numpy() - truth).max() < 0.02
    write_picture(picture, no_color(), tmp_path / "out.png", mark=None)
    assert np.abs(open_picture(tmp_path / "out.png").lightness().numpy() - truth).max() < 0.02


def test_srgb_and_cicp_come_before_gamma(tmp_path, gray16):
    for better in (chunk(b"sRGB", b"\0"), chunk(b"cICP", bytes([1, 13, 0, 1]))):
        picture = open_picture(png(tmp_path / "x.png", gray16, better, gama(1.0)))
        assert np.abs(picture.lightness().numpy() - expected_lightness(gray16)).max() < 0.01


def test_primaries_count_for_rgb_and_stay(tmp_path, rng):
    data = rng.integers(0, 65536, (HEIGHT, WIDTH, 3)).astype(np.uint16)
    wide = science.RGB_COLOURSPACES["ITU-R BT.2020"]
    primaries = chrm(*wide.whitepoint, *wide.primaries.ravel())
    picture = open_picture(png(tmp_path / "x.png", data, gama(2.2), primaries))
    bradford = science.adaptation.matrix_chromatic_adaptation_VonKries(
        science.xy_to_XYZ(wide.whitepoint), WHITE, transform="Bradford"
    )
    truth = lstar((data / 65535) ** 2.2 @ (bradford @ wide.matrix_RGB_to_XYZ)[1])
    assert np.abs(picture.lightness().numpy() - truth).max() < 0.03
    write_picture(picture, no_color(), tmp_path / "out.tif", mark=None)
    assert open_picture(tmp_path / "out.tif").space.icc == picture.space.icc


@pytest.mark.parametrize("points", [(9, 16, 0, 1), (9, 18, 0, 1), (1, 13, 0, 0), (1, 13, 1, 1)])
def test_video_signals_are_refused_by_name(tmp_path, gray16, points):
    with pytest.raises(BadPicture, match="cICP") as refused:
        open_picture(png(tmp_path / "x.png", gray16, chunk(b"cICP", bytes(points))))
    assert "damaged" not in refused.value.cause


def test_chunks_that_make_no_sense_are_passed_over(tmp_path, gray16):
    for odd in (chunk(b"gAMA", b"\0\0\0\0"), chunk(b"gAMA", b"\1"), chrm(*[0] * 8), chunk(b"cICP", b"")):
        picture = open_picture(png(tmp_path / "x.png", gray16, odd))
        assert np.abs(picture.lightness().numpy() - expected_lightness(gray16)).max() < 0.01


def test_every_png_says_what_its_samples_are(tmp_path, gray16):
    picture = open_picture(png(tmp_path / "x.png", np.dstack([gray16] * 3)))
    write_picture(picture, no_color(), tmp_path / "out.png", mark=None)
    assert Image.open(tmp_path / "out.png").info["icc_profile"] == SRGB.icc


@pytest.mark.parametrize(
    "profile",
    [b"not packed", zlib.compress(b"no profile" * 20), zlib.compress(SRGB.icc or b"")[:99], b""],
    ids=["not packed", "no profile", "cut off", "empty"],
)
@pytest.mark.parametrize("bands", [1, 3])
def test_a_damaged_profile_leaves_it_to_gamma_with_a_note(tmp_path, gray16, profile, bands):
    data = gray16 if bands == 1 else np.dstack([gray16] * 3)
    damaged = chunk(b"iCCP", b"scanner\0\0" + profile)
    picture = open_picture(png(tmp_path / "x.png", data, damaged, gama(1.0)))
    assert any("profile is damaged" in note and "gamma 1 is assumed" in note for note in picture.notes)
    assert np.abs(picture.lightness().numpy() - lstar(gray16 / 65535)).max() < 0.02
    picture = open_picture(png(tmp_path / "x.png", data, damaged))
    assert any("profile is damaged" in note and "sRGB is assumed" in note for note in picture.notes)


def test_a_profile_for_rgb_counts_in_a_gray_picture_though_libpng_drops_it(tmp_path, gray16):
    profile = chunk(b"iCCP", b"scanner\0\0" + zlib.compress(SRGB.icc))
    picture = open_picture(png(tmp_path / "x.png", gray16, profile, gama(1.0)))
    assert any("is for RGB" in note for note in picture.notes)
    assert np.abs(picture.lightness().numpy() - expected_lightness(gray16)).max() < 0.05


def test_a_profile_comes_before_gamma(tmp_path, gray16):
    profile = chunk(b"iCCP", b"scanner\0\0" + zlib.compress(gray_profile("gray", SRGB_CURVE.coefficients)))
    picture = open_picture(png(tmp_path / "x.png", gray16, profile, gama(1.0)))
    assert picture.notes == ()
    assert np.abs(picture.lightness().numpy() - expected_lightness(gray16)).max() < 0.05
