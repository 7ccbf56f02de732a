"""JPEG 2000, the format of archival masters, decoded by imagecodecs (OpenJPEG): JP2, JPX, JPH and raw codestreams.

ISO/IEC 15444-1, annexes A (codestream) and I (JP2): size and depth are in the codestream, the meaning of channels and
their color space in the boxes around it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyvips

from photochrom.errors import BadPicture
from photochrom.image.formats import boxes
from photochrom.image.formats.boxes import Box
from photochrom.image.formats.samples import (
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
from photochrom.image.stored_image import COLOR_BANDS, ColorModel, StoredImage, arranged

_NAME: Final = "JPEG 2000"

_ENUMERATED: Final[dict[int, ColorModel]] = {0: "gray", 12: "cmyk", 15: "gray", 16: "rgb", 17: "gray", 18: "rgb"}
"""Enumerated color spaces: bi-level, CMYK, sRGB, gray with sRGB's curve, sYCC, which is decoded to sRGB."""

_OF_PROFILE: Final[dict[bytes, ColorModel]] = {b"GRAY": "gray", b"RGB ": "rgb", b"CMYK": "cmyk"}

_UUIDS: Final = {
    bytes.fromhex("be7acfcb97a942e89c71999491e3afac"): "xmp-data",
    b"JpgTiffExif->JP2": "exif-data",
    bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38"): "iptc-data",
}
"""`uuid` boxes that hold metadata."""


@dataclass(frozen=True)
class _Codestream:
    """The SIZ marker: the size, and the bits of each component, negative for signed ones."""

    width: int
    height: int
    bits: tuple[int, ...]
    signed: bool


@dataclass(frozen=True)
class _Channels:
    """The meaning of the decoded channels. `alpha` is the index of opacity; `premultiplied`: color is multiplied by
    it."""

    count: int
    bits: int
    color: ColorModel
    alpha: int | None = None
    premultiplied: bool = False


def open_stored(path: Path, number: int, max_pixels: int) -> StoredImage:
    """See `photochrom.image.formats`."""
    check_page(path, number, 1)
    outer = boxes.of_file(path) if _in_boxes(path) else [Box(b"jp2c", 0, path.stat().st_size)]
    streams = [box for box in outer if box.type == b"jp2c"]
    if not streams:
        raise damaged(path, _NAME, "it contains no picture")
    stream = _codestream(path, boxes.content(path, streams[0], at_most=65536))
    header = _inner(path, outer)
    icc, channels = _meaning(path, header, stream)
    check_size(path, stream.width, stream.height, max_pixels, whole=True, pixel_bytes=8 * channels.count)
    fields = _metadata(path, outer)
    notes = []
    if left_out := channels.count - COLOR_BANDS[channels.color] - (channels.alpha is not None):
        what = "a further channel" if left_out == 1 else f"{left_out} further channels"
        notes.append(f"it has {what} that is neither color nor transparency: left out.")
    if len(streams) > 1:
        notes.append(f"it holds {len(streams)} pictures; only the first is used.")

    def decode() -> pyvips.Image:
        with decoding(path, _NAME):
            image = _decoded(path, stream, channels)
        return with_fields(_with_resolution(image, header), {**fields, "icc-profile-data": icc})

    return StoredImage(
        width=stream.width,
        height=stream.height,
        format=format_of(channels.bits),
        color=channels.color,
        load=once(decode),
        alpha=channels.alpha is not None,
        icc=icc,
        whole=True,
        notes=tuple(notes),
    )


def _in_boxes(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) != b"\xff\x4f\xff\x51"


def _codestream(path: Path, data: bytes) -> _Codestream:
    """Parses the start of a codestream: SOC, then SIZ (annex A.5.1)."""
    try:
        signature, right, bottom, left, top, count = struct.unpack_from(">4s4xIIII16xH", data)
        parts = [struct.unpack_from("BBB", data, 42 + 3 * place) for place in range(count)]
    except struct.error as error:
        raise damaged(path, _NAME, "its header is truncated") from error
    if signature != b"\xff\x4f\xff\x51" or right <= left or bottom <= top or not parts:
        raise damaged(path, _NAME, "its header is malformed")
    bits = tuple((depth & 0x7F) + 1 for depth, _, _ in parts)
    if max(bits) > 16:
        raise BadPicture(f"{path} has {max(bits)} bits per channel.", "Save it with 16 bits per channel, as TIFF.")
    return _Codestream(right - left, bottom - top, bits, bool(parts[0][0] & 0x80))


def _inner(path: Path, outer: list[Box]) -> dict[bytes, bytes]:
    """The first box of each type in the JP2 header, and in its resolution superbox."""
    found: dict[bytes, bytes] = {}
    with path.open("rb") as file:
        for box in outer:
            if box.type != b"jp2h":
                continue
            for inner in boxes.walk(file, box.start, box.start + box.size):
                parts = [inner]
                if inner.type == b"res ":
                    parts = list(boxes.walk(file, inner.start, inner.start + inner.size))
                for part in parts:
                    found.setdefault(part.type, boxes.content(path, part))
    return found


