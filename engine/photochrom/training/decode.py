"""Selects how the trained network's outputs are decoded to one color, on held-out photographs.

Two styles are selected. *Vivid* must have nearly the variety of true photographs, and is closest to the truth and to
the hues of its vivid things among those; *calm* is the closest of all that still have color.

The mean of a distribution is brown wherever red, blue and green are all possible, and brown is what a network has seen
most. The classes of rare hues therefore get an offset, as in logit adjustment (Menon et al. 2021, arXiv 2007.07314,
eq. 9, by sectors of hue instead of classes): −`balance` × the logarithm of the part of all color that the network
expects in that sector, relative to the most frequent one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from photochrom.colorizers.color_classes import SECTORS, ColorClasses
from photochrom.colorizers.lite import VIVID
from photochrom.evaluation.variety import kept_hues
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.losses import neutral
from photochrom.training.network import ColorNetwork, gated
from photochrom.training.photographs import Photographs
from photochrom.training.views import proxy, psnr

TEMPERATURES = (0.38, 0.6, 1.0)
"""Of the annealed mean (Zhang et al. 2016, section 2.3)."""

BALANCES = (0.0, 0.3, 0.5)
MOST_OFFSET = 0.5
"""Of a sector's logits: hues that are hardly ever expected are not to be made up."""

SHARES = (0.35, 0.5)
TOES = (0.0, 4.0)
GAINS = (0.9, 1.0, 1.1, 1.2, 1.25, 1.3)
MEANS = (0.7, 0.85, 1.0)

PICTURES = 220
"""Number of held-out photographs used."""

SPREAD, CHROMA, TONED, NEUTRALS = 0.85, 0.83, 0.04, 7.0
"""Targets for vivid colors: minimum ratios of spread and of chroma, maximum share of toned pictures beyond the true
one, maximum mean chroma of true neutrals. A toe keeps neutrals clean, but takes the colors of old photographs, of
which the network is less sure, and a smaller mean the color of skin; the ratio of chroma speaks for those."""

HUES = (0.4, 0.0, 0.7, 0.2, 0.0, 0.6, 0.35, 0.0)
"""Targets for the recall of vivid hues, by sector; none for the usual hue and for those that hardly occur."""

CALM_SPREAD = 0.5
"""Minimum ratio of spread for calm colors: gray is close to the truth, too, but not a solution."""


@dataclass(frozen=True)
class Choice:
    """A decode on proxies of `side` pixels (see `colorizers.lite`; `balance` are the offsets of the sectors' logits),
    and its scores on held-out photographs: PSNR in dB, its own and gray's, the ratios of spread and of chroma, the
    shares of toned pictures, the mean chroma of true neutrals, and the recall of vivid hues by sector, 1 for those
    that do not occur."""

    side: int
    temperature: float
    balance: tuple[float, ...]
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
    hues: tuple[float, ...]

    @property
    def vivid(self) -> float:
        """PSNR minus penalties for missing the targets for vivid colors."""
        missing = 6 * max(0.0, SPREAD - self.spread) + 2 * max(0.0, CHROMA - self.chroma)
        missing += 4 * max(0.0, self.toned - self.toned_true - TONED)
        missing += sum(max(0.0, target - hue) for target, hue in zip(HUES, self.hues, strict=True))
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
    """The best vivid and the best calm decode; both share the side, temperature and balance of the vivid one."""
    network.eval()
    tried = [choice for side in sides for choice in _all(network, pictures, side)]
    for choice in sorted(tried, key=lambda c: -c.vivid)[:5]:
        report(f"vivid: {choice}")
    vivid = max(tried, key=lambda c: c.vivid)
    same = [c for c in tried if (c.side, c.temperature, c.balance) == (vivid.side, vivid.temperature, vivid.balance)]
    for choice in sorted(same, key=lambda c: -c.calm)[:3]:
        report(f"calm: {choice}")
    return vivid, max(same, key=lambda c: c.calm)


def on_card(vivid: Choice, calm: Choice) -> dict[str, object]:
    """The entry on a model's card."""
    decode: dict[str, object] = {"temperature": vivid.temperature, "balance": list(vivid.balance)}
    chosen_on = {}
    for name, choice in (("vivid", vivid), ("calm", calm)):
        values = asdict(choice)
        for shared in ("side", "temperature", "balance"):
            del values[shared]
        values = {key: np.round(value, 3).tolist() for key, value in values.items()}
        decode[name] = {key: values.pop(key) for key in ("experts", "toe", "gain", "mean")}
        chosen_on[name] = values
    return {"proxy_side": vivid.side, "decode": decode, "chosen_on": chosen_on}


def offsets(expected: Sequence[float], balance: float) -> tuple[float, ...]:
    """Parts of all color that are expected in each sector (8,) -> what their logits get, 0…`MOST_OFFSET`."""
    parts = np.maximum(np.asarray(expected, float), 1e-9)
    return tuple((np.clip(-balance * np.log(parts / parts.max()), 0, MOST_OFFSET).round(3) + 0.0).tolist())  # not −0


@dataclass(frozen=True)
class _Answer:
    """The network's for a picture and its mirror image (`colorizers.lite`): logits of both, turned alike
    (2, classes, h/2, w/2), in 16 bits; the mean of both gated experts' ab (1, 2, h, w); and the picture at that size:
    sRGB and Lab (1, 3, h, w)."""

    logits: Tensor
    experts: Tensor
    rgb: Tensor
    lab: Tensor


