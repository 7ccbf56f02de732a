#!/usr/bin/env bash
# OpenCV decodes a CIELab TIFF without adapting its white (D50, where the file names none) to that of the screen: gray
# comes out brown. Lab 50, 0, 0 should be RGB 119, 119, 119, and reads as 132, 122, 106. libvips and LittleCMS (by
# Pillow) return gray for the same files.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    opencv-python-headless==5.0.0.93 pillow==13.0.0 pyvips==3.2.0 pyvips-binary==8.18.7 tifffile==2026.3.3 numpy==2.4.6

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version

import cv2
import numpy as np
import pyvips
import tifffile
from PIL import Image, ImageCms

for package in ("opencv-python-headless", "pillow", "pyvips-binary", "tifffile", "numpy"):
    print(package, version(package))
folder = sys.argv[1]
GRAYS = (20, 50, 80)


def written(bits):
    """A file with the three grays, a = b = 0."""
    lab = np.zeros((4, len(GRAYS), 3), f"u{bits // 8}")
    lab[..., 0] = [round(lightness / 100 * (255 if bits == 8 else 65535)) for lightness in GRAYS]
    tifffile.imwrite(f"{folder}/{bits}.tif", lab, photometric="cielab")
    return f"{folder}/{bits}.tif"


def chroma(rgb):
    """The largest difference between the channels of a pixel."""
    return int(np.ptp(np.asarray(rgb, int), axis=-1).max())


eight, sixteen = written(8), written(16)
by_opencv = {path: cv2.imread(path, cv2.IMREAD_COLOR)[0, :, ::-1] for path in (eight, sixteen)}
for path, rgb in by_opencv.items():
    print(f"OpenCV, {path.rsplit('/', 1)[1]}: L* {GRAYS} -> {rgb.tolist()}")
lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
by_lcms = np.asarray(ImageCms.profileToProfile(Image.open(eight), lab, srgb, outputMode="RGB"))[0]
by_libvips = pyvips.Image.new_from_file(sixteen).colourspace("srgb").numpy()[0]
print(f"LittleCMS, 8.tif: {by_lcms.tolist()}; libvips, 16.tif: {by_libvips.tolist()}")
if max(chroma(by_lcms), chroma(by_libvips)) > 1:
    sys.exit("CHANGED: the comparison is not gray either.")
if min(chroma(rgb) for rgb in by_opencv.values()) < 16:
    sys.exit("CHANGED: OpenCV returns gray.")
print("As found: gray of a Lab TIFF is brown in OpenCV.")
PYTHON
