"""Zhang et al. 2016 as released for Caffe: colorization_release_v2.caffemodel and pts_in_hull.npy.

Layers, names and shapes follow the published models/colorization_deploy_v2.prototxt, and the use of the two files
follows the program published with it. The release for PyTorch differs: its L is -0.5…0.5, not -50…50; its
normalizations have a scale and a shift instead of sums and their divisor; its ab is in units of 110; and its class
centers are among the weights. In Caffe, a layer after the scores multiplies them by 2.606 (the paper's T = 0.38, eq.
5): here, the factor is folded into the weights before it, so that a temperature of 1 gives Caffe's result.
"""

from __future__ import annotations

from typing import Final

import torch

from photochrom.colorizers.zhang2016_network import AB_SCALE, with_batch_counts
from photochrom.errors import CheckpointRefused
from photochrom.models.networks import Tensors

FIRST: Final = "bw_conv1_1"

L_SCALE: Final = 100.0
"""Caffe's input divided by ours."""

SHARPENING: Final = 2.606
"""The weight of the layer conv8_313_rh if the file has none."""

_CONVOLUTIONS: Final = {1: 2, 2: 2, 3: 3, 4: 3, 5: 3, 6: 3, 7: 3}
"""Number of convolutions of each of the first stages; a normalization follows the last one."""

_LAST: Final = {"conv8_1": "model8.0", "conv8_2": "model8.2", "conv8_3": "model8.4", "conv8_313": "model8.6"}


def is_of_caffe(tensors: Tensors) -> bool:
    """Whether the tensors have the names of Caffe's layers."""
    return f"{FIRST}.0" in tensors


def from_caffe(tensors: Tensors) -> Tensors:
    """The blobs of the caffemodel and the `array` of pts_in_hull.npy -> the state dict of `Zhang2016`.

    Raises:
        KeyError: a layer is missing.
        CheckpointRefused: the array is missing, or is not of 313 colors.
    """
    found: dict[str, torch.Tensor] = {}
    for stage, count in _CONVOLUTIONS.items():
        for number in range(1, count + 1):
            layer = FIRST if (stage, number) == (1, 1) else f"conv{stage}_{number}"
            found |= _convolution(tensors, layer, f"model{stage}.{2 * (number - 1)}")
        found |= _normalization(tensors, f"conv{stage}_{count}norm", f"model{stage}.{2 * count}")
    for layer, own in _LAST.items():
        found |= _convolution(tensors, layer, own)
    found["model1.0.weight"] = found["model1.0.weight"] * L_SCALE
    factor = tensors.get("conv8_313_rh.0", torch.tensor(SHARPENING)).flatten()
    found["model8.6.weight"] = found["model8.6.weight"] * factor[:, None, None, None]
    found["model8.6.bias"] = found["model8.6.bias"] * factor
    found["model_out.weight"] = _centers(tensors).T[:, :, None, None] / AB_SCALE
    return with_batch_counts(found)


def _convolution(tensors: Tensors, layer: str, own: str) -> dict[str, torch.Tensor]:
    return {f"{own}.weight": tensors[f"{layer}.0"], f"{own}.bias": tensors[f"{layer}.1"].flatten()}


def _normalization(tensors: Tensors, layer: str, own: str) -> dict[str, torch.Tensor]:
    """Caffe stores mean and variance multiplied by a weight, and that weight."""
    mean, variance, weight = (tensors[f"{layer}.{blob}"].flatten() for blob in range(3))
    factor = torch.where(weight == 0, 0, 1 / weight)
    return {
        f"{own}.weight": torch.ones_like(mean),
        f"{own}.bias": torch.zeros_like(mean),
        f"{own}.running_mean": mean * factor,
        f"{own}.running_var": variance * factor,
    }


def _centers(tensors: Tensors) -> torch.Tensor:
    """(313, 2) ab of the classes."""
    both = "Give both: photochrom models import colorization_release_v2.caffemodel pts_in_hull.npy"
    centers = tensors.get("array")
    if centers is None:
        raise CheckpointRefused(
            "This is Zhang 2016's release for Caffe, which has the colors of its classes in a second file, "
            "pts_in_hull.npy.",
            both,
        )
    if centers.shape != (313, 2):
        raise CheckpointRefused(
            f"The colors of Zhang 2016's classes are 313 pairs of a and b, not an array of {tuple(centers.shape)}.",
            both,
        )
    return centers.float()
