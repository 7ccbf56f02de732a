"""`photochrom train negatives`: teaches the judges of negatives (`photochrom.originals.negatives`).

What the embedded network sees in aged photographs and in scans of negatives, half of each, and in their inverses; on
that, two logistic regressions. The first sees a picture alone, the second the difference between it and its inverse,
without an offset, so that it cannot take both for negatives. The thresholds come from held-out pictures: the first
judge may miss few negatives, the second may accuse few positives, since to be told of a negative that is none annoys,
while a negative that is not noticed is seen by its owner anyway.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from photochrom import __version__, colorizers
from photochrom.colorizers.lite import MULTIPLE, Lite
from photochrom.image.picture import open_picture
from photochrom.originals.negatives import NAME, NETWORK, WEIGHTS, Judges, forget
from photochrom.sampling.proxy import Proxy
from photochrom.training import photographs
from photochrom.training.export import sha256, write_card
from photochrom.training.film import negatives
from photochrom.training.lab import linear_from_srgb
from photochrom.training.luminance import Ageing
from photochrom.values import Plane

PHOTOGRAPHS: Final = 1250
"""To train on, drawn at random."""

SEED: Final = 0

LONGEST: Final = 288
"""Pixels of a picture's long side; its short side is the network's."""

DECAY: Final = 0.03
"""Weight of the squared weights, of inputs with a spread of 1."""

ACCUSED: Final = 0.005
"""Share of positives that the second judge may accuse …"""
MISSED: Final = 0.02
"""… and of the negatives that it accuses, which the first may let go."""

PAPERS: Final = ["Hurter & Driffield 1890, Photo-chemical Investigations (characteristic curve of film)"]


@dataclass(frozen=True)
class Looks:
    """What the network sees in positives and in their negatives, each (pictures, channels)."""

    positives: Plane
    negatives: Plane


def train(data: Path, scans: list[Path], *, report: Callable[[int, int, str], None]) -> tuple[Judges, dict[str, Any]]:
    """The judges, taught with the photographs in `data` (`training.photographs`) on one core, and what their card says
    of that. `scans`: files of real old prints, none of which may be accused.

    Raises:
        BadPicture: there are no photographs, or a scan cannot be read.
    """
    torch.set_num_threads(1)
    files, held_out, _ = photographs.files_of(data)
    total = min(PHOTOGRAPHS, len(files)) + len(held_out)
    seen = looks_of(files, PHOTOGRAPHS, SEED, lambda number: report(number, total, ""))
    before = len(seen.positives)
    kept = looks_of(held_out, len(held_out), SEED + 1, lambda number: report(before + number, total, ""))
    taught = fitted(seen, kept)
    real = [_looks_at(path) for path in scans]
    highest = max([taught.sure, *(float((one - other) @ taught.second) for one, other in real)])
    taught = replace(taught, sure=math.ceil(100 * highest) / 100)
    return taught, {
        "photographs": before,
        "held_out_photographs": len(held_out),
        "scans_of_prints": len(scans),
        "seed": SEED,
        "torch": str(torch.__version__),
        "features_of": _network().card.files["lite.bin"],
        "held_out": _shares(taught, kept),
    }


def _shares(taught: Judges, kept: Looks) -> dict[str, float]:
    """How the judges do on held-out pictures: of prints and of films, half each."""
    pairs = list(zip(kept.positives, kept.negatives, strict=True))
    alarms = [taught.says(*pair) for pair in pairs]
    noticed = [taught.says(other, one) for one, other in pairs]
    right = [float((one - other) @ taught.second) < 0 for one, other in pairs]
    named = (("pairs_told_apart", right), ("false_alarms", alarms), ("noticed", noticed))
    return {name: round(float(np.mean(said)), 4) for name, said in named}


def looks_of(files: photographs.Files, count: int, seed: int, report: Callable[[int], None]) -> Looks:
    """What the network sees in `count` of the files, drawn at random: of every second one in the print and its inverse,
    of the others in a negative and its inverse."""
    draws = Ageing(torch.Generator().manual_seed(seed))
    network = _network()
    found: tuple[list[Plane], list[Plane]] = [], []
    for number, chosen in enumerate(np.random.default_rng(seed).permutation(len(files))[:count]):
        picture = picture_of(files[chosen][1], network.card.proxy_side)
        positive = draws.lightness(linear_from_srgb(picture))
        is_film = number % 2 == 1
        given = (negatives(positive, draws) if is_film else positive).numpy()[0, 0]
        both = network.looks(given), network.looks(100 - given)
        for kept, looks in zip(found, reversed(both) if is_film else both, strict=True):
            kept.append(looks)
        report(number + 1)
    return Looks(*(np.stack(each).astype(np.float32) for each in found))


def fitted(seen: Looks, held_out: Looks) -> Judges:
    """The judges that are taught with some pictures, with thresholds from others."""
    every = np.concatenate([seen.positives, seen.negatives])
    mean, spread = every.mean(0), every.std(0) + 1e-6
    wanted = np.repeat(np.array([0, 1], np.float32), len(seen.positives))
    weights, offset = _regression((every - mean) / spread, wanted, with_offset=True)
    first = weights / spread
    offset -= float(mean @ first)
    differences = seen.negatives - seen.positives
    width = differences.std(0) + 1e-6
    weights, _ = _regression(differences / width, np.ones(len(differences), np.float32), with_offset=False)
    second = weights / width
    innocent = (held_out.positives - held_out.negatives) @ second
    sure = float(np.quantile(innocent, 1 - ACCUSED))
    accused = held_out.negatives[-innocent > sure]
    suspicious = float(np.quantile(accused @ first + offset, MISSED))
    return Judges(first=first, offset=offset, suspicious=suspicious, second=second, sure=sure)


def write(taught: Judges, training: dict[str, Any], model: Path) -> Path:
    """Writes `model`/negatives.npz and card.json. Returns the card's path."""
    model.mkdir(parents=True, exist_ok=True)
    numbers = {name: np.float32(getattr(taught, name)) for name in ("offset", "suspicious", "sure")}
    arrays: dict[str, Any] = {"first": taught.first, "second": taught.second, **numbers}
    np.savez_compressed(model / WEIGHTS, **arrays)
    forget()
    card = {
        "name": model.name,
        "kind": "detector",
        "system": NAME,
        "version": __version__,
        "good_at": "noticing scans of negatives",
        "license": "GPL-3.0-or-later",
        "input": "what the embedded network sees in a picture and in its inverse",
        "parameters": len(taught.first) + len(taught.second) + len(numbers),
        "precision": "float32",
        "training": {
            "command": f"photochrom train negatives DATA --scans PRINTS --model models/{model.name} --test TEST",
            **training,
        },
        "papers": PAPERS,
        "files": {WEIGHTS: sha256(model / WEIGHTS)},
    }
    return write_card(model / "card.json", card)


