"""Scores of the judges of negatives on color photographs that they were not taught with, for their card."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from photochrom import colorizers
from photochrom.evaluation.dataset import photographs
from photochrom.image.lab import SRGB_TO_XYZ
from photochrom.originals.negatives import NETWORK, judges
from photochrom.training.export import write_card
from photochrom.training.lab import lightness_of, linear_from_srgb
from photochrom.training.negatives import picture_of


def measure(card: Path, test: Path) -> None:
    """Measures the shipped judges on the lightness of the color photographs in `test`, and writes the scores to their
    `card`: the shares of the photographs that are taken for negatives, that are looked at twice, and whose inverse is
    noticed."""
    taught, network = judges(), colorizers.load(NETWORK)
    assert taught is not None  # what was just written knows the network
    weights = torch.tensor(SRGB_TO_XYZ[1], dtype=torch.float32).reshape(1, 3, 1, 1)
    said = []
    listed = photographs(test)
    for each in listed:
        linear = linear_from_srgb(picture_of(each.path.read_bytes(), network.card.proxy_side))
        lightness = lightness_of((linear * weights).sum(1).clamp(0, 1)).numpy()[0]
        itself, inverse = network.looks(lightness), network.looks(100 - lightness)  # type: ignore[attr-defined]
        said.append((taught.says(itself, inverse), taught.suspects(itself), taught.says(inverse, itself)))
    shares = np.mean(said, 0).round(4).tolist()
    scores = dict(zip(("false_alarms", "suspected", "noticed"), shares, strict=True))
    content = json.loads(card.read_text(encoding="utf-8"))
    write_card(card, content | {"scores": {"dataset": test.name, "photographs": len(listed), **scores}})