def _answer(network: ColorNetwork, picture: Tensor, side: int) -> _Answer:
    rgb = proxy(picture[None], side)
    lab = lab_from_linear(linear_from_srgb(rgb))
    logits, ab = mirrored_too(network, torch.cat([lab[:, :1], torch.zeros_like(lab)], 1))
    rgb = F.avg_pool2d(rgb, 2)
    return _Answer(logits.half(), ab, rgb, lab_from_linear(linear_from_srgb(rgb)))


def mirrored_too(network: ColorNetwork, given: Tensor) -> tuple[Tensor, Tensor]:
    """Inputs (1, 4, H, W) of a picture -> logits (2, classes, H/4, W/4) of it and of its mirror image, turned back, and
    the gated mean (1, 2, H/2, W/2) of their experts, as the colorizer takes them."""
    maps = network(torch.cat([given, given.flip(3)]))
    logits, experts, gate = (torch.cat([each[:1], each[1:].flip(-1)]) for each in maps)
    return logits, gated(experts.mean(0, keepdim=True), gate.mean(0, keepdim=True))


def _all(network: ColorNetwork, pictures: Photographs, side: int) -> list[Choice]:
    classes = ColorClasses(network.bins)
    numbers = range(0, len(pictures), max(1, len(pictures) // PICTURES))
    answers = [_answer(network, pictures.whole(number), side) for number in numbers]
    mean = np.mean([answer.logits.float().softmax(1).mean((0, 2, 3)).numpy() for answer in answers], 0)
    expected = [float(mean[classes.sectors == sector].sum()) for sector in range(SECTORS)]
    options = list(itertools.product(SHARES, TOES, GAINS, MEANS))
    found = []
    for temperature, power in itertools.product(TEMPERATURES, BALANCES):
        balance = offsets(expected, power)
        figures = np.array([_figures(each, classes, temperature, balance, options) for each in answers])
        found += [
            Choice(side, temperature, balance, *option, **scores, hues=hues)
            for option, scores, hues in zip(options, _scores(figures), _hues(figures), strict=True)
        ]
    return found


def _scores(figures: NDArray[np.float64]) -> list[dict[str, float]]:
    """What `_figures` gives for each picture (pictures, options, figures) -> for each option, all scores of `Choice`
    but hues."""
    neutrals = np.nansum(figures[..., 4] * figures[..., 5], 0) / np.maximum(figures[..., 5].sum(0), 1e-9)
    gray, true_spread, true_toned, true_chroma = figures[..., 6:10].mean(0).T
    psnr_, spread, toned, chroma = figures[..., :4].mean(0).T
    scores = {"psnr": psnr_, "gray": gray, "spread": spread / true_spread, "chroma": chroma / true_chroma}
    scores |= {"toned": toned, "toned_true": true_toned, "neutrals": neutrals}
    return [dict(zip(scores, map(float, row), strict=True)) for row in zip(*scores.values(), strict=True)]


def _hues(figures: NDArray[np.float64]) -> list[tuple[float, ...]]:
    """The same -> for each option, the recall of each sector's hues."""
    vivid, kept = figures[..., 10:].sum(0).reshape(-1, 2, SECTORS).transpose(1, 0, 2)
    recall = np.where(vivid > 0, kept / np.maximum(vivid, 1e-9), 1)
    return [tuple(map(float, row)) for row in recall]


def _figures(
    answer: _Answer,
    classes: ColorClasses,
    temperature: float,
    balance: tuple[float, ...],
    options: list[tuple[float, float, float, float]],
) -> list[list[float]]:
    """For each option: PSNR, spread, toned, chroma, chroma of neutrals and their share; then gray's PSNR and the true
    spread, toned and chroma; then by sector the share of vivid pixels and of those whose hue is kept. All at the size
    of the network's own map."""
    rgb, lightness, true = answer.rgb, answer.lab[:, :1], answer.lab[:, 1:]
    gray = neutral(lightness, true)[0, 0].bool()
    logits = answer.logits.float() + torch.from_numpy(classes.offsets(np.array(balance)))[:, None, None]
    centers = torch.from_numpy(classes.centers)
    expected = torch.einsum("nkhw,kc->nchw", (logits / temperature).softmax(1), centers).mean(0, keepdim=True)
    expected = F.interpolate(expected, scale_factor=2.0, mode="bilinear")
    truth = [psnr(rgb, lightness, torch.zeros_like(true)), *_variety(true)]
    true_ab = true[0].movedim(0, -1).numpy()
    rows = []
    for share, toe, gain, mean in options:
        ab = share * answer.experts + (1 - share) * expected
        chroma = ab.norm(dim=1, keepdim=True)
        ab = ab * (chroma / (chroma + max(toe, 1e-6)) * (1 + toe / VIVID))
        tint = ab.mean((2, 3), keepdim=True)
        ab = gain * (ab - tint) + mean * tint
        neutrals = float(ab.norm(dim=1)[0][gray].mean()) if gray.any() else 0.0
        figures = [psnr(rgb, lightness, ab), *_variety(ab), neutrals, float(gray.float().mean()), *truth]
        rows.append(figures + [float(x) for x in np.concatenate(kept_hues(ab[0].movedim(0, -1).numpy(), true_ab))])
    return rows


def _variety(ab: Tensor) -> tuple[float, float, float]:
    """Spread, 1 if toned (spread below half of the tint), mean chroma."""
    spread, tint = float(ab.var((2, 3), correction=0).sum().sqrt()), float(ab.mean((2, 3)).norm())
    return spread, float(spread < tint / 2), float(ab.norm(dim=1).mean())
