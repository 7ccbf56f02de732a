"""Which pages of a TIFF file are pictures; raw files in a TIFF's clothes are no pictures."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import tifffile
from photochrom.errors import BadRequest, PhotochromError
from photochrom.image.picture import open_picture

from .conftest import expected_lightness


@pytest.fixture
def scan(rng) -> np.ndarray:
    return rng.integers(0, 65536, (120, 160)).astype(np.uint16)


def pages(path, *written):
    with tifffile.TiffWriter(path) as file:
        for data, options in written:
            file.write(data, metadata=None, **{"photometric": "minisblack", **options})
    return path


def test_a_thumbnail_is_not_the_picture_wherever_it_stands(tmp_path, scan):
    small = (scan[::8, ::8] >> 8).astype(np.uint8)
    for number, order in enumerate(([0, 1], [1, 0])):
        both = [(small, {"subfiletype": 1}), (scan, {})]
        picture = open_picture(pages(tmp_path / f"{number}.tif", *(both[each] for each in order)))
        assert (picture.width, picture.height, picture.pages, picture.notes) == (160, 120, 1, ())
        assert np.abs(picture.lightness().numpy() - expected_lightness(scan)).max() < 1e-3


def test_the_picture_below_a_thumbnail_is_found(tmp_path, scan):
    small = (scan[::8, ::8] >> 8).astype(np.uint8)
    path = pages(tmp_path / "x.tif", (small, {"subfiletype": 1, "subifds": 1}), (scan, {}))
    assert open_picture(path).width == 160


@pytest.mark.parametrize("told", [{"subfiletype": 1}, {}])
def test_a_pyramid_is_one_picture(tmp_path, scan, told):
    path = pages(tmp_path / "x.tif", (scan, {}), (scan[::2, ::2], told), (scan[::4, ::4], told))
    picture = open_picture(path)
    assert (picture.width, picture.pages, picture.notes) == (160, 1, ())


def test_an_unmarked_thumbnail_of_the_same_proportions_is_none_either(tmp_path, rng):
    scan = rng.integers(0, 256, (900, 1200)).astype(np.uint8)
    picture = open_picture(pages(tmp_path / "x.tif", (scan, {}), (scan[::10, ::10], {}), (scan[:800], {})))
    assert picture.pages == 2


@pytest.mark.parametrize("more", [0, 1])
def test_an_unmarked_thumbnail_before_the_picture_is_none_either(tmp_path, rng, more):
    scan = rng.integers(0, 256, (900, 1200)).astype(np.uint8)
    thumbnails = [(scan[::10, ::10], {}), (scan[::5, ::5], {})][: 1 + more]
    picture = open_picture(pages(tmp_path / "x.tif", *thumbnails, (scan, {}), (scan[:800], {})))
    assert (picture.width, picture.height, picture.pages) == (1200, 900, 2)


def test_pages_of_different_sizes_and_depths_are_pictures_of_their_own(tmp_path, scan):
    second = (scan[:50, :70] >> 8).astype(np.uint8)
    path = pages(tmp_path / "x.tif", (scan, {}), (second, {}))
    assert "2 pictures" in open_picture(path).notes[0]
    picture = open_picture(path, 2)
    assert (picture.width, picture.height, picture.format, picture.notes) == (70, 50, "uchar", ())
    assert np.abs(picture.lightness().numpy() - expected_lightness(second)).max() < 1e-3
    for page in (0, 3):
        with pytest.raises(BadRequest, match="2 pictures"):
            open_picture(path, page)


def test_a_mask_beside_the_picture_is_no_page(tmp_path, scan):
    mask = (np.ones((120, 160), np.uint8), {"photometric": "mask"})
    assert open_picture(pages(tmp_path / "x.tif", (scan, {}), mask)).pages == 1


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_a_last_directory_that_is_no_picture_is_ignored(tmp_path, scan, order, big):
    """As Content Credentials are added to a file of several pages: a directory with the tag 52545 alone."""
    path, code = tmp_path / "x.tif", order + ("Q" if big else "I")
    with tifffile.TiffWriter(path, byteorder=order, bigtiff=big) as file:
        for _ in range(2):
            file.write(scan, photometric="minisblack", metadata=None)
    with tifffile.TiffFile(path) as file:
        last = file.pages[1]
        next_directory = last.offset + (8 + 20 * len(last.tags) if big else 2 + 12 * len(last.tags))
    data = bytearray(path.read_bytes())
    struct.pack_into(code, data, next_directory, len(data))
    data += struct.pack(order + "Q" if big else order + "H", 1) + struct.pack(order + "HH", 52545, 7)
    data += struct.pack(code, 4) + b"c2pa".ljust(8 if big else 4) + struct.pack(code, 0)
    path.write_bytes(data)
    for page in (1, 2):
        picture = open_picture(path, page)
        assert picture.pages == 2
        assert np.abs(picture.lightness().numpy() - expected_lightness(scan)).max() < 1e-3


def test_a_thumbnail_that_libtiff_refuses_is_no_damage(tmp_path, scan):
    """As GIMP 3.0.4 saves TIFFs: after the picture a thumbnail in the older JPEG form, which needs no strips."""
    path = pages(tmp_path / "x.tif", (scan, {}))
    with tifffile.TiffFile(path) as file:
        next_directory = file.pages[0].offset + 2 + 12 * len(file.pages[0].tags)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, next_directory, len(data))
    tags = {254: (4, 1), 256: (4, 256), 257: (4, 192), 258: (3, 8), 259: (3, 6), 262: (3, 6), 513: (4, 8), 514: (4, 4)}
    data += struct.pack("<H", len(tags))
    for tag, (kind, value) in tags.items():
        data += struct.pack("<HHII", tag, kind, 1, value)
    path.write_bytes(data + bytes(4))
    picture = open_picture(path)
    assert (picture.width, picture.pages, picture.notes) == (160, 1, ())
    assert np.abs(picture.lightness().numpy() - expected_lightness(scan)).max() < 1e-3


@pytest.mark.parametrize("photometric", ["cfa", "linear_raw"])
@pytest.mark.parametrize("preview", [True, False])
def test_a_raw_file_is_called_one(tmp_path, scan, photometric, preview):
    path = tmp_path / "x.dng"
    with tifffile.TiffWriter(path) as file:
        if preview:
            thumbnail = np.zeros((30, 40, 3), np.uint8)
            file.write(thumbnail, photometric="rgb", subfiletype=1, subifds=1, metadata=None)
        more = [(33421, 3, 2, (2, 2), True), (33422, 1, 4, (0, 1, 1, 2), True)] if photometric == "cfa" else []
        data = scan if photometric == "cfa" else np.dstack([scan] * 3)
        file.write(data, photometric=photometric, metadata=None, extratags=more)
    try:  # it is developed, or refused where what develops it is not there or makes nothing of these few tags
        picture = open_picture(path)
        said = " ".join(picture.notes)
        assert picture.width > 100
    except PhotochromError as error:
        said = error.cause
        assert error.next_step
    assert "raw" in said
