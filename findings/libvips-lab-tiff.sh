#!/usr/bin/env bash
# libvips 8.18 cannot open a CIELab TIFF of 8 bits, the usual kind, be it written by Pillow, tifffile or libvips itself:
# "bad labq format". One of 16 bits opens. What libvips saves as 8-bit Lab, it cannot read back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pyvips==3.2.0 pyvips-binary==8.18.7 tifffile==2026.3.3 numpy==2.4.6 pillow==13.0.0

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
import pyvips
import tifffile
from PIL import Image

for package in ("pyvips-binary", "tifffile", "pillow", "numpy"):
    print(package, version(package))
folder = sys.argv[1]

# A gray of L* 50: in CIELab TIFFs L* fills the range, a* and b* are signed.
names = {name: f"{folder}/{name}.tif" for name in ("libvips 8", "Pillow 8", "tifffile 8", "tifffile 16")}
lab = pyvips.Image.black(16, 16).new_from_image([50, 0, 0]).copy(interpretation="lab")
lab.colourspace("labq").write_to_file(names["libvips 8"])
Image.new("LAB", (16, 16), (128, 128, 128)).save(names["Pillow 8"])
tifffile.imwrite(names["tifffile 8"], np.full((16, 16, 3), (128, 0, 0), np.uint8), photometric="cielab")
tifffile.imwrite(names["tifffile 16"], np.full((16, 16, 3), (32768, 0, 0), np.uint16), photometric="cielab")

opened = {}
for name, path in names.items():
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        kind = f"{page.photometric.name}, {page.bitspersample} bits, pixel {page.asarray()[0, 0].tolist()}"
    try:
        said = str(pyvips.Image.new_from_file(path).colourspace("lab")(0, 0))
    except pyvips.Error as error:
        said = f"not opened: {str(error).strip().splitlines()[-1].strip()}"
    opened[name] = not said.startswith("not")
    print(f"{name} ({kind}): {said}")
if opened != {"libvips 8": False, "Pillow 8": False, "tifffile 8": False, "tifffile 16": True}:
    sys.exit("CHANGED: libvips opens others than before.")
print("As found: libvips opens no CIELab TIFF of 8 bits.")
PYTHON
