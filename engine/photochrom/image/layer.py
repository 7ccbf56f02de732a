"""An editor's layer: its L* in, its color layer out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyvips

from photochrom.errors import BadPicture
from photochrom.image import gamut
from photochrom.image.colorimetry import finite
from photochrom.image.spaces import SRGB, RGBSpace


@dataclass(frozen=True, eq=False)
class LayerPixels:
    """A layer received from a host: L* (1 band float, 0…100), alpha (1 band float, 0…1) if the layer has one, and
    the RGB space of the image, into whose gamut colors are fitted."""

    width: int
    height: int
    lightness: pyvips.Image
    alpha: pyvips.Image | None
    space: RGBSpace

    @staticmethod
    def from_planes(
        width: int,
        height: int,
        planes: bytes | bytearray | memoryview,
        *,
        alpha: bool,
        space: RGBSpace = SRGB,
    ) -> LayerPixels:
        """Builds a layer from raw float32 in native byte order: a plane of L*, then one of alpha if it has one.

        The memory is not copied and must not change while the layer is in use. Raises BadPicture if the number of
        bytes is not width · height · 4 for each plane.
        """
        count = 2 if alpha else 1
        values = np.frombuffer(planes, dtype=np.uint8)
        expected = width * height * 4 * count
        if width < 1 or height < 1 or values.size != expected:
            raise BadPicture(
                f"The layer's pixels are {values.size} bytes, but {width} × {height} needs {expected}.",
                "Try again; if it happens again, the versions of plug-in and engine differ.",
            )
        both = values.view(np.float32).reshape(count, height, width)
        first, *rest = [pyvips.Image.new_from_memory(plane, width, height, 1, "float") for plane in both]
        return LayerPixels(width, height, first, rest[0] if rest else None, space)

    def finite_lightness(self) -> pyvips.Image:
        """L* with 0 in place of NaN and infinities, as input for colorizers.

        Float layers can contain such pixels, and a single one would spread over the whole proxy.
        """
        return finite(self.lightness)


def compose_lab(layer: LayerPixels, ab: pyvips.Image, mask: pyvips.Image | None = None) -> pyvips.Image:
    """Returns the color layer: 4 bands float L*, a*, b*, alpha (GIMP's "CIE Lab alpha float").

    L* and alpha are exactly those of `layer` (alpha 1 where the layer has none); `ab` (2 bands float,
    same size) is fitted into the layer's RGB space, so that an integer image does not clip. With a `mask`
    (1 band float, 0…1, same size) alpha is multiplied by it. Lazy: pixels are computed strip by strip as
    they are read.
    """
    lightness = layer.finite_lightness()
    fitted = finite(gamut.fit_ab(lightness, ab, layer.space))
    alpha = layer.alpha if layer.alpha is not None else lightness.linear(0, 1)
    return layer.lightness.bandjoin([fitted, alpha if mask is None else alpha * mask])
