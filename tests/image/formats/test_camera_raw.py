"""Camera raws developed neutrally: small DNG files of a filter array and of linear light, by tifffile."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from photochrom.errors import BadPicture
from photochrom.image.picture import open_picture

from ..conftest import HEIGHT, WIDTH
from .conftest import color_version, of_depth

XYZ_TO_SRGB = (3.2404542, -1.5371385, -0.4985314, -0.9692660, 1.8760108, 0.0415560, 0.0556434, -0.2040259, 1.0572252)
"""XYZ D65 to linear sRGB: a camera whose filters are those of sRGB."""


def dng(path, samples, photometric, white, more=()):
    """A DNG file of one directory."""
    tags = [
        (50706, 1, 4, (1, 4, 0, 0), True),  # DNGVersion
        (50708, 2, 0, "Test Camera", True),
        (50714, 3, 1, 0, True),  # BlackLevel
        (50717, 4, 1, white, True),  # WhiteLevel
        *more,
    ]
    tifffile.imwrite(path, samples, photometric=photometric, extratags=tags, metadata=None)
    return path


def filters(*, balance=True):
    """A color filter array RGGB, a camera matrix, and light in which all three are alike."""
    matrix = tuple(part for value in XYZ_TO_SRGB for part in (round(value * 10_000_000), 10_000_000))
    return [
        (33421, 3, 2, (2, 2), True),
        (33422, 1, 4, (0, 1, 1, 2), True),
        (50721, 10, 9, matrix, True),
        (50778, 3, 1, 21, True),
        *([(50728, 5, 3, (1, 1, 1, 1, 1, 1), True)] if balance else []),
    ]


def lightness_of_light(light):
    return np.where(light > 216 / 24389, 116 * np.cbrt(light) - 16, light * 24389 / 27)


def test_linear_light_keeps_its_tones(tmp_path, gray16):
    path = dng(tmp_path / "x.dng", np.dstack([gray16] * 3), "linear_raw", 65535)
    picture = open_picture(path)
    assert picture.format == "ushort"
    assert np.abs(picture.lightness().numpy() - lightness_of_light(gray16 / 65535)).max() < 0.02


def test_a_filter_array_is_developed_without_brightening(tmp_path):
    """The picture ends at half of white: what brightens by the brightest point would double it."""
    ramp = np.repeat(np.linspace(0, 8191, WIDTH * 2), HEIGHT * 2).reshape(WIDTH * 2, HEIGHT * 2).T.astype(np.uint16)
    path = dng(tmp_path / "x.dng", ramp, "cfa", 16383, filters())
    picture = open_picture(path)
    assert (picture.width, picture.height) == (WIDTH * 2, HEIGHT * 2)
    inner = np.s_[4:-4, 4:-4]
    expected = lightness_of_light(ramp / 16383)
    assert np.abs(picture.lightness().numpy() - expected)[inner].max() < 0.5
    assert "developed" in picture.notes[0]


def test_a_preview_in_front_is_not_the_picture(tmp_path, gray8, gray16):
    path = tmp_path / "x.dng"
    raw = of_depth(np.tile(gray16, (4, 4)), 14)
    with tifffile.TiffWriter(path) as tiff:
        version = [(50706, 1, 4, (1, 4, 0, 0), True), (50708, 2, 0, "Test Camera", True)]
        tiff.write(
            *(np.dstack([gray8] * 3),), photometric="rgb", subifds=1, subfiletype=1, extratags=version, metadata=None
        )
        tiff.write(raw, photometric="cfa", subfiletype=0, extratags=filters(), metadata=None)
    picture = open_picture(path)
    assert (picture.width, picture.height) == (WIDTH * 4, HEIGHT * 4)


def test_turned_as_the_camera_was_held(tmp_path, gray16):
    path = dng(tmp_path / "x.dng", np.dstack([gray16] * 3), "linear_raw", 65535, [(274, 3, 1, 6, True)])
    picture = open_picture(path)
    assert (picture.width, picture.height) == (HEIGHT, WIDTH)
    expected = lightness_of_light(np.rot90(gray16, -1) / 65535)
    assert np.abs(picture.lightness().numpy() - expected).max() < 0.02
    out = color_version(path, tmp_path / "out.tif")
    assert (out.width, out.height, out.format) == (HEIGHT, WIDTH, "ushort")


def test_what_cannot_be_developed_is_named(tmp_path):
    (tmp_path / "x.raf").write_bytes(b"FUJIFILMCCD-RAW 0201" + b"\0" * 400)
    with pytest.raises(BadPicture, match="camera raw") as failure:
        open_picture(tmp_path / "x.raf")
    assert "b'" not in failure.value.cause
    assert "Develop it" in failure.value.next_step
