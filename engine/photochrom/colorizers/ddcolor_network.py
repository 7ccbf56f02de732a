"""DDColor's network: Kang et al. 2023, "DDColor: Towards Photo-Realistic Image Colorization via Dual Decoders", ICCV.

Module names follow the published state dict; spectral norm is folded, and unused tensors are left out.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import nn
from torch.nn import functional as F

from photochrom.colorizers.deoldify_blocks import Shuffle, WideBlock
from photochrom.models.folding import Tensors, without_spectral_norm

QUERIES: Final = 100
EMBEDDED: Final = 256
SCALES: Final = (512, 512, 256)
"""Output channels of the pixel decoder's stages, coarse to fine; the color decoder attends to them in turn."""

ROUNDS: Final = 9
HEADS: Final = 8
HIDDEN: Final = 2048

UNUSED: Final = ("encoder.arch.norm.", "encoder.arch.head_cls.")
"""Tensors left over from the encoder's training as a classifier."""


@dataclass(frozen=True)
class Size:
    """Blocks and channels of the encoder's four stages."""

    depths: tuple[int, ...]
    widths: tuple[int, ...]


SIZES: Final = {
    "convnext-t": Size((3, 3, 9, 3), (96, 192, 384, 768)),
    "convnext-l": Size((3, 3, 27, 3), (192, 384, 768, 1536)),
}


class DDColorNetwork(nn.Module):
    """Gray sRGB (n, 3, h, w) 0…1, h and w multiples of 32 -> ab (n, 2, h, w) in Lab D65 units, unbounded."""

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.encoder = nn.ModuleDict({"arch": Encoder(size)})
        self.decoder = Decoder(size.widths)
        self.refine_net = nn.Sequential(nn.Sequential(nn.Conv2d(QUERIES + 3, 2, 1)))
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).reshape(1, 3, 1, 1))

    def forward(self, gray: torch.Tensor) -> torch.Tensor:
        normalized = (gray - self.mean) / self.std
        answers = self.decoder(self.encoder["arch"](normalized))
        ab: torch.Tensor = self.refine_net(torch.cat([answers, normalized], 1))
        return ab


class ChannelNorm(nn.LayerNorm):
    """Layer norm over the channels of (n, channels, h, w)."""

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return super().forward(features.movedim(1, -1)).movedim(-1, 1)


class Encoder(nn.Module):
    """ConvNeXt (Liu et al. 2022, "A ConvNet for the 2020s"): (n, 3, h, w) -> feature maps at 1/4, 1/8, 1/16 and 1/32 of
    the size, each normalized after it has branched off."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        first, *_ = widths = size.widths
        stem = nn.Sequential(nn.Conv2d(3, first, 4, stride=4), ChannelNorm(first, eps=1e-6))
        halves = (
            nn.Sequential(ChannelNorm(before, eps=1e-6), nn.Conv2d(before, after, 2, stride=2))
            for before, after in itertools.pairwise(widths)
        )
        self.downsample_layers = nn.ModuleList([stem, *halves])
        self.stages = nn.ModuleList(
            nn.Sequential(*(Residual(width) for _ in range(depth)))
            for depth, width in zip(size.depths, widths, strict=True)
        )
        self.norm0, self.norm1, self.norm2, self.norm3 = (ChannelNorm(width, eps=1e-6) for width in widths)

    def forward(self, picture: torch.Tensor) -> list[torch.Tensor]:
        trunk, seen = picture, []
        norms = self.norm0, self.norm1, self.norm2, self.norm3
        for smaller, stage, norm in zip(self.downsample_layers, self.stages, norms, strict=True):
            trunk = stage(smaller(trunk))
            seen.append(norm(trunk))
        return seen


class Residual(nn.Module):
    """One block of ConvNeXt: a 7 × 7 depthwise convolution, then a perceptron applied to each pixel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dwconv = nn.Conv2d(width, width, 7, padding=3, groups=width)
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.pwconv1 = nn.Linear(width, 4 * width)
        self.pwconv2 = nn.Linear(4 * width, width)
        self.gamma = nn.Parameter(torch.full((width,), 1e-6))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        places = self.norm(self.dwconv(features).movedim(1, -1))
        added = self.gamma * self.pwconv2(F.gelu(self.pwconv1(places)))
        whole: torch.Tensor = features + added.movedim(-1, 1)
        return whole


