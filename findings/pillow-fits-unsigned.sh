#!/usr/bin/env bash
# FITS, in which observatories keep their digitized glass plates, stores unsigned 16 bits as signed ones less an offset of
# 32768, BZERO in the header. Pillow opens such a file and leaves the offset out: black reads as 32768, middle gray as 0
# and white as 32767. Shapes are there, tones are folded, and nothing warns. Floats are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pillow==13.0.0 astropy==8.0.2 numpy==2.4.6

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
from astropy.io import fits
from PIL import Image

for package in ("pillow", "astropy", "numpy"):
    print(package, version(package))
path = Path(sys.argv[1]) / "plate.fits"


def read_of(tones):
    """What Pillow reads of tones that astropy writes, and reads back."""
    fits.writeto(path, np.tile(tones, (8, 1)), overwrite=True)
    if not np.array_equal(fits.getdata(path)[0], tones):
        sys.exit("CHANGED: astropy does not read back what it wrote.")
    with Image.open(path) as picture:
        read = np.asarray(picture)[0].tolist()
        print(f"BZERO {fits.getheader(path).get('BZERO')}: stored {tones.tolist()}, Pillow {picture.mode} {read}")
    return read


whole = read_of(np.array([0, 16384, 32767, 32768, 49152, 65535], np.uint16))
floats = read_of(np.array([0, 0.25, 0.5, 1], np.float32))
if whole != [32768, 49152, 65535, 0, 16384, 32767] or floats != [0, 0.25, 0.5, 1]:
    sys.exit("CHANGED: Pillow reads something else than before.")
print("As found: Pillow ignores the offset of unsigned 16 bits.")
PYTHON
