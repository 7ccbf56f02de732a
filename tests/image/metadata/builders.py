"""Small files of every container around blocks of metadata, made by hand; and what exiftool reads in a result."""

from __future__ import annotations

import io
import json
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from photochrom.image.files import write_picture
from photochrom.image.mark import Mark
from photochrom.image.picture import open_picture
from PIL import Image

from tests.image.conftest import color

MARK = Mark("lite", "0.1.0")
WIDTH, HEIGHT = 24, 16
GRAY = np.linspace(0, 255, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH).astype(np.uint8)

needs_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")

RDF = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" {}</rdf:Description></rdf:RDF></x:xmpmeta>'
)


def xmp(content: str) -> str:
    """A packet around the rest of a description: attributes, ">", elements."""
    return RDF.format(content)


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(*segments: bytes, gray: np.ndarray = GRAY) -> bytes:
    """A JPEG file with these segments after its first marker."""
    made = io.BytesIO()
    Image.fromarray(gray).save(made, "JPEG", quality=95)
    data = made.getvalue()
    return data[:2] + b"".join(segments) + data[2:]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*before: bytes, after: tuple[bytes, ...] = (), gray: np.ndarray = GRAY) -> bytes:
    """A gray PNG file with these chunks before and after its pixels."""
    height, width = gray.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), gray], 1).tobytes()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(before) + pixels + b"".join(after) + chunk(b"IEND", b"")


def webp(*chunks: tuple[bytes, bytes], gray: np.ndarray = GRAY) -> bytes:
    """A lossless WebP file with these chunks after its pixels."""
    made = io.BytesIO()
    Image.fromarray(gray).convert("RGB").save(made, "WEBP", lossless=True)
    body = made.getvalue()[12:]
    flags = sum({b"EXIF": 8, b"XMP ": 4}.get(kind, 0) for kind, _ in chunks)
    height, width = gray.shape
    head = struct.pack("<I", flags) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    parts = [(b"VP8X", head)]
    packed = b"".join(struct.pack("<4sI", kind, len(data)) + data + b"\0" * (len(data) % 2) for kind, data in parts)
    ours = b"".join(struct.pack("<4sI", kind, len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(packed + body + ours) + 4) + b"WEBP" + packed + body + ours


_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8, 12: 8, 129: 1}

Tags = dict[int, tuple[int, bytes]]
"""Tag to its type and its values in little-endian order."""


def structure(image: Tags, photo: Tags | None = None, gps: Tags | None = None, pixels: bytes = b"") -> bytes:
    """A little-endian TIFF structure: header, one directory, those below it, values, and a strip of pixels."""
    data = bytearray(b"II*\0\0\0\0\0")

    def values(raw: bytes) -> int:
        place = len(data)
        data.extend(raw + b"\0" * (len(raw) % 2))
        return place

    def directory(tags: Tags) -> int:
        entries = b""
        for tag, (kind, raw) in sorted(tags.items()):
            count = len(raw) // _SIZES[kind]
            field = raw if len(raw) <= 4 else struct.pack("<I", values(raw))
            entries += struct.pack("<HHI", tag, kind, count) + field.ljust(4, b"\0")
        return values(struct.pack("<H", len(tags)) + entries + b"\0\0\0\0")

    image = dict(image)
    if pixels:
        image[273] = long(values(pixels))
    if photo is not None:
        image[34665] = long(directory(photo))
    if gps is not None:
        image[34853] = long(directory(gps))
    data[4:8] = struct.pack("<I", directory(image))
    return bytes(data)


def short(*numbers: int) -> tuple[int, bytes]:
    return 3, struct.pack(f"<{len(numbers)}H", *numbers)


def long(*numbers: int) -> tuple[int, bytes]:
    return 4, struct.pack(f"<{len(numbers)}I", *numbers)


def rational(*numbers: int) -> tuple[int, bytes]:
    return 5, struct.pack(f"<{len(numbers)}I", *numbers)


def text(content: str | bytes) -> tuple[int, bytes]:
    return 2, (content.encode() if isinstance(content, str) else content) + b"\0"


def tiff(
    more: Tags | None = None, photo: Tags | None = None, gps: Tags | None = None, gray: np.ndarray = GRAY
) -> bytes:
    """A gray TIFF file with `more` tags."""
    height, width = gray.shape
    tags = {
        256: long(width), 257: long(height), 258: short(8), 259: short(1), 262: short(1), 277: short(1),
        278: long(height), 279: long(gray.size), **(more or {}),
    }  # fmt: skip
    return structure(tags, photo, gps, gray.tobytes())


def colorized(tmp_path: Path, source: bytes, suffix: str, out: str, mark: Mark | None = MARK) -> tuple[Path, list[str]]:
    """The color version of a file with these bytes, and all notes."""
    path, result = tmp_path / f"in{suffix}", tmp_path / f"out{out}"
    path.write_bytes(source)
    picture = open_picture(path)
    notes = write_picture(picture, color(picture.height, picture.width), result, mark=mark)
    return result, [*picture.notes, *notes]


def exiftool(path: Path, *options: str) -> dict[str, object]:
    """Every tag by its group and name."""
    command = ["exiftool", "-j", "-G1", "-a", "-n", *options, str(path)]
    found: dict[str, object] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)[0]
    return {name: value for name, value in found.items() if ":" in name}


DESCRIBED = {
    269: text("Album 3"),
    270: text("Großmutter (left) [1931]"),
    285: text("p. 12"),
    297: short(12, 40),
    305: text("VueScan (9)"),
    315: text("N. N. (studio)"),
    316: text("scanner-pc"),
    18246: short(4),
    18249: short(75),
    33432: text("Stadtarchiv"),
    40091: (1, "Hochzeit\0".encode("utf-16-le")),
    40092: (1, "Tante, 1931\0".encode("utf-16-le")),
}

TAKEN = {
    36867: text("1931:05:02 12:00:00"),
    37510: (7, b"UNICODE\0" + "Köln – Dom".encode("utf-16-le")),
    42016: text("0123456789abcdef0123456789abcdef"),
    42038: text("a tag of EXIF 3"),
    65000: text("a tag that nobody knows"),
}

PLACE = {
    0: (1, b"\2\3\0\0"),
    1: text("N"),
    2: rational(50, 1, 56, 1, 0, 1),
    3: text("E"),
    4: rational(6, 1, 57, 1, 0, 1),
}

TITLE = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">Großmutter</rdf:li>'
    "</rdf:Alt></dc:title>"
)