def _regression(inputs: Plane, wanted: Plane, *, with_offset: bool) -> tuple[Plane, float]:
    """Logistic regression: (n, channels) and (n,) 0 or 1 -> weights (channels,) and the offset."""
    given, target = torch.from_numpy(inputs).float(), torch.from_numpy(wanted).float()
    weights = torch.zeros(inputs.shape[1], requires_grad=True)
    offset = torch.zeros(1, requires_grad=with_offset)
    optimizer = torch.optim.LBFGS(
        [weights, *([offset] if with_offset else [])], max_iter=400, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        found = F.binary_cross_entropy_with_logits(given @ weights + offset, target)
        found = found + DECAY * (weights**2).sum()
        found.backward()
        return found

    optimizer.step(loss)
    return weights.detach().numpy(), float(offset.detach())


def _looks_at(path: Path) -> tuple[Plane, Plane]:
    """What the network sees in a real scan, and in its inverse."""
    network = _network()
    picture = open_picture(path)
    with picture.reading():
        lightness = Proxy(picture.lightness()).at(network.card.proxy_side)
    return network.looks(lightness), network.looks(100 - lightness)


def picture_of(content: bytes, side: int) -> Tensor:
    """A file -> (1, 3, H, W) sRGB 0…1, its sides multiples of the network's stride."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    scale = side / min(picture.size)
    size = [max(side, min(LONGEST, round(each * scale / MULTIPLE) * MULTIPLE)) for each in picture.size]
    pixels = np.asarray(picture.resize((size[0], size[1]), Image.Resampling.BILINEAR), np.float32)
    return torch.from_numpy(pixels / 255).permute(2, 0, 1)[None]


def _network() -> Lite:
    return colorizers.load(NETWORK)  # type: ignore[return-value]
