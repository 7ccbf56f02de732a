"""RGB and gray color spaces, and the ICC profiles that describe them.

Matrix/TRC and gray TRC profiles (ICC.1:2022, 8.3.3, 8.3.4 and 8.4.2: three colorants and their curves, or
one curve) are handled here, since every step then has a closed form: exact, and fast at full size. Profiles
with look-up tables (CMYK, some scanners') are left to lcms.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from photochrom.image.icc import gray_profile, rgb_profile
from photochrom.image.lab import D65, SRGB_TO_XYZ, WHITE, Floats, rgb_to_xyz

if TYPE_CHECKING:
    import pyvips

Format = Literal["uchar", "ushort", "float"]
"""vips' names of the supported sample formats: 8-bit, 16-bit, float with 0…1 for black to white."""

LARGEST: Final[dict[Format, int]] = {"uchar": 255, "ushort": 65535, "float": 1}
"""The sample value of white."""


class Curve(ABC):
    """A tone reproduction curve: encoded values 0…1 to linear light 0…1, and back."""

    @abstractmethod
    def decode(self, encoded: Floats) -> Floats:
        """Encoded values (any shape, 0…1) to linear light."""

    @abstractmethod
    def encode(self, linear: Floats) -> Floats:
        """Linear light (any shape, 0…1) to encoded values: the inverse of `decode`."""

    @abstractmethod
    def decode_image(self, encoded: pyvips.Image) -> pyvips.Image:
        """`decode` on a float image."""

    @abstractmethod
    def encode_image(self, linear: pyvips.Image) -> pyvips.Image:
        """`encode` on a float image."""


@dataclass(frozen=True)
class Parametric(Curve):
    """Y = (aX + b)^g + e where X ≥ d, else Y = cX + f: ICC `para`, function type 4 (ICC.1:2022, table 68).

    Both pieces continue outside 0…1 (float pictures); the power of a negative base is 0.
    """

    g: float
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 0.0
    f: float = 0.0

    @property
    def coefficients(self) -> tuple[float, ...]:
        """g, a, b, c, d, e, f."""
        return self.g, self.a, self.b, self.c, self.d, self.e, self.f

    @property
    def _knee(self) -> float:
        """The smallest linear value of the power piece."""
        return float(max(self.a * self.d + self.b, 0.0) ** self.g + self.e)

    def decode(self, encoded: Floats) -> Floats:
        power = np.maximum(self.a * encoded + self.b, 0) ** self.g + self.e
        return np.where(encoded >= self.d, power, self.c * encoded + self.f)

    def encode(self, linear: Floats) -> Floats:
        power = (np.maximum(linear - self.e, 0) ** (1 / self.g) - self.b) / self.a
        toe = (linear - self.f) / self.c if self.c > 0 else np.zeros_like(linear)
        return np.where(linear >= self._knee, power, toe)

    def decode_image(self, encoded: pyvips.Image) -> pyvips.Image:
        if self == LINEAR:
            return encoded
        power = encoded.linear(self.a, self.b).clamp(min=0, max=1e30).math2_const("pow", [self.g]) + self.e
        return (encoded >= self.d).ifthenelse(power, encoded.linear(self.c, self.f))

    def encode_image(self, linear: pyvips.Image) -> pyvips.Image:
        if self == LINEAR:
            return linear
        root = (linear - self.e).clamp(min=0, max=1e30).math2_const("pow", [1 / self.g])
        toe = linear.linear(1 / self.c, -self.f / self.c) if self.c > 0 else linear * 0
        return (linear >= self._knee).ifthenelse(root.linear(1 / self.a, -self.b / self.a), toe)


