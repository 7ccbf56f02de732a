"""EXIF tags and maker notes: the same in every format, or reported as lost."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image

from tests.image.metadata import builders as b

pytestmark = b.needs_exiftool

ALL = [".jpg", ".png", ".tif", ".webp"]


EXPECTED = {
    "IFD0:DocumentName": "Album 3",
    "IFD0:ImageDescription": "Großmutter (left) [1931]",
    "IFD0:PageName": "p. 12",
    "IFD0:PageNumber": "12 40",
    "IFD0:Artist": "N. N. (studio)",
    "IFD0:HostComputer": "scanner-pc",
    "IFD0:Rating": 4,
    "IFD0:RatingPercent": 75,
    "IFD0:Copyright": "Stadtarchiv",
    "IFD0:XPTitle": "Hochzeit",
    "IFD0:XPComment": "Tante, 1931",
    "ExifIFD:DateTimeOriginal": "1931:05:02 12:00:00",
    "ExifIFD:UserComment": "Köln – Dom",
    "ExifIFD:ImageUniqueID": "0123456789abcdef0123456789abcdef",
    "GPS:GPSLatitudeRef": "N",
}


@pytest.mark.parametrize("out", ALL)
@pytest.mark.parametrize("suffix", ALL)
def test_exif_tags_stay_in_every_format(tmp_path, suffix, out):
    block = b.structure(b.DESCRIBED, b.TAKEN, b.PLACE)
    source = {
        ".jpg": b.jpeg(b.segment(0xE1, b"Exif\0\0" + block)),
        ".png": b.png(after=(b.chunk(b"eXIf", block),)),
        ".tif": b.tiff(b.DESCRIBED, b.TAKEN, b.PLACE),
        ".webp": b.webp((b"EXIF", block)),
    }[suffix]
    result, notes = b.colorized(tmp_path, source, suffix, out)
    said = b.exiftool(result, "-u")
    assert {name: said.get(name) for name in EXPECTED} == EXPECTED
    assert "a tag that nobody knows" in [*said.values()]
    assert not any("Warning" in name for name in said), said
    assert notes == []


def test_exif_too_long_for_jpeg_loses_the_maker_note_with_a_note(tmp_path):
    photo = {**b.TAKEN, 37500: (7, bytes(range(256)) * 280)}
    result, notes = b.colorized(tmp_path, b.tiff(b.DESCRIBED, photo, b.PLACE), ".tif", ".jpg")
    said = b.exiftool(result)
    assert {name: said.get(name) for name in EXPECTED} == EXPECTED
    assert any("camera's maker note" in note for note in notes)


def test_exif_too_long_for_jpeg_by_one_tag_loses_that_tag_with_a_note(tmp_path):
    result, notes = b.colorized(tmp_path, b.tiff({**b.DESCRIBED, 50000: (7, b"x" * 70_000)}, b.TAKEN), ".tif", ".jpg")
    assert b.exiftool(result)["IFD0:Artist"] == "N. N. (studio)"
    assert any("50000" in note for note in notes)


def with_note(at: int) -> bytes:
    """An EXIF block with an old Olympus note at the place `at`, whose text it points at from the block's start."""
    words = b"OLYMPUS DIGITAL CAMERA\0\0"
    inside = struct.pack("<HHHII", 1, 0x0209, 7, len(words), at + 8 + 2 + 12 + 4) + b"\0\0\0\0" + words
    note = b"OLYMP\0\1\0" + inside
    block = bytearray(b.structure({271: b.text("OLYMPUS OPTICAL"), 272: b.text("E-1")}, {37500: (7, note), **b.TAKEN}))
    old = block.index(note)
    entry = block.index(struct.pack("<HHII", 37500, 7, len(note), old))
    block[entry : entry + 12] = struct.pack("<HHII", 37500, 7, len(note), at)
    block[old : old + len(note)] = b"\0" * len(note)
    assert len(block) <= at
    return bytes(block).ljust(at, b"\0") + note


@pytest.mark.parametrize("at", [700, 5000])
@pytest.mark.parametrize("out", ALL)
def test_maker_notes_stay_whole(tmp_path, out, at):
    gray = np.tile(b.GRAY, (12, 12))
    result, notes = b.colorized(tmp_path, b.jpeg(b.segment(0xE1, b"Exif\0\0" + with_note(at)), gray=gray), ".jpg", out)
    said = b.exiftool(result)
    assert said["Olympus:CameraID"] == "OLYMPUS DIGITAL CAMERA"
    assert said["ExifIFD:DateTimeOriginal"] == "1931:05:02 12:00:00"
    assert not any("Warning" in name for name in said)
    assert notes == []
    assert np.asarray(Image.open(result).convert("RGB")).std() > 10


