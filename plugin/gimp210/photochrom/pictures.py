"""Small pictures in memory, for GTK: gdk-pixbuf by ctypes."""

import ctypes
from ctypes import c_char

from gimpfu_compat.libraries import Double, Int, Pointer, function, unref

from photochrom_client.kit.outline import outline

PIXBUF = ctypes.CDLL("libgdk_pixbuf-2.0.so.0")
RGB, EIGHT_BITS = 0, 8
NEAREST, BILINEAR = 0, 2
CHECKS = 16, 0x999999, 0x666666
"""Side in pixels and colors of the board that shows what is transparent."""

LIGHT, DARK = b"\xff\xff\xff", b"\x00\x00\x00"


def _pixbuf(name, result, *arguments):
    return function(PIXBUF, f"gdk_pixbuf_{name}", result, *arguments)


_new = _pixbuf("new", Pointer, Int, Int, Int, Int, Int)
_from_data = _pixbuf("new_from_data", Pointer, Pointer, Int, Int, Int, Int, Int, Int, Pointer, Pointer)
_copy = _pixbuf("copy", Pointer, Pointer)
_copy_area = _pixbuf("copy_area", None, Pointer, *[Int] * 4, Pointer, Int, Int)
_part = _pixbuf("new_subpixbuf", Pointer, Pointer, *[Int] * 4)
_fill = _pixbuf("fill", None, Pointer, ctypes.c_uint32)
_on_checks = _pixbuf(
    *("composite_color_simple", Pointer, Pointer, Int, Int, Int, Int, Int, ctypes.c_uint32, ctypes.c_uint32)
)
_scale = _pixbuf("scale_simple", Pointer, Pointer, Int, Int, Int)
_pixels = _pixbuf("get_pixels", Pointer, Pointer)
_stride = _pixbuf("get_rowstride", Int, Pointer)
_bands = _pixbuf("get_n_channels", Int, Pointer)
_has_alpha = _pixbuf("get_has_alpha", Int, Pointer)
_scale_into = _pixbuf("scale", None, Pointer, Pointer, *[Int] * 4, *[Double] * 4, Int)
_with_alpha = _pixbuf("add_alpha", Pointer, Pointer, Int, *[ctypes.c_ubyte] * 3)
_composite = _pixbuf("composite", None, Pointer, Pointer, *[Int] * 4, *[Double] * 4, Int, Int)


class Picture:
    """A GdkPixbuf of a width and a height."""

    def __init__(self, pointer, width, height, data=None):
        self.pointer, self.width, self.height = pointer, width, height
        self._data = data  # which the pixbuf looks into

    def __del__(self):
        unref(self.pointer)

    @classmethod
    def of(cls, width, height, data, *, alpha):
        """Of 8-bit sRGB, row by row."""
        kept = ctypes.create_string_buffer(bytes(data), len(data))
        stride = (4 if alpha else 3) * width
        return cls(_from_data(kept, RGB, alpha, EIGHT_BITS, width, height, stride, None, None), width, height, kept)

    @classmethod
    def of_any(cls, width, height, bands, data):
        """Of 8-bit sRGB, or gray, with alpha or without."""
        if bands < 3:
            gray, bands = data, bands + 2
            data = bytearray(width * height * bands)
            for number in range(bands):
                data[number::bands] = gray[max(0, number - 2) :: bands - 2]
        return cls.of(width, height, data, alpha=bands == 4)

    @classmethod
    def plain(cls, width, height, rgba):
        """Of one color, 0xRRGGBBAA."""
        made = cls(_new(RGB, 0, EIGHT_BITS, width, height), width, height)
        _fill(made.pointer, rgba)
        return made

    def sized(self, width, height):
        """At another size; what is transparent shows a checkerboard."""
        return Picture(_on_checks(self.pointer, width, height, BILINEAR, 255, *CHECKS), width, height)

    def part(self, left, top, across, down, width, height):
        """A part of the size `width` and `height`, of this picture enlarged by `across` and `down`."""
        made = Picture(_new(RGB, _has_alpha(self.pointer), EIGHT_BITS, width, height), width, height)
        area = 0, 0, width, height
        _scale_into(self.pointer, made.pointer, *area, float(-left), float(-top), across, down, BILINEAR)
        return made

    def rgba(self):
        """Its 8-bit samples with alpha, row by row."""
        whole = Picture(_with_alpha(self.pointer, 0, 0, 0, 0), self.width, self.height)
        return b"".join(bytes(row) for row in whole._rows())

    def color_at(self, x, y):
        """Red, green and blue of a pixel, 0…1."""
        at = _bands(self.pointer) * x
        return tuple(value / 255 for value in self._rows()[y][at : at + 3])

    def copy(self):
        return Picture(_copy(self.pointer), self.width, self.height)

    def paste(self, other, x):
        """Takes what is right of the column x from a picture of the same size."""
        if x < self.width:
            _copy_area(other.pointer, x, 0, self.width - x, self.height, self.pointer, x, 0)

    def line(self, x):
        """Draws a white line down the column x."""
        part = _part(self.pointer, min(x, self.width - 1), 0, 1, self.height)
        _fill(part, 0xFFFFFFFF)
        unref(part)

    def lay_over(self, other, opacity=255, *, right_of=0):
        """Lays another picture over this one, with its alpha: over all of it, or what is right of a column."""
        across, down = self.width / other.width, self.height / other.height
        whole = right_of, 0, self.width - right_of, self.height
        if right_of >= self.width:
            return
        _composite(other.pointer, self.pointer, *whole, 0.0, 0.0, across, down, BILINEAR, opacity)

    def lay_in(self, other, x, y, across, down):
        """Lays another picture, enlarged by `across` and `down`, over this one with its corner at x, y."""
        left, top = max(0, round(x)), max(0, round(y))
        wide = min(self.width, round(x + across * other.width)) - left
        high = min(self.height, round(y + down * other.height)) - top
        if wide > 0 and high > 0:
            place = float(x), float(y), across, down
            _composite(other.pointer, self.pointer, left, top, wide, high, *place, BILINEAR, 255)

    def frame(self, left, top, right, bottom):
        """Draws the white outline of a rectangle, between two columns and two rows."""
        wide, high = right - left + 1, bottom - top + 1
        for part in ((left, top, wide, 1), (left, bottom, wide, 1), (left, top, 1, high), (right, top, 1, high)):
            edge = _part(self.pointer, *part)
            _fill(edge, 0xFFFFFFFF)
            unref(edge)

    def outline(self, other):
        """Draws the outline of what is opaque in another picture that is laid over all of this one."""
        scaled = Picture(_scale(other.pointer, self.width, self.height, BILINEAR), self.width, self.height)
        alpha = b"".join(row[3::4] for row in scaled._rows())
        rows, bands = self._rows(), _bands(self.pointer)
        for x, y, light in outline(self.width, self.height, alpha):
            rows[y][bands * x : bands * x + 3] = LIGHT if light else DARK

    def _rows(self):
        """The memory of its rows: not to be used when the picture is gone."""
        start, stride, size = _pixels(self.pointer), _stride(self.pointer), _bands(self.pointer) * self.width
        return [(c_char * size).from_address(start + y * stride) for y in range(self.height)]


def of_preview(preview):
    """The engine's `Preview`."""
    return Picture.of(preview.width, preview.height, preview.rgb, alpha=preview.bands == 4)
