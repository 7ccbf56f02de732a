"""A router small enough to be built in a test: it looks at the brightness of a picture's quarters."""

import hashlib
import json

import numpy as np
from photochrom.runtime.inference import openvino

CHOICES = ("lite", "people", "scenes")


def make_router(folder, choices=CHOICES):
    """Writes a router for `choices` into `folder`, as the store has them."""
    ops = openvino.opset13
    thumbnail = ops.parameter([1, 1, 64, 64], np.float32)
    quarters = ops.avg_pool(thumbnail, [32, 32], [0, 0], [0, 0], [32, 32], True)
    flat = ops.reshape(quarters, np.array([1, 4]), False)
    weights = np.random.default_rng(5).normal(0, 0.02, (4, len(choices))).astype(np.float32)
    shares = ops.softmax(ops.matmul(flat, weights, False, False), 1)
    folder.mkdir(parents=True)
    openvino.save_model(openvino.Model([shares], [thumbnail]), folder / "router.xml", compress_to_fp16=False)
    card = {
        "name": "router",
        "kind": "router",
        "system": "router",
        "version": "1",
        "good_at": "tests",
        "license": "GPL-3.0-or-later",
        "choices": list(choices),
        "files": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("router.xml", "router.bin")
        },
    }
    (folder / "card.json").write_text(json.dumps(card))
