"""The colors of `gimpcolor`: values by libgimpcolor's own arithmetic."""

from __future__ import annotations

from ctypes import POINTER, byref, c_double

from .libraries import COLOR, Double, Int, Pointer, Text, encode, free, function

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, ClassVar

_Four = c_double * 4
_Channels = POINTER(c_double)


def _part(value: Any, scale: float) -> float:
    """A whole number counts from 0 to `scale`, a fraction from 0 to 1."""
    return value / scale if isinstance(value, int) and not isinstance(value, bool) else float(value)


def _channel(index: int) -> Any:
    def read(self: Color) -> float:
        return float(self.channels[index])

    def write(self: Color, value: Any) -> None:
        self.channels[index] = _part(value, self._scales[index])

    return property(read, write)


class Color:
    """Channels as fractions in `channels`; by index they are whole numbers, as in the old gimpcolor."""

    channels: Any
    _names: ClassVar[tuple[str, ...]] = ()
    _scales: ClassVar[tuple[float, ...]] = ()

    def __init__(self, *values: Any, **named: Any) -> None:
        self.channels = (c_double * len(self._names))(*[0.0] * (len(self._names) - 1), 1.0)
        self.set(*values, **named)

    def set(self, *values: Any, **named: Any) -> None:
        """Sets the channels given, in order or by name."""
        if len(values) > len(self._names):
            raise TypeError(f"{type(self).__name__} has {len(self._names)} channels, not {len(values)}")
        for index, value in enumerate(values):
            self.channels[index] = _part(value, self._scales[index])
        for name, value in named.items():
            setattr(self, name, value)

    def set_alpha(self, alpha: Any) -> None:
        self.channels[len(self._names) - 1] = _part(alpha, self._scales[-1])

    def copy(self) -> Any:
        return type(self)(*(float(channel) for channel in self.channels))

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, key: Any) -> Any:
        whole = [round(channel * scale) for channel, scale in zip(self.channels, self._scales, strict=True)]
        return tuple(whole[key]) if isinstance(key, slice) else whole[key]

    def __setitem__(self, key: int, value: Any) -> None:
        index = range(len(self))[key]
        self.channels[index] = _part(value, self._scales[index])

    def __iter__(self) -> Iterator[int]:
        return iter(self[:])

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and list(other.channels) == list(self.channels)

    __hash__ = None  # type: ignore[assignment]  # its channels may change

    def __repr__(self) -> str:
        values = ", ".join(f"{float(channel):g}" for channel in self.channels)
        return f"{type(self).__name__.lower()}({values})"


class RGB(Color):
    """`r`, `g`, `b`, `a` in 0…1; by index 0…255. Made of whole numbers of 0…255 or of fractions."""

    _names = ("r", "g", "b", "a")
    _scales = (255.0, 255.0, 255.0, 255.0)
    r = red = _channel(0)
    g = green = _channel(1)
    b = blue = _channel(2)
    a = alpha = _channel(3)

    def add(self, other: Any, with_alpha: bool = False) -> None:
        _two("adda" if with_alpha else "add")(self.channels, to_rgb(other).channels)

    def subtract(self, other: Any, with_alpha: bool = False) -> None:
        _two("subtracta" if with_alpha else "subtract")(self.channels, to_rgb(other).channels)

    def multiply(self, factor: float, with_alpha: bool = False) -> None:
        function(COLOR, f"gimp_{'rgba' if with_alpha else 'rgb'}_multiply", None, _Channels, Double)(
            self.channels, factor
        )

    def distance(self, other: Any, with_alpha: bool = False) -> float:
        name = f"gimp_{'rgba' if with_alpha else 'rgb'}_distance"
        return float(function(COLOR, name, Double, _Channels, _Channels)(self.channels, to_rgb(other).channels))

    def max(self) -> float:
        return float(max(self.channels[:3]))

    def min(self) -> float:
        return float(min(self.channels[:3]))

    def clamp(self, with_alpha: bool = False) -> None:
        for index in range(4 if with_alpha else 3):
            self.channels[index] = min(1.0, max(0.0, self.channels[index]))

    def gamma(self, gamma: float) -> None:
        function(COLOR, "gimp_rgb_gamma", None, _Channels, Double)(self.channels, gamma)

    def luminance(self) -> float:
        return float(function(COLOR, "gimp_rgb_luminance", Double, _Channels)(self.channels))

    def intensity(self) -> float:
        return float(function(COLOR, "gimp_rgb_intensity", Double, _Channels)(self.channels))

    def composite(self, other: Any, mode: int = 0) -> None:
        function(COLOR, "gimp_rgb_composite", None, _Channels, _Channels, Int)(
            self.channels, to_rgb(other).channels, mode
        )

    def parse_name(self, name: str) -> None:
        _parse("name", self.channels, name)

    def parse_hex(self, text: str) -> None:
        _parse("hex", self.channels, text)

    def parse_css(self, text: str, with_alpha: bool = False) -> None:
        _parse("css", self.channels, text)

    def to_hsv(self) -> HSV:
        return HSV(*_converted("gimp_rgb_to_hsv", self, 3), self.a)

    def to_hsl(self) -> HSL:
        return HSL(*_converted("gimp_rgb_to_hsl", self, 3), self.a)

    def to_cmyk(self, pullout: float = 1.0) -> CMYK:
        out = (c_double * 5)()
        function(COLOR, "gimp_rgb_to_cmyk", None, _Channels, Double, _Channels)(self.channels, pullout, out)
        return CMYK(*(float(channel) for channel in out[:4]), self.a)

    def __add__(self, other: Any) -> RGB:
        return _changed(self, "add", other)

    def __sub__(self, other: Any) -> RGB:
        return _changed(self, "subtract", other)

    def __mul__(self, factor: float) -> RGB:
        return _changed(self, "multiply", factor)

    __rmul__ = __mul__


