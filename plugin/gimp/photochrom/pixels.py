"""Pixels of drawables, in bands of rows so that memory stays bounded. GEGL converts: precision, curve, profile.

Lab is CIE L*a*b* D50 here as in the engine: it is what babl's "CIE L" and "CIE Lab" mean.
"""

from gi.repository import Gegl, Gimp

ROWS = 256
"""Rows of a band: a multiple of GIMP's 64-pixel tiles."""


def lightness_bands(drawable):
    """The L* of `drawable` from top to bottom: "CIE L float" (4 bytes a pixel, 0…100)."""
    return _bands(drawable, "CIE L float")


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
    """All of `drawable`, smaller by `scale`: (width, height, bytes in `pixel_format`)."""
    width = max(1, round(drawable.get_width() * scale))
    height = max(1, round(drawable.get_height() * scale))
    rectangle = Gegl.Rectangle.new(0, 0, width, height)
    data = drawable.get_buffer().get(rectangle, scale, pixel_format, Gegl.AbyssPolicy.CLAMP)
    return width, height, bytes(data)


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


def write(drawable, strips):
    """Writes strips of "CIE Lab alpha float" into a `drawable` that is not in its image yet."""
    _fill(drawable.get_buffer(), drawable.get_width(), strips)
    drawable.update(0, 0, drawable.get_width(), drawable.get_height())


def merge(drawable, strips):
    """The same for one that is in its image: where something is selected only there, and Undo takes it back."""
    _fill(drawable.get_shadow_buffer(), drawable.get_width(), strips)
    drawable.merge_shadow(True)
    drawable.update(0, 0, drawable.get_width(), drawable.get_height())


def _fill(buffer, width, strips):
    for strip in strips:
        buffer.set(Gegl.Rectangle.new(0, strip.y, width, strip.rows), "CIE Lab alpha float", strip.data)
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
