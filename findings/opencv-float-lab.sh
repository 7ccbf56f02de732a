#!/usr/bin/env bash
# OpenCV's cvtColor from RGB to CIE Lab in float32 does not compute the formula of its documentation: it interpolates in
# a table. L* of a neutral is off by up to 0.17, a* of a color by up to 0.5, and a neutral gets some color. The way back is
# computed, so that there and back does not return the picture: it is off by about one level of 255. Colorizers that keep
# the photograph's L* and go through this function change its tones.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    opencv-python-headless==5.0.0.93 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import cv2
import numpy as np

for package in ("opencv-python-headless", "numpy"):
    print(package, version(package))

# sRGB's primaries and white D65, with the digits of OpenCV's documentation.
TO_XYZ = np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
WHITE = np.array([0.950456, 1.0, 1.088754])


def lab_of(rgb):
    """CIE Lab in float64 of sRGB from 0 to 1."""
    light = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    ratio = light @ TO_XYZ.T / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], axis=-1)


gray = np.repeat(np.linspace(0, 1, 1024, dtype=np.float32)[None, :, None], 3, axis=2)
there = cv2.cvtColor(gray, cv2.COLOR_RGB2LAB)
gray_lightness = float(np.abs(there - lab_of(gray.astype(float)))[..., 0].max())
gray_color = float(np.abs(there[..., 1:]).max())
print(f"neutrals: L* off by up to {gray_lightness:.3f}; a* or b*, which should be 0, up to {gray_color:.3f}")

rgb = np.random.default_rng(0).random((400, 400, 3), dtype=np.float32)
exact = lab_of(rgb.astype(float))
error = np.abs(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB) - exact).max(axis=(0, 1))
print("colors: L*, a*, b* off by up to", ", ".join(f"{each:.3f}" for each in error))

back = float(np.abs(cv2.cvtColor(exact.astype(np.float32), cv2.COLOR_LAB2RGB) - rgb).max()) * 255
both = float(np.abs(cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), cv2.COLOR_LAB2RGB) - rgb).max()) * 255
print(f"in levels of 255: back alone is off by up to {back:.3f}, there and back by up to {both:.3f}")

if not (gray_lightness > 0.15 and gray_color > 0.1 and error[1] > 0.4 and back < 0.05 and both > 0.8):
    sys.exit("CHANGED: the conversion from RGB to Lab is no longer as far off as it was.")
print("As found: RGB to Lab in float32 is interpolated, Lab to RGB is computed.")
PYTHON
