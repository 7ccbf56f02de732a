"""The values that travel between the steps: what their shapes, ranges and units are.

Docstrings elsewhere use the short form, as in "lightness (h, w) 0…100 -> ab (h, w, 2)":

- **Sizes** are (height, width). (H, W) and (h, w) in one docstring are two sizes of one picture, the first the larger.
- **Lightness** is CIE L* under D50, 0 black … 100 white, (h, w).
- **ab** is CIE a* and b* under D50, (h, w, 2): unbounded in theory, within ±128 in practice; 0 is gray. Its length is
  chroma. Differences are in "ab units", of which a viewer sees about two.
- **Points** are (x, y), 0…1 from left to right and from top to bottom, whatever the size.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
"""float32, (h, w) or (h, w, channels)."""

Labels = NDArray[np.int32]
"""(h, w): equal numbers belong together, 0 belongs to nothing."""

Mask = NDArray[np.bool_]
"""(h, w): true inside."""


@dataclass(frozen=True)
class Hints:
    """Colors given by hand, at proxy size. ab (h, w, 2); mask (h, w), 1 where a color is given, else 0."""

    ab: Plane
    mask: Plane


@dataclass(frozen=True)
class Distribution:
    """What a colorizer thinks possible: probabilities (h, w, classes), 0…1, which sum to 1 over the classes; and the
    classes' centers (classes, 2) in ab."""

    probabilities: Plane
    centers: Plane


@dataclass(frozen=True)
class Prediction:
    """A colorizer's answer for a proxy: ab (h, w, 2), no larger than the proxy; and the distribution that it was
    decoded from, at a size of its own, if the system has one.

    `calm`: the same answer, less bold, of the size of ab, if the system tells the two apart. `shares`: which
    colorizer contributes how much of ab (0…1, sum 1), if several do.
    """

    ab: Plane
    distribution: Distribution | None = None
    calm: Plane | None = None
    shares: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Segments:
    """The objects of a picture as a stack of label maps: objects may lie in one another.

    `layers` (k, h, w) int32: 0 where a layer has no segment, else the segment's number, 1…`count`, from the largest
    segment to the smallest. Each segment lies in one layer. A label map makes one layer; overlapping masks take as
    many as they need. Pixels that are 0 in all layers belong to no object.
    """

    layers: Labels
    count: int

    @classmethod
    def from_labels(cls, labels: NDArray[np.integer]) -> Segments:
        """A label map (h, w): equal values from 0 on are a segment, connected or not; negative values are none."""
        areas = np.bincount(labels[labels >= 0])
        largest_first = np.argsort(-areas, kind="stable")[: np.count_nonzero(areas)]
        # The last entry is for what -1 and below, clipped to -1, look up from the end.
        numbers = np.zeros(areas.size + 1, np.int32)
        numbers[largest_first] = np.arange(1, largest_first.size + 1)
        return cls(numbers[np.maximum(labels, -1)][None], largest_first.size)

    @classmethod
    def from_masks(cls, masks: Mask) -> Segments:
        """Masks (n, h, w), which may overlap; empty ones are left out."""
        areas = np.count_nonzero(masks, axis=(1, 2))
        largest_first = np.argsort(-areas, kind="stable")[: np.count_nonzero(areas)]
        layers: list[Labels] = [np.zeros(masks.shape[1:], np.int32)]
        for number, index in enumerate(largest_first, 1):
            mask = masks[index]
            layer = next((layer for layer in layers if not layer[mask].any()), None)
            if layer is None:
                layer = np.zeros(masks.shape[1:], np.int32)
                layers.append(layer)
            layer[mask] = number
        return cls(np.stack(layers), largest_first.size)

    @property
    def areas(self) -> NDArray[np.int64]:
        """(count + 1,): how many pixels each segment has; the entry 0, of no segment, is 0."""
        areas = np.bincount(self.layers.ravel(), minlength=self.count + 1)
        areas[0] = 0
        return areas

    @property
    def innermost(self) -> Labels:
        """(h, w): for each pixel the smallest segment that it belongs to, 0 for none."""
        return np.asarray(self.layers.max(0))

    def mask(self, number: int) -> Mask:
        """(h, w): where a segment, 1…`count`, is."""
        return np.asarray((self.layers == number).any(0))
