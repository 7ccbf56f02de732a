"""Texts of PNG, comments of JPEG, IPTC records and Photoshop's resources, read by exiftool in the result."""

from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image

from tests.image.metadata import builders as b

pytestmark = b.needs_exiftool

ALL = [".jpg", ".png", ".tif", ".webp"]


def test_texts_of_png_keep_their_characters(tmp_path):
    source = b.png(
        b.chunk(b"tEXt", b"Title\0" + "Großmutter".encode("latin-1")),
        b.chunk(b"iTXt", "Description\0\0\0de\0Beschreibung\0Köln – Hochzeit".encode()),
        b.chunk(b"tEXt", "Schlüssel\0Wert".encode("latin-1")),
        after=(
            b.chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"scanned by hand")),
            b.chunk(b"iTXt", b"Source\0\1\0\0\0" + zlib.compress("Schachtel № 7".encode())),
            b.chunk(b"tIME", struct.pack(">HBBBBB", 2019, 5, 1, 12, 0, 0)),
        ),
    )
    result, notes = b.colorized(tmp_path, source, ".png", ".png")
    found = Image.open(result)
    found.load()
    assert found.text["Title"] == "Großmutter"
    assert found.text["Schlüssel"] == "Wert"
    assert (found.text["Description"], found.text["Description"].lang) == ("Köln – Hochzeit", "de")
    assert (found.text["Comment"], found.text["Source"]) == ("scanned by hand", "Schachtel № 7")
    assert b.exiftool(result)["PNG:ModifyDate"] == "2019:05:01 12:00:00"
    assert notes == []


@pytest.mark.parametrize("out", [".jpg", ".tif", ".webp"])
def test_texts_of_png_have_a_place_in_other_formats_or_are_named(tmp_path, out):
    source = b.png(
        b.chunk(b"tEXt", b"Title\0Oma"), b.chunk(b"tEXt", b"Author\0N. N."), b.chunk(b"tEXt", b"Shelf\0B 12")
    )
    result, notes = b.colorized(tmp_path, source, ".png", out)
    said = b.exiftool(result)
    assert (said["XMP-dc:Title"], said["XMP-dc:Creator"]) == ("Oma", "N. N.")
    if out == ".jpg":
        assert said["File:Comment"] == "Shelf: B 12"
    else:
        assert any("“Shelf”" in note for note in notes)


@pytest.mark.parametrize(
    ("out", "place"), [(".jpg", "File:Comment"), (".png", "PNG:Comment"), (".tif", "XMP-exif:UserComment")]
)
def test_comments_of_jpeg_stay(tmp_path, out, place):
    result, notes = b.colorized(tmp_path, b.jpeg(b.segment(0xFE, "Köln 1931".encode())), ".jpg", out)
    assert b.exiftool(result)[place] == "Köln 1931"
    assert notes == []


def record(number: int, value: bytes, group: int = 2) -> bytes:
    return struct.pack(">BBBH", 0x1C, group, number, len(value)) + value


RECORDS = (
    record(90, b"\x1b%G", 1)
    + record(0, b"\0\2")
    + record(5, b"Hochzeit")
    + record(25, b"Familie")
    + record(25, "Köln".encode())
    + record(55, b"19310502")
    + record(120, "Großmutter".encode())
)


def turned_in_fours(data: bytes) -> bytes:
    data += b"\0" * (-len(data) % 4)
    return b"".join(data[i : i + 4][::-1] for i in range(0, len(data), 4))


