"""Pixels of drawables, in bands of rows so that memory stays bounded. GEGL converts: precision, curve, profile.

Lab is CIE L*a*b* D50 here as in the engine: it is what babl's "CIE L" and "CIE Lab" mean.
"""

from array import array
from contextlib import contextmanager
from typing import Literal

from gi.repository import Babl, Gegl, Gimp

from photochrom_client.kit.sending import ROWS
from photochrom_client.lookup import srgb_lightness


@contextmanager
def as_seen(drawable):
    """The drawable with its live filters applied (Levels, Curves, Invert…), as long as the context lasts: a layer's own
    buffer is without them."""
    if not any(each.get_visible() for each in drawable.get_filters()):
        yield drawable
        return
    copy = drawable.copy()
    try:
        copy.merge_filters()
        yield copy
    finally:
        copy.delete()


def lightness_bands(drawable):
    """The L* of `drawable` from top to bottom: "CIE L float" (4 bytes a pixel, 0…100)."""
    return _bands(drawable, "CIE L float")


def samples_of(drawable):
    """The samples of a `drawable` as (the L* of each possible one, bands from top to bottom), a quarter or half of the
    bytes: of a gray one of 8 or 16 bits, and of one of 8 bits in sRGB. None for any other."""
    image = drawable.get_image()
    own = Babl.get_name(drawable.get_format())
    if own in EIGHT_BITS_IN_SRGB:
        return srgb_lightness("H"), _bands(drawable, "Y' u16")
    kind = SAMPLES.get(image.get_precision()) if drawable.is_gray() else None
    if kind is None:
        return None
    channels = 1 + drawable.has_alpha()
    in_srgb = image.get_precision() in IN_SRGB and image.get_color_profile() is None
    table = srgb_lightness(kind) if in_srgb else _lightness_table(own, kind, channels)
    return table, (memoryview(band).cast(kind)[::channels].tobytes() for band in _bands(drawable, own))


def _lightness_table(own, kind, channels):
    """The L* of each possible sample of gray pixels of the format `own`. It takes babl a fifth of a second to find its
    way to "CIE L"."""
    width, height = (256, 1) if kind == "B" else (256, 256)
    rectangle, every = Gegl.Rectangle.new(0, 0, width, height), Gegl.Buffer.new(own, 0, 0, width, height)
    full = width * height - 1
    samples = array(kind, [sample for gray in range(full + 1) for sample in (gray, full)[:channels]])
    every.set(rectangle, own, samples.tobytes())
    return array("f", every.get(rectangle, 1.0, "CIE L float", Gegl.AbyssPolicy.NONE))


def alpha_bands(drawable):
    """The alpha of `drawable` from top to bottom: float32, 0…1."""
    for band in _bands(drawable, "YA float"):
        yield memoryview(band).cast("f")[1::2].tobytes()


def _bands(drawable, pixel_format):
    buffer = drawable.get_buffer()
    width, height = drawable.get_width(), drawable.get_height()
    for y in range(0, height, ROWS):
        rectangle = Gegl.Rectangle.new(0, y, width, min(ROWS, height - y))
        yield buffer.get(rectangle, 1.0, pixel_format, Gegl.AbyssPolicy.NONE)


def reduced(drawable: Gimp.Drawable, scale: float, pixel_format: str) -> tuple[int, int, bytes]:
    """All of `drawable` as seen, smaller by `scale`: (width, height, bytes in `pixel_format`)."""
    width = max(1, round(drawable.get_width() * scale))
    height = max(1, round(drawable.get_height() * scale))
    rectangle = Gegl.Rectangle.new(0, 0, width, height)
    with as_seen(drawable) as seen:
        data = seen.get_buffer().get(rectangle, scale, pixel_format, Gegl.AbyssPolicy.CLAMP)
    return width, height, bytes(data)


def part(drawable, corner, size, pixel_format):
    """A part of a drawable at its own size, as bytes."""
    rectangle = Gegl.Rectangle.new(*corner, *size)
    return bytes(drawable.get_buffer().get(rectangle, 1.0, pixel_format, Gegl.AbyssPolicy.NONE))


def colored(size, photograph, colors):
    """A picture with the tones of one and the colors of another, all "R'G'B'A u8", by GIMP as in its documents."""
    width, height = size
    aside = Gimp.Image.new(width, height, Gimp.ImageBaseType.RGB)
    try:
        for data, mode in ((photograph, Gimp.LayerMode.NORMAL), (colors, Gimp.LayerMode.LCH_COLOR)):
            layer = Gimp.Layer.new(aside, "", width, height, Gimp.ImageType.RGBA_IMAGE, 100.0, mode)
            fill(layer, "R'G'B'A u8", data)
            aside.insert_layer(layer, None, 0)
        return part(aside.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE), (0, 0), size, "R'G'B'A u8")
    finally:
        aside.delete()


