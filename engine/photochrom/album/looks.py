"""What a frame looks like: features and colors of its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.guidance.features import CELL, Features, features
from photochrom.sampling.resize import as_image, shrink

if TYPE_CHECKING:
    from photochrom.values import Plane

SIDE: Final = 160
"""Short side in pixels that a frame is reduced to: the embedded encoder's proxy, 20 cells."""

LIGHT: Final = 0.9
"""Cells of a frame's white are no darker than this share of its lightest ones' L* …"""

NEUTRAL: Final = 10.0
"""… and their weight falls with their chroma (σ in ab units)."""


@dataclass(frozen=True)
class Look:
    """A frame's cells: their mean `lightness` (h, w) 0…100 and predicted `colors` (h, w, 2) in ab, and `features`."""

    lightness: Plane
    colors: Plane
    features: Features

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of cells."""
        return self.lightness.shape[0], self.lightness.shape[1]

    @property
    def cells(self) -> int:
        """How many there are."""
        return self.lightness.size


def look(guide: Plane, ab: Plane) -> Look:
    """A frame's lightness (H, W) 0…100 and predicted ab (h, w, 2), of any sizes -> its cells.

    Raises:
        ModelMissing, ModelDamaged: as `guidance.features.features`.
    """
    scale = SIDE / min(guide.shape) / CELL
    rows, columns = (max(1, round(side * scale)) for side in guide.shape)
    small = np.asarray(shrink(as_image(guide), rows * CELL, columns * CELL).numpy(), np.float32)
    colors = np.asarray(shrink(as_image(ab), rows, columns).numpy(), np.float32).reshape(rows, columns, 2)
    return Look(small.reshape(rows, CELL, columns, CELL).mean((1, 3)), colors, features(small))


def whiteness(look: Look) -> Plane:
    """(h, w) 0…1: how far each cell is white, as far as the frame has white: light and nearly neutral. Their mean
    color, so weighted, is the frame's white point."""
    light = look.lightness >= LIGHT * np.quantile(look.lightness, 0.98)
    return np.asarray(light * np.exp(-((look.colors / NEUTRAL) ** 2).sum(-1) / 2), np.float32)
