"""Writes a layered Photoshop document: a photograph, and its color version in a normal layer above it.

Adobe Photoshop File Formats Specification (2019). Samples are stored uncompressed, so that the place of every row is
known beforehand: both pictures are decoded once, strip by strip, and each sample goes to its plane.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import numpy as np
import pyvips

from photochrom.errors import OutputFailed
from photochrom.image import metadata
from photochrom.image.atomic import replacing
from photochrom.image.mark import Mark
from photochrom.image.metadata import exif, photoshop
from photochrom.image.metadata.photoshop import RESOLUTION, Resource, Resources
from photochrom.image.metadata.resolution import to_photoshop
from photochrom.image.openraster import COLOR_LAYER, SOURCE_LAYER, as_it_is
from photochrom.image.picture import Picture
from photochrom.progress import Progress

MAX_SIDE: Final = 30_000
MAX_BYTES: Final = 2_000_000_000
"""Of a document; larger ones are of another kind (PSB), which few programs read."""

_ROWS: Final = 128
_RGB: Final = 3
_RAW: Final = b"\0\0"
"""The compression of a plane."""

_SHOWN_PER_INCH: Final = struct.pack(">IHHIHH", 0, 1, 1, 0, 1, 1)
_ICC, _EXIF, _XMP = 1039, 1058, 1060
"""Numbers of image resources."""


class _Layer(NamedTuple):
    """`samples`: RGB or RGBA, 8 or 16 bits."""

    name: str
    samples: pyvips.Image
    visible: bool

    @property
    def plane(self) -> int:
        """Bytes of one plane."""
        return int(self.samples.width * self.samples.height * {"uchar": 1, "ushort": 2}[self.samples.format])


def write(
    picture: Picture, colored: Picture, out: Path, *, mark: Mark | None, progress: Progress | None
) -> tuple[str, ...]:
    """Writes `picture` with the color version `colored` above it to `out`: both RGB, of one size, depth and profile.

    Returns notes on metadata that could not be kept. Raises OutputFailed if it is too large for this format, or cannot
    be written, BadPicture if a picture turns out to be damaged, Cancelled if `progress` raises it.
    """
    below = _Layer(SOURCE_LAYER, as_it_is(picture), picture.opaque)
    above = _Layer(COLOR_LAYER, as_it_is(colored), True)
    notes, resources = _resources(colored, above.samples, mark)
    head, planes, total = _plan((below, above), resources)
    if total > MAX_BYTES or max(picture.width, picture.height) > MAX_SIDE:
        raise OutputFailed(
            f"{out}: the picture is too large for a Photoshop document.",
            "Write a TIFF instead, which Photoshop opens, too.",
        )
    with replacing(out) as unfinished, unfinished.open("r+b") as file:
        for place, data in head.items():
            file.seek(place)
            file.write(data)
        file.truncate(total)
        for number, (layer, source) in enumerate(((below, picture), (above, colored))):
            with source.reading():
                _write_planes(file, layer, planes[number], progress and _half(progress, number))
    return tuple(f"{colored.path.name}: {note}" for note in notes)


def _plan(layers: tuple[_Layer, _Layer], resources: Resources) -> tuple[dict[int, bytes], list[list[list[int]]], int]:
    """Returns what is beside the samples, by its place; for each layer, and each of its planes, the places of its
    copies (the upper layer is the merged picture, too); and the size of the file."""
    merged, block = layers[1], photoshop.to_bytes(resources)
    bits = 16 if merged.samples.format == "ushort" else 8
    head = b"8BPS" + struct.pack(
        ">H6xHIIHH", 1, merged.samples.bands, merged.samples.height, merged.samples.width, bits, _RGB
    )
    head += struct.pack(">I", 0) + struct.pack(">I", len(block)) + block
    records = struct.pack(">h", -len(layers) if merged.samples.bands > _RGB else len(layers))
    records += b"".join(map(_record, layers))
    size = len(records) + sum(layer.samples.bands * (len(_RAW) + layer.plane) for layer in layers)
    padded = size + -size % 4
    # Photoshop has layers of 16 bits in a block behind an empty section for those of 8.
    after = b"" if bits == 16 else struct.pack(">I", 0)
    before = struct.pack(">II4s4sI", 0, 0, b"8BIM", b"Lr16", padded) if bits == 16 else struct.pack(">I", padded)
    head += struct.pack(">I", len(before) + padded + len(after)) + before
    pieces, planes, place = {0: head + records}, [], len(head) + len(records)
    for layer in layers:
        places = []
        for _band in range(layer.samples.bands):
            pieces[place] = _RAW
            places.append([place + len(_RAW)])
            place += len(_RAW) + layer.plane
        planes.append(places)
    place = len(head) + padded
    pieces[place] = after + _RAW
    place += len(after) + len(_RAW)
    for band in range(merged.samples.bands):
        planes[1][band].append(place + band * merged.plane)
    return pieces, planes, place + merged.samples.bands * merged.plane


def _record(layer: _Layer) -> bytes:
    """A layer record: bounds, channels, mode, name."""
    samples = layer.samples
    channels = b"".join(
        struct.pack(">hI", number if number < _RGB else -1, len(_RAW) + layer.plane) for number in range(samples.bands)
    )
    name = layer.name.encode("ascii")
    name = bytes([len(name)]) + name
    extra = struct.pack(">II", 0, 0) + name + b"\0" * (-len(name) % 4)
    hidden = 0 if layer.visible else 2
    return (
        struct.pack(">4IH", 0, 0, samples.height, samples.width, samples.bands)
        + channels
        + struct.pack(">4s4sBBBx", b"8BIM", b"norm", 255, 0, hidden)
        + struct.pack(">I", len(extra))
        + extra
    )


def _resources(colored: Picture, samples: pyvips.Image, mark: Mark | None) -> tuple[tuple[str, ...], Resources]:
    """The image resources: what there is to say about the color version, and its profile."""
    facts = metadata.facts_of(samples, "tiff", colored.stored.orientation)
    found = metadata.of_result(metadata.of_picture(colored), facts, mark)
    blocks = {
        RESOLUTION: to_photoshop(found.resolution, _SHOWN_PER_INCH),
        _ICC: bytes(samples.get("icc-profile-data")),
        _EXIF: exif.to_block(found.exif) if found.exif else None,
        _XMP: found.xmp,
    }
    kept = tuple(each for each in found.photoshop if each.number not in blocks)
    added = tuple(Resource(number, b"", data) for number, data in blocks.items() if data is not None)
    return found.notes, photoshop.with_iptc((*kept, *added), found.iptc)


def _write_planes(file: BinaryIO, layer: _Layer, planes: list[list[int]], progress: Progress | None) -> None:
    samples = layer.samples
    region = pyvips.Region.new(samples)
    kind = np.uint8 if samples.format == "uchar" else np.uint16
    for y in range(0, samples.height, _ROWS):
        rows = min(_ROWS, samples.height - y)
        strip = np.frombuffer(region.fetch(0, y, samples.width, rows), kind).reshape(-1, samples.bands)
        big = strip.T.astype(strip.dtype.newbyteorder(">"), order="C")
        for places, plane in zip(planes, big, strict=True):
            for place in places:
                file.seek(place + y * samples.width * strip.itemsize)
                file.write(plane.data)
        if progress:
            progress((y + rows) / samples.height, "Writing the picture")


def _half(progress: Progress, number: int) -> Progress:
    return lambda done, doing: progress((number + done) / 2, doing)
