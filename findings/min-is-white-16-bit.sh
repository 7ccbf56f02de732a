#!/usr/bin/env bash
# Pillow and OpenCV turn an 8-bit TIFF whose zero is white (PhotometricInterpretation 0) the right way round. A 16-bit
# one they hand out as its own negative, without a word. libvips turns both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pillow==13.0.0 opencv-python-headless==5.0.0.93 pyvips==3.2.0 pyvips-binary==8.18.7 tifffile==2026.3.3 numpy==2.4.6

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import cv2
import numpy as np
import pyvips
import tifffile
from PIL import Image

for package in ("pillow", "opencv-python-headless", "pyvips-binary", "tifffile", "numpy"):
    print(package, version(package))

seen = {}
for kind in (np.uint8, np.uint16):
    largest = np.iinfo(kind).max
    # The left half holds 0, which is white in such a file; the right half the largest sample, which is black.
    samples = np.zeros((16, 16), kind)
    samples[:, 8:] = largest
    path = str(Path(sys.argv[1]) / f"{kind.__name__}.tif")
    tifffile.imwrite(path, samples, photometric="miniswhite", byteorder="<")
    with Image.open(path) as picture:
        pillow = np.asarray(picture)
    readers = {
        "Pillow": pillow,
        "OpenCV": cv2.imread(path, cv2.IMREAD_UNCHANGED),
        "libvips": pyvips.Image.new_from_file(path).numpy(),
    }
    for name, read in readers.items():
        white, black = int(read[0, 0]), int(read[0, -1])
        seen[name, kind.__name__] = white > black
        print(f"{kind.__name__:>6} {name:>8}: the white half reads {white}, the black half {black}")

expected = {
    ("Pillow", "uint8"): True, ("Pillow", "uint16"): False,
    ("OpenCV", "uint8"): True, ("OpenCV", "uint16"): False,
    ("libvips", "uint8"): True, ("libvips", "uint16"): True,
}  # fmt: skip
if seen != expected:
    sys.exit("CHANGED: other pictures come out as negatives than before.")
print("As found: Pillow and OpenCV hand out the 16-bit picture as a negative.")
PYTHON
