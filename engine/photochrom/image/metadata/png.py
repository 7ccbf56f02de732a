"""PNG (W3C, third edition): chunks of length, type, data and CRC.

Texts are `tEXt` and `zTXt` in Latin-1, `iTXt` in UTF-8; XMP is an `iTXt` (ISO 16684-3), EXIF an `eXIf` chunk.
ImageMagick and others write EXIF, IPTC and XMP in hexadecimal as texts "Raw profile type …": these are read, and IPTC,
for which the standard has no chunk, is written as one.
"""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from photochrom.image.metadata import exif, iptc, photoshop, resolution
from photochrom.image.metadata.blocks import Notes, exif_of, merged, xmp_of
from photochrom.image.metadata.directories import Bytes
from photochrom.image.metadata.model import MAX_BLOCK, Metadata, Text

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_XMP: Final = "XML:com.adobe.xmp"
_RAW: Final = "Raw profile type "
_RAW_PROFILES: Final = frozenset({"exif", "APP1", "iptc", "8bim", "xmp", "icc", "icm"})
"""Raw profiles to decode; a color profile in this form is not metadata."""

_TEXTS: Final = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_WANTED: Final = frozenset({*_TEXTS, b"pHYs", b"eXIf", b"tIME", b"caBX", b"acTL"})
_REPLACED: Final = frozenset({*_TEXTS, b"pHYs", b"eXIf", b"tIME"})
_MAX_CHUNKS: Final = 1_000_000


@dataclass
class _Found:
    texts: list[Text] = field(default_factory=list)
    raw: dict[str, bytes] = field(default_factory=dict)
    """Raw profiles by their names, and XMP as "xmp"."""
    notes: list[str] = field(default_factory=list)
    other: dict[bytes, bytes] = field(default_factory=dict)
    room: int = MAX_BLOCK
    """Bytes of text still allowed: many small chunks could decompress to far too much."""


def read(data: Bytes) -> Metadata:
    """Reads metadata from the chunks, including those after the pixels; malformed ones are left out, with a note."""
    found = _found(data, _WANTED)
    block, notes = exif_of(_exif_block(found))
    packet, said = xmp_of(found.raw.get("xmp") or _raw_xmp(found.raw))
    physical = found.other.get(b"pHYs", b"")
    x, y, unit = struct.unpack(">IIB", physical) if len(physical) == 9 else (1, 1, 0)
    kept, blocks = photoshop.split(photoshop.parse(_resources(found.raw)))
    records, left_out = iptc.joined(*blocks)
    if b"caBX" in found.other:
        found.notes.append("its Content Credentials are valid only for the original file and are left out.")
    if (frames := _frames(found.other.get(b"acTL", b""))) > 1:
        found.notes.append(f"it holds {frames} pictures; only the first is used.")
    return merged(
        block,
        Metadata(
            xmp=packet,
            iptc=records,
            photoshop=kept,
            texts=tuple(found.texts),
            modified=found.other.get(b"tIME"),
            resolution=resolution.of_png(unit, x, y),
            notes=(*notes, *said, *left_out, *found.notes),
        ),
    )


def exif_block(data: Bytes) -> bytes:
    """The EXIF block, in whatever form `read` finds it."""
    return _exif_block(_found(data, frozenset({*_TEXTS, b"eXIf"})))


def _found(data: Bytes, wanted: frozenset[bytes]) -> _Found:
    found = _Found()
    for kind, start, size in _chunks(data):
        if kind not in wanted:
            continue
        if size > MAX_BLOCK:
            found.notes.append(f"one of its texts is longer than {MAX_BLOCK >> 20} MB and is left out.")
        elif kind in _TEXTS:
            _add_text(found, kind, data[start : start + size])
        else:
            found.other.setdefault(kind, data[start : start + size])
    return found


def _frames(control: bytes) -> int:
    return int(struct.unpack_from(">I", control)[0]) if len(control) >= 4 else 0


