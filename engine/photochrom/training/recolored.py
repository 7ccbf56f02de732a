"""Recolored segments: training pictures in which one thing has another color, and only that thing is hinted.

True hints speak of the whole picture's light: a network that is trained on them alone lets a dab of paint tint
everything. Here the hinted color says nothing of the rest, which keeps its true colors.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

CELL = 4
"""A segment is grown on cells of so many pixels."""

GROWTH = 20
"""So many cells far a segment reaches from where it started, at most."""

ALIKE_AB, ALIKE_L = 11.0, 24.0
"""How far cells of one segment may be from the one it started in, in ab and in L."""

SMALLEST, LARGEST = 0.01, 0.45
"""Share of the picture that a segment may take; others are left as they are."""

MOST_DABS, LARGEST_DAB = 5, 9


def recolor(lightness: Tensor, ab: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """lightness (N, 1, H, W), true ab (N, 2, H, W) -> new ab (N, 2, H, W) and hints (N, 3, H, W): ab, mask.

    One segment a picture has another color, hinted by up to `MOST_DABS` dabs inside it. Where no segment of a fitting
    size grew the picture is as it was, without hints. H and W are multiples of `CELL`.
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

    # Dabs: the cells of the segment with the highest random numbers, each painted as a square.
    lots = (uniform(n, rows * columns) * segment.flatten(1)).topk(MOST_DABS, dim=1)
    count = (uniform(n) * MOST_DABS).floor() + 1
    taken = (lots.values > 0) & (torch.arange(MOST_DABS, device=device) < count[:, None])
    center = torch.zeros(n, rows * columns, device=device).scatter_(1, lots.indices, taken.to(torch.float32))
    points = torch.zeros(n, 1, height, width, device=device)
    points[:, :, CELL // 2 :: CELL, CELL // 2 :: CELL] = center.reshape(n, 1, rows, columns)
    reach = (uniform(n, 1, 1, 1) * ((LARGEST_DAB + 1) // 2)).floor()
    dabs = torch.zeros_like(points)
    for radius in range((LARGEST_DAB + 1) // 2):
        grown = F.max_pool2d(points, 2 * radius + 1, 1, radius)
        dabs = torch.where(reach == radius, grown, dabs)
    dabs = dabs * inside
    return new, torch.cat([new * dabs, dabs], 1)
