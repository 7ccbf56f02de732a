"""Recolored segments: training pictures in which one segment has another color, and only that segment is hinted.

True hints are correlated with the light of the whole picture: a network trained only on them lets a dab of paint tint
everything. Here the hinted color is unrelated to the rest, which keeps its true colors.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

CELL = 4
"""Side in pixels of the cells on which a segment is grown."""

GROWTH = 20
"""Maximum distance in cells between a segment's border and its seed."""

ALIKE_AB, ALIKE_L = 11.0, 24.0
"""Maximum distance of a segment's cells from its seed, in ab and in L."""

SMALLEST, LARGEST = 0.01, 0.45
"""Minimum and maximum share of the picture that a segment may cover."""

MOST_DABS, LARGEST_DAB = 5, 9


def recolor(lightness: Tensor, ab: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """lightness (N, 1, H, W), true ab (N, 2, H, W) -> new ab (N, 2, H, W) and hints (N, 3, H, W): ab, mask.

    One segment per picture is recolored and hinted by up to `MOST_DABS` dabs inside it. If no segment of a suitable
    size was grown, the picture is unchanged and has no hints. H and W are multiples of `CELL`.
    """
    n, _, height, width = ab.shape
    device = ab.device

    def uniform(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator, device=device)

    small_ab, small_l = F.avg_pool2d(ab, CELL), F.avg_pool2d(lightness, CELL)
    rows, columns = small_ab.shape[2:]
    start = (uniform(n) * rows * columns).long().clamp(max=rows * columns - 1)
    at = start[:, None, None]
    seed_ab = small_ab.flatten(2).gather(2, at.expand(-1, 2, -1))[..., None]
    seed_l = small_l.flatten(2).gather(2, at)[..., None]

    def alike(colors: Tensor, light: Tensor, slack: float) -> Tensor:
        near: Tensor = (colors - seed_ab).norm(dim=1, keepdim=True) < ALIKE_AB * slack
        return (near & ((light - seed_l).abs() < ALIKE_L * slack)).to(ab.dtype)

    likely = alike(small_ab, small_l, 1.0)
    segment = F.one_hot(start, rows * columns).reshape(n, 1, rows, columns).to(ab.dtype)
    for _ in range(GROWTH):
        segment = F.max_pool2d(segment, 3, 1, 1) * likely
    share = segment.mean((1, 2, 3), keepdim=True)
    segment = segment * ((share > SMALLEST) & (share < LARGEST))
    inside = F.interpolate(F.max_pool2d(segment, 3, 1, 1), size=(height, width)) * alike(ab, lightness, 1.5)
    mask = F.avg_pool2d(inside, 3, 1, 1)

    weight = inside.sum((2, 3), keepdim=True).clamp(min=1)
    mean = (ab * inside).sum((2, 3), keepdim=True) / weight
    angle, chroma = uniform(n, 1, 1, 1) * 2 * math.pi, uniform(n, 1, 1, 1) * 60
    wanted = torch.cat([chroma * angle.cos(), chroma * angle.sin()], 1)
    new = ab + mask * (wanted - mean)

    dabs = _dabs(segment, uniform) * inside
    return new, torch.cat([new * dabs, dabs], 1)


def _dabs(segment: Tensor, uniform: Callable[..., Tensor]) -> Tensor:
    """Segments on cells (N, 1, rows, columns) -> square dabs on pixels (N, 1, H, W), 1 or 0.

    Dabs are centered on the cells of a segment that draw the highest random numbers.
    """
    n, _, rows, columns = segment.shape
    device = segment.device
    draws = (uniform(n, rows * columns) * segment.flatten(1)).topk(MOST_DABS, dim=1)
    count = (uniform(n) * MOST_DABS).floor() + 1
    chosen = (draws.values > 0) & (torch.arange(MOST_DABS, device=device) < count[:, None])
    center = torch.zeros(n, rows * columns, device=device).scatter_(1, draws.indices, chosen.to(torch.float32))
    points = torch.zeros(n, 1, rows * CELL, columns * CELL, device=device)
    points[:, :, CELL // 2 :: CELL, CELL // 2 :: CELL] = center.reshape(n, 1, rows, columns)
    radii = (uniform(n, 1, 1, 1) * ((LARGEST_DAB + 1) // 2)).floor()
    dabs = torch.zeros_like(points)
    for radius in range((LARGEST_DAB + 1) // 2):
        grown = F.max_pool2d(points, 2 * radius + 1, 1, radius)
        dabs = torch.where(radii == radius, grown, dabs)
    return dabs
