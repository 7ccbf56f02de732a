"""Recoloring one object: its mask, suggestions of colors, and the color over the photograph.

The mask is computed at proxy size and upsampled along the photograph's edges (`upsampling`). The color follows the
photograph's own tones: a surface of one chromaticity, lit more or less, keeps the hue angle of its ab, and its chroma
is in proportion to L* + 16 (CIE 15:2018, eqs. 8.3 to 8.5: X, Y and Z grow together, and a*, b* and L* + 16 with their
cube root). So shadows have less chroma and lit folds more, as in dyed cloth, and the colorizer's prediction inside the
object has no influence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from photochrom.errors import BadRequest
from photochrom.sampling import upsampling
from photochrom.sampling.resize import shrunk, stretched
from photochrom.segmenters import Promptable
from photochrom.values import Distribution, Labels, Mask, Plane, Segments

if TYPE_CHECKING:
    import pyvips


NEAR: Final = 6.0
"""A segment belongs to the object if its lightness differs from the selected one's by less, in L*, …"""

ALIKE: Final = 8.0
"""… and its color by less, in ab units."""

IN_COMMON: Final = 0.5
"""Minimum intersection over union of an object and the selection that means it."""

MOST: Final = 8
"""Maximum number of suggested colors …"""

LEAST: Final = 5
"""… and the minimum, however improbable."""

DISTINCT: Final = 15.0
"""Minimum distance of suggested colors, ΔE*ab at equal lightness: about one and a half bins."""

IMPROBABLE: Final = 0.01

BRIGHTEST: Final = 1.35
"""Limit of the chroma's growth towards the highlights: brighter spots are reflections, with the light's color."""


@dataclass(frozen=True)
class Suggestion:
    """A color for an object: `a`, `b` in Lab D50; its `probability` 0…1 there; and `rgb`, sRGB 0…1, its appearance at
    the object's mean lightness."""

    a: float
    b: float
    probability: float
    rgb: tuple[float, float, float]


def object_at(finder: Promptable | Segments, lightness: Plane, ab: Plane, x: float, y: float) -> Mask:
    """The object at a point: lightness (h, w) 0…100, ab (H, W, 2) predicted for the same picture (of any
    size), x and y 0…1 across and down -> mask (h, w).

    Of segments (h, w), which may be areas of even tone: the one at the point, and those connected to it that are
    similar in lightness and color.

    Raises:
        BadRequest: the point is outside the picture, or not on an object.
    """
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise BadRequest(f"The point {x:g}, {y:g} is outside the picture.", "Give x and y from 0 to 1.")
    height, width = lightness.shape
    row, column = min(int(y * height), height - 1), min(int(x * width), width - 1)
    if isinstance(finder, Segments):
        found = _grown(finder, lightness, _sized(ab, height, width), row, column)
    else:
        found = finder.mask(lightness, points=[(x, y)])
    if not found.any():
        raise BadRequest("There is no object at this point.", "Choose another point, or make a selection.")
    return found


def object_in(finder: Promptable | Segments, lightness: Plane, selection: Plane) -> Mask:
    """The object that a rough selection means: lightness (h, w) 0…100 and selection (H, W) 0…1 of any size -> mask
    (h, w).

    Of segments (h, w), those with more than half of their pixels in the selection. If the object has little in common
    with the selection, the selection itself.

    Raises:
        BadRequest: nothing is selected.
    """
    selected = _sized(np.asarray(selection, np.float32), *lightness.shape) >= 0.5
    if not selected.any():
        raise BadRequest("Nothing is selected.", "Select the object, or point at it.")
    if isinstance(finder, Segments):
        labels = finder.innermost
        counts = np.bincount(labels.ravel(), minlength=finder.count + 1)
        inside = np.bincount(labels[selected], minlength=finder.count + 1)
        within = inside > counts / 2
        within[0] = False
        found = within[labels]
    else:
        rows, columns = np.flatnonzero(selected.any(1)), np.flatnonzero(selected.any(0))
        height, width = selected.shape
        box = (columns[0] / width, rows[0] / height, (columns[-1] + 1) / width, (rows[-1] + 1) / height)
        found = finder.mask(lightness, box=box)
    shared, either = np.count_nonzero(found & selected), np.count_nonzero(found | selected)
    return found if shared >= IN_COMMON * either else selected


def mean_lightness(lightness: Plane, mask: Plane | Mask) -> float:
    """Lightness (h, w) 0…100 and mask (h, w) 0…1, or a selection -> the mean L* inside.

    Raises:
        BadRequest: the mask is empty.
    """
    weight = np.asarray(mask, np.float64)
    if not weight.sum() > 0:
        raise BadRequest("Nothing is selected.", "Select the object, or point at it.")
    return float((weight * lightness).sum() / weight.sum())


