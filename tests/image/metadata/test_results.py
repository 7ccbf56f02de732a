"""What goes over from files as scanners, archives and phones write them, read by exiftool in the result."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from tests.image.metadata import builders as b

pytestmark = b.needs_exiftool

ALL = [".jpg", ".png", ".tif", ".webp"]

DESCRIBED = {
    269: b.text("Album 3"),
    270: b.text("Großmutter (left) [1931]"),
    285: b.text("p. 12"),
    297: b.short(12, 40),
    305: b.text("VueScan (9)"),
    315: b.text("N. N. (studio)"),
    316: b.text("scanner-pc"),
    18246: b.short(4),
    18249: b.short(75),
    33432: b.text("Stadtarchiv"),
    40091: (1, "Hochzeit\0".encode("utf-16-le")),
    40092: (1, "Tante, 1931\0".encode("utf-16-le")),
}
TAKEN = {
    36867: b.text("1931:05:02 12:00:00"),
    37510: (7, b"UNICODE\0" + "Köln – Dom".encode("utf-16-le")),
    42016: b.text("0123456789abcdef0123456789abcdef"),
    42038: b.text("a tag of EXIF 3"),
    65000: b.text("a tag that nobody knows"),
}
PLACE = {
    0: (1, b"\2\3\0\0"),
    1: b.text("N"),
    2: b.rational(50, 1, 56, 1, 0, 1),
    3: b.text("E"),
    4: b.rational(6, 1, 57, 1, 0, 1),
}
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
    block = b.structure(DESCRIBED, TAKEN, PLACE)
    source = {
        ".jpg": b.jpeg(b.segment(0xE1, b"Exif\0\0" + block)),
        ".png": b.png(after=(b.chunk(b"eXIf", block),)),
        ".tif": b.tiff(DESCRIBED, TAKEN, PLACE),
        ".webp": b.webp((b"EXIF", block)),
    }[suffix]
    result, notes = b.colorized(tmp_path, source, suffix, out)
    said = b.exiftool(result, "-u")
    assert {name: said.get(name) for name in EXPECTED} == EXPECTED
    assert "a tag that nobody knows" in [*said.values()]
    assert not any("Warning" in name for name in said), said
    assert notes == []


# --- what was true of the source alone -----------------------------------------------------------------


def thumbnail() -> bytes:
    made = io.BytesIO()
    Image.fromarray(b.GRAY).save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize("out", [".jpg", ".tif", ".png"])
def test_gray_thumbnails_are_left_out(tmp_path, out):
    picture = thumbnail()
    head = struct.pack(">6I2H", 1, b.WIDTH, b.HEIGHT, b.WIDTH * 3, b.WIDTH * 3 * b.HEIGHT, len(picture), 24, 1)
    resource = b"8BIM" + struct.pack(">HHI", 1036, 0, len(head + picture)) + head + picture + b"\0" * (len(picture) % 2)
    block = bytearray(b.structure({271: b.text("Epson")}))
    (first,) = struct.unpack_from("<I", block, 4)
    after = first + 2 + 12
    following = len(block)
    block[after : after + 4] = struct.pack("<I", following)
    entries = [(259, 3, 1, 6), (513, 4, 1, following + 2 + 36 + 4), (514, 4, 1, len(picture))]
    block += struct.pack("<H", 3) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + b"\0\0\0\0" + picture
    source = b.jpeg(b.segment(0xE1, b"Exif\0\0" + bytes(block)), b.segment(0xED, b"Photoshop 3.0\0" + resource))
    (tmp_path / "check.jpg").write_bytes(source)
    assert {"IFD1:ThumbnailImage", "Photoshop:PhotoshopThumbnail"} <= set(b.exiftool(tmp_path / "check.jpg"))
    result, _ = b.colorized(tmp_path, source, ".jpg", out)
    said = b.exiftool(result)
    assert said["IFD0:Make"] == "Epson"
    assert not any("Thumbnail" in name for name in said)


TURNED = b.xmp(
    'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/x-raw"'
    f' tiff:Orientation="6" tiff:ImageWidth="{b.WIDTH}" tiff:ImageLength="{b.HEIGHT}"'
    f' exif:PixelXDimension="{b.WIDTH}" exif:PixelYDimension="{b.HEIGHT}">'
)


@pytest.mark.parametrize("out", ALL)
def test_a_turned_picture_is_said_to_be_upright_with_its_new_size(tmp_path, out):
    block = b.structure(
        {274: b.short(6), 282: b.rational(600, 1), 283: b.rational(300, 1), 296: b.short(2)},
        {40962: b.long(b.WIDTH), 40963: b.long(b.HEIGHT)},
    )
    segments = (
        b.segment(0xE1, b"Exif\0\0" + block),
        b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + TURNED.encode()),
    )
    result, _ = b.colorized(tmp_path, b.jpeg(*segments), ".jpg", out)
    said = b.exiftool(result)
    assert said.get("IFD0:Orientation") == 1
    assert said["XMP-tiff:Orientation"] == 1
    assert (said["ExifIFD:ExifImageWidth"], said["ExifIFD:ExifImageHeight"]) == (b.HEIGHT, b.WIDTH)
    assert (said["XMP-tiff:ImageWidth"], said["XMP-tiff:ImageHeight"]) == (b.HEIGHT, b.WIDTH)
    assert (said["XMP-exif:ExifImageWidth"], said["XMP-exif:ExifImageHeight"]) == (b.HEIGHT, b.WIDTH)
    assert (said["IFD0:XResolution"], said["IFD0:YResolution"]) == (300, 600)
    container = {".jpg": "jpeg", ".tif": "tiff"}.get(out, out[1:])
    assert said["XMP-dc:Format"] == f"image/{container}"


GRAY_MASTER = b.xmp(
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
    ' xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"'
    ' photoshop:ColorMode="1" photoshop:ICCProfile="Dot Gain 20%" tiff:SamplesPerPixel="1"'
    ' crs:ConvertToGrayscale="True"'
    ' tiff:PhotometricInterpretation="1" exif:ColorSpace="65535" tiff:Compression="5" tiff:NativeDigest="256,257;AB">'
    "<tiff:BitsPerSample><rdf:Seq><rdf:li>8</rdf:li></rdf:Seq></tiff:BitsPerSample>"
)


@pytest.mark.parametrize("out", [".jpg", ".png", ".tif"])
def test_a_gray_master_in_color_does_not_say_it_is_gray(tmp_path, out):
    result, _ = b.colorized(tmp_path, b.tiff({700: (1, GRAY_MASTER.encode())}, {40961: b.short(65535)}), ".tif", out)
    said = b.exiftool(result)
    assert (said["XMP-photoshop:ColorMode"], said["XMP-photoshop:ICCProfileName"]) == (3, "sRGB")
    assert (said["XMP-tiff:SamplesPerPixel"], said["XMP-tiff:PhotometricInterpretation"]) == (3, 2)
    assert said["XMP-tiff:BitsPerSample"] == [8, 8, 8]
    assert (said["XMP-exif:ColorSpace"], said["ExifIFD:ColorSpace"]) == (1, 1)
    assert said["XMP-crs:ConvertToGrayscale"] is False
    assert not {"XMP-tiff:Compression", "XMP-tiff:NativeDigest"} & set(said)


def test_faces_turn_with_the_picture(tmp_path):
    area = 'stArea:x="0.25" stArea:y="0.2" stArea:w="0.1" stArea:h="0.3" stArea:unit="normalized"'
    packet = b.xmp(
        'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"'
        ' xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#">'
        '<mwg-rs:Regions rdf:parseType="Resource">'
        '<mwg-rs:AppliedToDimensions stDim:w="24" stDim:h="16" stDim:unit="pixel"/>'
        '<mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="Oma" mwg-rs:Type="Face">'
        f"<mwg-rs:Area {area}/></rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    )
    source = b.tiff({274: b.short(6), 700: (1, packet.encode())})
    result, _ = b.colorized(tmp_path, source, ".tif", ".jpg")
    said = b.exiftool(result)
    assert said["XMP-mwg-rs:RegionName"] in ("Oma", ["Oma"])

    def number(name: str) -> float:
        value = said[f"XMP-mwg-rs:{name}"]
        return float(value[0] if isinstance(value, list) else value)

    assert [number(f"RegionArea{axis}") for axis in "XYWH"] == pytest.approx([0.8, 0.25, 0.3, 0.1])
    assert (number("RegionAppliedToDimensionsW"), number("RegionAppliedToDimensionsH")) == (16, 24)


def test_nothing_points_at_a_gain_map_or_a_film_that_is_gone(tmp_path):
    packet = b.xmp(
        'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:C="http://ns.google.com/photos/1.0/container/"'
        ' xmlns:I="http://ns.google.com/photos/1.0/container/item/" xmlns:G="http://ns.google.com/photos/1.0/camera/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="Box 12"'
        ' hdrgm:Version="1.0" G:MotionPhoto="1" G:MicroVideoOffset="99" G:SpecialTypeID="kept"><C:Directory><rdf:Seq>'
        '<rdf:li rdf:parseType="Resource"><C:Item I:Semantic="GainMap" I:Mime="image/jpeg" I:Length="99"/></rdf:li>'
        "</rdf:Seq></C:Directory>"
    )
    source = b.jpeg(b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode())) + thumbnail()
    result, notes = b.colorized(tmp_path, source, ".jpg", ".jpg")
    said = b.exiftool(result)
    assert said["XMP-dc:Source"] == "Box 12"
    assert not [name for name in said if "hdrgm" in name or "GContainer" in name or "Motion" in name or "Micro" in name]
    assert any("gain map" in note for note in notes) and any("film" in note for note in notes)
    assert result.read_bytes().count(b"\xff\xd8\xff") == 1


def test_a_file_of_several_views_says_so_and_the_result_has_one(tmp_path):
    view = Image.fromarray(b.GRAY).convert("RGB")
    view.save(tmp_path / "two.mpo", "MPO", save_all=True, append_images=[view])
    result, notes = b.colorized(tmp_path, (tmp_path / "two.mpo").read_bytes(), ".jpg", ".jpg")
    assert any("2 pictures" in note for note in notes)
    assert b"MPF\0" not in result.read_bytes()


def test_content_credentials_of_the_source_are_left_out_which_is_said(tmp_path):
    result, notes = b.colorized(tmp_path, b.png(b.chunk(b"caBX", b"jumb" * 9)), ".png", ".png")
    assert any("Content Credentials" in note for note in notes)
    assert b"caBX" not in result.read_bytes()


# --- texts ---------------------------------------------------------------------------------------------


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


# --- IPTC and Photoshop --------------------------------------------------------------------------------


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


def test_paths_of_a_turned_picture_are_left_out_which_is_said(tmp_path):
    result, notes = b.colorized(tmp_path, b.tiff({34377: (1, RESOURCES), 274: b.short(8)}), ".tif", ".tif")
    assert any("paths" in note for note in notes)
    assert b.exiftool(result)["Photoshop:URL"] == "http://archive.example"


# --- XMP -----------------------------------------------------------------------------------------------

TITLE = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">Großmutter</rdf:li>'
    "</rdf:Alt></dc:title>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("suffix", [".tif", ".jpg", ".webp"])
def test_xmp_is_read_in_any_encoding(tmp_path, suffix, encoding):
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>' + b.xmp(TITLE) + '<?xpacket end="w"?>   '
    ).encode(encoding)
    source = {
        ".tif": b.tiff({700: (1, packet)}),
        ".jpg": b.jpeg(b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)),
        ".webp": b.webp((b"XMP ", packet)),
    }[suffix]
    result, notes = b.colorized(tmp_path, source, suffix, ".jpg")
    assert b.exiftool(result)["XMP-dc:Title"] == "Großmutter"
    assert notes == []


LONG = "; ".join(f"person {number} in the third row" for number in range(4000))


def extended(packet: str) -> tuple[bytes, list[bytes]]:
    """A JPEG's main packet that points at `packet`, and the segments of that."""
    data = packet.encode()
    name = hashlib.md5(data).hexdigest().upper()
    main = b.xmp(f'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="{name}" {TITLE}')
    parts = [
        b.segment(
            0xE1,
            b"http://ns.adobe.com/xmp/extension/\0"
            + struct.pack(">32sII", name.encode(), len(data), at)
            + data[at : at + 60000],
        )
        for at in range(0, len(data), 60000)
    ]
    return b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + main.encode()), parts