class Decoder(nn.Module):
    """Feature maps, fine to coarse -> the score of each query at each pixel (n, QUERIES, h, w)."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        *skips, deepest = widths
        self.layers = nn.ModuleList(
            WideBlock(channels, skip, out)
            for channels, skip, out in zip((deepest, *SCALES), reversed(skips), SCALES, strict=False)
        )
        self.last_shuf = Shuffle(SCALES[-1], EMBEDDED, norm=False, scale=4)
        self.color_decoder = ColorDecoder()

    def forward(self, seen: list[torch.Tensor]) -> torch.Tensor:
        *skips, merged = seen
        scales = []
        for block, skip in zip(self.layers, reversed(skips), strict=True):
            merged = block(merged, skip)
            scales.append(merged)
        answers: torch.Tensor = torch.einsum("nqc,nchw->nqhw", self.color_decoder(scales), self.last_shuf(merged))
        return answers


class ColorDecoder(nn.Module):
    """The pixel decoder's three scales -> color embeddings (n, QUERIES, EMBEDDED)."""

    def __init__(self) -> None:
        super().__init__()
        self.query_feat = nn.Embedding(QUERIES, EMBEDDED)
        self.query_embed = nn.Embedding(QUERIES, EMBEDDED)
        self.level_embed = nn.Embedding(len(SCALES), EMBEDDED)
        self.input_proj = nn.ModuleList(nn.Conv2d(channels, EMBEDDED, 1) for channels in SCALES)
        self.transformer_cross_attention_layers = nn.ModuleList(CrossAttention() for _ in range(ROUNDS))
        self.transformer_self_attention_layers = nn.ModuleList(SelfAttention() for _ in range(ROUNDS))
        self.transformer_ffn_layers = nn.ModuleList(FeedForward() for _ in range(ROUNDS))
        self.decoder_norm = nn.LayerNorm(EMBEDDED)
        self.color_embed = Perceptron()

    def forward(self, scales: list[torch.Tensor]) -> torch.Tensor:
        levels = []
        for scale, project, level in zip(scales, self.input_proj, self.level_embed.weight, strict=True):
            where = positions(scale.shape[-2], scale.shape[-1]).to(scale.device)
            levels.append((project(scale).flatten(2).mT + level, where))
        count = scales[0].shape[0]
        queries = self.query_feat.weight.expand(count, -1, -1)
        order = self.query_embed.weight.expand(count, -1, -1)
        layers = self.transformer_cross_attention_layers, self.transformer_self_attention_layers
        for turn, (across, among, forward) in enumerate(zip(*layers, self.transformer_ffn_layers, strict=True)):
            queries = across(queries, order, *levels[turn % len(levels)])
            queries = forward(among(queries, order))
        embedded: torch.Tensor = self.color_embed(self.decoder_norm(queries))
        return embedded


class CrossAttention(nn.Module):
    """Queries (n, q, c) attend to the pixels (n, p, c), whose positional encoding is (p, c)."""

    def __init__(self) -> None:
        super().__init__()
        self.multihead_attn = nn.MultiheadAttention(EMBEDDED, HEADS, batch_first=True)
        self.norm = nn.LayerNorm(EMBEDDED)

    def forward(
        self, queries: torch.Tensor, order: torch.Tensor, places: torch.Tensor, where: torch.Tensor
    ) -> torch.Tensor:
        found, _ = self.multihead_attn(queries + order, places + where, places, need_weights=False)
        seen: torch.Tensor = self.norm(queries + found)
        return seen


class SelfAttention(nn.Module):
    """Queries (n, q, c) attend to each other."""

    def __init__(self) -> None:
        super().__init__()
        self.self_attn = nn.MultiheadAttention(EMBEDDED, HEADS, batch_first=True)
        self.norm = nn.LayerNorm(EMBEDDED)

    def forward(self, queries: torch.Tensor, order: torch.Tensor) -> torch.Tensor:
        asked = queries + order
        found, _ = self.self_attn(asked, asked, queries, need_weights=False)
        agreed: torch.Tensor = self.norm(queries + found)
        return agreed


class FeedForward(nn.Module):
    """Two linear layers applied to each query (n, q, c)."""

    def __init__(self) -> None:
        super().__init__()
        self.linear1 = nn.Linear(EMBEDDED, HIDDEN)
        self.linear2 = nn.Linear(HIDDEN, EMBEDDED)
        self.norm = nn.LayerNorm(EMBEDDED)

    def forward(self, queries: torch.Tensor) -> torch.Tensor:
        thought: torch.Tensor = self.norm(queries + self.linear2(F.relu(self.linear1(queries))))
        return thought


class Perceptron(nn.Module):
    """Three linear layers applied to each query (n, q, c)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(EMBEDDED, EMBEDDED) for _ in range(3))

    def forward(self, queries: torch.Tensor) -> torch.Tensor:
        first, second, third = self.layers
        embedded: torch.Tensor = third(F.relu(second(F.relu(first(queries)))))
        return embedded


def positions(height: int, width: int) -> torch.Tensor:
    """(height × width, EMBEDDED): the positional encoding: sines and cosines of the row, then of the column, both
    scaled to 0…2π.

    Carion et al. 2020, "End-to-End Object Detection with Transformers", after Vaswani et al. 2017, section 3.5.
    """
    each = EMBEDDED // 2
    wavelengths = 10000 ** (torch.arange(0, each, 2) / each)

    def sines(length: int) -> torch.Tensor:
        angles = torch.arange(1, length + 1)[:, None] / (length + 1e-6) * 2 * math.pi / wavelengths
        return torch.stack([angles.sin(), angles.cos()], -1).flatten(1)

    rows = sines(height)[:, None].expand(-1, width, -1)
    columns = sines(width)[None].expand(height, -1, -1)
    return torch.cat([rows, columns], -1).flatten(0, 1)


def adapt(tensors: Tensors) -> Tensors:
    """The published state dict, without its {"params": …} wrapper -> the network's own."""
    return without_spectral_norm({name: one for name, one in tensors.items() if not name.startswith(UNUSED)})
