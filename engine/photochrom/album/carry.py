"""The same thing in other frames: where an object of one frame is in another.

A cell of the other frame belongs to the object if, of all cells of the frame that the object is known in, the most
similar one is inside it. Segments of the other frame that are mostly covered by such cells are the object there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.guidance.exemplar import ALIKE, SOFTNESS, cosines
from photochrom.sampling.resize import shrunk, stretched

if TYPE_CHECKING:
    from photochrom.album.looks import Look
    from photochrom.values import Mask, Plane, Segments

COVERED: Final = 0.5
"""A cell is inside an object if at least this share of it is …"""

LIKELY: Final = 0.25
"""… and a segment of another frame if its cells belong to it this surely on average: cells at a border are unsure."""

LEAST: Final = 0.002
"""Smaller shares of a frame are taken for chance."""


@dataclass(frozen=True)
class Known:
    """A frame in which the object is known: its `look`, and which of its cells are `inside` (h, w)."""

    look: Look
    inside: Mask


def known(look: Look, mask: Mask) -> Known:
    """A frame's look, and where the object is in it (H, W). A small object has the cell with most of it at least."""
    covered = shrunk(mask.astype(np.float32), *look.shape)
    return Known(look, covered >= min(COVERED, float(covered.max())))


def found(objects: list[Known], look: Look, lightness: Plane, segments: Segments) -> tuple[Mask, float] | None:
    """The frames that the object is known in, another frame's look, and its lightness and segments (h, w) -> where the
    object is in that one (h, w), and how alike the two are, 0…1; None where it is not."""
    belongs = np.max([_belonging(each, look) for each in objects], 0)
    cover = stretched(belongs, *lightness.shape)
    labels = segments.innermost
    area = np.maximum(np.bincount(labels.ravel(), minlength=segments.count + 1), 1)
    mean = np.bincount(labels.ravel(), cover.ravel(), segments.count + 1) / area
    inside = mean >= LIKELY
    inside[0] = False
    mask = inside[labels]
    if mask.mean() < LEAST:
        return None
    return mask, float(cover[mask].mean())


def _belonging(source: Known, look: Look) -> Plane:
    """(h, w) 0…1: how surely each cell belongs to the object, by one frame that it is known in."""
    similar = cosines(look.features, source.look.features)
    inside = source.inside.ravel()
    within = similar[:, inside].max(1)
    without = similar[:, ~inside].max(1, initial=-1.0)
    # Even where both are equally alike; 0 where nothing is.
    share = 1 / (1 + np.exp(-np.clip((within - without) / SOFTNESS, -30, 30)))
    return np.asarray(np.where(within >= ALIKE, share, 0).reshape(look.shape), np.float32)
