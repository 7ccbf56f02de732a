"""A color photograph that another is to be colored like.

It gives its palette (`reinhard2001`), colors by tone and texture (`welsh2002`), or colors region by region
(`likeness`). What each of them is worth, and what a reference of another scene spoils, is measured in NOTES.md.
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
"""Short side in pixels that a reference is reduced to: what the embedded encoder sees best."""


class Reference:
    """`lab` (H, W, 3) CIE L, a, b (D50), of any size and aspect; values that are not finite count as 0.

    Kept are its `lightness` (h, w) 0…100 and `ab` (h, w, 2), reduced. May be used from several threads.
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
        """What the embedded encoder sees in its lightness.

        Raises:
            ModelMissing, ModelDamaged: as `guidance.features.features`.
        """
        return features(self.lightness)
