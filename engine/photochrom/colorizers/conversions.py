"""Conversions between our proxies and the inputs of published systems: grays, squares, and Lab under D65.

Our lightness is L* under D50, theirs under D65; for a neutral both are equal, so L goes in unchanged. ab comes out
under D65 and is adapted here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from photochrom.image import lab
from photochrom.values import Plane

MOST_AB: Final = 128.0
"""Limit of |a| and |b|: networks with an unbounded output reached -180 (DDColor issue 54)."""

_D65_WHITE: Final = np.array([lab.D65[0] / lab.D65[1], 1.0, (1 - sum(lab.D65)) / lab.D65[1]])
_D65_TO_D50: Final = lab.adaptation(lab.D65) * _D65_WHITE / lab.WHITE[:, None]
"""From (X, Y, Z) relative to the D65 white to the same relative to the D50 white."""


def gray_from_lightness(lightness: Plane) -> Plane:
    """L* 0…100, any shape -> the sRGB value 0…1 that a gray pixel of this lightness has in all three channels."""
    return np.asarray(lab.encode_srgb(lab.luminance_from_lightness(lightness)), np.float32)


def gray_planes(lightness: Plane) -> torch.Tensor:
    """`gray_from_lightness` as networks take it: (h, w) -> (1, 1, h, w)."""
    return torch.from_numpy(gray_from_lightness(lightness))[None, None]


def lightness_from_gray(gray: Plane) -> Plane:
    """The inverse of `gray_from_lightness`."""
    return np.asarray(lab.lightness_from_luminance(lab.decode_srgb(gray)), np.float32)


def squash(planes: torch.Tensor, size: tuple[int, int], mode: str, *, antialias: bool) -> torch.Tensor:
    """(n, c, h, w) -> (n, c, *size), aspect ignored. `mode` "bilinear" or "bicubic"; with `antialias` as Pillow
    resizes, without as OpenCV does."""
    if planes.shape[-2:] == size:
        return planes
    return torch.nn.functional.interpolate(planes, size, mode=mode, antialias=antialias, align_corners=False)


def within(planes: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """(n, c, h, w) -> the same, reduced if it is higher or wider than this: the proxy cannot guide more colors than it
    has pixels."""
    size = min(planes.shape[-2], height), min(planes.shape[-1], width)
    return squash(planes, size, "bilinear", antialias=True)


def at_proxy(ab: torch.Tensor, lightness: Plane) -> Plane:
    """A network's ab (1, 2, H, W) in Lab D65 units and the lightness (h, w) of its picture -> ab (H', W', 2) under D50,
    not larger than the picture."""
    small = within(ab, *lightness.shape)
    tones = torch.from_numpy(np.ascontiguousarray(lightness, np.float32))[None, None]
    tones = squash(tones, (small.shape[-2], small.shape[-1]), "bilinear", antialias=True)
    return ab_from_d65(tones[0, 0].numpy(), small[0].movedim(0, -1).numpy())


def painted(ab: torch.Tensor, lightness: Plane) -> Plane:
    """As `at_proxy`, for a network that was trained in our Lab: ab (1, 2, H, W) is under D50 already."""
    small = within(ab, *lightness.shape)[0].movedim(0, -1)
    return np.ascontiguousarray(small.clamp(-MOST_AB, MOST_AB).numpy())


def ab_from_d65(lightness: Plane, ab: Plane) -> Plane:
    """Lightness (h, w) and ab (h, w, 2) of Lab D65 -> ab (h, w, 2) of the same colors in Lab D50.

    The linear Bradford adaptation of ICC profiles (`image.lab.adaptation`). A neutral stays exactly neutral.
    """
    return np.clip(_adapted(lightness, np.clip(ab, -MOST_AB, MOST_AB), _D65_TO_D50), -MOST_AB, MOST_AB)


def ab_to_d65(lightness: Plane, ab: Plane) -> Plane:
    """The inverse, for hints: ab (h, w, 2) under D50 -> under D65, at the same lightness (h, w)."""
    return _adapted(lightness, ab, np.linalg.inv(_D65_TO_D50))


def _adapted(lightness: Plane, ab: Plane, matrix: NDArray[np.float64]) -> Plane:
    fy = (np.asarray(lightness, np.float64) + 16) / 116
    f = np.stack([fy + ab[..., 0] / 500, fy, fy - ab[..., 1] / 200], -1)
    fx, fy, fz = np.moveaxis(lab.lab_f(lab.lab_f_inverse(f) @ matrix.T), -1, 0)
    return np.stack([500 * (fx - fy), 200 * (fy - fz)], -1, dtype=np.float32, casting="same_kind")


def ab_from_srgb(rgb: Plane) -> Plane:
    """sRGB (h, w, 3) 0…1 -> its ab (h, w, 2) in Lab D50."""
    return np.asarray(lab.lab_from_srgb(rgb)[..., 1:], np.float32)