def suggestions(distribution: Distribution, lightness: Plane, mask: Plane | Mask) -> list[Suggestion]:
    """Colors for an object, the most probable first: the distribution (h, w, classes) of a colorizer, averaged over
    the mask (H, W) 0…1 on lightness (H, W) 0…100.

    Similar classes are merged into the most probable one; its color is their mean.

    Raises:
        BadRequest: the mask is empty.
    """
    mean = mean_lightness(lightness, mask)
    height, width = distribution.probabilities.shape[:2]
    weight = _sized(np.asarray(mask, np.float32), height, width).clip(0, 1)
    average = np.tensordot(weight, distribution.probabilities, 2) / weight.sum()
    left = average.astype(np.float64)
    found: list[Suggestion] = []
    chosen: list[np.ndarray[Any, Any]] = []
    while len(found) < MOST and left.any():
        peak = int(left.argmax())
        near = np.linalg.norm(distribution.centers - distribution.centers[peak], axis=1) < DISTINCT
        probability = float(left[near].sum())
        color = left[near] @ distribution.centers[near] / probability
        left[near] = 0
        if any(np.linalg.norm(color - other) < DISTINCT for other in chosen):
            continue
        if probability < IMPROBABLE and len(found) >= LEAST:
            break
        chosen.append(color)
        found.append(Suggestion(float(color[0]), float(color[1]), probability, swatch(mean, *color)))
    return sorted(found, key=lambda each: -each.probability)


def swatch(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    """A color in Lab D50 -> sRGB 0…1, its chroma reduced to fit the gamut."""
    import pyvips

    from photochrom.image import gamut, spaces
    from photochrom.image.lab import encode_srgb

    tone = pyvips.Image.new_from_array([[float(lightness)]])
    linear = gamut.linear_rgb(tone, tone.new_from_image([float(a), float(b)]), spaces.SRGB).numpy()
    red, green, blue = encode_srgb(np.clip(linear.reshape(3), 0, 1)).tolist()
    return red, green, blue


def colored(lightness: pyvips.Image, mean: float, a: float, b: float) -> pyvips.Image:
    """The object's color over the photograph: lightness (1 band float, 0…100, any size), the object's mean lightness
    and its color at that lightness -> ab (2 bands float). Lazy and pointwise: it streams."""
    share = ((lightness + 16) / (mean + 16)).clamp(min=0, max=BRIGHTEST)
    return share * [float(a), float(b)]


def full_mask(lightness: pyvips.Image, proxy: Plane, mask: Plane | Mask) -> pyvips.Image:
    """The mask at full size: lightness (1 band float, 0…100, any size), the same at proxy size (h, w), and the
    object's mask (h, w) 0…1 -> 1 band float 0…1, soft at the mask's border, and along the edges of lightness. Lazy and
    pointwise: it streams."""
    plane = np.asarray(mask, np.float32)
    coefficients = upsampling.fit(proxy, np.stack([plane, plane], -1))
    return upsampling.apply(coefficients, lightness).extract_band(0).clamp(min=0, max=1)


def _grown(segments: Segments, lightness: Plane, ab: Plane, row: int, column: int) -> Mask:
    labels = segments.innermost
    start = labels[row, column]
    if not start:
        return np.zeros(labels.shape, bool)
    counts = np.maximum(np.bincount(labels.ravel(), minlength=segments.count + 1), 1)
    features = np.stack(
        [
            np.bincount(labels.ravel(), weights=plane.ravel(), minlength=segments.count + 1) / counts
            for plane in (lightness, ab[..., 0], ab[..., 1])
        ],
        -1,
    )
    # Compared with the selected segment, not with the last that joined: gradual changes do not run away.
    away = np.abs(features - features[start])
    alike = (away[:, 0] < NEAR) & (np.linalg.norm(away[:, 1:], axis=1) < ALIKE)
    alike[0] = False
    pairs = _touching(labels)
    pairs = pairs[alike[pairs].all(1)]
    joined = {int(start)}
    while True:
        reached = {int(number) for number in pairs[np.isin(pairs, list(joined)).any(1)].ravel()} - joined
        if not reached:
            return np.asarray(np.isin(labels, list(joined)))
        joined |= reached


def _touching(labels: Labels) -> Labels:
    """Label map (h, w) -> the pairs (n, 2) of labels with a common border."""
    beside = np.stack([labels[:, :-1].ravel(), labels[:, 1:].ravel()], -1)
    below = np.stack([labels[:-1].ravel(), labels[1:].ravel()], -1)
    both = np.concatenate([beside, below])
    return np.asarray(np.unique(both[both[:, 0] != both[:, 1]], axis=0))


def _sized(planes: Plane, height: int, width: int) -> Plane:
    """(h, w) or (h, w, n) -> that size: averaged if smaller, bilinear if larger."""
    smaller = shrunk(planes, min(height, planes.shape[0]), min(width, planes.shape[1]))
    return stretched(smaller, height, width)
