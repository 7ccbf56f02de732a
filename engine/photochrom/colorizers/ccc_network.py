"""The network of Color Classified Colorization (CCC), section III-C, “Network Architecture”.

The paper's encoder is DenseNet-121; EfficientNet-Lite0 can stand in. The paper gives the decoder's output, “several
convolutional and up-sampling layers”, and no widths: here a 3 × 3 convolution, normalized and active, precedes and
follows each doubling.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from torch import Tensor, nn
from torch.nn import functional as F

from photochrom.models.efficientnet_lite import Encoder, imagenet_weights

DENSENET: Final = "densenet121"
LITE: Final = "efficientnet-lite0"


class LiteEncoder(nn.Module):
    """Lightness (N, 1, H, W) 0…100, sides multiples of 32 -> features (N, 320, H/32, W/32)."""

    width = 320

    def __init__(self) -> None:
        super().__init__()
        self.network = Encoder("lite0", 1)

    def forward(self, lightness: Tensor) -> Tensor:
        features: Tensor = self.network(lightness / 50 - 1)[-1]
        return features

    def load_imagenet(self) -> None:
        """Loads the weights trained on ImageNet; the stem's three color inputs are summed to one."""
        weights = imagenet_weights("lite0")
        weights["stem.0.weight"] = weights["stem.0.weight"].sum(1, keepdim=True)
        self.network.load_state_dict(weights, strict=True)


class CCCNetwork(nn.Module):
    """Lightness (N, 1, H, W) 0…100, sides multiples of 32 -> scores of the color classes (N, classes, H/4, W/4); the
    paper's 224 × 224 gives 56 × 56 × 215.

    `widths`: channels of the decoder at 1/32, 1/16, 1/8 and 1/4.
    """

    def __init__(self, classes: int, encoder: str, widths: Sequence[int]) -> None:
        super().__init__()
        self.encoder, width = _encoder(encoder)
        layers: list[nn.Module] = []
        for number, (before, after) in enumerate(pairwise([width, *widths])):
            if number:
                layers.append(nn.Upsample(scale_factor=2))  # To the nearest neighbor, as the paper has it.
            layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.decoder = nn.Sequential(*layers, nn.Conv2d(widths[-1], classes, 1))

    def forward(self, lightness: Tensor) -> Tensor:
        scores: Tensor = self.decoder(self.encoder(lightness))
        return scores


def _encoder(name: str) -> tuple[nn.Module, int]:
    if name == LITE:
        return LiteEncoder(), LiteEncoder.width
    from photochrom.colorizers import densenet

    return densenet.DenseNet121(), densenet.WIDTH


def padded(lightness: Tensor) -> Tensor:
    """(N, 1, h, w) -> sides multiples of 32, the border's pixels repeated right and below."""
    height, width = lightness.shape[2:]
    return F.pad(lightness, (0, -width % 32, 0, -height % 32), mode="replicate")
