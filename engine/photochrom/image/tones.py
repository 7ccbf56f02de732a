"""The meaning of samples: converts a picture's color bands to lightness, by its profile or its file's color space.

A profile of another color model than the picture's is still used: an RGB profile has curves for gray, and a gray
profile has the curve of equal R, G and B. Otherwise sRGB is assumed, with a note.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
import pyvips

from photochrom.image import colorimetry, lab
from photochrom.image.color_spaces import LARGEST, SRGB, SRGB_CURVE, GraySpace, RGBSpace, Sampled, parse_icc
from photochrom.image.colorimetry import finite
from photochrom.image.stored_image import LabCodes, StoredImage

UNTAGGED_RGB: Final = replace(SRGB, name="sRGB (no profile)", icc=None)
UNTAGGED_GRAY: Final = GraySpace("gray with the sRGB curve (no profile)", SRGB_CURVE, None)


class Tones(Protocol):
    """The interpretation of the color bands of one picture."""

    def lightness(self, color: pyvips.Image) -> pyvips.Image:
        """The color bands (uchar, ushort or float) to D50 L* (1 band float, 0…100 for integers). Lazy."""
        ...


@dataclass(frozen=True)
class GrayTones:
    """Gray with a curve."""

    space: GraySpace

    def lightness(self, color: pyvips.Image) -> pyvips.Image:
        """See `Tones`."""
        curve = self.space.curve
        if color.format == "float":
            return colorimetry.lightness_from_luminance(finite(curve.decode_image(color)))
        codes = np.arange(LARGEST[color.format] + 1) / LARGEST[color.format]
        table = lab.lightness_from_luminance(curve.decode(codes)).astype(np.float32)
        return color.maplut(pyvips.Image.new_from_array(table[None]))


@dataclass(frozen=True)
class RGBTones:
    """RGB with a matrix and curves."""

    space: RGBSpace

    def lightness(self, color: pyvips.Image) -> pyvips.Image:
        """See `Tones`."""
        luminance = self.space.luminance_of(color)
        if color.format == "float":
            return colorimetry.lightness_from_luminance(finite(luminance))
        return colorimetry.lightness_from_unit_luminance(luminance)


@dataclass(frozen=True)
class LcmsTones:
    """Color by a LUT profile, through lcms; `thrice`: the profile is for RGB and the picture gray."""

    thrice: bool = False

    def lightness(self, color: pyvips.Image) -> pyvips.Image:
        """See `Tones`."""
        return lab_by_lcms(color.bandjoin([color, color]) if self.thrice else color)[0]


@dataclass(frozen=True)
class LabTones:
    """Samples that encode Lab."""

    codes: LabCodes

    def lightness(self, color: pyvips.Image) -> pyvips.Image:
        """See `Tones`."""
        return (color[0] * (100 / self.codes.white)).clamp(min=0, max=100)

    def ab(self, color: pyvips.Image) -> pyvips.Image:
        """The color bands to a*, b* (2 bands float): 0 where there is L* alone."""
        if color.bands < 3:
            return color[0].bandjoin(color[0]).cast("float") * 0
        codes = color[1:3]
        if self.codes.wrap:
            codes = (codes >= self.codes.wrap / 2).ifthenelse(codes - float(self.codes.wrap), codes)
        return ((codes - self.codes.neutral) * (1 / self.codes.per_unit)).cast("float")


def tones_of(stored: StoredImage, header: pyvips.Image) -> tuple[Tones, RGBSpace, str | None]:
    """Returns the tones of `stored`, the default RGB space of its color version, and a note if anything but its own
    profile is used. `header`: an image with its color bands, whose pixels are not read."""
    if stored.codes is not None:
        return LabTones(stored.codes), SRGB, None
    if stored.color == "cmyk":
        return _of_cmyk(stored.icc)
    return _of_gray(stored, header) if stored.color == "gray" else _of_rgb(stored, header)


def _of_cmyk(icc: bytes | None) -> tuple[Tones, RGBSpace, str | None]:
    if icc and icc[16:20] == b"CMYK":
        return LcmsTones(), SRGB, None
    why = "with a color profile of another kind of picture" if icc else "without a profile"
    return LcmsTones(), SRGB, f"CMYK {why}; libvips' own CMYK profile is used."


def _of_gray(stored: StoredImage, header: pyvips.Image) -> tuple[Tones, RGBSpace, str | None]:
    icc = stored.icc
    untagged = stored.space if isinstance(stored.space, GraySpace) else UNTAGGED_GRAY
    if not icc:
        return GrayTones(untagged), SRGB, None
    space = parse_icc(icc)
    if isinstance(space, GraySpace):
        return GrayTones(space), SRGB, None
    if isinstance(space, RGBSpace):
        note = f"it is gray, but its color profile ({space.name}) is for RGB; the profile's gray is used."
        return GrayTones(gray_of(space)), SRGB, note
    if space is None and icc[16:20] == b"GRAY" and _lcms_reads(header, icc):
        return LcmsTones(), SRGB, None
    if space is None and icc[16:20] == b"RGB " and _lcms_reads(header.bandjoin([header, header]), icc):
        return LcmsTones(thrice=True), SRGB, "it is gray, but its color profile is for RGB; the profile's gray is used."
    return GrayTones(untagged), SRGB, _useless(icc)


def _of_rgb(stored: StoredImage, header: pyvips.Image) -> tuple[Tones, RGBSpace, str | None]:
    icc = stored.icc
    untagged = stored.space if isinstance(stored.space, RGBSpace) else UNTAGGED_RGB
    if not icc:
        return RGBTones(untagged), untagged, None
    space = parse_icc(icc)
    if isinstance(space, RGBSpace):
        return RGBTones(space), space, None
    if isinstance(space, GraySpace):
        like = RGBSpace(space.name, SRGB.to_xyz, (space.curve,) * 3, None)
        note = f"it is RGB, but its color profile ({space.name}) is for gray; its curve is used, the result is in sRGB."
        return RGBTones(like), SRGB, note
    if icc[16:20] == b"RGB " and _lcms_reads(header, icc):
        return LcmsTones(), SRGB, "its color profile uses look-up tables; the result is in sRGB."
    return RGBTones(untagged), untagged, _useless(icc)


def _useless(icc: bytes) -> str:
    kind = icc[16:20].decode("latin-1").strip() if icc[36:40] == b"acsp" else ""
    what = f"for {kind} pictures, which this is not" if kind in ("CMYK", "Lab", "XYZ", "GRAY", "RGB") else "damaged"
    return f"its color profile is {what}; sRGB is assumed."


def gray_of(space: RGBSpace) -> GraySpace:
    """Returns the gray space R = G = B of an RGB space."""
    if len(set(space.curves)) == 1:
        return GraySpace(space.name, space.curves[0], space.icc)
    x = np.linspace(0, 1, 4096)
    mixed = sum(share * curve.decode(x) for share, curve in zip(space.luminance, space.curves, strict=True))
    return GraySpace(space.name, Sampled(tuple(np.asarray(mixed).tolist())), space.icc)


def _lcms_reads(color: pyvips.Image, icc: bytes) -> bool:
    pixel = pyvips.Image.black(1, 1, bands=color.bands).cast(color.format)
    pixel = pixel.copy(interpretation="srgb" if color.bands == 3 else "b-w")
    pixel.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    try:
        lab_by_lcms(pixel).avg()
    except pyvips.Error:
        return False
    return True


def lab_by_lcms(color: pyvips.Image) -> pyvips.Image:
    """Converts to Lab D50 with lcms, relative colorimetric, like every profile here."""
    if color.format == "float":
        color = (color.clamp(min=0, max=1) * 65535 + 0.5).cast("ushort")
    kinds = {1: ("b-w", "grey16"), 3: ("srgb", "rgb16"), 4: ("cmyk", "cmyk")}[color.bands]
    color = color.copy(interpretation=kinds[color.format == "ushort"])
    return color.icc_import(embedded=True, input_profile="cmyk", intent="relative", pcs="lab")
