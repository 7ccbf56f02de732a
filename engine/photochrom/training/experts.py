"""The experts: light heads on one trunk, each trained on photographs of its own categories."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

EXPERTS: dict[str, tuple[str, ...]] = {
    "lite": (),
    "people": ("people",),
    "scenes": ("landscape", "street", "indoor"),
    "objects": ("object", "food", "vehicle", "other"),
    "nature": ("animal", "flower"),
}
"""Each expert and the categories it is trained on; empty: all of them."""


def membership(categories: Sequence[str]) -> Tensor:
    """(N, experts) 1 where an expert is trained on a picture of this category, else 0."""
    rows = [[float(not own or category in own) for own in EXPERTS.values()] for category in categories]
    return torch.tensor(rows)
