#!/usr/bin/env bash
# OpenCV's imread with IMREAD_UNCHANGED changes an 8-bit RGBA TIFF whose alpha is unassociated (ExtraSamples 2): the
# colors come multiplied by alpha. The same pixels in 16 bits, in PNG, or in a TIFF
# whose ExtraSamples is 0 or 1, come as they are. Nothing in the answer tells which it was.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    opencv-python-headless==5.0.0.93 tifffile==2026.3.3 numpy==2.4.6 pillow==13.0.0

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import cv2
import numpy as np
import tifffile
from PIL import Image

for package in ("opencv-python-headless", "tifffile", "pillow", "numpy"):
    print(package, version(package))

folder = Path(sys.argv[1])
NAMES = {0: "unspecified", 1: "associated", 2: "unassociated"}
changed = {}


def look(name, path, stored):
    read = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[0, 0][[2, 1, 0, 3]]
    changed[name] = not np.array_equal(read, stored)
    print(f"{name:>30}: stored {stored.tolist()}, read {read.tolist()}")


for kind in (np.uint8, np.uint16):
    # Alpha is the largest of the four, so that the pixel is a possible one in associated alpha, too.
    pixel = np.array([120, 60, 30, 128], kind) * (np.iinfo(kind).max // 255)
    picture = np.broadcast_to(pixel, (8, 8, 4)).astype(kind)
    for code, name in NAMES.items():
        path = folder / f"{kind.__name__}-{name}.tif"
        tifffile.imwrite(path, picture, photometric="rgb", extrasamples=(code,))
        look(f"TIFF {kind.__name__} {name}", path, pixel)
    if kind is np.uint8:
        Image.fromarray(picture).save(folder / "uint8.png")
        look("PNG uint8", folder / "uint8.png", pixel)

if [name for name, differs in changed.items() if differs] != ["TIFF uint8 unassociated"]:
    sys.exit("CHANGED: other pictures are multiplied by their alpha than before.")
print("As found: only the 8-bit TIFF with unassociated alpha is multiplied.")
PYTHON
