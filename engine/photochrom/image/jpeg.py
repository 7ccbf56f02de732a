"""JPEG files that libjpeg rejects though other programs open them, and those that it cannot decode.

Rejected: the end-of-image marker or the last rows of a truncated scan are missing, bytes precede the picture, or its
height follows the scan. Not decoded: samples of other than 8 bits (ITU-T T.81: 12 bits, and lossless with 2 to 16) and
JPEG-LS (T.87), which imagecodecs reads; hierarchical files, which nothing here does.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import pyvips

from photochrom.errors import BadPicture
from photochrom.frozen import install_extra
from photochrom.image.file_view import FileView

START: Final = b"\xff\xd8\xff"
_END: Final = b"\xff\xd9"
_LINES: Final = b"\xff\xdc\0\x04"
"""The beginning of the segment with the height, if that was not known when the header was written (T.81, B.2.5)."""

JUNK: Final = 64
"""Bytes that may precede a picture."""

_MISSING: Final = 0.15
"""Share of a truncated picture's rows that may be missing."""

_MAX_SEGMENTS: Final = 4096
_LOSSLESS, _LOSSLESS_ARITHMETIC, _LS, _HIERARCHY = 0xC3, 0xCB, 0xF7, 0xDE
_FRAMES: Final = frozenset({*range(0xC0, 0xD0), _LS, _HIERARCHY}) - {0xC4, 0xC8, 0xCC}
_UNREADABLE: Final = {
    **dict.fromkeys((0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF, _HIERARCHY), "a hierarchical JPEG file"),
    _LOSSLESS_ARITHMETIC: "a losslessly and arithmetically coded JPEG file",
}


@dataclass(frozen=True)
class Frame:
    """The header: the marker that names the coding, bits per sample, size, offset of the first scan, and ICC profile.

    `height_at` is the offset of the height if the file states it only after the scan; else 0.
    """

    coding: int
    bits: int
    width: int
    height: int
    scan: int
    icc: bytes | None
    height_at: int = 0


@dataclass(frozen=True)
class Mended:
    """A repaired file to read from memory: its bytes, completed; libjpeg's strictness; and a note for the user."""

    data: bytes
    fail_on: str
    notes: tuple[str, ...] = ()

    def load(self, *, sequential: bool) -> pyvips.Image:
        """Opens the picture, lazily; raises pyvips.Error."""
        source = pyvips.Source.new_from_memory(self.data)
        access = "sequential" if sequential else "random"
        image = pyvips.Operation.call("jpegload_source", source, access=access, fail_on=self.fail_on, revalidate=True)
        image._references.append(source)  # The memory must outlive every image derived from this one.
        return image


def mended(path: Path) -> Mended | None:
    """Repairs, in memory, a JPEG file that is truncated, has leading junk, or its height at the end; None if nothing is
    wrong with it.

    Raises OSError, pyvips.Error, and BadPicture if too much of it is missing.
    """
    with path.open("rb") as file:
        view = FileView(file)
        frame = header(view)
        if start_of(view) == 0 and (frame is None or (not frame.height_at and _ended(view, frame))):
            return None
        return _mended(path, view, frame, lambda data: Mended(data, "none").load(sequential=True))


def _mended(path: Path, view: FileView, frame: Frame | None, lenient: Callable[[bytes], pyvips.Image]) -> Mended:
    """`lenient` decodes what is there of a truncated file."""
    start = start_of(view)
    data = view[start:]
    if frame is None:
        return Mended(data, "error")
    if frame.height_at:
        at = frame.height_at - start
        data = data[:at] + struct.pack(">H", frame.height) + data[at + 2 :]
    if _ended(view, frame):
        return Mended(data, "error")
    there = _rows(data, lenient)
    data += _END
    if there == frame.height:
        return Mended(data, "error")
    if there < frame.height * (1 - _MISSING):
        raise BadPicture(
            f"{path} is truncated: only {there} of its {frame.height} rows of pixels are there.",
            "Copy or scan it again.",
        )
    missing = frame.height - there
    return Mended(
        data, "none", (f"it is truncated: up to {missing} of its {frame.height} rows are lost at the bottom.",)
    )


def _ended(view: FileView, frame: Frame) -> bool:
    return view.rfind(_END, frame.scan) >= 0


def _rows(data: bytes, lenient: Callable[[bytes], pyvips.Image]) -> int:
    """Counts the rows of a truncated picture that do not depend on what follows its last byte."""
    one, other = (lenient(data + byte * 64 + _END) for byte in (b"\x55", b"\xaa"))
    _, differences = (one - other).abs().project()
    differing = np.flatnonzero(differences.numpy().reshape(one.height, -1).sum(axis=1))
    return int(differing[0]) if differing.size else one.height