def _chunks(data: Bytes) -> Iterator[tuple[bytes, int, int]]:
    """(type, offset of the data, size) of each chunk in the file."""
    place = len(_SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        if place + 12 > len(data):
            return
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        yield kind, place + 8, min(size, max(len(data) - place - 8, 0))
        place += 12 + size
        if kind == b"IEND":
            return


def _add_text(found: _Found, kind: bytes, chunk: bytes) -> None:
    keyword, _, rest = chunk.partition(b"\0")
    name = _text(keyword, "latin-1")
    try:
        if kind == b"iTXt":
            text = _itxt(found, name, rest)
        else:
            value = _inflated(found, rest[1:]) if kind == b"zTXt" else rest
            # Some programs write XMP here, though it is in UTF-8.
            text = Text(name, value.decode("utf-8", "surrogateescape") if name == _XMP else _text(value, "latin-1"))
    except ValueError as error:
        found.notes.append(f"its text “{name}” {error} and is left out.")
        return
    found.room -= len(text.text)
    if name == _XMP:
        found.raw.setdefault("xmp", text.text.encode("utf-8", "surrogateescape"))
    elif name.removeprefix(_RAW) in _RAW_PROFILES and name.startswith(_RAW):
        profile = _from_hexadecimal(text.text)
        if profile is None:
            found.notes.append(f"its text “{name}” is damaged and is left out.")
        else:
            found.raw.setdefault(name, profile)
    else:
        found.texts.append(text)


def _itxt(found: _Found, name: str, rest: bytes) -> Text:
    if len(rest) < 4:
        raise ValueError("is damaged")
    packed, (language, _, rest) = rest[0], rest[2:].partition(b"\0")
    translated, _, value = rest.partition(b"\0")
    if packed:
        value = _inflated(found, value)
    encoding = "utf-8"
    handling = "surrogateescape" if name == _XMP else "strict"
    try:
        decoded = value.decode(encoding, handling)
    except UnicodeDecodeError:
        decoded = value.decode("latin-1")
    return Text(name, decoded, _text(language, "latin-1"), _text(translated, "utf-8"))


def _inflated(found: _Found, data: bytes) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        value = unpacking.decompress(data, max(found.room, 1))
    except zlib.error as error:
        raise ValueError("is damaged") from error
    if unpacking.unconsumed_tail:
        raise ValueError(f"unpacks to more than {MAX_BLOCK >> 20} MB")
    return value


def _text(data: bytes, encoding: str) -> str:
    return data.decode(encoding, "replace")


def _from_hexadecimal(text: str) -> bytes | None:
    """Decodes a raw profile: its name, its length, and lines of hexadecimal digits."""
    parts = text.split(None, 2)
    try:
        return binascii.unhexlify("".join(parts[2].split())) if len(parts) == 3 else None
    except (ValueError, binascii.Error):
        return None


def _raw(raw: dict[str, bytes], name: str) -> bytes:
    return raw.get(_RAW + name, b"")


def _exif_block(found: _Found) -> bytes:
    other = _raw(found.raw, "APP1")
    return found.other.get(b"eXIf") or _raw(found.raw, "exif") or (other if other.startswith(exif.HEADER) else b"")


def _raw_xmp(raw: dict[str, bytes]) -> bytes:
    other, name = _raw(raw, "APP1"), b"http://ns.adobe.com/xap/1.0/\0"
    return _raw(raw, "xmp") or (other.removeprefix(name) if other.startswith(name) else b"")


def _resources(raw: dict[str, bytes]) -> bytes:
    """Photoshop's resources; bare IPTC records are wrapped in one."""
    data = (_raw(raw, "8bim") or _raw(raw, "iptc")).removeprefix(photoshop.HEADER)
    if data.startswith(b"\x1c"):
        return photoshop.to_bytes(photoshop.with_iptc((), data))
    return data


def write(old: IO[bytes], new: IO[bytes], metadata: Metadata) -> Notes:
    """Copies a PNG file with this metadata in place of its own."""
    old.seek(0)
    new.write(old.read(len(_SIGNATURE)))
    while len(head := old.read(8)) == 8:
        size, kind = struct.unpack(">I4s", head)
        if kind in _REPLACED:
            old.seek(size + 4, 1)
            continue
        new.write(head)
        _copy(old, new, size + 4)
        if kind == b"IHDR":
            for name, content in _ours(metadata):
                new.write(chunk(name, content))
    return ()


def _copy(old: IO[bytes], new: IO[bytes], size: int) -> None:
    if size < 1 << 20:
        new.write(old.read(size))
        return
    end = old.tell() + size
    while old.tell() < end and (piece := old.read(min(1 << 20, end - old.tell()))):
        new.write(piece)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Returns a complete chunk."""
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def _ours(metadata: Metadata) -> Iterator[tuple[bytes, bytes]]:
    physical = resolution.to_png(metadata.resolution)
    if physical:
        unit, x, y = physical
        yield b"pHYs", struct.pack(">IIB", x, y, unit)
    if metadata.modified:
        yield b"tIME", metadata.modified
    if metadata.exif:
        yield b"eXIf", exif.to_block(metadata.exif)
    if metadata.xmp is not None:
        yield b"iTXt", _XMP.encode() + b"\0\0\0\0\0" + metadata.xmp
    resources = photoshop.to_bytes(photoshop.with_iptc(metadata.photoshop, metadata.iptc))
    if resources:
        yield b"zTXt", (_RAW + "8bim").encode() + b"\0\0" + zlib.compress(_to_hexadecimal("8bim", resources))
    for text in metadata.texts:
        yield _text_chunk(text)


def _to_hexadecimal(name: str, data: bytes) -> bytes:
    digits = data.hex()
    lines = "\n".join(digits[i : i + 72] for i in range(0, len(digits), 72))
    return f"\n{name}\n{len(data):8d}\n{lines}\n".encode()


def _text_chunk(text: Text) -> tuple[bytes, bytes]:
    """Returns a `tEXt` chunk, which old programs read, if the characters allow it, else `iTXt`."""
    keyword = text.keyword.encode("latin-1", "replace")[:79] or b"Comment"
    if not text.language and not text.translated:
        try:
            return b"tEXt", keyword + b"\0" + text.text.encode("latin-1")
        except UnicodeEncodeError:
            pass
    language, translated = text.language.encode("ascii", "replace"), text.translated.encode()
    return b"iTXt", keyword + b"\0\0\0" + language + b"\0" + translated + b"\0" + text.text.encode("utf-8", "replace")
