"""ChromaGAN: Vitoria, Raad & Ballester 2020, "ChromaGAN: Adversarial Picture Colorization with Semantic Class
Distribution", WACV (arXiv 1907.09837).

VGG-16 up to its fourth block reads the lightness; features of the whole picture and of every place are fused and
painted. The head that tells classes only taught the network and is left out.

Where it differs from the published program: lightness is not quantized to 8 bit, nor is ab; and the decoder's last
step, which doubles each pixel of ab, is left to our joint upsampling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

import torch
from torch import nn

from photochrom.colorizers import conversions, keras_layers
from photochrom.models import Card
from photochrom.models.networks import Network, Tensors, open_network
from photochrom.values import Plane, Prediction

SIDE: Final = 224
"""Of the square that the network reads; its dense layers know no other."""

VGG: Final = ((3, 64, 64), (64, 128, 128), (128, 256, 256, 256), (256, 512, 512, 512))
"""Channels into and out of the convolutions of each block."""

CONVOLUTIONS: Final = ("whole.1", "whole.4", "whole.8", "whole.11", "middle.0", "middle.3")
"""Our names in the order in which Keras numbered them; likewise those below."""

PAINTING: Final = ("color.0", "color.2", "color.5", "color.7", "color.10", "color.12")
NORMS: Final = ("whole.3", "whole.6", "whole.10", "whole.13", "middle.2", "middle.5")
DENSE: Final = ("dense.0", "dense.1", "dense.2")


class ChromaGANNetwork(nn.Module):
    """L*/100 (n, 1, 224, 224) 0…1 -> ab (n, 2, 112, 112) 0…1, which stands for -128…127 in Lab D65."""

    def __init__(self) -> None:
        super().__init__()
        self.vgg = nn.Sequential()
        for block, channels in enumerate(VGG, 1):
            if block > 1:
                self.vgg.add_module(f"block{block - 1}_pool", nn.MaxPool2d(2))
            for layer, (inputs, outputs) in enumerate(pairwise(channels), 1):
                self.vgg.add_module(f"block{block}_conv{layer}", nn.Conv2d(inputs, outputs, 3, padding=1))
                self.vgg.add_module(f"block{block}_relu{layer}", nn.ReLU())
        self.whole = nn.Sequential(*_halving(512, 512), *_normed(512, 512), *_halving(512, 512), *_normed(512, 512))
        self.dense = nn.Sequential(nn.Linear(512 * 7 * 7, 1024), nn.Linear(1024, 512), nn.Linear(512, 256))
        self.middle = nn.Sequential(*_normed(512, 512), *_normed(512, 256))
        self.color = nn.Sequential(
            nn.Conv2d(512, 256, 1),
            nn.ReLU(),
            nn.Conv2d(256, 128, 3, padding=1),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(128, 64, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(64, 32, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 2, 3, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, lightness: torch.Tensor) -> torch.Tensor:
        features = self.vgg(lightness.expand(-1, 3, -1, -1))
        local = self.middle(features)
        prior = self.dense(self.whole(features).flatten(1))
        everywhere = prior[..., None, None].expand(-1, -1, *local.shape[-2:])
        ab: torch.Tensor = self.color(torch.cat([local, everywhere], 1))
        return ab


def _normed(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(outputs, eps=1e-3)


def _halving(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    """As `_normed`, at half the size. TensorFlow pads an even side at its end alone."""
    convolution = nn.Conv2d(inputs, outputs, 3, stride=2)
    return nn.ZeroPad2d((0, 1, 0, 1)), convolution, nn.ReLU(), nn.BatchNorm2d(outputs, eps=1e-3)


def adapt(tensors: Tensors) -> Tensors:
    """Keras' LAYER/VARIABLE, LAYER within whatever models it lies in -> the network's own tensors.

    Convolutions, norms and dense layers are told apart by kind and by the numbers in their names, which count the
    layers of the kind in the order in which they were made; where they start counting does not matter. The class head
    is dropped. Kernels (h, w, in, out) and (in, out) become (out, in, h, w) and (out, in); the first dense layer reads
    places first, channels last.

    Raises:
        KeyError: a layer is missing.
    """
    kernels = keras_layers.by_layer(tensors)
    adapted: dict[str, torch.Tensor] = {}
    for block, channels in enumerate(VGG, 1):
        for number in range(1, len(channels)):
            layer = f"block{block}_conv{number}"
            adapted |= keras_layers.convolution(f"vgg.{layer}", kernels[layer])
    for name, values in _matched((*CONVOLUTIONS, *PAINTING), keras_layers.numbered("conv2d", kernels)):
        adapted |= keras_layers.convolution(name, values)
    for name, values in _matched(NORMS, keras_layers.numbered("batch_normalization", kernels)):
        adapted |= keras_layers.norm(name, values)
    dense = [one for one in keras_layers.numbered("dense", kernels) if one["kernel"].shape[1] in {1024, 512, 256}]
    for name, values in _matched(DENSE, dense):
        adapted |= {f"{name}.weight": values["kernel"].T.contiguous(), f"{name}.bias": values["bias"]}
    places_first = adapted["dense.0.weight"].reshape(-1, 7, 7, 512)
    adapted["dense.0.weight"] = places_first.movedim(-1, 1).flatten(1).contiguous()
    return adapted


def _matched(
    names: tuple[str, ...], layers: list[Mapping[str, torch.Tensor]]
) -> Iterator[tuple[str, Mapping[str, torch.Tensor]]]:
    if len(names) != len(layers):
        raise KeyError(names[-1])
    return zip(names, layers, strict=True)


def networks(details: Mapping[str, Any]) -> dict[str, Network]:
    """One network."""
    return {"weights": Network(ChromaGANNetwork, adapt)}


class ChromaGAN:
    """See `colorizers.Colorizer`. One instance may be used from several threads."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self._network = open_network(card, "weights", networks(card.details)["weights"])

    @torch.inference_mode()
    def predict(self, lightness: Plane) -> Prediction:
        """Lightness (h, w) 0…100 -> ab, 112 × 112 at most. As published, the aspect is not kept on the way in."""
        squashed = conversions.squash(conversions.gray_planes(lightness), (SIDE, SIDE), "bilinear", antialias=False)
        read = torch.from_numpy(conversions.lightness_from_gray(squashed.numpy())) / 100
        ab = conversions.at_proxy(255 * self._network(read) - 128, lightness)
        return Prediction(ab)


def open_model(card: Card) -> ChromaGAN:
    """The colorizer that a card describes.

    Raises:
        ModelDamaged: its files differ from its card.
    """
    return ChromaGAN(card)