@dataclass(frozen=True)
class Sampled(Curve):
    """A curve sampled at equal steps from 0 to 1 and linear in between: ICC `curv` (ICC.1:2022, 10.6)."""

    samples: tuple[float, ...]

    @cached_property
    def _steps(self) -> NDArray[np.float64]:
        return np.linspace(0, 1, len(self.samples))

    def decode(self, encoded: Floats) -> Floats:
        return np.interp(encoded, self._steps, self.samples)

    def encode(self, linear: Floats) -> Floats:
        return np.interp(linear, self.samples, self._steps)

    def decode_image(self, encoded: pyvips.Image) -> pyvips.Image:
        from photochrom.image.colorimetry import Interpolated

        return Interpolated(self.decode)(encoded)

    def encode_image(self, linear: pyvips.Image) -> pyvips.Image:
        from photochrom.image.colorimetry import Interpolated

        # The root spreads the shadows, where a curve is steep, over many entries of the table.
        return Interpolated(lambda root: self.encode(root**2))(_root(linear))


LINEAR: Final = Parametric(1.0)
SRGB_CURVE: Final = Parametric(2.4, a=1 / 1.055, b=0.055 / 1.055, c=1 / 12.92, d=0.04045)


def _root(linear: pyvips.Image) -> pyvips.Image:
    return linear.clamp(min=0, max=1).math2_const("pow", [0.5])


def _table(values: NDArray[Any] | list[Floats], kind: type[np.generic]) -> pyvips.Image:
    """A vips look-up table of one band or of one band a list item."""
    import pyvips

    bands = np.stack(values if isinstance(values, list) else [values], axis=-1)
    return pyvips.Image.new_from_array(bands.astype(kind)[None])


def decode(encoded: pyvips.Image, curves: tuple[Curve, ...]) -> pyvips.Image:
    """Samples (uchar, ushort or float; one band a curve) to linear light (float, same bands)."""
    if encoded.format == "float":
        if len(set(curves)) == 1:
            return curves[0].decode_image(encoded)
        first, *rest = [curve.decode_image(encoded[band]) for band, curve in enumerate(curves)]
        return first.bandjoin(rest)
    largest = LARGEST[encoded.format]
    codes = np.arange(largest + 1) / largest
    return encoded.maplut(_table([curve.decode(codes) for curve in curves], np.float32))


def encode(linear: pyvips.Image, curves: tuple[Curve, ...], format: Format) -> pyvips.Image:
    """Linear light (float; one band a curve) to samples of `format`, rounded to the nearest."""
    if len(set(curves)) > 1:
        first, *rest = [encode(linear[band], (curve,), format) for band, curve in enumerate(curves)]
        return first.bandjoin(rest)
    curve = curves[0]
    if format == "float":
        return curve.encode_image(linear)
    if format == "uchar" and (codes := _codes_of_roots(curve)):
        return _root(linear).linear(65535, 0.5).cast("ushort").maplut(_table(codes[format], np.uint8))
    from photochrom.image.colorimetry import Interpolated

    largest = LARGEST[format]
    return (Interpolated(lambda root: largest * curve.encode(root**2))(_root(linear)) + 0.5).cast(format)


MOST_STEP: Final = 3
"""Maximum of 16-bit codes from one entry of a table to the next: half of it is a sample's largest error."""


@cache
def _codes_of_roots(curve: Curve) -> dict[Format, NDArray[np.uint8] | NDArray[np.uint16]]:
    """For uchar and ushort, the code (65536,) of each root of linear light, in 16 bits: the root spreads the shadows.
    Empty where the curve is too steep for so few steps."""
    encoded = np.clip(curve.encode((np.arange(65536) / 65535) ** 2), 0, 1)
    if np.diff(encoded).max() * LARGEST["ushort"] > MOST_STEP:
        return {}
    return {"uchar": _rounded(encoded, np.uint8), "ushort": _rounded(encoded, np.uint16)}


def _rounded(values: Floats, kind: type[np.unsignedinteger[Any]]) -> Any:
    """0…1 to integers."""
    return np.rint(values * np.iinfo(kind).max).astype(kind)


