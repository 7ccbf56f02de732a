"""Netpbm files: PBM, PGM, PPM, plain and raw, and PAM (netpbm's manual pages pbm(5), pgm(5), ppm(5), pam(5)).

Raw bytes and 16-bit words stream from the file; the other variants are decoded in memory. Samples are treated as sRGB,
which is what programs write, not with the ITU-R BT.709 curve that the manual specifies.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyvips

from photochrom.errors import BadPicture
from photochrom.image.formats.samples import (
    Samples,
    check_page,
    damaged,
    format_of,
    image_of,
    interpreted,
    once,
    to_full_range,
)
from photochrom.image.limits import check_size
from photochrom.image.stored_image import ColorModel, StoredImage

_NAME: Final = "Netpbm"
_HEAD: Final = 8192
_TOKEN: Final = re.compile(rb"(?:\s|#[^\n\r]*[\n\r])*(\d{1,9})")
_KINDS: Final[dict[bytes, tuple[ColorModel, bool]]] = {
    b"BLACKANDWHITE": ("gray", False),
    b"GRAYSCALE": ("gray", False),
    b"RGB": ("rgb", False),
    b"BLACKANDWHITE_ALPHA": ("gray", True),
    b"GRAYSCALE_ALPHA": ("gray", True),
    b"RGB_ALPHA": ("rgb", True),
}
"""Tuple types of PAM."""


@dataclass(frozen=True)
class _Header:
    width: int
    height: int
    largest: int
    start: int
    color: ColorModel = "gray"
    alpha: bool = False

    @property
    def bands(self) -> int:
        return (3 if self.color == "rgb" else 1) + self.alpha


def open_stored(path: Path, number: int, max_pixels: int) -> StoredImage:
    """See `photochrom.image.formats`. Anything after the first picture of a file is ignored."""
    check_page(path, number, 1)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind = head[1:2]
    header = _pam(path, head) if kind == b"7" else _numbers(path, head)
    if not (header.width and header.height and 0 < header.largest <= 65535):
        raise damaged(path, _NAME, "its header is malformed")
    unpack = {b"1": _plain_bits, b"2": _plain, b"3": _plain, b"4": _bits}.get(kind)
    check_size(path, header.width, header.height, max_pixels, whole=unpack is not None, pixel_bytes=2 * header.bands)
    if unpack is not None:
        load = once(lambda: to_full_range(image_of(unpack(path, header)), header.largest))
    else:
        load = lambda _sequential: _raw(path, header)  # noqa: E731
    return StoredImage(
        width=header.width,
        height=header.height,
        format=format_of(header.largest.bit_length()),
        color=header.color,
        load=load,
        alpha=header.alpha,
        whole=unpack is not None,
    )


def _numbers(path: Path, head: bytes) -> _Header:
    """The header of P1 to P6: width, height, the largest sample except for bitmaps, then one whitespace character."""
    kind, place, found = head[1:2], 2, []
    for _ in range(2 if kind in b"14" else 3):
        token = _TOKEN.match(head, place)
        if token is None:
            raise damaged(path, _NAME, "its header is malformed")
        found.append(int(token[1]))
        place = token.end()
    width, height, largest = (*found, 1)[:3]
    return _Header(width, height, largest, place + 1, "rgb" if kind in b"36" else "gray")


def _pam(path: Path, head: bytes) -> _Header:
    end = head.find(b"ENDHDR\n")
    lines = [line.split(None, 1) for line in head[: max(end, 0)].splitlines()[1:] if not line.startswith(b"#")]
    fields = {line[0]: line[1].strip() for line in lines if len(line) == 2}
    try:
        width, height, depth, largest = (int(fields[name]) for name in (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL"))
    except (KeyError, ValueError) as error:
        raise damaged(path, _NAME, "its header is malformed") from error
    usual = {1: b"GRAYSCALE", 2: b"GRAYSCALE_ALPHA", 3: b"RGB", 4: b"RGB_ALPHA"}.get(depth, b"")
    color, alpha = _KINDS.get(fields.get(b"TUPLTYPE", usual), ("gray", False))
    header = _Header(width, height, largest, end + 7, color, alpha)
    if header.bands != depth:
        raise BadPicture(
            f"{path} is a PAM picture of {depth} channels that are neither gray nor RGB.", "Save it as PGM or PPM."
        )
    return header


def _raw(path: Path, header: _Header) -> pyvips.Image:
    """Samples as bytes, or as big-endian words."""
    words = header.largest > 255
    size = (2 if words else 1) * header.bands * header.width * header.height
    if path.stat().st_size < header.start + size:
        raise damaged(path, _NAME, "it ends too early")
    shape = (header.width, header.height, header.bands)
    options = {"offset": header.start, "format": "ushort" if words else "uchar"}
    image = pyvips.Operation.call("rawload", os.fsencode(path), *shape, **options)
    if words and sys.byteorder == "little":
        image = image.byteswap()
    return interpreted(to_full_range(image, header.largest))


def _bits(path: Path, header: _Header) -> Samples:
    """Rows of bits, each padded to whole bytes; 1 is black."""
    row = (header.width + 7) // 8
    with path.open("rb") as file:
        file.seek(header.start)
        data = file.read(row * header.height)
    if len(data) < row * header.height:
        raise damaged(path, _NAME, "it ends too early")
    bits = np.unpackbits(np.frombuffer(data, np.uint8).reshape(header.height, row), axis=1)
    return np.asarray(1 - bits[:, : header.width])


def _plain_text(path: Path, header: _Header) -> bytes:
    """The text after the header, without comments."""
    with path.open("rb") as file:
        file.seek(header.start - 1)
        return re.sub(rb"#[^\n\r]*", b" ", file.read())


def _plain(path: Path, header: _Header) -> Samples:
    """Samples as decimal numbers."""
    count = header.width * header.height * header.bands
    try:
        values = np.array(_plain_text(path, header).split(None, count)[:count], dtype=np.int64)
    except (ValueError, OverflowError) as error:
        raise damaged(path, _NAME, "its samples are no numbers") from error
    if len(values) < count:
        raise damaged(path, _NAME, "it ends too early")
    kept = np.clip(values, 0, header.largest).astype(np.uint8 if header.largest <= 255 else np.uint16)
    return np.asarray(kept.reshape(header.height, header.width, header.bands))


def _plain_bits(path: Path, header: _Header) -> Samples:
    """Digits 0 and 1, with or without whitespace; 1 is black."""
    digits = np.frombuffer(_plain_text(path, header), np.uint8)
    digits = digits[(digits == ord("0")) | (digits == ord("1"))][: header.width * header.height]
    if len(digits) < header.width * header.height:
        raise damaged(path, _NAME, "it ends too early")
    return np.asarray((ord("1") - digits).reshape(header.height, header.width))
