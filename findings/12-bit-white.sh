#!/usr/bin/env bash
# Gray of 12 bits in a file: OpenCV scales that of a TIFF to 16 bits and leaves that of a JPEG 2000, and Pillow does it
# the other way round. White is 65520 (shifted, not 65535) or 4095, the type is a 16-bit integer in all four cases, and
# nothing tells which it is: taken for 16 bits, one in two is nearly black.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    opencv-python-headless==5.0.0.93 pillow==13.0.0 tifffile==2026.3.3 imagecodecs==2026.3.6 numpy==2.4.6

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import tifffile
from PIL import Image

for package in ("opencv-python-headless", "pillow", "tifffile", "imagecodecs", "numpy"):
    print(package, version(package))
folder = Path(sys.argv[1])
stored = np.tile(np.array([0, 1024, 2048, 4095], np.uint16), (8, 2))
tifffile.imwrite(folder / "scan.tif", stored, photometric="minisblack", bitspersample=12)
(folder / "scan.jp2").write_bytes(imagecodecs.jpeg2k_encode(stored, bitspersample=12, level=0, reversible=True))
if not np.array_equal(imagecodecs.jpeg2k_decode((folder / "scan.jp2").read_bytes()), stored):
    sys.exit("CHANGED: imagecodecs does not read back what it wrote.")

white = {}
for name in ("scan.tif", "scan.jp2"):
    with Image.open(folder / name) as picture:
        by_pillow = np.asarray(picture)
    by_opencv = cv2.imread(str(folder / name), cv2.IMREAD_UNCHANGED)
    for library, read in {"Pillow": by_pillow, "OpenCV": by_opencv}.items():
        print(f"{name}, {library}: {read.dtype}, stored {stored[0, :4].tolist()}, read {read[0, :4].tolist()}")
        white[name, library] = int(read.max())
print("white:", white)
expected = {
    ("scan.tif", "Pillow"): 4095,
    ("scan.tif", "OpenCV"): 65520,
    ("scan.jp2", "Pillow"): 65520,
    ("scan.jp2", "OpenCV"): 4095,
}
if white != expected:
    sys.exit("CHANGED: they scale 12 bits otherwise than before.")
print("As found: OpenCV scales a TIFF's 12 bits, Pillow a JPEG 2000's, and not the other way round.")
PYTHON
