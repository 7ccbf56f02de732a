"""Simulated user hints, as Zhang et al. 2017 train with ("Real-Time User-Guided Image Colorization", section 3.2).

The number of points is geometric (p = 1/8), their positions normal around the center (σ a quarter of the side), and
each reveals the mean ab of a patch of 1 to 9 pixels. One picture in a hundred reveals all its colors.
"""

from __future__ import annotations

import torch
from torch import Tensor

MOST_POINTS = 32
LARGEST_PATCH = 9


def simulate(ab: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """(N, 2, H, W) true ab -> (N, 3, H, W) hint a, hint b, mask (0 or 1); zero where nothing is hinted.

    `share` of the pictures get hints, the rest none.
    """
    n, _, height, width = ab.shape
    device = ab.device

    def uniform(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator, device=device)

    count = torch.floor(torch.log(uniform(n).clamp(min=1e-9)) / torch.log(torch.tensor(7 / 8, device=device)))
    count = torch.where(uniform(n) < share, (count + 1).clamp(max=MOST_POINTS), torch.zeros_like(count))
    size = (uniform(n, MOST_POINTS) * LARGEST_PATCH).floor().long() + 1
    place = torch.randn(n, MOST_POINTS, 2, generator=generator, device=device) * 0.25 + 0.5
    top = (place[..., 0] * height).long().clamp(min=0)
    top = torch.minimum(top, height - size)
    left = (place[..., 1] * width).long().clamp(min=0)
    left = torch.minimum(left, width - size)

    # A summed-area table gives the mean of any patch.
    table = torch.nn.functional.pad(ab.double().cumsum(2).cumsum(3), (1, 0, 1, 0)).flatten(2)

    def corner(row: Tensor, column: Tensor) -> Tensor:
        at = (row * (width + 1) + column)[:, None].expand(-1, 2, -1)
        return table.gather(2, at)

    bottom, right = top + size, left + size
    total = corner(bottom, right) - corner(top, right) - corner(bottom, left) + corner(top, left)
    mean = (total / (size * size)[:, None]).to(ab.dtype)

    # The point that each pixel belongs to, 0 for none: every point covers up to 9×9 pixels, the last one wins.
    step = torch.arange(LARGEST_PATCH, device=device)
    rows = top[:, :, None, None] + step[:, None]
    columns = left[:, :, None, None] + step
    number = torch.arange(1, MOST_POINTS + 1, device=device)[None, :, None, None]
    within = (step[:, None] < size[:, :, None, None]) & (step < size[:, :, None, None])
    within = within & (number <= count[:, None, None, None])
    pixels = (rows * width + columns).clamp(max=height * width - 1)
    owner = torch.zeros(n, height * width, dtype=torch.int64, device=device)
    owner.scatter_reduce_(1, pixels.flatten(1), (within * number).flatten(1), "amax")

    colors = torch.nn.functional.pad(torch.cat([mean, torch.ones_like(mean[:, :1])], 1), (1, 0))
    hints = colors.gather(2, owner[:, None].expand(-1, 3, -1)).reshape(n, 3, height, width)
    everything = (uniform(n, 1, 1, 1) < 0.01) & (count > 0)[:, None, None, None]
    return torch.where(everything, torch.cat([ab, torch.ones_like(ab[:, :1])], 1), hints)
