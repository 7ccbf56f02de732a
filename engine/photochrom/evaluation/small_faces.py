"""How much the color of a face depends on how small it is in the picture, one by one and in an album.

`python -m photochrom.evaluation.small_faces FOLDER` takes the group photographs of a folder whose faces are listed in
small_faces.json (boxes in pixels: left, top, width, height), as they are and reduced to half. The whole photograph and
the part around each face, half as wide and half as high, are colorized from their lightness, one by one and as an
album of two frames. Printed are the mean CIEDE2000 of the faces between photograph and part, and the difference and
chroma of each beside the photograph in color.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.album.agreement import agree
from photochrom.album.moves import moved
from photochrom.evaluation import metrics
from photochrom.evaluation.albums import Frame
from photochrom.evaluation.dataset import read_srgb
from photochrom.evaluation.lightness_only import laid_over

if TYPE_CHECKING:
    from photochrom.evaluation.metrics import Pixels
    from photochrom.values import Plane

Box = tuple[int, int, int, int]
"""Left, top, width, height, in pixels."""

REDUCED: Final = (1, 2)
"""By what the photographs are reduced."""

PART: Final = 2
"""How often the part around a face goes into the photograph's width and height."""

HEADS: Final = ("reduced by", "pixels", "", "whole : part", "whole : color", "part : color", "chroma", "of the part")


def faces_of(folder: Path) -> Iterator[tuple[Pixels, list[Box]]]:
    """Each photograph (H, W, 3) sRGB with the boxes of its faces.

    Raises:
        BadPicture: a photograph cannot be read.
    """
    listed = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    for name, boxes in listed.items():
        yield read_srgb(folder / name), [(left, top, width, height) for left, top, width, height in boxes]


def scores(photograph: Pixels, boxes: list[Box]) -> Iterator[tuple[list[float], list[float]]]:
    """For each face, one by one and as an album: the differences between whole and part, between the whole and the
    photograph, between the part and the photograph (CIEDE2000, the face's mean), and the chroma of both."""
    whole = Frame(0, 0, 0, photograph)
    for box in boxes:
        left, top, width, height = box
        part = part_around(photograph, box)
        agreed = agree((frame.look, None) for frame in (whole, part))
        found = [
            _score(_face(whole, one, box), _face(part, other, box), photograph[top : top + height, left : left + width])
            for one, other in ((None, None), tuple(each.move for each in agreed))
        ]
        yield found[0], found[1]


def part_around(photograph: Pixels, box: Box) -> Frame:
    """The part of a photograph (H, W, 3) with the box in its middle, or as near to it as the edges allow."""
    left, top, width, height = box
    wide, high = photograph.shape[1] // PART, photograph.shape[0] // PART
    x = min(max(0, left + width // 2 - wide // 2), photograph.shape[1] - wide)
    y = min(max(0, top + height // 2 - high // 2), photograph.shape[0] - high)
    return Frame(0, x, y, np.ascontiguousarray(photograph[y : y + high, x : x + wide]))


def _face(frame: Frame, move: Plane | None, box: Box) -> Pixels:
    """The colorized face (h, w, 3) sRGB."""
    colors = frame.colors
    ab = colors.ab if move is None else moved(colors.guide, colors.ab, move)
    left, top, width, height = box[0] - frame.x, box[1] - frame.y, *box[2:]
    return laid_over(frame.lightness, colors.guide, ab)[top : top + height, left : left + width]


def _score(whole: Pixels, part: Pixels, color: Pixels) -> list[float]:
    differences = [metrics.ciede2000(*pair) for pair in ((whole, part), (color, whole), (color, part))]
    return [*differences, *(metrics.chroma(metrics.lab(each)) for each in (whole, part))]


def _reduced(photograph: Pixels, boxes: list[Box], factor: int) -> tuple[Pixels, list[Box]]:
    import pyvips

    small = pyvips.Image.new_from_array(photograph).shrink(factor, factor).numpy()
    return np.ascontiguousarray(small), [
        (round(left / factor), round(top / factor), max(1, round(width / factor)), max(1, round(height / factor)))
        for left, top, width, height in boxes
    ]


def _main(folder: Path) -> None:
    print(" | ".join(HEADS))
    for factor in REDUCED:
        groups = [_reduced(*each, factor) for each in faces_of(folder)]
        pairs = [pair for group in groups for pair in scores(*group)]
        side = np.median([np.sqrt(box[2] * box[3]) for _, boxes in groups for box in boxes])
        for name, rows in zip(("one by one", "album"), zip(*pairs, strict=True), strict=True):
            figures = " | ".join(f"{each:.2f}" for each in np.mean(rows, 0))
            print(f"{factor} | {side:.0f} | {name} | {figures}", flush=True)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