def _meaning(path: Path, header: dict[bytes, bytes], stream: _Codestream) -> tuple[bytes | None, _Channels]:
    """The profile, and the meaning of the channels after applying a palette."""
    count, bits = len(stream.bits), stream.bits[0]
    palette = header.get(b"pclr", b"")
    if len(palette) > 3:
        count, bits = palette[2], (palette[3] & 0x7F) + 1
    icc, color = None, None
    box = header.get(b"colr", b"")
    if box[:1] == b"\1" and len(box) >= 7:
        (space,) = struct.unpack_from(">I", box, 3)
        color = _ENUMERATED.get(space)
        if color is None:
            raise BadPicture(
                f"{path} is a JPEG 2000 picture in an unsupported color space (number {space}). The file is intact.",
                "Save it as gray or RGB with the program that created it.",
            )
    elif box[:1] in (b"\2", b"\3"):
        icc = box[3:]
        color = _OF_PROFILE.get(icc[16:20])
    color = color or ("gray" if count < 3 else "rgb")
    if COLOR_BANDS[color] > count:
        color, icc = "gray", None
    alpha, premultiplied = _opacity(header.get(b"cdef", b""))
    if len(set(stream.bits[: COLOR_BANDS[color]])) > 1:
        raise BadPicture(
            f"{path} has channels of different depths.", "Save it as TIFF with the program that created it."
        )
    return icc, _Channels(count, bits, color, alpha if alpha is not None and alpha < count else None, premultiplied)


def _opacity(cdef: bytes) -> tuple[int | None, bool]:
    """The channel of opacity for the whole picture, and whether color is premultiplied by it (annex I.5.3.6)."""
    for place in range(2, len(cdef) - 5, 6):
        channel, kind, _ = struct.unpack_from(">HHH", cdef, place)
        if kind in (1, 2):
            return channel, kind == 2
    return None, False


def _metadata(path: Path, outer: list[Box]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for box in outer:
        if box.type == b"uuid" and box.size > 16:
            data = boxes.content(path, box)
            if (name := _UUIDS.get(data[:16])) is not None:
                found.setdefault(name, (b"Exif\0\0" if name == "exif-data" else b"") + data[16:])
    return found


def _without_profile(path: Path) -> bytearray:
    """The file with its profile's box renamed: the decoder would otherwise convert to sRGB, with losses."""
    data = bytearray(path.read_bytes())
    start = data.find(b"jp2h")
    end = start + int.from_bytes(data[start - 4 : start], "big") if start >= 4 else 0
    place = data.find(b"colr", max(start, 0), end)
    while place >= 0:
        if data[place + 4] != 1:
            data[place : place + 4] = b"none"
        place = data.find(b"colr", place + 4, end)
    return data


def _decoded(path: Path, stream: _Codestream, channels: _Channels) -> pyvips.Image:
    from imagecodecs import jpeg2k_decode

    samples = np.atleast_3d(jpeg2k_decode(_without_profile(path)))
    if samples.shape != (stream.height, stream.width, channels.count):
        raise ValueError(f"decoded to {samples.shape} samples")
    if stream.signed:
        samples = samples.astype(np.int32) + (1 << (channels.bits - 1))
    largest = (1 << channels.bits) - 1
    kind = np.uint8 if channels.bits <= 8 else np.uint16
    image = to_full_range(image_of(np.clip(samples, 0, largest).astype(kind)), largest)
    color = COLOR_BANDS[channels.color]
    if channels.alpha is not None and stream.bits[channels.alpha] != channels.bits:
        opacity = to_full_range(
            image_of(samples[..., channels.alpha].astype(kind)), (1 << stream.bits[channels.alpha]) - 1
        )
        image = image.extract_band(0, n=color).bandjoin(opacity.cast(image.format))
    else:
        image = arranged(image, color, channels.alpha)
    if channels.premultiplied:
        image = image.unpremultiply(max_alpha=255 if channels.bits <= 8 else 65535).rint().cast(image.format)
    return image


def _with_resolution(image: pyvips.Image, header: dict[bytes, bytes]) -> pyvips.Image:
    """Sets the capture resolution, else the display resolution, in samples per meter (annex I.5.3.7): numerators,
    denominators, powers of ten."""
    box = header.get(b"resc", header.get(b"resd", b""))
    if len(box) < 10:
        return image
    up, up_by, across, across_by, up_power, across_power = struct.unpack_from(">HHHHbb", box)
    if not (up_by and across_by and up and across and abs(up_power) < 20 and abs(across_power) < 20):
        return image
    return image.copy(xres=across / across_by * 10.0**across_power / 1000, yres=up / up_by * 10.0**up_power / 1000)