@dataclass(frozen=True, eq=False)
class RGBSpace:
    """An RGB color space: `to_xyz` (3, 3) from linear RGB to XYZ D50, a curve for each of R, G, B, and the
    ICC profile to embed in files (None: no profile). RGB (1, 1, 1) is exactly D50 white."""

    name: str
    to_xyz: NDArray[np.float64]
    curves: tuple[Curve, Curve, Curve]
    icc: bytes | None = field(repr=False)

    @property
    def luminance(self) -> NDArray[np.float64]:
        """Y of linear R, G and B (3,): they sum to 1."""
        return np.asarray(self.to_xyz[1])

    @cached_property
    def from_white_relative(self) -> NDArray[np.float64]:
        """The matrix (3, 3) from (X/Xn, Y, Z/Zn) to linear RGB; its rows sum to 1."""
        return np.asarray(np.linalg.inv(self.to_xyz) * WHITE)

    def decode(self, encoded: pyvips.Image) -> pyvips.Image:
        """RGB samples (3 bands: uchar, ushort or float) to linear RGB (3 bands float, 0…1)."""
        return decode(encoded, self.curves)

    def luminance_of(self, encoded: pyvips.Image) -> pyvips.Image:
        """RGB samples (3 bands) to D50 luminance Y (1 band float, 0…1)."""
        import pyvips

        return self.decode(encoded).recomb(pyvips.Image.new_from_array([self.luminance.tolist()]))

    @property
    def codes(self) -> dict[Format, NDArray[np.uint8] | NDArray[np.uint16]]:
        """For uchar and ushort, the code (65536,) of each root of linear light, in 16 bits. Empty where it differs
        between R, G and B, or where a curve is too steep for so few steps."""
        return _codes_of_roots(self.curves[0]) if len(set(self.curves)) == 1 else {}

    def encode(self, linear: pyvips.Image, format: Format) -> pyvips.Image:
        """Linear RGB (3 bands float) to samples of `format`, clipped to 0…1 for integers."""
        return encode(linear, self.curves, format)


@dataclass(frozen=True, eq=False)
class GraySpace:
    """A gray scale: its curve from samples to D50 luminance, and its ICC profile if it came from one."""

    name: str
    curve: Curve
    icc: bytes | None = field(repr=False)


# --- ICC profiles --------------------------------------------------------------------------------------


class _UnsuitableError(ValueError):
    """The profile has no closed form."""


def _tags(icc: bytes) -> dict[bytes, bytes]:
    """Tag signature to tag data (ICC.1:2022, 7.3)."""
    if len(icc) < 132 or icc[36:40] != b"acsp":
        raise _UnsuitableError("no ICC header")
    (count,) = struct.unpack_from(">I", icc, 128)
    if count > 1000:
        raise _UnsuitableError("absurd number of tags")
    entries = (struct.unpack_from(">4sII", icc, 132 + 12 * i) for i in range(count))
    return {signature: icc[offset : offset + size] for signature, offset, size in entries}


def _xyz(tag: bytes) -> NDArray[np.float64]:
    if tag[:4] != b"XYZ ":
        raise _UnsuitableError("a colorant that is not XYZ")
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536


def _curve(tag: bytes) -> Curve:
    if tag[:4] == b"curv":
        (count,) = struct.unpack_from(">I", tag, 8)
        if count == 0:
            return LINEAR
        if count == 1:
            gamma = struct.unpack_from(">H", tag, 12)[0] / 256
            if gamma <= 0:
                raise _UnsuitableError("gamma 0")
            return Parametric(gamma)
        samples = np.frombuffer(tag, dtype=">u2", count=count, offset=12) / 65535
        if np.any(np.diff(samples) < 0) or samples[-1] <= samples[0]:
            raise _UnsuitableError("a curve that does not rise")
        return Sampled(tuple(samples.tolist()))
    if tag[:4] == b"para":
        return _parametric(struct.unpack_from(">H", tag, 8)[0], tag)
    raise _UnsuitableError("an unknown kind of curve")