def start_of(data: bytes | FileView) -> int:
    """Where the picture begins: after some junk, or at once."""
    return max(data.find(START, 0, JUNK + len(START)), 0)


def header(data: bytes | FileView) -> Frame | None:
    """Parses the segments before the first scan; None if they are malformed."""
    place, found, height_at = start_of(data) + 2, None, 0
    pieces: dict[int, bytes] = {}
    for _ in range(_MAX_SEGMENTS):
        place = data.find(b"\xff", place)
        if place < 0 or place + 4 > len(data):
            return None
        marker = data[place + 1]
        if marker in (0x00, 0x01, 0xFF) or 0xD0 <= marker <= 0xD9:
            place += 1 if marker == 0xFF else 2
            continue
        (size,) = struct.unpack(">H", data[place + 2 : place + 4])
        content = data[place + 4 : place + 2 + size]
        if marker == 0xDA:
            if found is None:
                return None
            coding, bits, height, width = found
            later = _height_after(data, place) if height == 0 else 0
            icc = b"".join(pieces[number] for number in sorted(pieces)) or None
            return Frame(coding, bits, width, later or height, place, icc, height_at if later else 0)
        if marker in _FRAMES and len(content) >= 6 and found is None:
            found, height_at = (marker, *struct.unpack_from(">BHH", content)), place + 5
        if marker == 0xE2 and content.startswith(b"ICC_PROFILE\0") and len(content) > 14:
            pieces[content[12]] = content[14:]
        place += 2 + size
    return None


def _height_after(data: bytes | FileView, scan: int) -> int:
    """The height that follows the first scan; 0 if it does not."""
    place = data.find(_LINES, scan)
    found = data[place + 4 : place + 6] if place >= 0 else b""
    return int.from_bytes(found, "big") if len(found) == 2 else 0


def rare(path: Path) -> Frame | None:
    """Returns the header of a JPEG file for `decode`; None for any that libjpeg decodes, or that is malformed.

    Raises OSError, and BadPicture if the file is of a kind that nothing here decodes.
    """
    with path.open("rb") as file:
        view = FileView(file)
        frame = header(view)
    if frame is None:
        return None
    if frame.coding in _UNREADABLE:
        raise BadPicture(
            f"{path} is {_UNREADABLE[frame.coding]}, which hardly any program reads; the file seems intact.",
            "Save it as TIFF or PNG with the program that made it.",
        )
    least = 2 if frame.coding in (_LOSSLESS, _LS) else 9
    return frame if frame.coding == _LS or (frame.bits != 8 and least <= frame.bits <= 16) else None


def decode(path: Path, frame: Frame) -> tuple[pyvips.Image, tuple[str, ...]]:
    """Decodes a `rare` JPEG file as a whole: uchar or ushort, white at their largest value; with notes for the user.

    Raises BadPicture, OSError.
    """
    if find_spec("imagecodecs") is None:
        kind = "JPEG-LS" if frame.coding == _LS else "JPEG"
        raise BadPicture(
            f"{path} is a {kind} file with {frame.bits} bits per sample, which is rare; the file seems intact.",
            f"Reading it needs one more library. {install_extra('formats')}. Or convert it: "
            f"magick {path.name} -depth 16 converted.tif",
        )
    try:
        with path.open("rb") as file:
            whole = _mended(path, FileView(file), frame, lambda data: _decoded(data, frame))
        return _decoded(whole.data, frame), whole.notes
    except (RuntimeError, ValueError) as error:
        raise BadPicture(f"{path} is damaged or truncated ({error}).", "Copy or scan it again.") from error


def _decoded(data: bytes, frame: Frame) -> pyvips.Image:
    import imagecodecs

    codes = np.asarray((imagecodecs.jpegls_decode if frame.coding == _LS else imagecodecs.jpeg_decode)(data))
    codes = np.ascontiguousarray(codes.reshape(frame.height, frame.width, -1))
    largest, white = 2**frame.bits - 1, 255 if frame.bits <= 8 else 65535
    values = np.rint(np.arange(largest + 1) * (white / largest)).astype(np.uint8 if white == 255 else np.uint16)
    if codes.shape[2] == 4:  # CMYK: Adobe's programs store its complement, and libvips takes that for granted, too.
        values = values[::-1]
    return pyvips.Image.new_from_array(values[np.minimum(codes, largest)]).copy()