@pytest.mark.parametrize("out", ALL)
@pytest.mark.parametrize(
    "values",
    [
        (7, RECORDS),
        (1, RECORDS),
        (4, RECORDS + b"\0" * (-len(RECORDS) % 4)),
        (4, turned_in_fours(RECORDS)),
    ],
    ids=["undefined", "byte", "long", "long, turned around"],
)
def test_iptc_records_stay_as_they_are(tmp_path, values, out):
    result, notes = b.colorized(tmp_path, b.tiff({33723: values}), ".tif", out)
    said = b.exiftool(result)
    if out == ".webp":
        assert (said["XMP-dc:Title"], said["XMP-dc:Description"]) == ("Hochzeit", "Großmutter")
        assert said["XMP-dc:Subject"] == ["Familie", "Köln"]
        assert said["XMP-photoshop:DateCreated"] == "1931:05:02"
    else:
        assert (said["IPTC:ObjectName"], said["IPTC:Keywords"]) == ("Hochzeit", ["Familie", "Köln"])
        assert said["IPTC:Caption-Abstract"] == "Großmutter"
    assert not any("Warning" in name for name in said)
    assert notes == []


def resource(number: int, data: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + b"\0" * (len(data) % 2)


PATH = struct.pack(">H24s", 6, b"") + struct.pack(">H24s", 0, b"")


RESOURCES = resource(1028, RECORDS) + resource(1035, b"http://archive.example") + resource(2000, PATH)


@pytest.mark.parametrize("out", [".jpg", ".tif", ".png"])
@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_photoshop_resources_stay(tmp_path, suffix, out):
    source = {
        ".jpg": b.jpeg(b.segment(0xED, b"Photoshop 3.0\0" + RESOURCES)),
        ".tif": b.tiff({34377: (1, RESOURCES)}),
    }[suffix]
    result, notes = b.colorized(tmp_path, source, suffix, out)
    said = b.exiftool(result, "-u")
    assert said["Photoshop:URL"] == "http://archive.example"
    assert said["IPTC:ObjectName"] == "Hochzeit"
    assert any("2000" in name or "PathInfo" in name or "07d0" in name for name in said), said
    assert notes == []


def test_paths_of_a_rotated_picture_are_left_out_with_a_note(tmp_path):
    result, notes = b.colorized(tmp_path, b.tiff({34377: (1, RESOURCES), 274: b.short(8)}), ".tif", ".tif")
    assert any("paths" in note for note in notes)
    assert b.exiftool(result)["Photoshop:URL"] == "http://archive.example"


OTHER = record(90, b"\x1b%G", 1) + record(5, b"Hochzeit") + record(25, "Łódź".encode()) + record(105, b"Im Garten")
PLAIN = record(5, b"Hochzeit") + record(25, b"Familie")


def twice(first: bytes, second: bytes) -> dict[str, bytes]:
    """Files with two blocks of IPTC records."""
    header = b"Photoshop 3.0\0"
    return {
        ".jpg": b.jpeg(b.segment(0xED, header + resource(1028, first) + resource(1028, second))),
        ".tif": b.tiff({33723: (7, first), 34377: (1, resource(1028, second))}),
    }


@pytest.mark.parametrize("out", [".jpg", ".tif", ".png"])
@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_what_only_a_second_block_of_iptc_records_has_is_kept(tmp_path, suffix, out):
    for first, keywords in ((RECORDS, ["Familie", "Köln", "Łódź"]), (PLAIN, ["Familie", "Łódź"])):
        result, notes = b.colorized(tmp_path, twice(first, OTHER)[suffix], suffix, out)
        said = b.exiftool(result)
        assert said["IPTC:Keywords"] == keywords
        assert (said["IPTC:ObjectName"], said["IPTC:Headline"]) == ("Hochzeit", "Im Garten")
        assert not any("IPTC2" in name or "Warning" in name for name in said)
        assert notes == []


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_of_iptc_records_that_contradict_each_other_the_first_counts_with_a_note(tmp_path, suffix):
    second = record(120, b"Grandmother") + record(25, b"Familie")
    result, notes = b.colorized(tmp_path, twice(RECORDS, second)[suffix], suffix, ".jpg")
    assert b.exiftool(result)["IPTC:Caption-Abstract"] == "Großmutter"
    assert any("twice" in note and "2:120" in note for note in notes)
    result, notes = b.colorized(tmp_path, twice(RECORDS, RECORDS)[suffix], suffix, ".jpg")
    assert b.exiftool(result)["IPTC:Keywords"] == ["Familie", "Köln"]
    assert notes == []
