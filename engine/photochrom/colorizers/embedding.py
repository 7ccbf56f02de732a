"""What an ImageNet network says of a whole picture: the scores of its classes, before the softmax.

Deep Koalarization (Baldassarre et al. 2017), DeepColor and IIT Guwahati's report put it beside the features of every
place. Theirs is of Inception-ResNet-v2 (Szegedy et al. 2016, arXiv 1602.07261); where its weights cannot be had,
EfficientNet-Lite0, which comes as a package, gives as many scores.

An embedding is not trained with the colorizer that it is part of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import nn

from photochrom.colorizers import keras_layers
from photochrom.colorizers.zhang2016_network import with_batch_counts
from photochrom.errors import CheckpointRefused
from photochrom.models import checkpoints
from photochrom.models.efficientnet_lite import CLASSES, Classifier, classifier_weights
from photochrom.models.networks import Tensors


class Embedding(nn.Module):
    """Gray sRGB (n, 1, side, side) -1…1 -> (n, classes)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.requires_grad_(False)
        self.eval()

    def train(self, mode: bool = True) -> Embedding:
        """Ignored: the network stays in evaluation mode."""
        return super().train(False)

    def forward(self, gray: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.network(gray.expand(-1, 3, -1, -1))
        return scores


class _LiteScores(Classifier):
    """EfficientNet-Lite0 on -1…1, its scores alone."""

    def __init__(self) -> None:
        super().__init__("lite0")

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:  # type: ignore[override]
        return super().forward(127.5 * (pixels + 1))[1]


def _inception(classes: int) -> Callable[[], nn.Module]:
    def build() -> nn.Module:
        from photochrom.runtime import torchvision_operators  # noqa: F401 timm imports torchvision

        # isort: split
        from timm.models.inception_resnet_v2 import InceptionResnetV2

        network: nn.Module = InceptionResnetV2(num_classes=classes)
        return network

    return build


@dataclass(frozen=True)
class Kind:
    """One of `EMBEDDINGS`: the `side` of the square that it reads, its number of `classes`, and `build`, which makes
    the network with random weights."""

    side: int
    classes: int
    build: Callable[[], nn.Module]


LITE: Final = "efficientnet-lite0"
INCEPTION: Final = "inception-resnet-v2"
INCEPTION_WITH_NONE: Final = "inception-resnet-v2-1001"
"""With 1001 classes, as Baldassarre's was, the first being none of ImageNet's."""

EMBEDDINGS: Final = {
    LITE: Kind(224, CLASSES, _LiteScores),
    INCEPTION: Kind(299, 1000, _inception(1000)),
    INCEPTION_WITH_NONE: Kind(299, 1001, _inception(1001)),
}


_LAST_BIAS: Final = ("classif.bias", "predictions/bias")
"""Names of one number for each class, in timm's file and in Keras'."""


def build(name: str) -> Embedding:
    """The embedding of this name in `EMBEDDINGS`, with random weights."""
    return Embedding(EMBEDDINGS[name].build())


def pretrained(file: Path | None = None) -> tuple[str, Embedding]:
    """The embedding with published weights, and its name in `EMBEDDINGS`: Inception-ResNet-v2 from a `file` in timm's
    layout, or in Keras' (`keras.applications`); without one, EfficientNet-Lite0 from its package.

    Raises:
        CheckpointRefused: the file holds another network.
        ExtraMissing, ModelDamaged: as in `efficientnet_lite.classifier_weights`.
    """
    if file is None:
        embedding = build(LITE)
        embedding.network.load_state_dict(classifier_weights("lite0"), strict=True)
        return LITE, embedding
    tensors = checkpoints.read(file)
    classes = next((len(value) for name, value in tensors.items() if name in _LAST_BIAS), 0)
    try:
        name = next(name for name in (INCEPTION, INCEPTION_WITH_NONE) if EMBEDDINGS[name].classes == classes)
        embedding = build(name)
        embedding.network.load_state_dict(inception_tensors(embedding.network, tensors), strict=True)
    except (LookupError, RuntimeError, StopIteration, ValueError) as error:
        raise CheckpointRefused(
            f"{file} does not hold the weights of Inception-ResNet-v2: {str(error)[:200] or 'other layers'}.",
            "Give timm's inception_resnet_v2, or Keras' file with the top layer.",
        ) from error
    return name, embedding


def inception_tensors(network: nn.Module, tensors: Tensors) -> Tensors:
    """The tensors of a published file, in timm's layout or Keras', -> those of timm's `network`.

    Keras numbers the convolutions that a normalization follows, and the normalizations, in the order in which they were
    made, which is that of timm's modules; the others have names: block35_1_conv … block17_20_conv … block8_10_conv,
    conv_7b and predictions.

    Raises:
        KeyError, ValueError: layers are missing.
    """
    if not any(name.endswith("predictions/kernel") for name in tensors):
        return with_batch_counts(tensors)
    layers = keras_layers.by_layer(tensors)
    normed = [name.removesuffix(".bn") for name, _ in network.named_modules() if name.endswith(".bn")]
    convolutions = [*keras_layers.numbered("conv2d", layers), layers["conv_7b"]]
    norms = [*keras_layers.numbered("batch_normalization", layers), layers["conv_7b_bn"]]
    adapted = keras_layers.dense("classif", layers["predictions"])
    for name, convolution, norm in zip(normed, convolutions, norms, strict=True):
        adapted |= keras_layers.convolution(f"{name}.conv", convolution)
        adapted |= keras_layers.norm(f"{name}.bn", norm)
    for name, layer in _residuals():
        adapted |= keras_layers.convolution(f"{name}.conv2d", layers[layer])
    return adapted


def _residuals() -> list[tuple[str, str]]:
    """timm's and Keras' names of the blocks that add to what they read."""
    parts = (("repeat", "block35", 10), ("repeat_1", "block17", 20), ("repeat_2", "block8", 9))
    named = [(f"{ours}.{i}", f"{theirs}_{i + 1}_conv") for ours, theirs, count in parts for i in range(count)]
    return [*named, ("block8", "block8_10_conv")]
