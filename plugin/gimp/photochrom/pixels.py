"""Pixels of drawables, in bands of rows so that memory stays bounded. GEGL converts: precision, curve, profile.

Lab is CIE L*a*b* D50 here as in the engine: it is what babl's "CIE L" and "CIE Lab" mean.
"""

from gi.repository import Gegl

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


def reduced(drawable, scale, pixel_format):
    """All of `drawable`, smaller by `scale`: (width, height, bytes in `pixel_format`)."""
    width = max(1, round(drawable.get_width() * scale))
    height = max(1, round(drawable.get_height() * scale))
    rectangle = Gegl.Rectangle.new(0, 0, width, height)
    data = drawable.get_buffer().get(rectangle, scale, pixel_format, Gegl.AbyssPolicy.CLAMP)
    return width, height, data


def write(drawable, strips):
    """Writes strips of "CIE Lab alpha float" into `drawable`."""
    buffer = drawable.get_buffer()
    width = drawable.get_width()
    for strip in strips:
        buffer.set(Gegl.Rectangle.new(0, strip.y, width, strip.rows), "CIE Lab alpha float", strip.data)
    buffer.flush()
    drawable.update(0, 0, width, drawable.get_height())
