"""Properties of a result that metadata have to agree with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from photochrom.image.color_spaces import SRGB, RGBSpace, parse_icc

if TYPE_CHECKING:
    import pyvips

Container = Literal["png", "jpeg", "tiff", "webp"]


@dataclass(frozen=True)
class Facts:
    """A picture as written: its container, size, color bands (1 or 3), alpha, bits per sample, profile.

    `orientation` (1…8) was applied to the source's pixels to make them upright; `profile` is the name of the color
    profile in the file, "" without one, and `srgb` whether it is sRGB.
    """

    container: Container
    width: int
    height: int
    colors: int
    alpha: bool
    bits: int
    profile: str
    srgb: bool
    orientation: int

    @property
    def bands(self) -> int:
        """Samples per pixel."""
        return self.colors + self.alpha

    @property
    def on_its_side(self) -> bool:
        """Whether width and height were swapped."""
        return self.orientation > 4


_BITS: Final = {"uchar": 8, "ushort": 16, "float": 32}


def facts_of(image: pyvips.Image, container: Container, orientation: int) -> Facts:
    """The facts of an upright image to write; `orientation` is that of the source's pixels."""
    icc = bytes(image.get("icc-profile-data")) if image.get_typeof("icc-profile-data") else None
    space = parse_icc(icc) if icc else None
    return Facts(
        container=container,
        width=image.width,
        height=image.height,
        colors=1 if image.bands < 3 else 3,
        alpha=image.bands in (2, 4),
        bits=_BITS[image.format],
        profile="" if space is None or space.name == "unnamed" else space.name,
        srgb=icc is None or (isinstance(space, RGBSpace) and _is_srgb(space)),
        orientation=orientation,
    )


def _is_srgb(space: RGBSpace) -> bool:
    steps = np.linspace(0, 1, 9)
    alike = all(np.allclose(curve.decode(steps), SRGB.curves[0].decode(steps), atol=2e-3) for curve in space.curves)
    return alike and np.allclose(space.to_xyz, SRGB.to_xyz, atol=1e-3)
