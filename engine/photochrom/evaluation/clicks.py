"""How well a segmenter finds the objects that people outlined, after one click and after corrections.

    python -m photochrom.evaluation.clicks PHOTOGRAPHS SEGMENTATIONS [SEGMENTER]

As in the literature (Sofiiuk et al. 2021, arXiv 2102.06583): the first click is at the center of the object, each
further one at the center of the larger error, missed or taken too much; a center is the point farthest from the
border. Objects are the segments drawn by people that take `LEAST` to `MOST` of a picture.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from photochrom import segmenters
from photochrom.evaluation.dataset import photographs, read_srgb
from photochrom.evaluation.lightness_only import lightness_of
from photochrom.segmenters import Segmenter
from photochrom.values import Labels, Mask, Plane
from photochrom_client.prompt import Prompt

LEAST, MOST = 0.01, 0.6
"""Of the picture's area: smaller segments are details, larger ones the ground."""

CLICKS: Final = (1, 3, 5)
"""After so many clicks the masks are compared."""

Finder = Callable[[Plane, Prompt], Mask]


@dataclass(frozen=True)
class Outlined:
    """A picture with a segmentation drawn by people: its lightness (h, w) 0…100 and label map (h, w)."""

    name: str
    lightness: Plane
    labels: Labels

    def objects(self, least: float = LEAST) -> Iterator[Mask]:
        """The masks of its objects."""
        for label in np.unique(self.labels):
            mask = self.labels == label
            if least <= mask.mean() <= MOST:
                yield mask


@dataclass(frozen=True)
class Clicked:
    """One object: the masks' intersection over union after each click, and the seconds that each took."""

    shared: list[float]
    seconds: list[float]


def outlined(folder: Path, segmentations: Path) -> Iterator[Outlined]:
    """The photographs of a folder (as for `photochrom evaluate`) that have a segmentation of the same name."""
    import pyvips

    drawn = {path.stem: path for path in segmentations.glob("*.png")}
    for photograph in photographs(folder):
        if photograph.path.stem in drawn:
            labels = pyvips.Image.new_from_file(str(drawn[photograph.path.stem])).numpy()
            lightness = lightness_of(read_srgb(photograph.path)).numpy()
            yield Outlined(photograph.path.stem, np.asarray(lightness, np.float32), labels.reshape(labels.shape[:2]))


def simulated(finder: Finder, lightness: Plane, wanted: Mask, clicks: int = max(CLICKS)) -> Clicked:
    """Clicks until the object is found, or so often; what was reached stays."""
    prompt, found = Prompt(), np.zeros_like(wanted)
    shared: list[float] = []
    seconds: list[float] = []
    while len(shared) < clicks:
        error = next_click(found, wanted)
        if error is None:
            return Clicked(shared + [1.0] * (clicks - len(shared)), seconds)
        prompt = prompt.clicked(*error)
        begun = time.perf_counter()
        found = finder(lightness, prompt)
        seconds.append(time.perf_counter() - begun)
        shared.append(overlap(found, wanted))
    return Clicked(shared, seconds)


def next_click(found: Mask, wanted: Mask) -> tuple[float, float, bool] | None:
    """The center of the larger error (x, y, away), 0…1; None if there is none."""
    (missed, one), (excess, other) = center(wanted & ~found), center(found & ~wanted)
    if not missed and not excess:
        return None
    row, column = one if missed >= excess else other
    height, width = wanted.shape
    return (column + 0.5) / width, (row + 0.5) / height, missed < excess


def center(mask: Mask) -> tuple[float, tuple[int, int]]:
    """The point of a mask (h, w) farthest from its border, which the picture's own is, too: distance, (row, column)."""
    from scipy.ndimage import distance_transform_edt

    inside = np.asarray(distance_transform_edt(np.pad(mask, 1)))[1:-1, 1:-1]
    row, column = np.unravel_index(inside.argmax(), inside.shape)
    return float(inside[row, column]), (int(row), int(column))


def overlap(one: Mask, other: Mask) -> float:
    """Intersection over union."""
    return int(np.count_nonzero(one & other)) / max(1, int(np.count_nonzero(one | other)))


def held_out(pictures: Sequence[Outlined]) -> list[Outlined]:
    """Every second picture by name, from the second on: the others taught the embedded segmenter."""
    return sorted(pictures, key=lambda each: each.name)[1::2]


def measured(finder: Finder, pictures: Sequence[Outlined]) -> list[Clicked]:
    """All objects of these pictures; the first prompt for a picture is made before, and not counted."""
    every = []
    for picture in pictures:
        finder(picture.lightness, Prompt().clicked(0.5, 0.5))
        every += [simulated(finder, picture.lightness, each) for each in picture.objects()]
    return every


def summary(every: Sequence[Clicked]) -> tuple[list[float], float]:
    """The mean intersection over union after each of `CLICKS`, and the median milliseconds of a click."""
    means = [float(np.mean([each.shared[count - 1] for each in every])) for count in CLICKS]
    return means, 1e3 * float(np.median([seconds for each in every for seconds in each.seconds]))


def _main(folder: str, segmentations: str, name: str = segmenters.EMBEDDED) -> None:
    segmenter: Segmenter = segmenters.load(name)
    pictures = held_out(list(outlined(Path(folder), Path(segmentations))))
    every = measured(segmenter.mask, pictures)
    means, milliseconds = summary(every)
    said = ", ".join(f"{mean:.3f} after {count}" for count, mean in zip(CLICKS, means, strict=True))
    print(f"{name}: {len(every)} objects in {len(pictures)} pictures: {said}; {milliseconds:.0f} ms a click")


if __name__ == "__main__":
    _main(*sys.argv[1:])
