#!/usr/bin/env bash
# The distance that libvips' fill_nearest returns is 0 on a filled pixel only if no other one is near: beside another
# it is 1, two away from one 2. Whoever takes it for a distance transform, 0 on the object, finds no difference between
# the object and the pixels around it. The filled picture itself is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pyvips==3.2.0 pyvips-binary==8.18.7 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
import pyvips

for package in ("pyvips-binary", "numpy"):
    print(package, version(package))


def distances(row):
    """The distance that libvips gives each pixel of a row to the nearest one that is not 0."""
    picture = pyvips.Image.new_from_array(np.array([row], np.uint8))
    _, others = picture.fill_nearest(distance=True)
    return others["distance"].numpy().ravel().tolist()


expected = {
    "one pixel": ([0, 0, 255, 0, 0], [2, 1, 0, 1, 2]),
    "three beside each other": ([0, 255, 255, 255, 0], [1, 1, 1, 1, 1]),
    "two, two apart": ([255, 0, 255], [2, 1, 2]),
    "two, four apart": ([255, 0, 0, 0, 255], [0, 1, 2, 1, 0]),
}
for name, (row, found) in expected.items():
    print(f"{name}: {row} -> {distances(row)}")
    if distances(row) != found:
        sys.exit("CHANGED: the distances differ from those seen before.")
print("As found: a filled pixel is 0 away from itself only if no other one is near.")
PYTHON
