"""JPEG files that libjpeg rejects though other programs open them, and those that it cannot decode.

Rejected: the end-of-image marker or the last rows of a truncated scan are missing, or bytes precede the picture. Not
decoded: samples of more than 8 bits (ITU-T T.81: 12 bits, and lossless with up to 16).
"""

from __future__ import annotations

import struct
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

JUNK: Final = 64
"""Bytes that may precede a picture."""

_MISSING: Final = 0.15
"""Share of a truncated picture's rows that may be missing."""

_MAX_SEGMENTS: Final = 4096
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Frame:
    """The header: bits per sample, size, offset of the first scan, and ICC profile."""

    bits: int
    width: int
    height: int
    scan: int
    icc: bytes | None


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
    """Repairs, in memory, a JPEG file that is truncated or has leading junk; None if nothing is wrong with it.

    Raises OSError, pyvips.Error, and BadPicture if too much of it is missing.
    """
    with path.open("rb") as file:
        view = FileView(file)
        start = view.find(START, 0, JUNK + len(START))
        frame = header(view, max(start, 0))
        ended = frame is None or view.rfind(_END, frame.scan) >= 0
        if start <= 0 and ended:
            return None
        data = view[max(start, 0) :]
    if ended or frame is None:
        return Mended(data, "error")
    there = _rows(data)
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


def _rows(data: bytes) -> int:
    """Counts the rows of a truncated picture that do not depend on what follows its last byte."""
    one, other = (Mended(data + byte * 64 + _END, "none").load(sequential=True) for byte in (b"\x55", b"\xaa"))
    _, differences = (one - other).abs().project()
    differing = np.flatnonzero(differences.numpy().reshape(one.height, -1).sum(axis=1))
    return int(differing[0]) if differing.size else one.height


def header(data: bytes | FileView, start: int = 0) -> Frame | None:
    """Parses the segments before the first scan; None if they are malformed."""
    place, found = start + 2, None
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
            icc = b"".join(pieces[number] for number in sorted(pieces)) or None
            return None if found is None else Frame(*found, place, icc)
        if marker in _FRAMES and len(content) >= 6:
            bits, height, width = struct.unpack_from(">BHH", content)
            found = bits, width, height
        if marker == 0xE2 and content.startswith(b"ICC_PROFILE\0") and len(content) > 14:
            pieces[content[12]] = content[14:]
        place += 2 + size
    return None


def deep(path: Path) -> Frame | None:
    """Returns the header of a JPEG file with more than 8 bits per sample; None for any other. Raises OSError."""
    with path.open("rb") as file:
        frame = header(FileView(file))
    return frame if frame and frame.bits > 8 else None


def decode(path: Path, frame: Frame) -> pyvips.Image:
    """Decodes a JPEG file with more than 8 bits per sample: ushort, white at 65535. Raises BadPicture, OSError."""
    if find_spec("imagecodecs") is None:
        raise BadPicture(
            f"{path} is a JPEG file with {frame.bits} bits per sample, which is rare; the file seems intact.",
            f"Reading it needs one more library. {install_extra('formats')}. Or convert it: "
            f"magick {path.name} -depth 16 converted.tif",
        )
    import imagecodecs

    try:
        samples = np.asarray(imagecodecs.jpeg_decode(path.read_bytes()))
    except RuntimeError as error:
        raise BadPicture(f"{path} is damaged or truncated ({error}).", "Copy or scan it again.") from error
    values = np.rint(samples * (65535 / (2**frame.bits - 1))).astype(np.uint16)
    return pyvips.Image.new_from_array(np.ascontiguousarray(values.reshape(frame.height, frame.width, -1))).copy()
