"""Colors."""

from gimpfu_compat.colors import CMYK, HSL, HSV, RGB, bilinear, bilinear_rgb, bilinear_rgba
from gimpfu_compat.colors import names as rgb_names
from gimpfu_compat.colors import to_rgb as _to_rgb

RGB_COMPOSITE_NONE, RGB_COMPOSITE_NORMAL, RGB_COMPOSITE_BEHIND = range(3)
RGB_LUMINANCE_RED, RGB_LUMINANCE_GREEN, RGB_LUMINANCE_BLUE = 0.22248840, 0.71690369, 0.06060791

__all__ = [
    "CMYK",
    "HSL",
    "HSV",
    "RGB",
    "RGB_COMPOSITE_BEHIND",
    "RGB_COMPOSITE_NONE",
    "RGB_COMPOSITE_NORMAL",
    "RGB_LUMINANCE_BLUE",
    "RGB_LUMINANCE_GREEN",
    "RGB_LUMINANCE_RED",
    "bilinear",
    "bilinear_rgb",
    "bilinear_rgba",
    "rgb_names",
    "rgb_parse_css",
    "rgb_parse_hex",
    "rgb_parse_name",
]


def rgb_parse_name(name: str) -> RGB:
    """The color of a CSS name. Raises ValueError for a name that is none."""
    color = RGB()
    color.parse_name(name)
    return color


def rgb_parse_hex(text: str) -> RGB:
    color = RGB()
    color.parse_hex(text)
    return color


def rgb_parse_css(text: str) -> RGB:
    return _to_rgb(text)
