"""Photoshop documents (PSD, PSB), read by psd-tools: the flattened picture that Photoshop saves with the layers.

Adobe Photoshop File Formats Specification (2019): the merged image data, planes of 1, 8, 16 or 32 bits. A document
saved without it ("Maximize Compatibility" off) has a blank one, and is rejected.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyvips

from photochrom.errors import BadPicture
from photochrom.image import cicp
from photochrom.image.color_spaces import LINEAR, Format, GraySpace, RGBSpace
from photochrom.image.formats.samples import check_page, damaged, decoding, image_of, once, with_fields
from photochrom.image.limits import check_size
from photochrom.image.metadata import photoshop
from photochrom.image.metadata.model import MAX_BLOCK
from photochrom.image.stored_image import COLOR_BANDS, ColorModel, LabCodes, StoredImage

if TYPE_CHECKING:
    from psd_tools.psd import PSD

_NAME: Final = "Photoshop"
_BITMAP, _INDEXED, _DUOTONE, _MULTICHANNEL = 0, 2, 8, 7
_COLORS: Final[dict[int, ColorModel]] = {0: "gray", 1: "gray", 2: "rgb", 3: "rgb", 4: "cmyk", 8: "gray", 9: "lab"}
_FORMATS: Final[dict[int, Format]] = {1: "uchar", 8: "uchar", 16: "ushort", 32: "float"}
_TYPES: Final = {8: ">u1", 16: ">u2", 32: ">f4"}
_LAB_CODES: Final = {8: LabCodes(255, 128, 1), 16: LabCodes(65535, 32896, 257)}

_ICC, _VERSION, _EXIF, _XMP = 1039, 1057, 1058, 1060
"""Numbers of image resources."""


@dataclass(frozen=True)
class _Header:
    """The file header section: 26 bytes."""

    channels: int
    height: int
    width: int
    depth: int
    mode: int

    @property
    def color(self) -> ColorModel:
        return _COLORS[self.mode]

    @property
    def planes(self) -> int:
        """The number of color channels; an indexed picture has one."""
        return 1 if self.mode == _INDEXED else COLOR_BANDS[self.color]


def open_stored(path: Path, number: int, max_pixels: int) -> StoredImage:
    """See `photochrom.image.formats`."""
    check_page(path, number, 1)
    header = _header(path)
    check_size(path, header.width, header.height, max_pixels, whole=True, pixel_bytes=4 * header.channels)
    with decoding(path, _NAME):
        alpha = _is_transparent(_open(path)) and header.channels > header.planes
    block = _resources(path)
    resources = {resource.number: resource.data for resource in photoshop.parse(block)}
    if resources.get(_VERSION, b"\0\0\0\0\1")[4:5] == b"\0":
        raise BadPicture(
            f"{path} is a Photoshop document without a flattened picture.",
            "Save it in Photoshop with 'Maximize Compatibility', or flatten it and save it as TIFF.",
        )
    notes = []
    if left_out := header.channels - header.planes - alpha:
        what = "a further channel" if left_out == 1 else f"{left_out} further channels"
        notes.append(f"it has {what} (saved selections, spot colors): left out.")
    if header.mode == _DUOTONE:
        notes.append("it is a duotone; its gray is used as stored, without the inks' curves.")
    fields = {
        "icc-profile-data": resources.get(_ICC),
        "exif-data": resources.get(_EXIF),
        "xmp-data": resources.get(_XMP),
        "photoshop-data": block,
    }

    def decode() -> pyvips.Image:
        with decoding(path, _NAME):
            return with_fields(image_of(_samples(_open(path), header, alpha=alpha)), fields)

    lab = header.color == "lab"
    return StoredImage(
        width=header.width,
        height=header.height,
        format=_FORMATS[header.depth],
        color=header.color,
        load=once(decode),
        alpha=alpha,
        icc=None if lab else fields["icc-profile-data"],
        space=_linear(header) if header.depth == 32 else None,
        codes=_LAB_CODES[header.depth] if lab else None,
        whole=True,
        notes=tuple(notes),
    )


def _linear(header: _Header) -> GraySpace | RGBSpace | None:
    """Floating-point samples without a profile are linear light."""
    return GraySpace("linear light", LINEAR, None) if header.color == "gray" else cicp.space(1, 8)


def _header(path: Path) -> _Header:
    with path.open("rb") as file:
        head = file.read(26)
    if len(head) < 26:
        raise damaged(path, _NAME, "its header is truncated")
    version, channels, height, width, depth, mode = struct.unpack_from(">H6xHIIHH", head, 4)
    header = _Header(channels, height, width, depth, mode)
    if version not in (1, 2) or depth not in _FORMATS or not (width and height and 0 < channels <= 56):
        raise damaged(path, _NAME, "its header is malformed")
    if mode == _MULTICHANNEL or mode not in _COLORS:
        raise BadPicture(
            f"{path} is a multichannel Photoshop document, which does not define its colors.",
            "Change its mode to grayscale or RGB in Photoshop.",
        )
    if channels < header.planes or (header.color == "lab" and depth not in _LAB_CODES):
        raise damaged(path, _NAME, "its header is malformed")
    return header


def _open(path: Path) -> PSD:
    from psd_tools.psd import PSD

    with path.open("rb") as file:
        return PSD.read(file)


def _is_transparent(psd: PSD) -> bool:
    """Whether the first extra channel is the opacity of the merged picture, marked by a negative layer count."""
    from psd_tools.constants import Tag

    section = psd.layer_and_mask_information
    # Of deeper samples the layers are in a block behind that section.
    blocks: Any = section.tagged_blocks or {}
    found = [section.layer_info, *(blocks[tag].data for tag in (Tag.LAYER_16, Tag.LAYER_32) if tag in blocks)]
    return any(each is not None and each.layer_count < 0 for each in found)


def _resources(path: Path) -> bytes:
    """The image resources section, which follows the color mode data."""
    with path.open("rb") as file:
        file.seek(26)
        for _ in range(2):
            size = int.from_bytes(file.read(4), "big")
            block = file.read(min(size, MAX_BLOCK))
    return block


def _samples(psd: PSD, header: _Header, *, alpha: bool) -> Any:
    """(h, w, bands) of color, then opacity, in vips' polarity: CMYK counts ink, not its absence."""
    planes: list[Any] = list(psd.image_data.get_data(psd.header))[: header.planes + alpha]
    if header.depth == 1:
        rows = np.frombuffer(planes[0], np.uint8).reshape(header.height, -1)
        return (1 - np.unpackbits(rows, axis=1)[:, : header.width]) * np.uint8(255)
    shape = (header.height, header.width)
    samples = np.stack([np.frombuffer(plane, _TYPES[header.depth]).reshape(shape) for plane in planes], axis=-1)
    samples = samples.astype(samples.dtype.newbyteorder("="))
    if header.mode == _INDEXED:
        palette = np.frombuffer(psd.color_mode_data.value, np.uint8)[:768].reshape(3, 256).T
        return np.concatenate([palette[samples[..., 0]], samples[..., 1:]], axis=-1)
    if header.color == "cmyk" and header.depth != 32:
        samples[..., :4] = np.iinfo(samples.dtype).max - samples[..., :4]
    return samples
