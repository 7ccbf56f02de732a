"""An editor's layer: its L* in, its color layer out, in Lab or in the image's own samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyvips
from numpy.typing import NDArray

from photochrom.errors import BadPicture
from photochrom.image import gamut
from photochrom.image.color_spaces import SRGB, Format, RGBSpace
from photochrom.image.colorimetry import HUGE, finite
from photochrom.image.strips import Composer, FullColor, Kernel, Read
from photochrom_client.protocol import PixelForm

FAR: Final = 1e4
"""L* beyond this is black or white all the same, and its cube would be too large for float32."""

FORMATS: Final[dict[PixelForm, Format]] = {"rgb8": "uchar", "rgb16": "ushort"}


@dataclass(frozen=True, eq=False)
class LayerPixels:
    """A layer received from a host: L* (1 band float, 0…100), alpha (1 band float, 0…1) if the layer has one, and
    the RGB space of the image, into whose gamut colors are fitted. `planes` (1 or 2, h, w): the same in numpy."""

    width: int
    height: int
    planes: NDArray[np.float32]
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
        return LayerPixels(width, height, both, first, rest[0] if rest else None, space)

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


class LabStrips:
    """The color layer in Lab (see `compose_lab`), a strip at a time."""

    form: PixelForm = "lab"

    def __init__(self, layer: LayerPixels, ab: pyvips.Image, mask: pyvips.Image | None) -> None:
        self._composed = compose_lab(layer, ab, mask)

    def strip(self, top: int, rows: int) -> bytes:
        """The rows from `top` on, fewer at the end."""
        count = min(rows, self._composed.height - top)
        return bytes(self._composed.crop(0, top, self._composed.width, count).write_to_memory())


class SampleStrips:
    """The color layer as R, G, B and alpha in the layer's RGB space, 8 or 16 bits a sample: what an integer image
    would hold of `LabStrips`, in a fraction of the time and bytes. For one thread at a time."""

    def __init__(self, layer: LayerPixels, ab: FullColor, form: PixelForm) -> None:
        """Only where `has_samples`."""
        self.form = form
        self._layer = layer
        kernel = Kernel(layer.space, FORMATS[form])
        self._kind = kernel.kind
        self._composer = Composer(_reader(layer.planes), ab, kernel)

    def strip(self, top: int, rows: int) -> bytes:
        """The rows from `top` on, fewer at the end."""
        layer = self._layer
        count = min(rows, layer.height - top)
        white = np.iinfo(self._kind).max
        samples = np.full((count, layer.width, 4), white, self._kind)
        self._composer.rows(top, samples)
        if layer.alpha is not None:
            alpha = layer.planes[1, top : top + count]
            samples[..., 3] = np.nan_to_num(alpha).clip(0, 1) * white + 0.5
        return samples.astype(self._kind.newbyteorder("<"), copy=False).tobytes()


def _reader(planes: NDArray[np.float32]) -> Read:
    """Reads the rows of a layer's lightness, as `LayerPixels.finite_lightness`. A method of `SampleStrips` would make a
    reference cycle, which keeps a deleted layer's disk space until it is collected."""

    def read(top: int, count: int) -> NDArray[np.float32]:
        rows = planes[0, top : top + count]
        if rows.min() >= -FAR and rows.max() <= FAR:
            return rows
        return np.where(np.abs(rows) <= HUGE, rows, np.float32(0)).clip(-FAR, FAR)

    return read


def has_samples(space: RGBSpace, form: PixelForm) -> bool:
    """Whether `SampleStrips` can be of this form: not Lab, nor where the space has no table of codes."""
    return form in FORMATS and FORMATS[form] in space.codes
