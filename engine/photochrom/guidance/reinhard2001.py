"""Reinhard, Ashikhmin, Gooch & Shirley 2001, "Color Transfer between Images" (IEEE CG&A 21(5)): a palette is a mean and
a deviation.

Their eqs. 10 and 11 subtract the mean of each channel, scale by the ratio of the deviations, and add the mean of the
other picture. They work in lαβ on all three channels; here it is ab of CIE Lab, since lightness is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from photochrom.guidance.reference import Reference
    from photochrom.values import Plane

MOST_SCALE: Final = 1.5
"""Limit of the ratio of deviations: a prediction of one hue has almost none, and its noise would become color."""


def palette(ab: Plane, reference: Reference) -> Plane:
    """ab (h, w, 2) as predicted -> with the mean and, up to the limit, the deviation of the reference's."""
    own, wanted = ab.reshape(-1, 2), reference.ab.reshape(-1, 2)
    scale = np.minimum(wanted.std(0) / np.maximum(own.std(0), 1e-6), MOST_SCALE)
    return np.asarray((ab - own.mean(0)) * scale + wanted.mean(0), np.float32)