def over(drawable: Gimp.Drawable, source: Gimp.Layer, most: int, pixel_format: str) -> tuple[int, int, bytes]:
    """What of `drawable` lies over the layer `source`, at most `most` pixels on the long side, as (width, height,
    bytes in `pixel_format`).

    GIMP scales a copy: reading a buffer smaller mixes the color of transparent pixels in.
    """
    width, height = source.get_width(), source.get_height()
    scale = min(1.0, most / max(width, height))
    x, y = _offsets(drawable)
    left, top = _offsets(source)
    aside = Gimp.Image.new_with_precision(width, height, Gimp.ImageBaseType.RGB, drawable.get_image().get_precision())
    try:
        copy = Gimp.Layer.new_from_drawable(drawable, aside)
        aside.insert_layer(copy, None, 0)
        copy.add_alpha()
        copy.resize(width, height, x - left, y - top)
        if scale < 1:
            copy.scale(max(1, round(width * scale)), max(1, round(height * scale)), False)
        rectangle = Gegl.Rectangle.new(0, 0, copy.get_width(), copy.get_height())
        data = bytes(copy.get_buffer().get(rectangle, 1.0, pixel_format, Gegl.AbyssPolicy.NONE))
        return copy.get_width(), copy.get_height(), data
    finally:
        aside.delete()


def projection(image: Gimp.Image, most: int) -> tuple[int, int, bytes]:
    """The whole picture as displayed, at most `most` pixels on the long side: (width, height, "CIE Lab float")."""
    aside = image.duplicate()
    try:
        layer = aside.flatten()
        return reduced(layer, min(1.0, most / max(layer.get_width(), layer.get_height())), "CIE Lab float")
    finally:
        aside.delete()


EIGHT_BITS_IN_SRGB = {f"{colors}{alpha} u8" for colors in ("R'G'B'", "R~G~B~", "RGB") for alpha in ("", "A")}
"""Formats, by babl's names, whose luminance babl gives in 16 bits with the curve of sRGB ("Y' u16") at once, right to
0.001 L*. Before its first "CIE L" it makes a table of all 16 million colors, for a quarter of a second. The name of a
format with a profile has more to it."""

SAMPLES: dict[Gimp.Precision, Literal["B", "H"]] = {
    Gimp.Precision.U8_LINEAR: "B",
    Gimp.Precision.U8_NON_LINEAR: "B",
    Gimp.Precision.U8_PERCEPTUAL: "B",
    Gimp.Precision.U16_LINEAR: "H",
    Gimp.Precision.U16_NON_LINEAR: "H",
    Gimp.Precision.U16_PERCEPTUAL: "H",
}
"""Of images of this precision, as `array` names them."""

IN_SRGB = {
    Gimp.Precision.U8_NON_LINEAR,
    Gimp.Precision.U8_PERCEPTUAL,
    Gimp.Precision.U16_NON_LINEAR,
    Gimp.Precision.U16_PERCEPTUAL,
}
"""Precisions with the curve of sRGB where there is no profile."""

FORMS = {Gimp.Precision.U8_NON_LINEAR: "rgb8", Gimp.Precision.U16_NON_LINEAR: "rgb16"}
"""The client's forms of pixels that an image of this precision holds as they are."""


def form_of(image, *, only_colors):
    """The form of pixels to ask for: samples that GIMP need not convert, or Lab.

    With 16 bits, samples are for a layer that gives `only_colors`: what GIMP reads from them is off by up to 0.007 L*,
    unless GIMP has written them too.
    """
    form = FORMS.get(image.get_precision(), "lab")
    return form if form == "rgb8" or only_colors else "lab"


def write(drawable, strips):
    """Writes strips into a `drawable` that is not in its image yet."""
    _fill(drawable, drawable.get_buffer(), strips)
    drawable.update(0, 0, drawable.get_width(), drawable.get_height())


def merge(drawable, strips):
    """The same for one that is in its image: where something is selected only there, and Undo takes it back."""
    _fill(drawable, drawable.get_shadow_buffer(), strips)
    drawable.merge_shadow(True)
    drawable.update(0, 0, drawable.get_width(), drawable.get_height())


def _fill(drawable, buffer, strips):
    width = drawable.get_width()
    # A format's name without a space means sRGB; that of the drawable has the space of the image's profile.
    own = Babl.get_name(drawable.get_format())
    for strip in strips:
        pixel_format = "CIE Lab alpha float" if strip.form == "lab" else own
        buffer.set(Gegl.Rectangle.new(0, strip.y, width, strip.rows), pixel_format, strip.data)
    buffer.flush()


def fill(drawable, pixel_format, data):
    """Writes all of a small `drawable` at once."""
    rectangle = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    buffer = drawable.get_buffer()
    buffer.set(rectangle, pixel_format, data)
    buffer.flush()
    drawable.update(0, 0, drawable.get_width(), drawable.get_height())


def _offsets(drawable):
    _found, x, y = drawable.get_offsets()
    return x, y