LONG_PACKET = b.xmp(
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">'
    f"{LONG}</rdf:li></rdf:Alt></dc:description>"
)


@pytest.mark.parametrize("out", ALL)
def test_extended_xmp_is_joined_and_written_so_where_jpeg_needs_it(tmp_path, out):
    main, parts = extended(LONG_PACKET)
    result, notes = b.colorized(tmp_path, b.jpeg(*reversed(parts), main), ".jpg", out)
    said = b.exiftool(result)
    assert (said["XMP-dc:Title"], said["XMP-dc:Description"]) == ("Großmutter", LONG)
    assert ("XMP-xmpNote:HasExtendedXMP" in said) == (out == ".jpg")
    assert said["XMP-iptcExt:AISystemUsed"].startswith("Photochrom")
    assert any("extended XMP" in note for note in notes) == (out == ".jpg")
    assert not any("Warning" in name for name in said)


def test_extended_xmp_that_is_not_whole_is_left_out_which_is_said(tmp_path):
    main, parts = extended(LONG_PACKET)
    result, notes = b.colorized(tmp_path, b.jpeg(main, parts[0]), ".jpg", ".jpg")
    said = b.exiftool(result)
    assert said["XMP-dc:Title"] == "Großmutter"
    assert "XMP-xmpNote:HasExtendedXMP" not in said
    assert any("extended XMP" in note and "not whole" in note for note in notes)


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</x:xmpmeta>", "too deep"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>', "document type"),
        (b.xmp(TITLE).encode()[:-30], "damaged"),
        (b"<a/>", "no RDF"),
    ],
    ids=["deep", "bomb", "cut off", "other"],
)
def test_xmp_that_makes_no_sense_is_left_out_which_is_said(tmp_path, packet, why):
    result, notes = b.colorized(tmp_path, b.tiff({700: (1, packet)}), ".tif", ".png")
    assert [note for note in notes if "XMP" in note and why in note], notes
    assert b.exiftool(result)["XMP-iptcExt:AISystemUsed"].startswith("Photochrom")


