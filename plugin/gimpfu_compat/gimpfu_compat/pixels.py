"""Pixels of any depth, in any format of babl's, and CIE Lab through the image's profile. Not in the old gimpfu."""

from __future__ import annotations

import ctypes
import struct
from ctypes import POINTER, byref

from . import buffers
from .buffers import BABL, Rectangle
from .errors import error
from .libraries import COLOR, GIMP, Int, Pointer, Text, encode, function, unref
from .procedures import pdb

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_encoding = function(BABL, "babl_format_get_encoding", Text, Pointer)
_space_from_icc = function(BABL, "babl_space_from_icc", Pointer, Pointer, Int, Int, POINTER(Text))
_with_space = function(BABL, "babl_format_with_space", Pointer, Text, Pointer)
_fish = function(BABL, "babl_fish", Pointer, Pointer, Pointer)
_process = function(BABL, "babl_process", ctypes.c_long, Pointer, Pointer, Pointer, ctypes.c_long)
_profile_of = function(GIMP, "gimp_image_get_color_profile", Pointer, Int)
_icc_of = function(COLOR, "gimp_color_profile_get_icc_profile", Pointer, Pointer, POINTER(ctypes.c_size_t))
_enable_precision = function(GIMP, "gimp_plugin_enable_precision", Int)

RELATIVE_COLORIMETRIC = 1
OF_INDICES = b"R'G'B'A u8"
PROBED = "R'G'B' float"

A_STEP = 0.25
"""L*, a* or b*: less than 8 bits tell apart."""


def enable_precision() -> None:
    """From now on drawables are seen in the depth they have; otherwise GIMP shows a script 8 bits a channel.

    `drawable.bpp` changes with it, so scripts of old do not call this.
    """
    buffers.drop()
    _enable_precision()


def native_format(drawable: Any) -> str:
    """The name of the format a drawable is kept in, such as `R'G'B'A u16`."""
    enable_precision()
    return str(_encoding(buffers.native_format(drawable.ID)).decode())


def read(
    drawable: Any, pixel_format: str, x: int, y: int, width: int, height: int, *, as_srgb: bool = False
) -> bytearray:
    """A rectangle, row by row. Formats that begin with `CIE` are computed through the image's profile; the numbers of
    all others are the image's own or, for a screen, those that sRGB has for their colors. Raises ValueError for an
    unknown format or a rectangle outside the drawable.
    """
    layout = _prepared(drawable, pixel_format, x, y, width, height)
    rectangle = Rectangle(x, y, width, height)

    def get(layout: int, memory: Any) -> None:
        buffers.read(drawable.ID, False, rectangle, layout, memory)

    return _got(drawable, pixel_format, layout, width * height, get, as_srgb)


def reduced(drawable: Any, pixel_format: str, scale: float, *, as_srgb: bool = False) -> tuple[int, int, bytes]:
    """All of a drawable, smaller by `scale`, which is at most 1: width, height, and pixels as `read` has them; or, for
    a screen, with the numbers that sRGB has for their colors.
    """
    width, height = max(1, round(drawable.width * scale)), max(1, round(drawable.height * scale))
    layout = _prepared(drawable, pixel_format, 0, 0, 1, 1)
    rectangle = Rectangle(0, 0, width, height)

    def get(layout: int, memory: Any) -> None:
        buffers.read_reduced(drawable.ID, rectangle, scale, layout, memory)

    return width, height, bytes(_got(drawable, pixel_format, layout, width * height, get, as_srgb))


def _got(
    drawable: Any,
    pixel_format: str,
    layout: int,
    count: int,
    get: Callable[[int, Any], None],
    as_srgb: bool = False,
) -> bytearray:
    """So many pixels that `get` copies into memory in a layout."""
    out = bytearray(count * buffers.bytes_per_pixel(layout))
    space = _space(drawable) if as_srgb or pixel_format.startswith("CIE") else None
    if space is None:
        get(layout, buffers.memory_of(out))
        return out
    name, native = _native(drawable)
    values = bytearray(count * buffers.bytes_per_pixel(native))
    get(native, buffers.memory_of(values))
    wanted = layout if as_srgb else _with_space(encode(pixel_format), space)
    _process(_fish(_with_space(name, space), wanted), buffers.memory_of(values), buffers.memory_of(out), count)
    return out