class HSV(Color):
    """`h`, `s`, `v`, `a` in 0…1; by index degrees, percent, percent, 0…255."""

    _names = ("h", "s", "v", "a")
    _scales = (360.0, 100.0, 100.0, 255.0)
    h = hue = _channel(0)
    s = saturation = _channel(1)
    v = value = _channel(2)
    a = alpha = _channel(3)

    def to_rgb(self) -> RGB:
        return RGB(*_converted("gimp_hsv_to_rgb", self, 3), self.a)


class HSL(Color):
    """`h`, `s`, `l`, `a` in 0…1; by index degrees, percent, percent, 0…255."""

    _names = ("h", "s", "l", "a")
    _scales = (360.0, 100.0, 100.0, 255.0)
    h = hue = _channel(0)
    s = saturation = _channel(1)
    l = lightness = _channel(2)  # noqa: E741  the name scripts know
    a = alpha = _channel(3)

    def to_rgb(self) -> RGB:
        return RGB(*_converted("gimp_hsl_to_rgb", self, 3), self.a)


class CMYK(Color):
    """`c`, `m`, `y`, `k`, `a` in 0…1; by index 0…255."""

    _names = ("c", "m", "y", "k", "a")
    _scales = (255.0, 255.0, 255.0, 255.0, 255.0)
    c = cyan = _channel(0)
    m = magenta = _channel(1)
    y = yellow = _channel(2)
    k = black = _channel(3)
    a = alpha = _channel(4)

    def to_rgb(self) -> RGB:
        return RGB(*_converted("gimp_cmyk_to_rgb", self, 3), self.a)


def to_rgb(value: Any) -> RGB:
    """A color as a script may give it: a color object, numbers (whole: 0…255, fractions: 0…1), or a name of CSS.

    Raises ValueError for a name that is none, TypeError for anything else.
    """
    if isinstance(value, RGB):
        return value
    if isinstance(value, (HSV, HSL, CMYK)):
        return value.to_rgb()
    if isinstance(value, str):
        color = RGB()
        _parse("css", color.channels, value)
        return color
    return RGB(*value)


def names() -> list[tuple[str, RGB]]:
    """The colors of CSS by their names."""
    texts, colors = POINTER(Text)(), POINTER(_Four)()
    listed = function(COLOR, "gimp_rgb_list_names", Int, Pointer, Pointer)(byref(texts), byref(colors))
    found = [((texts[i] or b"").decode(), RGB(*(float(each) for each in colors[i]))) for i in range(listed)]
    free(texts)
    free(colors)
    return found


def bilinear(x: float, y: float, values: Any) -> float:
    """Between the four corners of a square, at x, y in 0…1."""
    return float(function(COLOR, "gimp_bilinear", Double, Double, Double, _Channels)(x, y, _Four(*values)))


def bilinear_rgb(x: float, y: float, colors: Any) -> RGB:
    return _between(x, y, colors, 3)


def bilinear_rgba(x: float, y: float, colors: Any) -> RGB:
    return _between(x, y, colors, 4)


def _between(x: float, y: float, colors: Any, count: int) -> RGB:
    corners = [to_rgb(color) for color in colors]
    return RGB(*(bilinear(x, y, [corner.channels[index] for corner in corners]) for index in range(count)))


def _parse(notation: str, channels: Any, text: str) -> None:
    parse = function(COLOR, f"gimp_rgb_parse_{notation}", Int, _Channels, Text, Int)
    if not parse(channels, encode(text), -1):
        raise ValueError(f"no such color: {text}")


def _two(name: str) -> Any:
    prefix, operation = ("rgba", name[:-1]) if name in ("adda", "subtracta") else ("rgb", name)
    return function(COLOR, f"gimp_{prefix}_{operation}", None, _Channels, _Channels)


def _converted(name: str, color: Color, count: int) -> list[float]:
    out = _Four()
    function(COLOR, name, None, _Channels, _Channels)(color.channels, out)
    return [float(channel) for channel in out[:count]]


def _changed(color: RGB, how: str, operand: Any) -> RGB:
    result: RGB = color.copy()
    getattr(result, how)(operand)
    return result