# --- EXIF that does not fit, maker notes ---------------------------------------------------------------


def test_exif_too_long_for_jpeg_loses_the_maker_note_which_is_said(tmp_path):
    photo = {**TAKEN, 37500: (7, bytes(range(256)) * 280)}
    result, notes = b.colorized(tmp_path, b.tiff(DESCRIBED, photo, PLACE), ".tif", ".jpg")
    said = b.exiftool(result)
    assert {name: said.get(name) for name in EXPECTED} == EXPECTED
    assert any("camera's own notes" in note for note in notes)


def test_exif_too_long_for_jpeg_by_one_tag_loses_that_which_is_said(tmp_path):
    result, notes = b.colorized(tmp_path, b.tiff({**DESCRIBED, 50000: (7, b"x" * 70_000)}, TAKEN), ".tif", ".jpg")
    assert b.exiftool(result)["IFD0:Artist"] == "N. N. (studio)"
    assert any("50000" in note for note in notes)


def with_note(at: int) -> bytes:
    """An EXIF block with an old Olympus note at the place `at`, whose text it points at from the block's start."""
    words = b"OLYMPUS DIGITAL CAMERA\0\0"
    inside = struct.pack("<HHHII", 1, 0x0209, 7, len(words), at + 8 + 2 + 12 + 4) + b"\0\0\0\0" + words
    note = b"OLYMP\0\1\0" + inside
    block = bytearray(b.structure({271: b.text("OLYMPUS OPTICAL"), 272: b.text("E-1")}, {37500: (7, note), **TAKEN}))
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