def write(
    drawable: Any, pixel_format: str, data: Any, x: int, y: int, width: int, height: int, *, shadow: bool = False
) -> None:
    """Writes a rectangle, or that of the drawable's shadow; see `read`. The screen shows it after `drawable.update`."""
    layout = _prepared(drawable, pixel_format, x, y, width, height)
    rectangle = Rectangle(x, y, width, height)
    wanted = width * height * buffers.bytes_per_pixel(layout)
    given = data if isinstance(data, (bytes, bytearray)) else bytearray(memoryview(data).cast("B"))
    if len(given) != wanted:
        raise ValueError(f"{width}×{height} pixels of {pixel_format} are {wanted} bytes, not {len(given)}")
    space = _space(drawable) if pixel_format.startswith("CIE") else None
    if space is None:
        buffers.write(drawable.ID, shadow, rectangle, layout, buffers.memory_of(given))
        return
    name, native = _native(drawable)
    values = bytearray(width * height * buffers.bytes_per_pixel(native))
    fish = _fish(_with_space(encode(pixel_format), space), _with_space(name, space))
    _process(fish, buffers.memory_of(given), buffers.memory_of(values), width * height)
    buffers.write(drawable.ID, shadow, rectangle, native, buffers.memory_of(values))


def converted(data: bytes, given: str, wanted: str) -> bytes:
    """Pixels in another format; both are sRGB's where they have no other space."""
    source, target = buffers.format_named(given), buffers.format_named(wanted)
    count = len(data) // buffers.bytes_per_pixel(source)
    out = bytearray(count * buffers.bytes_per_pixel(target))
    _process(_fish(source, target), buffers.memory_of(data), buffers.memory_of(out), count)
    return bytes(out)


def icc_profile(image: Any) -> bytes | None:
    """The ICC profile of an image, or None: its numbers are sRGB then."""
    profile = _profile_of(image.ID)
    if not profile:
        return None
    size = ctypes.c_size_t()
    data = ctypes.string_at(_icc_of(profile, byref(size)), size.value)
    unref(profile)
    return data


def is_srgb(image: Any) -> bool:
    """Whether the numbers of an RGB image mean what sRGB's do: GIMP 2.10's own layer modes take them so."""
    space = _space_of(icc_profile(image))
    if space is None:
        return True
    given, wanted = encode(PROBED), encode("CIE Lab float")
    probes = struct.pack("9f", *(0.9, 0.1, 0.1), *(0.1, 0.9, 0.1), *(0.1, 0.1, 0.9))
    lab = (ctypes.c_float * 9)()
    buffers.start()
    _process(_fish(_with_space(given, space), _with_space(wanted, space)), buffers.memory_of(probes), lab, 3)
    plain = struct.unpack("9f", converted(probes, PROBED, "CIE Lab float"))
    return all(abs(one - other) < A_STEP for one, other in zip(lab, plain, strict=True))


def _prepared(drawable: Any, pixel_format: str, x: int, y: int, width: int, height: int) -> int:
    layout = buffers.format_named(pixel_format)
    if x < 0 or y < 0 or width < 1 or height < 1 or x + width > drawable.width or y + height > drawable.height:
        raise ValueError(f"{width}×{height} at {x}, {y} is not inside {drawable!r}")
    if drawable.ID not in _deep:
        enable_precision()
        _deep.add(drawable.ID)
    return layout


_deep: set[int] = set()
_spaces: dict[bytes, int] = {}


def _native(drawable: Any) -> tuple[bytes, int]:
    """The format of a drawable's numbers; those of an indexed one are its colors, not its indices."""
    name = OF_INDICES if drawable.is_indexed else _encoding(buffers.native_format(drawable.ID))
    return name, buffers.format_named(name.decode())


def _space(drawable: Any) -> int | None:
    """babl's space of the drawable's image; None for sRGB. Raises error for a profile that babl cannot use."""
    return _space_of(icc_profile(pdb.call("gimp-item-get-image", (drawable,))))


def _space_of(profile: bytes | None) -> int | None:
    if profile is None:
        return None
    if profile not in _spaces:
        trouble = Text()
        space = _space_from_icc(profile, len(profile), RELATIVE_COLORIMETRIC, byref(trouble))
        if not space:
            reason = (trouble.value or b"no reason given").decode("utf-8", "replace")
            raise error(
                f"The color profile of the image cannot be used: {reason}."
                " Image ▸ Color Management ▸ Convert to Color Profile… gives it another."
            )
        _spaces[profile] = space
    return _spaces[profile]
