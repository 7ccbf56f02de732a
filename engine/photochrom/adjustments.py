"""What is changed in colors after they were chosen: strength, warmth, neutrals, the paper's own tint.

All of it is pointwise on the ab map, so that moving a slider does not ask a network again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.errors import BadRequest

if TYPE_CHECKING:
    from photochrom.colorizers import Plane

MOST_CHROMA: Final = 4.0

MOST_TINT: Final = 60.0
"""No toned paper is as colorful."""

WARMEST: Final = (3.0, 12.0)
"""The shift (a, b) of a warmth of 1: from daylight towards lamplight, along the daylight locus near its white."""

NEUTRAL: Final = 24.0
"""With neutrals fully protected, colors of less chroma than this fade, those below half of it to almost nothing."""


@dataclass(frozen=True)
class Adjustments:
    """`chroma`: factor, 0 gray … 1 as predicted … 4. `warmth`: -1 cold … 1 warm. `neutrals`: how much of what is
    almost gray (suits, hair, snow) stays gray, 0 nothing … 1 all. `tint`: (a, b) of the paper, which the colors are
    laid over: sepia is kept.

    Raises:
        BadRequest: one of them is out of its range.
    """

    chroma: float = 1.0
    warmth: float = 0.0
    neutrals: float = 0.0
    tint: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        ranges = {
            "chroma": (self.chroma, 0, MOST_CHROMA),
            "warmth": (self.warmth, -1, 1),
            "neutrals": (self.neutrals, 0, 1),
            "tint": (math.hypot(*self.tint), 0, MOST_TINT),
        }
        for name, (value, least, most) in ranges.items():
            if not least <= value <= most:
                raise BadRequest(f"A {name} of {value} is not possible.", f"Give one from {least:g} to {most:g}.")

    def apply(self, ab: Plane) -> Plane:
        """ab (h, w, 2) as predicted -> as wished."""
        adjusted = ab + np.float32(self.warmth) * np.array(WARMEST, np.float32)
        if self.neutrals:
            adjusted *= _colorful(ab, self.neutrals * NEUTRAL)[..., None]
        return np.asarray(adjusted * np.float32(self.chroma) + np.array(self.tint, np.float32), np.float32)


def _colorful(ab: Plane, threshold: float) -> Plane:
    """(h, w) 0…1: 1 where the chroma reaches the threshold, falling smoothly to 0 for gray."""
    share = np.minimum(np.hypot(ab[..., 0], ab[..., 1]) / threshold, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)
