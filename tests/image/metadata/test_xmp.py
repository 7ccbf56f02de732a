"""XMP: in any encoding, joined and split for JPEG, never trusted."""

from __future__ import annotations

import hashlib
import struct
import zlib

import pytest

from tests.image.metadata import builders as b

pytestmark = b.needs_exiftool

ALL = [".jpg", ".png", ".tif", ".webp"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("suffix", [".tif", ".jpg", ".webp"])
def test_xmp_is_read_in_any_encoding(tmp_path, suffix, encoding):
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>' + b.xmp(b.TITLE) + '<?xpacket end="w"?>   '
    ).encode(encoding)
    source = {
        ".tif": b.tiff({700: (1, packet)}),
        ".jpg": b.jpeg(b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)),
        ".webp": b.webp((b"XMP ", packet)),
    }[suffix]
    result, notes = b.colorized(tmp_path, source, suffix, ".jpg")
    assert b.exiftool(result)["XMP-dc:Title"] == "Großmutter"
    assert notes == []


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
@pytest.mark.parametrize("begin", ["", "\ufeff"])
def test_letters_of_two_bytes_stay_in_a_jpeg(tmp_path, encoding, begin):
    packet = begin + b.xmp(b.TITLE.replace("Großmutter", "Łódź – 1931"))
    source = b.jpeg(b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode(encoding)))
    result, notes = b.colorized(tmp_path, source, ".jpg", ".jpg")
    assert b.exiftool(result)["XMP-dc:Title"] == "Łódź – 1931"
    assert notes == []


LONG = "; ".join(f"person {number} in the third row" for number in range(4000))


def extended(packet: str) -> tuple[bytes, list[bytes]]:
    """A JPEG's main packet that points at `packet`, and the segments of that."""
    data = packet.encode()
    name = hashlib.md5(data).hexdigest().upper()
    main = b.xmp(f'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="{name}" {b.TITLE}')
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


def test_incomplete_extended_xmp_is_left_out_with_a_note(tmp_path):
    main, parts = extended(LONG_PACKET)
    result, notes = b.colorized(tmp_path, b.jpeg(main, parts[0]), ".jpg", ".jpg")
    said = b.exiftool(result)
    assert said["XMP-dc:Title"] == "Großmutter"
    assert "XMP-xmpNote:HasExtendedXMP" not in said
    assert any("extended XMP" in note and "incomplete" in note for note in notes)


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</x:xmpmeta>", "too deep"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>', "document type"),
        (b.xmp(b.TITLE).encode()[:-30], "damaged"),
        (b"<a/>", "no RDF"),
    ],
    ids=["deep", "bomb", "cut off", "other"],
)
def test_malformed_xmp_is_left_out_with_a_note(tmp_path, packet, why):
    result, notes = b.colorized(tmp_path, b.tiff({700: (1, packet)}), ".tif", ".png")
    assert [note for note in notes if "XMP" in note and why in note], notes
    assert b.exiftool(result)["XMP-iptcExt:AISystemUsed"].startswith("Photochrom")


def test_what_krita_writes_where_no_reader_looks_is_read(tmp_path):
    source = b.jpeg(b.segment(0xEE, b"http://ns.adobe.com/xap/1.0/" + b.xmp(b.TITLE).encode()))
    result, notes = b.colorized(tmp_path, source, ".jpg", ".jpg")
    assert b.exiftool(result)["XMP-dc:Title"] == "Großmutter"
    assert notes == []


@pytest.mark.parametrize("kind", ["tEXt", "zTXt", "iTXt"])
def test_xmp_of_png_is_read_in_whatever_chunk_it_is(tmp_path, kind):
    packet = b.xmp(b.TITLE).encode()
    between = {"tEXt": b"\0" + packet, "zTXt": b"\0\0" + zlib.compress(packet), "iTXt": b"\0\0\0\0\0" + packet}[kind]
    source = b.png(after=(b.chunk(kind.encode(), b"XML:com.adobe.xmp" + between),))
    result, notes = b.colorized(tmp_path, source, ".png", ".png")
    assert b.exiftool(result)["XMP-dc:Title"] == "Großmutter"
    assert notes == []
