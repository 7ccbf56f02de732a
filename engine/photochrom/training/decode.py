"""Selects how the trained network's outputs are decoded to one color, on held-out photographs.

Two styles are selected. *Vivid* must have nearly the variety of true photographs, and is the closest to the truth
among those; *calm* is the closest of all that still have color.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.color_classes import ColorClasses
from photochrom.colorizers.lite import VIVID
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.losses import neutral
from photochrom.training.network import ColorNetwork, gated
from photochrom.training.photographs import Photographs
from photochrom.training.views import proxy, psnr

TEMPERATURE = 0.38
"""Of the annealed mean (Zhang et al. 2016, section 2.3); values from 0.38 to 1 are equal within 0.02 dB."""

SHARES = (0.0, 0.35, 0.5, 0.7)
TOES = (0.0, 4.0, 8.0, 14.0)
GAINS = (0.9, 1.0, 1.1, 1.15, 1.2, 1.25, 1.3)
MEANS = (0.7, 0.85, 1.0)

PICTURES = 110
"""Number of held-out photographs used."""

SPREAD, CHROMA, TONED, NEUTRALS = 0.85, 0.78, 0.04, 7.0
"""Targets for vivid colors: minimum ratios of spread and of chroma, maximum share of toned pictures beyond the true
one, and maximum mean chroma of true neutrals. A toe keeps neutrals clean, but takes the colors of old photographs, of
which the network is less sure; the ratio of chroma speaks for those."""

CALM_SPREAD = 0.5
"""Minimum ratio of spread for calm colors: gray is close to the truth, too, but not a solution."""


@dataclass(frozen=True)
class Choice:
    """A decode on proxies of `side` pixels (see `colorizers.lite.Decode`), and its scores on held-out photographs: PSNR
    in dB, its own and gray's, the ratios of spread and of chroma, the shares of toned pictures, and the mean chroma of
    true neutrals."""

    side: int
    experts: float
    toe: float
    gain: float
    mean: float
    psnr: float
    gray: float
    spread: float
    chroma: float
    toned: float
    toned_true: float
    neutrals: float

    @property
    def vivid(self) -> float:
        """PSNR minus penalties for missing the targets for vivid colors."""
        missing = 6 * max(0.0, SPREAD - self.spread) + 2 * max(0.0, CHROMA - self.chroma)
        missing += 4 * max(0.0, self.toned - self.toned_true - TONED)
        return self.psnr - missing - 0.05 * max(0.0, self.neutrals - NEUTRALS)

    @property
    def calm(self) -> float:
        """PSNR minus a penalty for too little color."""
        return self.psnr - 6 * max(0.0, CALM_SPREAD - self.spread)


@torch.no_grad()
def choose(
    network: ColorNetwork,
    pictures: Photographs,
    sides: tuple[int, ...],
    report: Callable[[str], None] = lambda _: None,
) -> tuple[Choice, Choice]:
    """The best vivid and the best calm decode; both share the side of the vivid one."""
    network.eval()
    tried = [choice for side in sides for choice in _all(network, pictures, side)]
    for choice in sorted(tried, key=lambda c: -c.vivid)[:5]:
        report(f"vivid: {choice}")
    vivid = max(tried, key=lambda c: c.vivid)
    same = [c for c in tried if c.side == vivid.side]
    for choice in sorted(same, key=lambda c: -c.calm)[:3]:
        report(f"calm: {choice}")
    return vivid, max(same, key=lambda c: c.calm)


def on_card(vivid: Choice, calm: Choice) -> dict[str, object]:
    """The entry on a model's card."""
    decode = {"temperature": TEMPERATURE}
    chosen_on = {}
    for name, choice in (("vivid", vivid), ("calm", calm)):
        values = {key: round(value, 3) for key, value in asdict(choice).items()}
        decode[name] = {key: values.pop(key) for key in ("experts", "toe", "gain", "mean")}  # type: ignore[assignment]
        chosen_on[name] = {key: value for key, value in values.items() if key != "side"}
    return {"proxy_side": vivid.side, "decode": decode, "chosen_on": chosen_on}


def _all(network: ColorNetwork, pictures: Photographs, side: int) -> list[Choice]:
    centers = torch.from_numpy(ColorClasses(network.bins).centers)
    options = list(itertools.product(SHARES, TOES, GAINS, MEANS))
    numbers = range(0, len(pictures), max(1, len(pictures) // PICTURES))
    found = np.array([_figures(network, pictures.whole(number), side, centers, options) for number in numbers])
    neutrals = np.nansum(found[..., 4] * found[..., 5], 0) / np.maximum(found[..., 5].sum(0), 1e-9)
    gray, true_spread, true_toned, true_chroma = found[..., 6:].mean(0).T
    psnr_, spread, toned, chroma = found[..., :4].mean(0).T
    return [
        Choice(side, *option, *(float(v) for v in values))
        for option, *values in zip(
            options, psnr_, gray, spread / true_spread, chroma / true_chroma, toned, true_toned, neutrals, strict=True
        )
    ]


def _figures(
    network: ColorNetwork,
    picture: Tensor,
    side: int,
    centers: Tensor,
    options: list[tuple[float, float, float, float]],
) -> list[list[float]]:
    """For each option: PSNR, spread, toned, chroma, chroma of neutrals and their share; then gray's PSNR and the true
    spread, toned and chroma. All at the size of the network's own map."""
    rgb = proxy(picture[None], side)
    lab = lab_from_linear(linear_from_srgb(rgb))
    logits, experts, gate = network(torch.cat([lab[:, :1], torch.zeros_like(lab)], 1))
    head = gated(experts, gate)
    rgb = F.avg_pool2d(rgb, 2)
    lab = lab_from_linear(linear_from_srgb(rgb))
    lightness, true = lab[:, :1], lab[:, 1:]
    gray = neutral(lightness, true)[0, 0].bool()
    expected = torch.einsum("nkhw,kc->nchw", (logits / TEMPERATURE).softmax(1), centers)
    expected = F.interpolate(expected, scale_factor=2.0, mode="bilinear")
    truth = [psnr(rgb, lightness, torch.zeros_like(true)), *_variety(true)]
    rows = []
    for share, toe, gain, mean in options:
        ab = share * head + (1 - share) * expected
        chroma = ab.norm(dim=1, keepdim=True)
        ab = ab * (chroma / (chroma + max(toe, 1e-6)) * (1 + toe / VIVID))
        tint = ab.mean((2, 3), keepdim=True)
        ab = gain * (ab - tint) + mean * tint
        neutrals = float(ab.norm(dim=1)[0][gray].mean()) if gray.any() else 0.0
        rows.append([psnr(rgb, lightness, ab), *_variety(ab), neutrals, float(gray.float().mean()), *truth])
    return rows


def _variety(ab: Tensor) -> tuple[float, float, float]:
    """Spread, 1 if toned (spread below half of the tint), mean chroma."""
    spread, tint = float(ab.var((2, 3), correction=0).sum().sqrt()), float(ab.mean((2, 3)).norm())
    return spread, float(spread < tint / 2), float(ab.norm(dim=1).mean())
