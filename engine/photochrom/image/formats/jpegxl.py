"""JPEG XL, decoded by imagecodecs (which keeps 16-bit color) and pillow-jxl-plugin (which keeps the profile), both with
libjxl.

ISO/IEC 18181-1 (codestream header), 18181-2 (boxes). The decoder applies the codestream's orientation; that in EXIF is
ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyvips

from photochrom.errors import BadPicture
from photochrom.image.color_spaces import parse_icc
from photochrom.image.formats import boxes
from photochrom.image.formats.jpegxl_header import Header, read
from photochrom.image.formats.samples import (
    Samples,
    check_page,
    damaged,
    decoding,
    format_of,
    image_of,
    once,
    to_full_range,
    with_fields,
)
from photochrom.image.limits import check_size
from photochrom.image.stored_image import StoredImage

_NAME: Final = "JPEG XL"
_MAX_METADATA: Final = 16_000_000


@dataclass(frozen=True)
class _File:
    """The header of the codestream, and metadata in vips' fields."""

    header: Header
    fields: dict[str, bytes]


def open_stored(path: Path, number: int, max_pixels: int) -> StoredImage:
    """See `photochrom.image.formats`. Opening decodes the picture once, to obtain its profile."""
    check_page(path, number, 1)
    file = _read(path)
    header = file.header
    check_size(path, header.width, header.height, max_pixels, whole=True, pixel_bytes=16)
    if header.others:
        raise BadPicture(
            f"{path} is a JPEG XL picture with channels besides RGB and transparency (CMYK, spot colors, depth).",
            "Save it as gray or RGB with the program that created it.",
        )
    with decoding(path, _NAME):
        icc = _profile(path)
    gray = header.gray if header.gray is not None else icc[16:20] == b"GRAY"

    def decode() -> pyvips.Image:
        with decoding(path, _NAME):
            image = _decoded(path, header)
        return with_fields(image, {**file.fields, "icc-profile-data": icc})

    return StoredImage(
        width=header.width,
        height=header.height,
        format="float" if header.floating else format_of(header.bits),
        color="gray" if gray else "rgb",
        load=once(decode),
        alpha=header.alpha,
        icc=icc,
        space=parse_icc(icc),
        whole=True,
        notes=("it is animated; only its first picture is used.",) if header.animated else (),
    )


def _read(path: Path) -> _File:
    with path.open("rb") as file:
        head = file.read(65536)
    outer = [] if head[:2] == b"\xff\x0a" else boxes.of_file(path)
    streams = [box for box in outer if box.type in (b"jxlc", b"jxlp")]
    if outer:
        if not streams:
            raise damaged(path, _NAME, "it holds no picture")
        head = boxes.content(path, streams[0], at_most=65536)[4 if streams[0].type == b"jxlp" else 0 :]
    try:
        header = read(head)
    except (ValueError, IndexError) as error:
        raise damaged(path, _NAME, "its header is malformed") from error
    fields = {}
    for box in outer:
        name, data = box.type, b""
        if name in (b"Exif", b"xml ", b"brob"):
            data = boxes.content(path, box, at_most=_MAX_METADATA)
        if name == b"brob":
            name, data = data[:4], _unpacked(path, data[4:])
        if name == b"Exif" and len(data) > 4:
            fields["exif-data"] = b"Exif\0\0" + data[4 + int.from_bytes(data[:4], "big") :]
        elif name == b"xml ":
            fields["xmp-data"] = data
    return _File(header, fields)


def _unpacked(path: Path, data: bytes) -> bytes:
    """Decompresses a Brotli box, up to the maximum size of metadata."""
    from imagecodecs import brotli_decode

    with decoding(path, _NAME):
        return bytes(brotli_decode(data, out=_MAX_METADATA))


def _profile(path: Path) -> bytes:
    """The profile of the decoded samples."""
    from pillow_jxl import Decoder

    return bytes(Decoder(num_threads=-1)(path.read_bytes())[3])


def _decoded(path: Path, header: Header) -> pyvips.Image:
    from imagecodecs import jpegxl_decode

    samples: Samples = np.atleast_3d(jpegxl_decode(path.read_bytes(), index=0))
    samples = np.asarray(samples.reshape(samples.shape[-3:]))
    if samples.shape[:2] != (header.height, header.width):
        raise ValueError(f"decoded to {samples.shape} samples")
    if header.floating:
        return image_of(samples.astype(np.float32))
    largest = (1 << header.bits) - 1
    image = to_full_range(image_of(samples), largest)
    if header.premultiplied:
        image = image.unpremultiply(max_alpha=255 if header.bits <= 8 else 65535).rint().cast(image.format)
    return image
