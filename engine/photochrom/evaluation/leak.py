"""Color bleeding: how far the color of a hint spreads beyond the object it was meant for.

Objects are human segmentations (label maps, as in BSDS500: Arbeláez et al. 2011). One is painted with a single strong
dab at its deepest point; then the answers with and without the dab are compared. Ideally, everything inside changes,
and nothing outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import BadPicture, BadRequest
from photochrom.evaluation.stability import Answer
from photochrom.values import Plane

CHANGED: Final = 10.0
"""ab distance from which a pixel counts as recolored."""

STRENGTH: Final = 50.0
"""Chroma of the paint; its hue is opposite to that of the unpainted segment."""

AREAS: Final = (0.01, 0.1)
"""Minimum and maximum area of an object, relative to the picture: less is a detail, more is background."""

DEEP: Final = 1 / 40
"""Minimum distance of a dab's center from the segment's border, relative to the picture's short side."""

MOST_OBJECTS: Final = 3
"""Number of a picture's largest objects that are painted, each on its own."""

Labels = NDArray[np.integer]


@dataclass(frozen=True)
class Dab:
    """A segment (H, W), and the disc (H, W) in it that is painted."""

    segment: NDArray[np.bool_]
    place: NDArray[np.bool_]


def leak(lightness: Plane, labels: Labels, answers: Mapping[str, Answer]) -> dict[str, dict[str, float]]:
    """Lightness (H, W) 0…100 and a label map (H, W) -> by candidate: `leak_inside`, the mean ab distance by which an
    object changes, and `leak_outside`, the area outside it that changes by more than CHANGED, relative to the object's
    area; the mean and the median over the objects. Empty if there is no object."""
    dabs = list(objects(labels))
    if not dabs:
        return {}
    return {name: _of_one(lightness, dabs, answer) for name, answer in answers.items()}


def _of_one(lightness: Plane, dabs: list[Dab], answer: Answer) -> dict[str, float]:
    plain = answer(lightness, None)
    inside, outside = [], []
    for dab in dabs:
        change = np.linalg.norm(answer(lightness, painted(plain, dab)) - plain, axis=-1)
        inside.append(change[dab.segment].mean())
        outside.append((change[~dab.segment] > CHANGED).sum() / dab.segment.sum())
    return {"leak_inside": float(np.mean(inside)), "leak_outside": float(np.median(outside))}


def painted(plain: Plane, dab: Dab) -> Plane:
    """A layer (H, W, 4) L, a, b, alpha with the dab in the color opposite to the segment's in `plain` (H, W, 2)."""
    own = plain[dab.segment].mean(0)
    chroma = float(np.hypot(*own))
    opposite = -own / chroma if chroma > 0 else np.array([1.0, 0.0])
    layer = np.zeros((*plain.shape[:2], 4), np.float32)
    layer[dab.place] = *(0, *STRENGTH * opposite), 1
    return layer


def objects(labels: Labels) -> Iterator[Dab]:
    """The largest objects of a label map (H, W), each with the position of its dab."""
    values, areas = np.unique(labels, return_counts=True)
    smallest, largest = (part * labels.size for part in AREAS)
    least = max(2.0, DEEP * min(labels.shape))
    found = 0
    for number in np.argsort(-areas, kind="stable"):
        if found < MOST_OBJECTS and smallest <= areas[number] <= largest:
            segment = labels == values[number]
            depth = depths(segment)
            if depth.max() >= least:
                found += 1
                yield Dab(segment, _disc(depth, least))


def depths(segment: NDArray[np.bool_]) -> Plane:
    """Distance of each pixel of a segment (H, W) to the nearest one outside it, or beyond the picture's border."""
    import pyvips

    outside = np.pad(~segment, 1, constant_values=True).astype(np.uint8) * np.uint8(255)
    _, found = pyvips.Image.new_from_array(outside).fill_nearest(distance=True)
    # For target pixels, libvips returns the distance to another target pixel, not 0.
    return np.asarray(found["distance"].numpy(), np.float32)[1:-1, 1:-1] * segment


def _disc(depth: Plane, radius: float) -> NDArray[np.bool_]:
    """A disc around the deepest point, inside the segment since its radius is at most the depth."""
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    down, across = np.indices(depth.shape)
    return np.asarray(((down - row) ** 2 + (across - column) ** 2 < radius**2) & (depth > 0))


class SegmentFolder:
    """Label maps (PNG, one band of 8 or 16 bits) with the names of their photographs.

    Raises:
        BadRequest: the folder is missing or has no PNG file.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir() or not any(folder.glob("*.png")):
            raise BadRequest(f"{folder} has no label maps.", "Give a folder of PNG files named as the photographs.")
        self._folder = folder

    def of(self, photograph: Path, height: int, width: int) -> Labels | None:
        """The label map (height, width) of a photograph; None if there is none.

        Raises:
            BadPicture: the file cannot be read, or is of another size.
        """
        import pyvips

        path = self._folder / f"{photograph.stem}.png"
        if not path.is_file():
            return None
        try:
            image = pyvips.Image.new_from_file(str(path))
            if (image.bands, image.height, image.width) != (1, height, width):
                raise BadPicture(
                    f"{path} is {image.width} × {image.height} with {image.bands} bands, the photograph {width} × "
                    f"{height}.",
                    "A label map has one band and the photograph's size.",
                )
            return np.asarray(image.numpy())
        except pyvips.Error as problem:
            raise BadPicture(f"{path} cannot be read: {str(problem).strip().splitlines()[0]}.") from problem