def _parametric(kind: int, tag: bytes) -> Parametric:
    """The five function types of ICC.1:2022, table 68, all as type 4."""
    if kind > 4:
        raise _UnsuitableError("an unknown kind of parametric curve")
    count = (1, 3, 4, 5, 7)[kind]
    p = [value / 65536 for value in struct.unpack_from(f">{count}i", tag, 12)]
    g, a, b = (*p, 1.0, 0.0)[:3] if kind == 0 else p[:3]
    if g <= 0 or a <= 0:
        raise _UnsuitableError("a parametric curve that does not rise")
    if kind == 0:
        return Parametric(g)
    if kind == 1:
        return Parametric(g, a, b, d=-b / a)
    if kind == 2:
        return Parametric(g, a, b, d=-b / a, e=p[3], f=p[3])
    if kind == 3:
        return Parametric(g, a, b, c=p[3], d=p[4])
    return Parametric(g, a, b, c=p[3], d=p[4], e=p[5], f=p[6])


def _name(tags: dict[bytes, bytes]) -> str:
    """The profile's description, as version 2 (`desc`) or 4 (`mluc`) writes it."""
    tag = tags.get(b"desc", b"")
    try:
        if tag[:4] == b"mluc":
            length, offset = struct.unpack_from(">II", tag, 20)
            return tag[offset : offset + length].decode("utf-16-be").rstrip("\0") or "unnamed"
        (length,) = struct.unpack_from(">I", tag, 8)
        return tag[12 : 12 + length].decode("ascii").rstrip("\0") or "unnamed"
    except (struct.error, UnicodeDecodeError):
        return "unnamed"


def parse_icc(icc: bytes) -> RGBSpace | GraySpace | None:
    """Parses a matrix/TRC or gray TRC profile; None if it has no closed form or is damaged."""
    try:
        tags = _tags(icc)
        if icc[16:20] == b"GRAY" and icc[20:24] == b"XYZ " and b"A2B0" not in tags:
            return GraySpace(_name(tags), _curve(tags[b"kTRC"]), icc)
        if icc[16:20] != b"RGB " or icc[20:24] != b"XYZ " or b"A2B0" in tags:
            return None
        to_xyz = np.stack([_xyz(tags[color + b"XYZ"]) for color in (b"r", b"g", b"b")], axis=-1)
        red, green, blue = (_curve(tags[color + b"TRC"]) for color in (b"r", b"g", b"b"))
    except (KeyError, ValueError, struct.error, OverflowError):
        return None
    white = to_xyz.sum(axis=1)
    if np.any(np.abs(white - WHITE) > 0.02) or np.linalg.det(to_xyz) <= 1e-3 or np.any(to_xyz[1] <= 0):
        return None
    # Colorants are rounded to 1/65536: scaled so that gray is exactly neutral and white exactly white.
    return RGBSpace(_name(tags), to_xyz * (WHITE / white)[:, None], (red, green, blue), icc)


def space_from_icc(icc: bytes | None) -> RGBSpace:
    """Returns the RGB space of a host's image by its ICC profile: sRGB without one, and also if the
    profile has no closed form (look-up tables, CMYK, gray, damaged), since its gamut is then unknown."""
    space = parse_icc(icc) if icc else None
    return space if isinstance(space, RGBSpace) else SRGB


# --- the spaces known by name ---------------------------------------------------------------------------


def _display(name: str, to_xyz: NDArray[np.float64], curve: Parametric) -> RGBSpace:
    return RGBSpace(name, to_xyz, (curve, curve, curve), rgb_profile(name, to_xyz, curve.coefficients))


SRGB: Final = _display("sRGB", SRGB_TO_XYZ, SRGB_CURVE)

SRGB_GRAY: Final = gray_profile("Gray with the curve of sRGB", SRGB_CURVE.coefficients)
"""The profile of gray samples treated as sRGB."""

NAMED: Final[dict[str, RGBSpace]] = {
    "srgb": SRGB,
    "display-p3": _display("Display P3", rgb_to_xyz(((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)), D65), SRGB_CURVE),
    "adobe-rgb": _display(
        "Compatible with Adobe RGB (1998)",
        rgb_to_xyz(((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), D65),
        Parametric(563 / 256),
    ),
}
"""RGB spaces by name."""
