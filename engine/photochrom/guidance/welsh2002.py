"""Welsh, Ashikhmin & Mueller 2002, "Transferring Color to Greyscale Images" (SIGGRAPH): equal tone and texture, equal
color.

As their section 3.1 has it: the reference's lightness is shifted and scaled to the mean and deviation of the target's;
some 200 samples are taken from it on a jittered grid; each pixel of the target takes ab of the sample whose lightness
and whose deviation of lightness around it are nearest. No network takes part: the classical baseline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from photochrom.guidance.reference import Reference
    from photochrom.values import Plane

GRID: Final = 14
"""Samples in a row and in a column; the paper takes about 200 in all."""

NEIGHBORHOOD: Final = 5
"""Side in pixels of the window around a pixel; the paper's."""

SEED: Final = 2002

STRIP: Final = 1 << 16
"""Pixels compared at a time."""


def matched(lightness: Plane, reference: Reference) -> Plane:
    """Lightness (h, w) 0…100 of any size -> ab (h, w, 2), each of them a color of the reference."""
    remapped = _remapped(reference.lightness, lightness)
    rows, columns = _jittered(*remapped.shape)
    samples = _described(remapped)[rows, columns]
    colors = reference.ab[rows, columns]
    pixels = _described(lightness).reshape(-1, 2)
    # The squared distance less the pixel's own square, which is the same for every sample.
    lengths = (samples**2).sum(-1)
    nearest = [
        (lengths - 2 * pixels[first : first + STRIP] @ samples.T).argmin(-1) for first in range(0, len(pixels), STRIP)
    ]
    return np.asarray(colors[np.concatenate(nearest)].reshape(*lightness.shape, 2))


def _remapped(lightness: Plane, like: Plane) -> Plane:
    """Lightness with the mean and the deviation of the other's."""
    scale = like.std() / max(float(lightness.std()), 1e-6)
    return np.asarray((lightness - lightness.mean()) * scale + like.mean(), np.float32)


def _jittered(height: int, width: int) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], ...]:
    """Rows and columns of the samples: one at random in each cell of the grid, always the same ones."""
    jitter = np.random.default_rng(SEED).random((2, GRID, GRID))
    steps = np.arange(GRID)
    rows = (steps[:, None] + jitter[0]) / GRID * height
    columns = (steps + jitter[1]) / GRID * width
    return rows.ravel().astype(np.intp), columns.ravel().astype(np.intp)


def _described(lightness: Plane) -> Plane:
    """(h, w, 2): lightness, and its deviation in the window around each pixel."""
    import pyvips

    side = NEIGHBORHOOD
    window = pyvips.Image.new_from_array([[1.0] * side], scale=side)
    # About the mean, so that squares stay small beside what is taken from them.
    image = pyvips.Image.new_from_array(np.ascontiguousarray(lightness - lightness.mean()))
    mean = image.convsep(window, precision="float")
    variance = ((image * image).convsep(window, precision="float") - mean * mean).numpy().reshape(lightness.shape)
    return np.stack([lightness, np.sqrt(np.maximum(variance, 0))], -1, dtype=np.float32, casting="same_kind")
