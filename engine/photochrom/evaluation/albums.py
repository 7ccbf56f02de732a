"""How far the frames of an album agree, and whether they stay as true as one by one.

`python -m photochrom.evaluation.albums FOLDER [COUNT]` makes sequences of frames from the largest photographs of a
folder: crops of different sizes that overlap, as a camera pans; the same with differing exposure; and rolls, the frames
of three photographs one after another. It colorizes the frames from their lightness, one by one and as an album, and
prints the mean CIEDE2000 between the same places of neighboring frames, at the same lightness; PSNR against the
photograph, where it is in color; how strong the colors are (agreeing on gray would be easy); and how far the white
points of a sequence's frames are apart.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom import pipeline
from photochrom.album.agreement import agree
from photochrom.album.looks import Look, look, whiteness
from photochrom.album.moves import moved
from photochrom.batch.already_color import is_color
from photochrom.evaluation import metrics
from photochrom.evaluation.dataset import photographs, read_srgb
from photochrom.evaluation.lightness_only import laid_over, lightness_of
from photochrom.image import lab
from photochrom.options import Options
from photochrom.sampling import upsampling
from photochrom.sampling.proxy import Proxy

if TYPE_CHECKING:
    import pyvips

    from photochrom.evaluation.metrics import Pixels
    from photochrom.pipeline import Colors
    from photochrom.values import Plane

KINDS: Final = ("pan", "exposure", "roll")

SIZES: Final = (0.6, 0.68, 0.55, 0.64, 0.6)
"""Of a sequence's frames along the photograph's longer side, as shares of it; they go from one end to the other …"""

ACROSS: Final = (0.0, 1.0, 0.3, 0.8, 0.5)
"""… and their places across it, 0…1."""

BROADER: Final = 0.3
"""By how much their share of the shorter side is larger."""

STOPS: Final = (0.0, 0.5, -0.5, 0.35, -0.3)
"""Exposure of the frames, where it differs."""

IN_A_ROLL: Final = 3
"""Photographs."""


@dataclass(frozen=True)
class Frame:
    """A crop of the photograph `number`, its upper left corner at (x, y), in pixels; `pixels` (h, w, 3) sRGB."""

    number: int
    x: int
    y: int
    pixels: Pixels

    @cached_property
    def lightness(self) -> pyvips.Image:
        """All that the colorizer sees."""
        return lightness_of(self.pixels)

    @cached_property
    def colors(self) -> Colors:
        """Its colors, one by one."""
        return pipeline.predict(Proxy(self.lightness), Options())

    @cached_property
    def look(self) -> Look:
        return look(self.colors.guide, self.colors.ab)


@dataclass(frozen=True)
class Score:
    """Of a sequence, or a mean of several; `psnr` is not a number where the photograph is not in color."""

    difference: float
    psnr: float
    chroma: float
    white: float


def frames(number: int, photograph: Pixels, exposed: bool) -> list[Frame]:
    """The sequence of a photograph (H, W, 3) sRGB."""
    tall = photograph.shape[0] > photograph.shape[1]
    wide = photograph.swapaxes(0, 1) if tall else photograph
    found = []
    for at, size, across, stops in zip(np.linspace(0, 1, len(SIZES)), SIZES, ACROSS, STOPS, strict=True):
        height, width = round(wide.shape[0] * min(0.95, size + BROADER)), round(wide.shape[1] * size)
        y, x = round((wide.shape[0] - height) * across), round((wide.shape[1] - width) * at)
        crop = wide[y : y + height, x : x + width]
        if tall:
            crop, x, y = crop.swapaxes(0, 1), y, x
        found.append(Frame(number, x, y, _exposed(crop, stops) if exposed else np.ascontiguousarray(crop)))
    return found


def score(sequence: list[Frame], moves: list[Plane | None]) -> Score:
    """Of a sequence whose cells moved so."""
    maps = [
        each.colors.ab if move is None else moved(each.colors.guide, each.colors.ab, move)
        for each, move in zip(sequence, moves, strict=True)
    ]
    results = [laid_over(each.lightness, each.colors.guide, ab) for each, ab in zip(sequence, maps, strict=True)]
    differences = [
        _difference(sequence[one], maps[one], sequence[other], maps[other])
        for one, other in pairwise(range(len(sequence)))
        if sequence[one].number == sequence[other].number
    ]
    whites = [_white(each.look, move) for each, move in zip(sequence, moves, strict=True)]
    return Score(
        float(np.mean(differences)),
        float(np.mean([_psnr(each.pixels, result) for each, result in zip(sequence, results, strict=True)])),
        float(np.mean([metrics.chroma(metrics.lab(each)) for each in results])),
        float(np.sqrt(np.var([each for each in whites if each is not None], 0).sum())),
    )


def measure(folder: Path, count: int, kind: str) -> Iterator[tuple[Score, Score]]:
    """One by one and as an album: each sequence of a folder's `count` largest photographs.

    Raises:
        BadRequest: the folder is no data set. BadPicture: a photograph cannot be read. ExtraMissing: no scikit-image.
    """
    pictures = [read_srgb(each.path) for each in photographs(folder)]
    pictures = sorted(pictures, key=lambda each: -each[..., 0].size)[:count]
    sequences = [frames(number, each, kind == "exposure") for number, each in enumerate(pictures)]
    together = IN_A_ROLL if kind == "roll" else 1
    for first in range(0, len(sequences), together):
        sequence = [frame for each in sequences[first : first + together] for frame in each]
        agreed = agree((frame.look, None) for frame in sequence)
        yield score(sequence, [None] * len(sequence)), score(sequence, [each.move for each in agreed])


def _difference(one: Frame, ab: Plane, other: Frame, other_ab: Plane) -> float:
    """Mean CIEDE2000 where both are, at the lightness of the first."""
    (top, left), (bottom, right) = _overlap(one, other)
    places = [(slice(top - each.y, bottom - each.y), slice(left - each.x, right - each.x)) for each in (one, other)]
    lightness = one.lightness.numpy()[places[0]]
    seen = []
    for each, colors, place in ((one, ab, places[0]), (other, other_ab, places[1])):
        full = upsampling.apply(upsampling.fit(each.colors.guide, colors), each.lightness).numpy()
        rgb = lab.srgb_from_lab(np.dstack([lightness, full[place]]))
        seen.append(np.rint(255 * np.clip(rgb, 0, 1)).astype(np.uint8))
    return metrics.ciede2000(*seen)


def _overlap(one: Frame, other: Frame) -> tuple[tuple[int, int], tuple[int, int]]:
    ends = [(each.y + each.pixels.shape[0], each.x + each.pixels.shape[1]) for each in (one, other)]
    return (max(one.y, other.y), max(one.x, other.x)), (min(ends[0][0], ends[1][0]), min(ends[0][1], ends[1][1]))


def _psnr(original: Pixels, result: Pixels) -> float:
    return metrics.cpsnr(original, result) if is_color(metrics.lab(original)) else float("nan")


def _white(look: Look, move: Plane | None) -> Plane | None:
    """The white point of a frame; None if it has none."""
    white = whiteness(look)
    if white.sum() < 1:
        return None
    colors = look.colors if move is None else look.colors + move
    return np.asarray((white[..., None] * colors).sum((0, 1)) / white.sum())


def _exposed(picture: Pixels, stops: float) -> Pixels:
    linear = lab.decode_srgb(picture / 255) * 2**stops
    return np.rint(255 * lab.encode_srgb(np.clip(linear, 0, 1))).astype(np.uint8)


def _main(folder: Path, count: int) -> None:
    print("| frames | | CIEDE2000 | PSNR | chroma | white points |\n| --- | --- | --- | --- | --- | --- |")
    for kind in KINDS:
        pairs = list(measure(folder, count, kind))
        for name, scores in zip(("one by one", "album"), zip(*pairs, strict=True), strict=True):
            rows = np.array([(each.difference, each.psnr, each.chroma, each.white) for each in scores])
            difference, psnr, chroma, white = np.nanmean(rows, 0)
            print(f"| {kind} | {name} | {difference:.2f} | {psnr:.2f} | {chroma:.1f} | {white:.2f} |", flush=True)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 24)
