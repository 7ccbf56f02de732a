"""How the trained network's two answers become one colour: chosen on held-out photographs, not by taste."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from photochrom.colorizers.classes import ColourClasses
from photochrom.training.lab import lab_from_linear, linear_from_srgb
from photochrom.training.network import ColourNetwork
from photochrom.training.photographs import Photographs
from photochrom.training.views import proxy, psnr

TEMPERATURES = (1.0, 0.7, 0.5, 0.38)
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
GAINS = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.45)

CHROMA = (0.86, 1.05)
"""Mean chroma that the decode must give, against that of the originals: the colours should be neither pale nor loud."""


@dataclass(frozen=True)
class Decode:
    """gain × (ab_head × ab map + (1 − ab_head) × annealed mean at `temperature`), on proxies of `side` pixels.

    `psnr` in dB and `chroma` (ratio of means) are those on the held-out photographs; `gray` is the PSNR without colour.
    """

    side: int
    temperature: float
    ab_head: float
    gain: float
    psnr: float
    chroma: float
    gray: float


@torch.no_grad()
def choose(
    network: ColourNetwork,
    pictures: Photographs,
    sides: tuple[int, ...],
    report: Callable[[str], None] = lambda _: None,
) -> Decode:
    """The decode with the highest mean PSNR among those whose mean chroma lies in `CHROMA`, over all `sides`."""
    network.eval()
    tried = [decode for side in sides for decode in _all(network, pictures, side)]
    for decode in sorted(tried, key=lambda d: -d.psnr)[:5]:
        report(f"best at any chroma: {decode}")
    fitting = [d for d in tried if CHROMA[0] <= d.chroma <= CHROMA[1]]
    return max(fitting or tried, key=lambda d: d.psnr)


def _all(network: ColourNetwork, pictures: Photographs, side: int) -> list[Decode]:
    centres = torch.from_numpy(ColourClasses(network.bins).centres)
    options = [
        (temperature, share, gain)
        for temperature, share, gain in itertools.product(TEMPERATURES, SHARES, GAINS)
        if share < 1 or temperature == TEMPERATURES[0]
    ]
    scores = np.zeros((len(pictures), len(options), 2))
    true_chroma = np.zeros(len(pictures))
    gray = np.zeros(len(pictures))
    for number in range(len(pictures)):
        rgb = proxy(pictures.whole(number)[None], side)
        lab = lab_from_linear(linear_from_srgb(rgb))
        logits, head = network(torch.cat([lab[:, :1], torch.zeros_like(lab)], 1))
        # Scored at the network's own quarter size: colour is low-frequency, and the choice is among smooth maps.
        rgb = torch.nn.functional.avg_pool2d(rgb, 4)
        lab = lab_from_linear(linear_from_srgb(rgb))
        true_chroma[number] = float(lab[:, 1:].norm(dim=1).mean())
        gray[number] = psnr(rgb, lab[:, :1], torch.zeros_like(head))
        expected = {t: torch.einsum("nkhw,kc->nchw", (logits / t).softmax(1), centres) for t in TEMPERATURES}
        for index, (temperature, share, gain) in enumerate(options):
            ab = gain * (share * head + (1 - share) * expected[temperature])
            scores[number, index] = psnr(rgb, lab[:, :1], ab), float(ab.norm(dim=1).mean())
    means = scores.mean(0)
    return [
        Decode(
            side,
            t,
            share,
            gain,
            float(means[i, 0]),
            float(means[i, 1] / true_chroma.mean()),
            float(gray.mean()),
        )
        for i, (t, share, gain) in enumerate(options)
    ]
