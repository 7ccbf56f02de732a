"""What goes over from a photograph to its colour version besides the pixels.

EXIF and XMP, IPTC records, text of PNG, Photoshop's data and the resolution. The orientation is reset, since
the pixels are upright; XMP gets the mark; the profile is that of the result.
"""

from __future__ import annotations

from typing import Final

import pyvips

from photochrom.image import exif, iptc
from photochrom.image.mark import Mark
from photochrom.image.picture import Picture

_KEPT: Final = (
    "exif-",
    "png-comment-",
    "photoshop-data",
    "xmp-data",
    "image-description",
    "resolution-unit",
)
"""Metadata that goes over to the colour version; the rest describes how the source was encoded."""

_STRUCTURE: Final = frozenset(pyvips.Image.black(1, 1).get_fields())
"""The fields that every vips image has: width, format and so on."""


def with_metadata(
    picture: Picture, image: pyvips.Image, pixels: pyvips.Image, icc: bytes | None, mark: Mark | None
) -> pyvips.Image:
    """`image` with the metadata that people care for of `pixels`, the picture's own; the profile `icc`; the mark."""
    image = image.copy(xres=pixels.xres, yres=pixels.yres)
    fields = pixels.get_fields()
    for name in image.get_fields():
        if image.get_typeof(name) and name not in _STRUCTURE:
            image.remove(name)
    for name in fields:
        if name.startswith(_KEPT):
            image.set_type(pixels.get_typeof(name), name, pixels.get(name))
    if "iptc-data" in fields:
        records = iptc.records(pixels.get("iptc-data"))
        image.set_type(pyvips.GValue.blob_type, "iptc-data", records)
    if picture.loader == "tiffload" and picture.exif:
        known = _exif_fields(exif.to_block(picture.exif))
        for name in known.get_fields():
            if name.startswith("exif-"):
                image.set_type(known.get_typeof(name), name, known.get(name))
    # vips writes this number into the EXIF block, which still holds the file's own orientation.
    image.set_type(pyvips.GValue.gint_type, "orientation", 1)
    if icc is not None:
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    if mark is not None:
        xmp = pixels.get("xmp-data") if "xmp-data" in fields else None
        image.set_type(pyvips.GValue.blob_type, "xmp-data", mark.packet(xmp))
    return image


def _exif_fields(block: bytes) -> pyvips.Image:
    """An image with the fields that libvips makes of an EXIF block: it writes only what it has read itself."""
    pixel = pyvips.Image.black(1, 1).jpegsave_buffer(keep="none")
    if len(block) > 65533:  # more than a JPEG segment holds
        return pyvips.Image.jpegload_buffer(pixel)
    segment = b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block
    return pyvips.Image.jpegload_buffer(pixel[:2] + segment + pixel[2:])
