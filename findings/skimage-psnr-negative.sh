#!/usr/bin/env bash
# scikit-image's PSNR of float pictures rises by 6 dB if the reference has a single negative value, such as bicubic
# resizing leaves beside an edge: its range is then taken for -1 to 1 instead of 0 to 1. A value above 1 is an error that
# asks for `data_range`; one below 0 is not. Scores of a data set thus mix two scales.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary scikit-image==0.26.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
from skimage.metrics import peak_signal_noise_ratio as psnr
from skimage.transform import resize

for package in ("scikit-image", "numpy"):
    print(package, version(package))

edge = np.zeros((64, 64), np.float32)
edge[:, 32:] = 0.8
reference = resize(edge, (48, 48), order=3, clip=False).astype(np.float32)
tested = reference + np.random.default_rng(0).normal(0, 0.05, reference.shape).astype(np.float32)
clipped = reference.clip(0, 1)
print(f"the reference, resized: {reference.min():.4f} to {reference.max():.4f}")
scores = {
    "reference as resized": psnr(reference, tested),
    "reference clipped": psnr(clipped, tested),
    "reference as resized, data_range=1": psnr(reference, tested, data_range=1),
}
for name, score in scores.items():
    print(f"{name}: {score:.2f} dB")
try:
    brighter = f"{psnr(clipped + 0.2, tested):.2f} dB"
except ValueError as error:
    brighter = f"error: {error}"
print("reference above 1:", brighter)
resized, by_clipped, given = scores.values()
if abs(resized - given - 6.02) > 0.01 or abs(by_clipped - given) > 0.5 or not brighter.startswith("error"):
    sys.exit("CHANGED: the range is taken otherwise than before.")
print("As found: a negative value in the reference adds 6 dB.")
PYTHON