def test_a_maker_note_that_cannot_stay_whole_is_left_out_which_is_said(tmp_path):
    block = with_note(700)
    big = b.jpeg(b.segment(0xE1, b"Exif\0\0" + in_big_endian(block)))
    result, notes = b.colorized(tmp_path, big, ".jpg", ".tif")
    assert any("camera's own notes" in note for note in notes)
    assert not any(name.startswith("Olympus") for name in b.exiftool(result))


def in_big_endian(block: bytes) -> bytes:
    """The first directory alone, and an EXIF directory with nothing but the note, in the other byte order."""
    note = block[700:]
    head = b"MM\0*" + struct.pack(">IH", 8, 1) + struct.pack(">HHII", 34665, 4, 1, 26) + b"\0\0\0\0"
    exif = struct.pack(">H", 1) + struct.pack(">HHII", 37500, 7, len(note), 700) + b"\0\0\0\0"
    return (head + exif).ljust(700, b"\0") + note


# --- kinds that say a little more ----------------------------------------------------------------------


def test_xmp_alone_that_says_how_the_pixels_lie_goes_on_saying_so(tmp_path):
    source = b.jpeg(b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + TURNED.encode()))
    result, _ = b.colorized(tmp_path, source, ".jpg", ".jpg")
    said = b.exiftool(result)
    assert (said["XMP-tiff:Orientation"], said["XMP-tiff:ImageWidth"]) == (6, b.WIDTH)


