#!/usr/bin/env bash
# JPEG XL keeps a picture's orientation in its header, and readers are to ignore that of EXIF. pillow-jxl-plugin writes it
# into the EXIF alone: a picture on its side lies there for other readers, while Pillow, which goes by the EXIF, shows it
# upright. Only a JPEG file that is taken over as it is gets the header right, so that saving goes well until the picture
# was cropped or colored before.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pillow-jxl-plugin==1.3.8 pillow==13.0.0 imagecodecs==2026.3.6 numpy==2.4.6

"$folder/venv/bin/python" -W ignore - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

import imagecodecs
import pillow_jxl  # noqa: F401  registers the format
from PIL import Image, ImageOps

for package in ("pillow-jxl-plugin", "pillow", "imagecodecs", "numpy"):
    print(package, version(package))
folder = Path(sys.argv[1])
exif = Image.Exif()
exif[0x0112] = 6  # Orientation: to be turned by a quarter
Image.new("RGB", (64, 32), (200, 100, 50)).save(folder / "source.jpg", exif=exif)

found = {}
with Image.open(folder / "source.jpg") as source:
    for name, picture in {"JPEG as it is": source, "copy of its pixels": source.copy()}.items():
        path = folder / "picture.jxl"
        picture.save(path, exif=exif.tobytes())
        with Image.open(path) as saved:
            by_pillow = ImageOps.exif_transpose(saved).size
        height, width, _ = imagecodecs.jpegxl_decode(path.read_bytes()).shape  # libjxl, which turns by the header
        found[name] = by_pillow, (width, height)
        print(f"{name}: upright by Pillow {by_pillow}, by libjxl {(width, height)}")
expected = {"JPEG as it is": ((32, 64), (32, 64)), "copy of its pixels": ((32, 64), (64, 32))}
if found != expected:
    sys.exit("CHANGED: the orientation is written otherwise than before.")
print("As found: the orientation of pixels is in the EXIF alone.")
PYTHON
