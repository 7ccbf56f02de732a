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
from photochrom.sampling.resize import sized
from photochrom.segmenters import Segmenter
from photochrom.values import Distribution, Mask, Plane, Segments
from photochrom_client.prompt import Prompt

if TYPE_CHECKING:
    import pyvips


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


def object_at(finder: Segmenter, lightness: Plane, prompt: Prompt) -> Mask:
    """The object that clicks or a box show on lightness (h, w) 0…100 -> mask (h, w).

    Raises:
        BadRequest: nothing is shown, a point is outside the picture, or there is no object.
    """
    for x, y, _away in prompt.clicks:
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise BadRequest(f"The point {x:g}, {y:g} is outside the picture.", "Give x and y from 0 to 1.")
    found = finder.mask(lightness, prompt)
    if not found.any():
        raise BadRequest("There is no object at this point.", "Choose another point, or make a selection.")
    return found


def object_in(finder: Segmenter | Segments, lightness: Plane, selection: Plane) -> Mask:
    """The object that a rough selection means: lightness (h, w) 0…100 and selection (H, W) 0…1 of any size -> mask
    (h, w).

    Of segments (h, w), those with more than half of their pixels in the selection. If the object has little in common
    with the selection, the selection itself.

    Raises:
        BadRequest: nothing is selected.
    """
    selected = sized(np.asarray(selection, np.float32), *lightness.shape) >= 0.5
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
        box = (
            float(columns[0] / width),
            float(rows[0] / height),
            float((columns[-1] + 1) / width),
            float((rows[-1] + 1) / height),
        )
        found = finder.mask(lightness, Prompt(box=box))
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
    weight = sized(np.asarray(mask, np.float32), height, width).clip(0, 1)
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

    from photochrom.image import color_spaces, gamut
    from photochrom.image.lab import encode_srgb

    tone = pyvips.Image.new_from_array([[float(lightness)]])
    linear = gamut.linear_rgb(tone, tone.new_from_image([float(a), float(b)]), color_spaces.SRGB).numpy()
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
