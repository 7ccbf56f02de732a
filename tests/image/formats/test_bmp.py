"""BMP of every depth as Pillow writes it, its resolution, and the profile of version 5."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from photochrom.errors import BadPicture
from photochrom.image.color_spaces import NAMED
from photochrom.image.picture import open_picture
from PIL import Image

from ..conftest import HEIGHT, WIDTH, color_science_lab, expected_lightness, lightness


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_every_depth(tmp_path, rgb8, mode):
    image = Image.fromarray(rgb8).convert(mode)
    image.save(tmp_path / "x.bmp", dpi=(300, 600))
    picture = open_picture(tmp_path / "x.bmp")
    seen = np.asarray(image.convert("RGB" if mode in ("P", "RGB") else "L"))
    assert np.abs(picture.lightness().numpy() - expected_lightness(seen)).max() < 0.005
    assert (round(picture.pixels().xres * 25.4), round(picture.pixels().yres * 25.4)) == (300, 600)


def version_5(rgb, icc):
    """A BMP file of version 5, rows from the bottom, with an embedded profile."""
    row = np.zeros((HEIGHT, (WIDTH * 3 + 3) // 4 * 4), np.uint8)
    row[:, : WIDTH * 3] = rgb[::-1, :, ::-1].reshape(HEIGHT, -1)
    start = 14 + 124
    header = struct.pack("<IiiHHIIiiII", 124, WIDTH, HEIGHT, 1, 24, 0, row.size, 0, 0, 0, 0)
    header += b"\0" * 16 + b"DEBM" + b"\0" * 48 + struct.pack("<IIII", 4, 124 + row.size, len(icc), 0)
    return struct.pack("<2sIHHI", b"BM", start + row.size + len(icc), 0, 0, start) + header + row.tobytes() + icc


def test_profile_of_version_5(tmp_path, rgb8):
    icc = NAMED["adobe-rgb"].icc
    (tmp_path / "x.bmp").write_bytes(version_5(rgb8, icc))
    assert open_picture(tmp_path / "x.bmp").icc == icc
    expected = color_science_lab(rgb8 / 255, "Adobe RGB (1998)")[..., 0]
    assert np.abs(lightness(tmp_path / "x.bmp") - expected).max() < 0.01


def test_cut_off_and_absurd(tmp_path, rgb8):
    Image.fromarray(rgb8).save(tmp_path / "x.bmp")
    whole = (tmp_path / "x.bmp").read_bytes()
    absurd = whole[:18] + struct.pack("<ii", 60_000, 60_000) + whole[26:]
    for bad in (whole[:10], whole[:40], whole[:400], absurd):
        (tmp_path / "bad.bmp").write_bytes(bad)
        with pytest.raises(BadPicture, match=r"bad\.bmp"):
            open_picture(tmp_path / "bad.bmp").lightness().avg()
