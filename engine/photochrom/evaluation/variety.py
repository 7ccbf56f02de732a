"""Whether a picture is colored or only toned: one pure function a figure.

PSNR is content with one brown over everything; these are not. All of them look at CIE L*a*b* D50 as arrays of any size:
lightness (H, W) 0…100, ab (H, W, 2), and the true ab of the same place. `scores` takes all that a picture has, under
the keys of `scores.SCORES`; `scores.means` is what a set of pictures comes to.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.evaluation import metrics
from photochrom.image.lab import srgb_from_lab

Plane = NDArray[np.floating]

FAINT: Final = 1.0
"""A tint below this cannot be seen: such a picture is gray, not toned."""

NEUTRAL: Final = 4.0
"""Chroma below which a pixel counts as gray."""

MIDTONES: Final = (20.0, 80.0)
"""L* between which gray is judged: near black and white there is no room for color."""

VIVID: Final = 40.0
"""Chroma from which a pixel of the original counts as vivid."""

SECTORS: Final = ("red", "orange-yellow", "yellow-green", "green", "blue-green", "blue", "blue-violet", "magenta")
"""The hue circle in parts of 45°, from 0° on; h = atan2(b*, a*)."""

SCALES: Final = (4, 16, 64)
"""Cells on the short side of the grids by which a picture is taken apart."""


def spread(ab: Plane) -> float:
    """How much the colors of one picture differ among themselves: √(var a* + var b*)."""
    return float(np.sqrt(ab.reshape(-1, 2).var(axis=0, dtype=np.float64).sum()))


def mean_color(ab: Plane) -> NDArray[np.float64]:
    """Mean a* and b* of a picture (2,)."""
    return np.asarray(ab.reshape(-1, 2).mean(axis=0, dtype=np.float64))


def tint(ab: Plane) -> float:
    """How far the mean color of a picture is from gray."""
    return float(np.hypot(*mean_color(ab)))


def tint_error(ab: Plane, true_ab: Plane) -> float:
    """How far the mean colors of two pictures are apart."""
    return float(np.hypot(*(mean_color(ab) - mean_color(true_ab))))


def toned(ab: Plane) -> bool:
    """Whether a picture is a toned monochrome: its spread is less than half of its tint, and the tint can be seen."""
    strength = tint(ab)
    return strength >= FAINT and spread(ab) < strength / 2


def chroma(ab: Plane) -> Plane:
    """C*ab of every pixel (H, W)."""
    return np.asarray(np.hypot(ab[..., 0], ab[..., 1]))


def neutrals(lightness: Plane, true_ab: Plane) -> NDArray[np.bool_]:
    """Where the original (H, W) is a gray of middling lightness."""
    low, high = MIDTONES
    return np.asarray((chroma(true_ab) < NEUTRAL) & (lightness >= low) & (lightness <= high))


def sectors(ab: Plane) -> NDArray[np.int_]:
    """The sector of each pixel's hue (H, W), 0…7."""
    hue = np.degrees(np.arctan2(ab[..., 1], ab[..., 0]))
    return np.asarray(np.floor(hue / 45).astype(int) % len(SECTORS))


