"""Variety of color, which tells colored pictures from toned ones: one pure function per score.

PSNR rewards a uniform brown; these scores do not. All of them take CIE L*a*b* D50 arrays of any size: lightness (H, W)
0…100, ab (H, W, 2), and the true ab of the same shape. `scores` computes all of them for a picture, under the keys of
`scores.SCORES`; `scores.means` summarizes a set of pictures.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.evaluation import metrics
from photochrom.image.lab import srgb_from_lab

Plane = NDArray[np.floating]

FAINT: Final = 1.0
"""A tint below this is invisible: such a picture is gray, not toned."""

NEUTRAL: Final = 4.0
"""Chroma below which a pixel counts as gray."""

MIDTONES: Final = (20.0, 80.0)
"""Range of L* in which gray is judged: near black and white there is no room for color."""

VIVID: Final = 40.0
"""Chroma from which a pixel of the original counts as vivid."""

SECTORS: Final = ("red", "orange-yellow", "yellow-green", "green", "blue-green", "blue", "blue-violet", "magenta")
"""The hue circle in parts of 45°, from 0° on; h = atan2(b*, a*)."""

SCALES: Final = (4, 16, 64)
"""Cells on the short side of the grids into which a picture is decomposed."""


def spread(ab: Plane) -> float:
    """Variation of the colors within a picture: √(var a* + var b*)."""
    return float(np.sqrt(ab.reshape(-1, 2).var(axis=0, dtype=np.float64).sum()))


def mean_color(ab: Plane) -> NDArray[np.float64]:
    """Mean a* and b* of a picture (2,)."""
    return np.asarray(ab.reshape(-1, 2).mean(axis=0, dtype=np.float64))


def tint(ab: Plane) -> float:
    """Distance of a picture's mean color from gray."""
    return float(np.hypot(*mean_color(ab)))


def tint_error(ab: Plane, true_ab: Plane) -> float:
    """Distance of the mean colors of two pictures."""
    return float(np.hypot(*(mean_color(ab) - mean_color(true_ab))))


def toned(ab: Plane) -> bool:
    """Whether a picture is a toned monochrome: its spread is less than half of its tint, and the tint is visible."""
    strength = tint(ab)
    return strength >= FAINT and spread(ab) < strength / 2


def chroma(ab: Plane) -> Plane:
    """C*ab of every pixel (H, W)."""
    return np.asarray(np.hypot(ab[..., 0], ab[..., 1]))


def neutrals(lightness: Plane, true_ab: Plane) -> NDArray[np.bool_]:
    """Mask (H, W) of mid-gray pixels in the original."""
    low, high = MIDTONES
    return np.asarray((chroma(true_ab) < NEUTRAL) & (lightness >= low) & (lightness <= high))


def sectors(ab: Plane) -> NDArray[np.int_]:
    """The sector of each pixel's hue (H, W), 0…7."""
    hue = np.degrees(np.arctan2(ab[..., 1], ab[..., 0]))
    return np.asarray(np.floor(hue / 45).astype(int) % len(SECTORS))


def kept_hues(ab: Plane, true_ab: Plane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By sector (8,), relative to the picture: vivid pixels of the original, and those of them that are in the same
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
    """Correlation of ab with the truth at each scale, -1…1, by “whole”, “4”, “16”, “64”.

    The picture is decomposed into its mean color; means over a grid of 4 cells on the short side, minus that mean;
    those over 16, minus those over 4; those over 64, minus those over 16. The correlation of two such parts is
    Σpt / √(Σp² Σt²) over cells, a* and b*. Parts that are zero in either picture, and grids finer than the pixels, are
    left out.
    """
    ours, truth = _parts(ab), _parts(true_ab)
    found = {}
    for name, part in ours.items():
        true_part = truth[name]
        power = float((part * part).sum() * (true_part * true_part).sum())
        # Rounding errors of gray in 8 bits are not color to compare.
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
    """Repeats the cells of a coarser grid on a finer one."""
    down, across = np.arange(rows) * cells.shape[0] // rows, np.arange(columns) * cells.shape[1] // columns
    return np.asarray(cells[down[:, None], across])


def colorfulness(lightness: Plane, ab: Plane) -> float:
    """`metrics.colorfulness` of a picture given as lightness (H, W) and ab (H, W, 2)."""
    lab = np.concatenate([lightness[..., None], ab], -1).astype(np.float32)
    return metrics.colorfulness(np.rint(np.clip(srgb_from_lab(lab), 0, 1) * 255).astype(np.uint8))


def own_scores(ab: Plane) -> dict[str, float]:
    """Scores without a reference: `spread`, `tint`, and `toned`, 1 or 0."""
    return {"spread": spread(ab), "tint": tint(ab), "toned": float(toned(ab))}


def true_scores(lightness: Plane, true_ab: Plane) -> dict[str, float]:
    """The scores of an original, and the areas on which others are judged: `neutral_part`, `vivid_red` and so on."""
    vivid, _ = kept_hues(true_ab, true_ab)
    return {
        **own_scores(true_ab),
        **_on_neutrals(true_ab, neutrals(lightness, true_ab)),
        "neutral_part": float(neutrals(lightness, true_ab).mean()),
        **{f"vivid_{sector}": float(part) for sector, part in zip(SECTORS, vivid, strict=True)},
    }


def scores(lightness: Plane, ab: Plane, true_ab: Plane) -> dict[str, float]:
    """All scores of a picture against its original: those of `own_scores`; `tint_error`; `neutrals`, the sum of its
    chroma where the original is gray, and `hue_red` and so on, the kept vivid pixels, both relative to the number of
    pixels; `correlation_whole` and so on. Scores that are undefined for this picture are missing."""
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
