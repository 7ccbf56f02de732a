"""A small SAM in the layout of the official checkpoints, and pictures to segment with it."""

import json
import os
from hashlib import sha256

import numpy as np
from photochrom import models
from safetensors.torch import save_file

TINY = {"embed_dim": 8, "depth": 1, "num_heads": 1, "global_attn_indexes": []}


def installed(folder, details, tensors):
    """The card of a model in a folder, as the store leaves it."""
    folder.mkdir(exist_ok=True)
    save_file(tensors, folder / "weights.safetensors")
    digest = sha256((folder / "weights.safetensors").read_bytes()).hexdigest()
    common = {"name": "sam-tiny", "kind": "segmenter", "system": "sam", "version": "0", "good_at": "", "license": ""}
    card = common | details | {"proxy_side": 64, "files": {"weights.safetensors": digest}}
    (folder / "card.json").write_text(json.dumps(card))
    return models.read_card(folder / "card.json")


def unwritable(monkeypatch):
    """The store's folders may not be written to: nothing is converted, which takes seconds."""
    monkeypatch.setattr(os, "access", lambda *_: False)


def nearly(one, other):
    """OpenVINO rounds otherwise than torch: pixels on the very edge of a mask may differ."""
    return one.shape == other.shape and (one == other).mean() > 0.99


def picture(height, width):
    """Lightness with a bright disc on a slope."""
    y, x = np.mgrid[:height, :width]
    disc = (x - width / 3) ** 2 + (y - height / 2) ** 2 < (min(height, width) / 4) ** 2
    return (20 + 40 * x / width + 35 * disc).astype(np.float32)