def test_what_krita_writes_where_no_reader_looks_is_read(tmp_path):
    source = b.jpeg(b.segment(0xEE, b"http://ns.adobe.com/xap/1.0/" + b.xmp(TITLE).encode()))
    result, notes = b.colorized(tmp_path, source, ".jpg", ".jpg")
    assert b.exiftool(result)["XMP-dc:Title"] == "Großmutter"
    assert notes == []


@pytest.mark.parametrize("name", ["exif", "APP1"])
def test_raw_profiles_in_png_are_read(tmp_path, name):
    block = b"Exif\0\0" + b.structure({**DESCRIBED, 274: b.short(6)})
    text = f"Raw profile type {name}\0\n{name}\n{len(block):8d}\n{block.hex()}\n".encode()
    result, _ = b.colorized(tmp_path, b.png(after=(b.chunk(b"tEXt", text),)), ".png", ".png")
    said = b.exiftool(result)
    assert (said["IFD0:Artist"], said["IFD0:XPTitle"]) == ("N. N. (studio)", "Hochzeit")
    assert b"Raw profile" not in result.read_bytes()


def test_photoshop_layers_beside_the_picture_are_left_out_which_is_said(tmp_path):
    result, notes = b.colorized(
        tmp_path, b.tiff({37724: (7, b"Adobe Photoshop Document Data Block\0")}), ".tif", ".tif"
    )
    assert any("layers" in note for note in notes)
    assert b"Data Block" not in result.read_bytes()


def test_places_on_earth_stay_unless_the_picture_is_turned(tmp_path):
    geo = {33550: (12, struct.pack("<3d", 1, 1, 0)), 33922: (12, struct.pack("<6d", 0, 0, 0, 7, 50, 0))}
    result, notes = b.colorized(tmp_path, b.tiff(geo), ".tif", ".tif")
    assert b.exiftool(result)["IFD0:PixelScale"] == "1 1 0"
    assert notes == []
    result, notes = b.colorized(tmp_path, b.tiff({**geo, 274: b.short(6)}), ".tif", ".tif")
    assert "IFD0:PixelScale" not in b.exiftool(result)
    assert any("GeoTIFF" in note for note in notes)


@pytest.mark.parametrize("description", ['{"shape": [16, 24]}', "ImageJ=1.53\nimages=3"])
def test_descriptions_of_arrays_are_not_told_of_another_array(tmp_path, description):
    result, _ = b.colorized(tmp_path, b.tiff({270: b.text(description), 315: b.text("N. N.")}), ".tif", ".tif")
    said = b.exiftool(result)
    assert "IFD0:ImageDescription" not in said
    assert said["IFD0:Artist"] == "N. N."


def test_tags_that_point_nowhere_are_told_and_the_others_stay(tmp_path):
    block = bytearray(b.structure(DESCRIBED))
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
