"""The TIFF directories that libvips does not carry over."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from photochrom.image import exif
from photochrom.image.exif import Exif
from PIL import Image

TAGS = Exif(
    image={271: (2, b"Leica\0"), 315: (2, b"A. N. Other\0"), 33432: (2, b"me\0")},
    photo={36867: (2, b"1937:05:06 19:25:00\0"), 33434: (5, (1).to_bytes(4, "little") + (125).to_bytes(4, "little"))},
    gps={1: (2, b"N\0")},
)


@pytest.mark.parametrize("options", [{}, {"byteorder": ">"}, {"bigtiff": True}, {"bigtiff": True, "byteorder": ">"}])
def test_tags_are_added_and_read_back_and_pixels_stay(tmp_path, options):
    data = np.arange(600, dtype=np.uint16).reshape(20, 30)
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, data, metadata=None, software=False, **options)
    exif.append_to_tiff(path, TAGS)
    assert np.array_equal(tifffile.imread(path), data)
    assert exif.of_tiff(path) == TAGS
    tags = tifffile.TiffFile(path).pages[0].tags
    assert tags["Make"].value == "Leica"
    assert tags["ExifTag"].value["ExposureTime"] == (1, 125)
    exif.append_to_tiff(path, TAGS)
    assert exif.of_tiff(path) == TAGS


def test_pages_after_the_first_stay(tmp_path):
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, np.zeros((3, 20, 30), np.uint8), photometric="minisblack")
    exif.append_to_tiff(path, TAGS)
    assert len(tifffile.TiffFile(path).pages) == 3


def test_a_block_is_what_pillow_takes_it_for():
    block = exif.to_block(TAGS)
    assert exif.of_block(block) == TAGS
    read = Image.Exif()
    read.load(block)
    assert (read[271], read.get_ifd(0x8769)[36867]) == ("Leica", "1937:05:06 19:25:00")


@given(st.binary(max_size=300))
def test_garbage_has_no_tags(data):
    assert exif.of_block(data) == Exif()


@given(st.integers(0, 400), st.integers(0, 255))
def test_damaged_blocks_never_raise(place, value):
    block = bytearray(exif.to_block(TAGS))
    block[place % len(block)] = value
    exif.of_block(bytes(block))
    exif.of_block(bytes(block[: place % len(block)]))
