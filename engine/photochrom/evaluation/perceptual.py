"""Distances in the feature spaces of published networks: LPIPS of a picture, FID of a set.

Both need libraries that are not part of the plain install, and a published backbone. Nothing is downloaded here: the
backbone must already be in torch's cache folder, and torch is only imported then.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from photochrom.errors import ExtraMissing, ModelMissing
from photochrom.evaluation.bootstrap import Values
from photochrom.evaluation.metrics import Pixels
from photochrom.frozen import install_extra

EXTRA = install_extra("perceptual")
ALEXNET = "alexnet-owt-7be5be79.pth"
INCEPTION = "weights-inception-2015-12-05-6726825d.pth"
SMALLEST_SIDE = 32


def lpips(original: Pixels, result: Pixels) -> float:
    """Learned perceptual distance, 0 for equal pictures; the authors' package, version 0.1, AlexNet.

    Zhang et al., The Unreasonable Effectiveness of Deep Features as a Perceptual Metric, 2018, eq. 1, on the
    pictures (uint8 (H, W, 3) sRGB) at full size, scaled to -1…1.

    Raises ExtraMissing without the package, ModelMissing without torchvision's AlexNet; ValueError for pictures
    that are too small for it.
    """
    distance = _lpips_network()
    if min(original.shape[:2]) < SMALLEST_SIDE:
        raise ValueError(f"LPIPS needs at least {SMALLEST_SIDE} × {SMALLEST_SIDE} pixels.")
    import torch

    with torch.inference_mode():
        first, second = (_tensor(picture).float() / 127.5 - 1 for picture in (original, result))
        return float(distance(first, second).item())


def inception_features(picture: Pixels) -> Values:
    """The 2048 pool features of a picture (uint8 (H, W, 3) sRGB) that FID compares: (2048,).

    torch-fidelity's port of the network and of the resize that Heusel et al. used.

    Raises ExtraMissing without torch-fidelity, ModelMissing without the network's weights.
    """
    network = _inception_network()
    import torch

    with torch.inference_mode():
        (features,) = network(_tensor(picture))
    return np.asarray(features[0].double().numpy())


class FeatureSets:
    """The features of all pictures of a data set: the originals, and each candidate's results."""

    def __init__(self) -> None:
        self._features: dict[str, list[Values]] = {}

    def add(self, pictures: Mapping[str, Pixels]) -> None:
        """Adds one photograph's pictures by name. Raises as `inception_features` does."""
        for name, picture in pictures.items():
            self._features.setdefault(name, []).append(inception_features(picture))

    def distances(self, original: str) -> dict[str, float]:
        """FID of every other set to the set named `original`; empty with fewer than two photographs."""
        originals = self._features.get(original, [])
        if len(originals) < 2:
            return {}
        return {
            name: frechet_distance(np.stack(originals), np.stack(features))
            for name, features in self._features.items()
            if name != original
        }


def frechet_distance(first: Values, second: Values) -> float:
    """Fréchet distance of the normal distributions fitted to two sets of features, (n, d) and (m, d).

    Heusel et al., GANs Trained by a Two Time-Scale Update Rule, 2017, eq. 6:
    ‖µ₁ - µ₂‖² + tr(Σ₁ + Σ₂ - 2 (Σ₁Σ₂)^½). With Σ₁ = AᵀA and Σ₂ = BᵀB the last trace is the sum of the singular
    values of ABᵀ, which is exact also for fewer pictures than features. For few pictures the distance is far
    too high: compare sets of one size only.

    Raises ValueError for fewer than two pictures.
    """
    if min(len(first), len(second)) < 2:
        raise ValueError("FID needs at least two pictures.")
    a, b = ((side - side.mean(axis=0)) / np.sqrt(len(side) - 1) for side in (first, second))
    shift = first.mean(axis=0) - second.mean(axis=0)
    common = np.linalg.svd(a @ b.T, compute_uv=False).sum()
    return float(max(0.0, shift @ shift + (a * a).sum() + (b * b).sum() - 2 * common))


def _backbone(name: str, user: str) -> Path:
    """A file in torch's own folder for downloads (torch.hub's documentation, “Where are my downloads saved?”)."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = Path(os.environ.get("TORCH_HOME") or caches / "torch")
    path = home / "hub" / "checkpoints" / name
    if not path.is_file():
        raise ModelMissing(f"{user} needs the published network {name}.", f"Put it into {path.parent}.")
    return path


def _require(user: str, *packages: str) -> None:
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise ExtraMissing(f"{user} needs {', '.join(missing)}.", EXTRA)


@cache
def _lpips_network() -> Any:
    _require("LPIPS", "torch", "torchvision", "lpips")
    _backbone(ALEXNET, "LPIPS")
    import_module("photochrom.runtime.torchvision_operators")  # lpips imports torchvision
    return import_module("lpips").LPIPS(net="alex", version="0.1", verbose=False).eval()


@cache
def _inception_network() -> Any:
    _require("FID", "torch", "torch_fidelity")
    weights = _backbone(INCEPTION, "FID")
    extractor = import_module("torch_fidelity.feature_extractor_inceptionv3").FeatureExtractorInceptionV3
    return extractor("inception-v3-compat", ["2048"], feature_extractor_weights_path=str(weights)).eval()


def _tensor(picture: Pixels) -> Any:
    import torch

    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(picture, -1, 0)))[None]
