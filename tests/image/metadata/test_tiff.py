"""Tags are added to TIFF files of every layout; pixels and further pages stay."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import tifffile
from photochrom.image.metadata import read, tiff
from photochrom.image.metadata.exif import Exif
from photochrom.image.metadata.model import Metadata
from PIL import Image

from tests.image.metadata import builders as b

TAGS = Metadata(
    exif=Exif(
        image={271: b.text("Leica"), 315: b.text("A. N. Other"), 18246: b.short(5)},
        photo={36867: b.text("1937:05:06 19:25:00"), 33434: b.rational(1, 125)},
        gps={1: b.text("N")},
    ),
    xmp=b.xmp(b.TITLE).encode(),
    iptc=b"\x1c\x02\x05\0\x05Title",
)
LAYOUTS = [{}, {"byteorder": ">"}, {"bigtiff": True}, {"bigtiff": True, "byteorder": ">"}]


def add(path, metadata: Metadata) -> tuple[str, ...]:
    with path.open("r+b") as file:
        return tiff.write(file, metadata)


@pytest.mark.parametrize("options", LAYOUTS)
def test_tags_are_added_and_read_back_and_pixels_stay(tmp_path, options):
    data = np.arange(600, dtype=np.uint16).reshape(20, 30)
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, data, metadata=None, software=False, **options)
    for _ in range(2):
        assert add(path, TAGS) == ()
        assert np.array_equal(tifffile.imread(path), data)
        found = read(path)
        assert found is not None
        upright = {274: b.short(1)}
        assert found.exif.image == {**TAGS.exif.image, **upright}
        assert (found.exif.photo, found.exif.gps) == (TAGS.exif.photo, TAGS.exif.gps)
        assert found.iptc == TAGS.iptc
        assert found.xmp is not None and "Großmutter".encode() in found.xmp
    tags = tifffile.TiffFile(path).pages[0].tags
    assert tags["Make"].value == "Leica"
    assert tags["ExifTag"].value["ExposureTime"] == (1, 125)


@pytest.mark.parametrize("tile", [None, (16, 16)])
@pytest.mark.parametrize("options", LAYOUTS[::2])
def test_pixels_make_room_for_a_maker_note(tmp_path, options, tile):
    data = np.random.default_rng(5).integers(0, 255, (100, 90, 3), np.uint8)
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, data, metadata=None, byteorder="<", rowsperstrip=None if tile else 9, tile=tile, **options)
    note = b"Canon's own" * 400
    tags = replace(TAGS.exif, photo={**TAGS.exif.photo, 37500: (7, note)}, note_at=3001)
    assert add(path, replace(TAGS, exif=tags)) == ()
    assert path.read_bytes()[3001 : 3001 + len(note)] == note
    assert np.array_equal(tifffile.imread(path), data)
    found = read(path)
    assert found is not None
    assert (found.exif.note_at, found.exif.photo[37500]) == (3001, (7, note))


def test_pages_after_the_first_stay(tmp_path):
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, np.zeros((3, 20, 30), np.uint8), photometric="minisblack")
    add(path, TAGS)
    assert len(tifffile.TiffFile(path).pages) == 3


def test_a_page_has_its_own_tags(tmp_path):
    path = tmp_path / "x.tif"
    with tifffile.TiffWriter(path) as file:
        for name in ("first", "second"):
            file.write(np.zeros((20, 30), np.uint8), description=name, metadata=None)
    found = read(path, 1)
    assert found is not None
    assert found.exif.image[270] == b.text("second")
    assert read(path, 7) == Metadata(notes=("its tags are malformed and are left out.",))


def test_a_block_is_what_pillow_takes_it_for():
    from photochrom.image.metadata import exif

    block = exif.to_block(TAGS.exif)
    assert exif.read(block).exif == TAGS.exif
    read_by_pillow = Image.Exif()
    read_by_pillow.load(io.BytesIO(exif.HEADER + block).getvalue())
    assert (read_by_pillow[271], read_by_pillow.get_ifd(0x8769)[36867]) == ("Leica", "1937:05:06 19:25:00")