def kept_hues(ab: Plane, true_ab: Plane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By sector (8,), as parts of the picture: vivid pixels of the original, and those among them that are of the same
    sector here and not gray."""
    vivid = chroma(true_ab) > VIVID
    truth, found = sectors(true_ab)[vivid], sectors(ab)[vivid]
    kept = (truth == found) & (chroma(ab)[vivid] >= NEUTRAL)
    pixels = vivid.size
    return (
        np.bincount(truth, minlength=len(SECTORS)) / pixels,
        np.bincount(truth[kept], minlength=len(SECTORS)) / pixels,
    )


def correlations(ab: Plane, true_ab: Plane) -> dict[str, float]:
    """How well ab follows the truth at each scale, -1…1, by “whole”, “4”, “16”, “64”.

    The picture is taken apart: its mean color; means over a grid of 4 cells on the short side, less that mean; those
    over 16, less those over 4; those over 64, less those over 16. The correlation of two such parts is Σpt / √(Σp² Σt²)
    over cells, a* and b*. A part where either picture has nothing, and grids finer than the pixels, are left out.
    """
    ours, truth = _parts(ab), _parts(true_ab)
    found = {}
    for name, part in ours.items():
        true_part = truth[name]
        power = float((part * part).sum() * (true_part * true_part).sum())
        # What rounding to 8 bit leaves of gray is no color to compare.
        if min(_strongest(part), _strongest(true_part)) > 0.1:
            found[name] = float((part * true_part).sum() / np.sqrt(power))
    return found


def _strongest(part: NDArray[np.float64]) -> float:
    return float(np.abs(part).max())


def _parts(ab: Plane) -> dict[str, NDArray[np.float64]]:
    height, width = ab.shape[:2]
    short = min(height, width)
    parts = {"whole": mean_color(ab)[None, None]}
    coarser = parts["whole"]
    for cells in SCALES:
        if cells > short:
            break
        # Long sides are multiples of the coarsest grid's, so that every grid divides the one before it.
        rows, columns = (max(1, round(SCALES[0] * side / short)) * cells // SCALES[0] for side in (height, width))
        grid = _cells(ab, min(rows, height), min(columns, width))
        parts[str(cells)] = grid - _repeated(coarser, *grid.shape[:2])
        coarser = grid
    return parts


def _cells(ab: Plane, rows: int, columns: int) -> NDArray[np.float64]:
    """Means of ab over a grid (rows, columns, 2) of whole pixels."""
    tops, lefts = (np.arange(count) * side // count for count, side in zip((rows, columns), ab.shape[:2], strict=True))
    sums = np.add.reduceat(np.add.reduceat(ab, tops, 0, np.float64), lefts, 1)
    heights, widths = np.diff(tops, append=ab.shape[0]), np.diff(lefts, append=ab.shape[1])
    return np.asarray(sums / (heights[:, None] * widths)[..., None])


def _repeated(cells: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.float64]:
    """A coarser grid on a finer one: each of its cells takes the value of the one it lies in."""
    down, across = np.arange(rows) * cells.shape[0] // rows, np.arange(columns) * cells.shape[1] // columns
    return np.asarray(cells[down[:, None], across])


def colorfulness(lightness: Plane, ab: Plane) -> float:
    """`metrics.colorfulness` of a picture that is known as lightness (H, W) and ab (H, W, 2)."""
    lab = np.concatenate([lightness[..., None], ab], -1).astype(np.float32)
    return metrics.colorfulness(np.rint(np.clip(srgb_from_lab(lab), 0, 1) * 255).astype(np.uint8))


def own_scores(ab: Plane) -> dict[str, float]:
    """What a picture's colors score by themselves: `spread`, `tint`, and `toned`, 1 or 0."""
    return {"spread": spread(ab), "tint": tint(ab), "toned": float(toned(ab))}


def true_scores(lightness: Plane, true_ab: Plane) -> dict[str, float]:
    """What an original scores, and what parts of it the others are judged on: `neutral_part`, `vivid_red` and so on."""
    vivid, _ = kept_hues(true_ab, true_ab)
    return {
        **own_scores(true_ab),
        **_on_neutrals(true_ab, neutrals(lightness, true_ab)),
        "neutral_part": float(neutrals(lightness, true_ab).mean()),
        **{f"vivid_{sector}": float(part) for sector, part in zip(SECTORS, vivid, strict=True)},
    }


def scores(lightness: Plane, ab: Plane, true_ab: Plane) -> dict[str, float]:
    """What a picture scores beside its original: all of `own_scores`; `tint_error`; `neutrals`, the sum of its chroma
    where the original is gray, and `hue_red` and so on, the kept vivid pixels, both as parts of the picture's pixels;
    `correlation_whole` and so on. What cannot be taken of this picture is not there."""
    _, kept = kept_hues(ab, true_ab)
    return {
        **own_scores(ab),
        "tint_error": tint_error(ab, true_ab),
        **_on_neutrals(ab, neutrals(lightness, true_ab)),
        **{f"hue_{sector}": float(part) for sector, part in zip(SECTORS, kept, strict=True)},
        **{f"correlation_{name}": value for name, value in correlations(ab, true_ab).items()},
    }


def _on_neutrals(ab: Plane, gray: NDArray[np.bool_]) -> dict[str, float]:
    return {"neutrals": float((chroma(ab) * gray).mean(dtype=np.float64))}
