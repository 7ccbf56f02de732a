"""JPEG files that libjpeg stumbles over while everybody opens them, and those that it does not decode.

The end of image marker is missing, or the last rows of a scan that broke off; bytes lie before the picture; samples
have more than 8 bits (ITU-T T.81: 12 bits, and lossless with up to 16).
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyvips

from photochrom.errors import BadPicture

START: Final = b"\xff\xd8\xff"
_END: Final = b"\xff\xd9"

JUNK: Final = 64
"""So many bytes may lie before a picture."""

_MISSING: Final = 0.15
"""Of a picture that broke off, so much may be missing: more is no photograph any more."""

_MAX_SEGMENTS: Final = 4096
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Frame:
    """What the header says: bits of a sample, size, where the first scan begins, and the ICC profile."""

    bits: int
    width: int
    height: int
    scan: int
    icc: bytes | None


@dataclass(frozen=True)
class Mended:
    """A picture that is read from memory: its bytes, with an end; how strict libjpeg is to be; what is to be said."""

    data: bytes
    fail_on: str
    notes: tuple[str, ...] = ()

    def load(self, *, sequential: bool) -> pyvips.Image:
        """The picture, fresh and lazy; raises pyvips.Error."""
        source = pyvips.Source.new_from_memory(self.data)
        access = "sequential" if sequential else "random"
        image = pyvips.Operation.call("jpegload_source", source, access=access, fail_on=self.fail_on, revalidate=True)
        image._references.append(source)  # the memory has to live as long as whatever is made of the image
        return image


def mended(path: Path) -> Mended | None:
    """What to read in place of a JPEG file that lacks its end or begins late; None where nothing is wrong with it.

    Raises OSError, pyvips.Error, and BadPicture where too much of it is missing.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
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
            f"{path} is cut off: only {there} of its {frame.height} rows of pixels are there.", "Copy or scan it again."
        )
    missing = frame.height - there
    return Mended(data, "none", (f"it was cut off: up to {missing} of its {frame.height} rows, the last, are lost.",))


def _rows(data: bytes) -> int:
    """How many rows of a picture without its end are there: those that do not depend on what follows its last byte."""
    one, other = (Mended(data + byte * 64 + _END, "none").load(sequential=True) for byte in (b"\x55", b"\xaa"))
    _, differences = (one - other).abs().project()
    differing = np.flatnonzero(differences.numpy().reshape(one.height, -1).sum(axis=1))
    return int(differing[0]) if differing.size else one.height


def header(data: Any, start: int = 0) -> Frame | None:
    """What the segments before the first scan say; None where they make no sense."""
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
        (size,) = struct.unpack_from(">H", data, place + 2)
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
    """The header of a JPEG file whose samples have more than 8 bits; None of any other. Raises OSError."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        frame = header(view)
    return frame if frame and frame.bits > 8 else None


def decode(path: Path, frame: Frame) -> pyvips.Image:
    """The samples of a JPEG file with more than 8 bits: ushort, white at 65535. Raises BadPicture, OSError."""
    if find_spec("imagecodecs") is None:
        raise BadPicture(
            f"{path} is a JPEG file with {frame.bits} bits per sample, a kind of its own; the file seems sound.",
            "Reading it needs one more library: pip install 'photochrom[formats]'. Or convert it: "
            f"magick {path.name} -depth 16 converted.tif",
        )
    import imagecodecs

    try:
        samples = np.asarray(imagecodecs.jpeg_decode(path.read_bytes()))
    except RuntimeError as error:
        raise BadPicture(f"{path} is damaged or cut off ({error}).", "Copy or scan it again.") from error
    values = np.rint(samples * (65535 / (2**frame.bits - 1))).astype(np.uint16)
    return pyvips.Image.new_from_array(np.ascontiguousarray(values.reshape(frame.height, frame.width, -1)))
