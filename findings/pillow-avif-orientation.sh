#!/usr/bin/env bash
# Pillow's AVIF writer takes the orientation out of the Exif object that it is given, to write it in AVIF's own way. That
# object is, as a rule, the picture's own (`exif=picture.getexif()`): a picture on its side that is saved as AVIF, and then
# transposed or saved in another format, is not turned there any more. Other writers leave the object as it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: pillow==13.0.0

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version
from pathlib import Path

from PIL import Image, ImageOps

print("pillow", version("pillow"))
folder = Path(sys.argv[1])
exif = Image.Exif()
exif[0x0112] = 6  # Orientation: to be turned by a quarter
Image.new("RGB", (64, 32), (200, 100, 50)).save(folder / "source.jpg", exif=exif)

left = {}
for suffix in ("jpg", "png", "webp", "tif", "avif"):
    with Image.open(folder / "source.jpg") as picture:
        picture.save(folder / f"first.{suffix}", exif=picture.getexif())
        picture.save(folder / "second.jpg", exif=picture.getexif())
        upright = ImageOps.exif_transpose(picture).size
    with Image.open(folder / f"first.{suffix}") as first, Image.open(folder / "second.jpg") as second:
        sizes = [ImageOps.exif_transpose(saved).size for saved in (first, second)]
    left[suffix] = upright, *sizes
    print(f"saved as {suffix}: upright {sizes[0]}; then as JPEG: upright {sizes[1]}; transposed in memory: {upright}")
turned, lying = (32, 64), (64, 32)
expected = dict.fromkeys(left, (turned,) * 3) | {"avif": (lying, turned, lying)}
if left != expected:
    sys.exit("CHANGED: other writers change the picture's orientation than before.")
print("As found: once saved as AVIF, the picture in memory has no orientation any more.")
PYTHON
