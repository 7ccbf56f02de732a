"""A color photograph as a reference for the colors of another.

It gives its palette (`reinhard2001`), colors by tone and texture (`welsh2002`), or colors region by region
(`exemplar`). NOTES.md measures what each is worth, and how much a reference of another scene hurts.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.guidance.features import Features, features
from photochrom.sampling.proxy import reduce
from photochrom.sampling.resize import shrink

if TYPE_CHECKING:
    from photochrom.values import Plane

SIDE: Final = 160
"""Short side in pixels that a reference is reduced to: the embedded encoder's proxy."""


class Reference:
    """`lab` (H, W, 3) CIE L, a, b (D50), of any size and aspect; values that are not finite count as 0.

    It keeps `lightness` (h, w) 0…100 and `ab` (h, w, 2), reduced. Thread-safe.
    """

    lightness: Plane
    ab: Plane

    def __init__(self, lab: Plane) -> None:
        import pyvips

        from photochrom.image.colorimetry import finite

        image = finite(pyvips.Image.new_from_array(np.ascontiguousarray(lab, np.float32)))
        self.lightness = reduce(image[0], SIDE)
        height, width = self.lightness.shape
        self.ab = np.asarray(shrink(image.extract_band(1, n=2), height, width).numpy(), np.float32)

    @cached_property
    def features(self) -> Features:
        """The embedded encoder's features of its lightness.

        Raises:
            ModelMissing, ModelDamaged: as `guidance.features.features`.
        """
        return features(self.lightness)
