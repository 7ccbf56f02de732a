"""From cells to a frame's ab map: its move, and objects in colors of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from photochrom.harmonization.recolor import colored
from photochrom.sampling.resize import as_image, shrunk
from photochrom.sampling.upsampling import along_edges

if TYPE_CHECKING:
    from photochrom.values import Mask, Plane


@dataclass(frozen=True)
class Painted:
    """An object in a color of its own: its `mask` (h, w), of any size, and its ab at the object's mean lightness.
    `note`: how the color is known."""

    mask: Mask
    color: tuple[float, float]
    note: str = ""


def moved(guide: Plane, ab: Plane, move: Plane) -> Plane:
    """A frame's lightness (H, W) 0…100, its ab (h, w, 2) and the move of its cells -> its ab after the move, which
    follows the edges of the lightness."""
    height, width = ab.shape[:2]
    cells = shrunk(move, min(height, move.shape[0]), min(width, move.shape[1]))
    return ab + along_edges(cells, shrunk(guide, height, width))


def painted(guide: Plane, ab: Plane, objects: list[Painted]) -> Plane:
    """A frame's lightness (H, W) 0…100 and its ab (h, w, 2) -> its ab with the objects, the last one on top, in their
    colors: darker where the object is, with less chroma."""
    if not objects:
        return ab
    lightness = shrunk(guide, *ab.shape[:2])
    for each in objects:
        share = shrunk(each.mask.astype(np.float32), *_at_most(each.mask.shape, ab.shape))
        share = _sized(share, lightness)[..., None]
        mean = float((share[..., 0] * lightness).sum() / max(float(share.sum()), 1e-6))
        color = np.asarray(colored(as_image(lightness), mean, *each.color).numpy(), np.float32)
        ab = ab + share * (color.reshape(ab.shape) - ab)
    return np.asarray(ab, np.float32)


def _at_most(shape: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, int]:
    return min(shape[0], wanted[0]), min(shape[1], wanted[1])


def _sized(share: Plane, lightness: Plane) -> Plane:
    """A smaller map stretched along the edges of the lightness."""
    if share.shape == lightness.shape:
        return share
    return np.clip(along_edges(np.stack([share, share], -1), lightness)[..., 0], 0, 1)
