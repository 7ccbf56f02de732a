#!/usr/bin/env bash
# A TIFF whose Orientation says that it was scanned on its side (5 to 8) is not read by OpenCV at all unless it is square:
# imread returns nothing, even if told to ignore the orientation. And those that it reads (2 to 4, or square) are turned
# with IMREAD_UNCHANGED, too, which by its documentation ignores the orientation, and does so in a JPEG or PNG.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    opencv-python-headless==5.0.0.93 tifffile==2026.3.3 numpy==2.4.6

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import os
import sys
from importlib.metadata import version

os.environ["OPENCV_LOG_LEVEL"] = "OFF"
import cv2
import numpy as np
import tifffile

for package in ("opencv-python-headless", "tifffile", "numpy"):
    print(package, version(package))
path = f"{sys.argv[1]}/scan.tif"
HOW = {"unchanged": cv2.IMREAD_UNCHANGED, "ignoring orientation": cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION}


def outcome(shape, orientation, how):
    stored = np.arange(shape[0] * shape[1], dtype=np.uint8).reshape(shape)
    tifffile.imwrite(path, stored, photometric="minisblack", extratags=[(274, "H", 1, orientation, True)])
    read = cv2.imread(path, how)
    if read is None:
        return "not read"
    return "as stored" if np.array_equal(read, stored) else "turned"


found = {}
for shape in ((8, 12), (12, 12)):
    for name, how in HOW.items():
        found[shape, name] = [outcome(shape, orientation, how) for orientation in range(1, 9)]
        print(f"{shape[1]} x {shape[0]}, {name}, orientations 1 to 8: {', '.join(found[shape, name])}")
expected = {(8, 12): ["as stored"] + ["turned"] * 3 + ["not read"] * 4, (12, 12): ["as stored"] + ["turned"] * 7}
if any(found[shape, name] != expected[shape] for shape, name in found):
    sys.exit("CHANGED: other TIFFs are read or turned than before.")
print("As found: TIFFs on their side are read only if square; the others are turned, asked or not.")
PYTHON
