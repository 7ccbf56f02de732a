"""The network of PixColor: one that looks, one that draws chroma pixel after pixel, and one that refines.

Chroma is Cb and Cr of full-range BT.601 (JFIF), -0.5…0.5, each cut into 32 levels.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import nn
from torch.nn import functional as F

from photochrom.colorizers.an2020 import Lite

LEVELS: Final = 32
"""Of Cr and of Cb."""

STRIDE: Final = 8
"""Pixels of gray on one side of a pixel of chroma: 224 × 224 gives 28 × 28."""

GATED: Final = 10
"""Gated layers of the PixelCNN."""

RED, GREEN_BLUE, GREEN_RED, BLUE = 1.402, 0.344136, 0.714136, 1.772


class MaskedConv(nn.Conv2d):
    """A convolution that reads only pixels above, and those to the left in its row; `own`: also the pixel itself."""

    def __init__(self, inputs: int, outputs: int, kernel: int, *, own: bool) -> None:
        super().__init__(inputs, outputs, kernel, padding=kernel // 2)
        self._read = kernel * kernel // 2 + own

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        return F.conv2d(planes, self._masked(), self.bias, padding=self.padding)

    def at(self, patch: torch.Tensor) -> torch.Tensor:
        """(n, inputs, kernel, kernel) around a pixel -> (n, outputs, 1, 1), what `forward` has there."""
        return F.conv2d(patch, self._masked(), self.bias)

    def _masked(self) -> torch.Tensor:
        """The kernels with 0 from the first pixel in reading order that must not be read."""
        kept = self.weight.flatten(2)[..., : self._read]
        return F.pad(kept, (0, self.weight[0, 0].numel() - self._read)).view_as(self.weight)


class Gated(nn.Module):
    """A gated layer (van den Oord et al. 2016, equation 3), with what it knows of the picture added, and a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.drawn = MaskedConv(width, 2 * width, 3, own=True)
        self.seen = nn.Conv2d(width, 2 * width, 1)

    def forward(self, planes: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        return planes + _gate(self.drawn(planes) + self.seen(seen))

    def at(self, patch: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """The same for one pixel: `patch` (n, width, 3, 3) around it, `seen` (n, width, 1, 1) there."""
        return patch[..., 1:2, 1:2] + _gate(self.drawn.at(patch) + self.seen(seen))


def _gate(planes: torch.Tensor) -> torch.Tensor:
    value, gate = planes.chunk(2, 1)
    return value.tanh() * gate.sigmoid()


class PixelCNN(nn.Module):
    """p(z | x) as a product over pixels in reading order: Cr given all pixels before, then Cb given these and Cr. Three
    masked convolutions, the first before and two after the gated layers."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = MaskedConv(2, width, 7, own=False)
        self.gated = nn.ModuleList(Gated(width) for _ in range(GATED))
        self.last = nn.Sequential(
            nn.ReLU(),
            MaskedConv(width, width, 1, own=True),
            nn.ReLU(),
            MaskedConv(width, width, 1, own=True),
            nn.ReLU(),
        )
        self.red = nn.Conv2d(width, LEVELS, 1)
        self.blue = nn.Conv2d(width + LEVELS, LEVELS, 1)

    def forward(self, levels: torch.Tensor, seen: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """True levels (n, 2, h, w) of Cb and Cr, which it reads only before each pixel, and features (n, width, h, w)
        -> scores of the levels of Cb and of Cr, each (n, 32, h, w)."""
        planes = self.first(chroma_of(levels))
        for layer in self.gated:
            planes = layer(planes, seen)
        features = self.last(planes)
        known = F.one_hot(levels[:, 1], LEVELS).movedim(-1, 1).to(features.dtype)
        return self.blue(torch.cat([features, known], 1)), self.red(features)

    def drawn(self, seen: torch.Tensor, temperature: float, generator: torch.Generator) -> torch.Tensor:
        """Features (n, width, h, w) -> levels (n, 2, h, w) of Cb and Cr, drawn from the distribution sharpened by
        `temperature`. Of every layer only the pixel that is next is computed."""
        count, width, height, length = seen.shape
        levels = torch.zeros(count, 2, height, length, dtype=torch.long, device=seen.device)
        chroma = seen.new_zeros(count, 2, height + 6, length + 6)
        gated = [each for each in self.gated if isinstance(each, Gated)]
        planes = [seen.new_zeros(count, width, height + 2, length + 2) for _ in gated]

        def choose(scores: torch.Tensor) -> torch.Tensor:
            sharpened = (scores[:, :, 0, 0] / temperature).softmax(1)
            return torch.multinomial(sharpened, 1, generator=generator)[:, 0]

        for row in range(height):
            for column in range(length):
                pixel = self.first.at(chroma[..., row : row + 7, column : column + 7])
                there = seen[..., row : row + 1, column : column + 1]
                for plane, layer in zip(planes, gated, strict=True):
                    plane[..., row + 1, column + 1] = pixel[..., 0, 0]
                    pixel = layer.at(plane[..., row : row + 3, column : column + 3], there)
                features = self.last(pixel)
                red = choose(self.red(features))
                known = F.one_hot(red, LEVELS)[..., None, None].to(features.dtype)
                blue = choose(self.blue(torch.cat([features, known], 1)))
                levels[..., row, column] = torch.stack([blue, red], 1)
                chroma[..., row + 3, column + 3] = chroma_of(levels[..., row, column])
        return levels


class PixColorNetwork(nn.Module):
    """`conditioning` and `adaptation`: gray sRGB (n, 1, h, w) 0…1, sides multiples of 32 -> features (n, width, h/8,
    w/8); `pixels` draws chroma from these; `refinement` makes it as fine as half the picture."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conditioning = Lite()
        self.adaptation = nn.Sequential(
            *(nn.Conv2d(Lite.channels, width, 1), nn.ReLU()),
            *(nn.Conv2d(width, width, 3, padding=1), nn.ReLU()),
            nn.Conv2d(width, width, 3, padding=1),
        )
        self.pixels = PixelCNN(width)
        self.refinement = nn.Sequential(
            *(nn.Conv2d(3, width, 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Conv2d(width, width, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(width, width, 3, padding=1), nn.ReLU()),
            nn.Conv2d(width, 2, 3, padding=1),
        )

    def seen(self, gray: torch.Tensor) -> torch.Tensor:
        """The features that condition the PixelCNN."""
        features: torch.Tensor = self.adaptation(self.conditioning(gray))
        return features

    def refined(self, gray: torch.Tensor, levels: torch.Tensor) -> torch.Tensor:
        """Gray (n, 1, h, w) and levels (n, 2, h/8, w/8) -> Cb and Cr (n, 2, h/2, w/2): what is added to the smoothly
        enlarged chroma is learnt."""
        height, width = gray.shape[-2:]
        large = F.interpolate(chroma_of(levels), (height, width), mode="bilinear")
        small = F.avg_pool2d(large, 2)
        found: torch.Tensor = small + self.refinement(torch.cat([2 * gray - 1, 4 * large], 1))
        return found

    def drawn(self, gray: torch.Tensor, temperature: float, seed: int) -> torch.Tensor:
        """Gray (n, 1, h, w) 0…1 -> sRGB (n, 3, h/2, w/2) 0…1, of half the size, with the chroma that was drawn."""
        generator = torch.Generator(gray.device).manual_seed(seed)
        levels = self.pixels.drawn(self.seen(gray), temperature, generator)
        return rgb_of(F.avg_pool2d(gray, 2), self.refined(gray, levels))


def levels_of(chroma: torch.Tensor) -> torch.Tensor:
    """-0.5…0.5 -> 0…31."""
    return ((chroma + 0.5) * LEVELS).floor().long().clamp(0, LEVELS - 1)


def chroma_of(levels: torch.Tensor) -> torch.Tensor:
    """0…31 -> the middle of the level, -0.5…0.5."""
    return (levels + 0.5) / LEVELS - 0.5


def rgb_of(luma: torch.Tensor, chroma: torch.Tensor) -> torch.Tensor:
    """Luma (n, 1, h, w) 0…1 and Cb, Cr (n, 2, h, w) -> sRGB (n, 3, h, w) 0…1."""
    blue, red = chroma[:, :1], chroma[:, 1:]
    return torch.cat([luma + RED * red, luma - GREEN_BLUE * blue - GREEN_RED * red, luma + BLUE * blue], 1).clamp(0, 1)


def chroma_from(rgb: torch.Tensor) -> torch.Tensor:
    """sRGB (n, 3, h, w) 0…1 -> Cb and Cr (n, 2, h, w), the inverse of `rgb_of`."""
    red, green, blue = rgb.unbind(1)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return torch.stack([(blue - luma) / BLUE, (red - luma) / RED], 1)
