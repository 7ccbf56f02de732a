"""Folds spectral and weight normalization into plain convolutions, once.

Both functions map named tensors to named tensors, and compute what torch in evaluation mode computes before every call.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch

Tensors = Mapping[str, torch.Tensor]


def without_spectral_norm(tensors: Tensors) -> dict[str, torch.Tensor]:
    """NAME.weight_orig, .weight_u and .weight_v -> NAME.weight = W / (u · (W v)), W as one row per output channel.

    Miyato et al. 2018, "Spectral Normalization for Generative Adversarial Networks", eq. 4 and section 2.1: u and v are
    the first singular vectors as estimated in training; they are not updated.

    Raises:
        KeyError: one of the three is missing.
    """
    folded = dict(tensors)
    for name in [name for name in tensors if name.endswith(".weight_orig")]:
        own = name.removesuffix("_orig")
        weight, u, v = folded.pop(name), folded.pop(f"{own}_u"), folded.pop(f"{own}_v")
        folded[own] = weight / torch.dot(u, torch.mv(weight.flatten(1), v))
    return folded


def without_weight_norm(tensors: Tensors) -> dict[str, torch.Tensor]:
    """NAME.weight_g and .weight_v -> NAME.weight = g v / |v|, the norm taken of each output channel.

    Salimans & Kingma 2016, "Weight Normalization", eq. 2.

    Raises:
        KeyError: one of the two is missing.
    """
    folded = dict(tensors)
    for name in [name for name in tensors if name.endswith(".weight_g")]:
        own = name.removesuffix("_g")
        gain, direction = folded.pop(name), folded.pop(f"{own}_v")
        length = torch.linalg.vector_norm(direction.flatten(1), dim=1).reshape(gain.shape)
        folded[own] = direction * (gain / length)
    return folded