def test_a_maker_note_that_cannot_stay_whole_is_left_out_with_a_note(tmp_path):
    block = with_note(700)
    big = b.jpeg(b.segment(0xE1, b"Exif\0\0" + in_big_endian(block)))
    result, notes = b.colorized(tmp_path, big, ".jpg", ".tif")
    assert any("camera's maker note" in note for note in notes)
    assert not any(name.startswith("Olympus") for name in b.exiftool(result))


def in_big_endian(block: bytes) -> bytes:
    """The first directory alone, and an EXIF directory with nothing but the note, in the other byte order."""
    note = block[700:]
    head = b"MM\0*" + struct.pack(">IH", 8, 1) + struct.pack(">HHII", 34665, 4, 1, 26) + b"\0\0\0\0"
    exif = struct.pack(">H", 1) + struct.pack(">HHII", 37500, 7, len(note), 700) + b"\0\0\0\0"
    return (head + exif).ljust(700, b"\0") + note


@pytest.mark.parametrize("name", ["exif", "APP1"])
def test_raw_profiles_in_png_are_read(tmp_path, name):
    block = b"Exif\0\0" + b.structure({**b.DESCRIBED, 274: b.short(6)})
    text = f"Raw profile type {name}\0\n{name}\n{len(block):8d}\n{block.hex()}\n".encode()
    result, _ = b.colorized(tmp_path, b.png(after=(b.chunk(b"tEXt", text),)), ".png", ".png")
    said = b.exiftool(result)
    assert (said["IFD0:Artist"], said["IFD0:XPTitle"]) == ("N. N. (studio)", "Hochzeit")
    assert b"Raw profile" not in result.read_bytes()


def test_places_on_earth_stay_unless_the_picture_is_turned(tmp_path):
    geo = {33550: (12, struct.pack("<3d", 1, 1, 0)), 33922: (12, struct.pack("<6d", 0, 0, 0, 7, 50, 0))}
    result, notes = b.colorized(tmp_path, b.tiff(geo), ".tif", ".tif")
    assert b.exiftool(result)["IFD0:PixelScale"] == "1 1 0"
    assert notes == []
    result, notes = b.colorized(tmp_path, b.tiff({**geo, 274: b.short(6)}), ".tif", ".tif")
    assert "IFD0:PixelScale" not in b.exiftool(result)
    assert any("GeoTIFF" in note for note in notes)


def test_tags_that_point_nowhere_are_reported_and_the_others_stay(tmp_path):
    block = bytearray(b.structure(b.DESCRIBED))
    entry = block.index(struct.pack("<HHI", 315, 2, 15))
    block[entry + 8 : entry + 12] = b"\xff\xff\xff\xff"
    result, notes = b.colorized(tmp_path, b.jpeg(b.segment(0xE1, b"Exif\0\0" + bytes(block))), ".jpg", ".png")
    said = b.exiftool(result)
    assert (said["IFD0:Copyright"], "IFD0:Artist" in said) == ("Stadtarchiv", False)
    assert any("a tag cannot be read" in note for note in notes)


def test_offsets_beyond_all_files_are_no_traceback(tmp_path):
    big = b"II+\0\x08\0\0\0" + struct.pack("<Q", 1 << 63)
    result, notes = b.colorized(tmp_path, b.jpeg(b.segment(0xE1, b"Exif\0\0" + big)), ".jpg", ".png")
    assert any("EXIF" in note and "damaged" in note for note in notes)
    assert result.exists()


def test_exif_in_several_segments_is_read(tmp_path):
    block = b"Exif\0\0" + b.structure({**b.DESCRIBED, 50001: (7, b"x" * 80_000)})
    parts = block[:65_000], b"Exif\0\0" + block[65_000:]
    source = b.jpeg(*(b.segment(0xE1, part) for part in parts))
    result, notes = b.colorized(tmp_path, source, ".jpg", ".tif")
    said = b.exiftool(result)
    assert (said["IFD0:Artist"], said["IFD0:XPTitle"]) == ("N. N. (studio)", "Hochzeit")
    assert notes == []


@pytest.mark.parametrize("out", [".jpg", ".png", ".tif", ".webp"])
def test_texts_of_exif_3_in_utf_8_stay(tmp_path, out):
    utf8 = 129
    block = b.structure(
        {271: (utf8, "Köln\0".encode()), 315: (utf8, "Łódź – 1931\0".encode())}, {42038: (utf8, b"Oma\0")}
    )
    result, notes = b.colorized(tmp_path, b.jpeg(b.segment(0xE1, b"Exif\0\0" + block)), ".jpg", out)
    said = b.exiftool(result)
    assert (said["IFD0:Make"], said["IFD0:Artist"]) == ("Köln", "Łódź – 1931")
    assert not any("Warning" in name for name in said)
    assert notes == []
