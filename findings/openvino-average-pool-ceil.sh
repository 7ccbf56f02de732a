#!/usr/bin/env bash
# Average pooling with padding that is rounded up (ceil_mode) divides by other numbers in OpenVINO than in PyTorch at the
# last row and column: there the window extends beyond the padding, PyTorch counts what is inside of it, and the
# converted model counts less. Nothing warns. Where the size needs no rounding up, or padding is not counted, both agree.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    torch==2.13.0 openvino==2026.4.1 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
import openvino
import torch

for package in ("torch", "openvino", "numpy"):
    print(package, version(package))


def difference(pool, side):
    """PyTorch's answer to ones, and OpenVINO's, in the last row."""
    ones = torch.ones(1, 1, side, side)
    compiled = openvino.compile_model(
        openvino.convert_model(pool, example_input=ones), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    found = compiled(ones.numpy())[0]
    expected = pool(ones).numpy()
    if found.shape != expected.shape:
        sys.exit("CHANGED: the answers differ in size.")
    return expected[0, 0, -1].round(3).tolist(), found[0, 0, -1].round(3).tolist()


rounded = torch.nn.AvgPool2d(3, 2, 1, ceil_mode=True)
uncounted = torch.nn.AvgPool2d(3, 2, 1, ceil_mode=True, count_include_pad=False)
cases = {"6 pixels": (rounded, 6), "7 pixels": (rounded, 7), "6, padding not counted": (uncounted, 6)}
agree = {}
for name, (pool, side) in cases.items():
    expected, found = difference(pool, side)
    agree[name] = bool(np.allclose(expected, found))
    print(f"{name}: PyTorch {expected}, OpenVINO {found}")
if agree != {"6 pixels": False, "7 pixels": True, "6, padding not counted": True}:
    sys.exit("CHANGED: they agree elsewhere than before.")
print("As found: OpenVINO divides by another number at the rounded-up edge.")
PYTHON
