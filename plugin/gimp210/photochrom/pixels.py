"""Pixels of drawables, in bands of rows so that memory stays bounded.

Lab is CIE L*a*b* D50 here as in the engine, through the image's profile.
"""

import ctypes
import struct
from ctypes import byref

import gimp
from gimp import pdb
from gimpenums import (
    CLIP_TO_IMAGE,
    LAYER_MODE_LCH_COLOR,
    LAYER_MODE_NORMAL,
    PRECISION_U8_GAMMA,
    PRECISION_U16_GAMMA,
    RGB,
    RGBA_IMAGE,
)
from gimpfu_compat import pixels
from gimpfu_compat.libraries import GIMP, Int, Pointer, free, function

from photochrom_client.kit.sending import ROWS
from photochrom_client.lookup import srgb_lightness

LAB_ALPHA = "CIE Lab alpha float"

_of_image, _of_drawable = (
    function(GIMP, f"gimp_{kind}_get_thumbnail_data", Pointer, Int, Pointer, Pointer, Pointer)
    for kind in ("image", "drawable")
)


def lightness_bands(drawable):
    """The L* of `drawable` from top to bottom: "CIE L float" (4 bytes a pixel, 0…100)."""
    return _bands(drawable, "CIE L float")


def samples_of(drawable):
    """The samples of a `drawable` of 8 bits in sRGB as (the L* of each possible one, bands from top to bottom), a
    quarter or half of the bytes; None for any other. In RGB they are 16 bits of luminance, right to 0.001 L*, which
    babl gives twice as fast as "CIE L"."""
    image = drawable.image
    if image.precision != PRECISION_U8_GAMMA or drawable.is_indexed or pixels.icc_profile(image) is not None:
        return None
    kind, pixel_format = ("B", "Y' u8") if drawable.is_gray else ("H", "Y' u16")
    return srgb_lightness(kind), _bands(drawable, pixel_format)


def alpha_bands(drawable):
    """The alpha of `drawable` from top to bottom: float32, 0…1."""
    for band in _bands(drawable, "YA float"):
        yield memoryview(band).cast("f")[1::2].tobytes()


def _bands(drawable, pixel_format):
    width, height = drawable.width, drawable.height
    for y in range(0, height, ROWS):
        yield pixels.read(drawable, pixel_format, 0, y, width, min(ROWS, height - y))


def colored(size, photograph, colors):
    """A picture with the tones of one and the colors of another, all "R'G'B'A u8", by GIMP as in its documents."""
    width, height = size
    aside = gimp.Image(width, height, RGB)
    try:
        for data, mode in ((photograph, LAYER_MODE_NORMAL), (colors, LAYER_MODE_LCH_COLOR)):
            layer = gimp.Layer(aside, "", width, height, RGBA_IMAGE, 100.0, mode)
            fill(layer, "R'G'B'A u8", data)
            aside.insert_layer(layer)
        return pixels.read(aside.merge_visible_layers(CLIP_TO_IMAGE), "R'G'B'A u8", 0, 0, width, height)
    finally:
        gimp.delete(aside)


def over(drawable, source, most, pixel_format):
    """What of `drawable` lies over the layer `source`, at most `most` pixels on the long side, as (width, height,
    bytes in `pixel_format`).

    GIMP scales a copy: reading a buffer smaller mixes the color of transparent pixels in.
    """
    width, height = source.width, source.height
    scale = min(1.0, most / max(width, height))
    (x, y), (left, top) = drawable.offsets, source.offsets
    image = source.image
    aside = pdb.gimp_image_new_with_precision(width, height, RGB, image.precision)
    try:
        profile = pixels.icc_profile(image) if image.base_type == RGB else None
        if profile is not None:
            pdb.gimp_image_set_color_profile(aside, len(profile), profile)
        copy = pdb.gimp_layer_new_from_drawable(drawable, aside)
        aside.insert_layer(copy)
        copy.add_alpha()
        copy.resize(width, height, x - left, y - top)
        if scale < 1:
            copy.scale(max(1, round(width * scale)), max(1, round(height * scale)))
        data = pixels.read(copy, pixel_format, 0, 0, copy.width, copy.height)
        return copy.width, copy.height, bytes(data)
    finally:
        gimp.delete(aside)


def thumbnail(thing, width, height):
    """The small picture of an image or a drawable that GIMP keeps, no larger than this: (width, height, bands, 8-bit
    samples as they are displayed)."""
    wide, high, bands = Int(width), Int(height), Int()
    of_image = isinstance(thing, gimp.Image)
    data = (_of_image if of_image else _of_drawable)(thing.ID, byref(wide), byref(high), byref(bands))
    if not data:
        raise RuntimeError(f"GIMP gave no small picture of {thing!r}")
    samples = ctypes.string_at(data, wide.value * high.value * bands.value)
    free(data)
    return wide.value, high.value, bands.value, samples


def ab_of(rgb):
    """(a, b) of a color, sRGB 0…1."""
    data = struct.pack("3f", *rgb)
    return struct.unpack("3f", pixels.converted(data, "R'G'B' float", "CIE Lab float"))[1:]


FORMS = {PRECISION_U8_GAMMA: "rgb8", PRECISION_U16_GAMMA: "rgb16"}
"""The client's forms of pixels that an image of this precision holds as they are."""

FORMATS = {"lab": LAB_ALPHA, "rgb8": "R'G'B'A u8", "rgb16": "R'G'B'A u16"}
"""What babl calls them."""


def form_of(image, *, only_colors):
    """The form of pixels to ask for: samples that need no conversion, or Lab.

    With 16 bits, samples are for a layer that gives `only_colors`: tones that GEGL has not written itself are read a
    little differently, in GIMP 3 by up to 0.007 L*.
    """
    form = FORMS.get(image.precision, "lab")
    return form if form == "rgb8" or only_colors else "lab"


def write(drawable, strips):
    """Writes strips into a `drawable` that is not in its image yet."""
    for strip in strips:
        pixels.write(drawable, FORMATS[strip.form], strip.data, 0, strip.y, drawable.width, strip.rows)
    drawable.flush()


def write_coverage(channel, strips, width, left, top):
    """Writes the alpha of strips of Lab, `width` pixels wide, into a channel that is not in its image yet: from the
    place (left, top) of the image on, as far as it lies inside."""
    first, end = max(0, left), min(channel.width, left + width)
    for strip in strips:
        alpha = memoryview(strip.data).cast("f")[3::4]
        rows = range(max(0, -top - strip.y), min(strip.rows, channel.height - top - strip.y))
        if rows and first < end:
            inside = b"".join(alpha[y * width + first - left : y * width + end - left].tobytes() for y in rows)
            pixels.write(channel, "Y float", inside, first, top + strip.y + rows.start, end - first, len(rows))
    channel.flush()


def fill(drawable, pixel_format, data):
    """Writes all of a small `drawable` at once."""
    pixels.write(drawable, pixel_format, data, 0, 0, drawable.width, drawable.height)
    drawable.flush()


def merge(drawable, strips):
    """The same for one that is in its image: where something is selected only there, and Undo takes it back."""
    for strip in strips:
        pixels.write(drawable, FORMATS[strip.form], strip.data, 0, strip.y, drawable.width, strip.rows, shadow=True)
    drawable.merge_shadow(True)
    drawable.update(0, 0, drawable.width, drawable.height)
