#!/usr/bin/env bash
# A TIFF in YCbCr, uncompressed or LZW-compressed, without chroma subsampling, such as Pillow writes of a picture in that
# mode, opens in libvips as sRGB with luma and chroma for red, green and blue: red comes as (76, 84, 255), gray as it
# should, and nothing warns, whatever `fail_on` says. Pillow and OpenCV convert it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pyvips==3.2.0 pyvips-binary==8.18.7 opencv-python-headless==5.0.0.93 pillow==13.0.0 numpy==2.4.6

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version

import cv2
import pyvips
from PIL import Image

for package in ("pyvips-binary", "opencv-python-headless", "pillow", "numpy"):
    print(package, version(package))
for name, color in {"red": (255, 0, 0), "blue": (0, 0, 255), "gray": (128, 128, 128)}.items():
    for compression in ("raw", "tiff_lzw"):
        path = f"{sys.argv[1]}/{name}-{compression}.tif"
        codes = Image.new("RGB", (16, 16), color).convert("YCbCr")
        codes.save(path, compression=compression)
        with Image.open(path) as stored:
            tags = {tag: stored.tag_v2[tag] for tag in (262, 530)}  # PhotometricInterpretation, YCbCrSubSampling
            by_pillow = stored.convert("RGB").getpixel((0, 0))
        by_opencv = tuple(cv2.imread(path)[0, 0, ::-1].tolist())
        opened = pyvips.Image.new_from_file(path, fail_on="warning")
        by_libvips = tuple(map(int, opened(0, 0)))
        print(f"{name}, {compression}, {tags}: Pillow {by_pillow}, OpenCV {by_opencv}, ", end="")
        print(f"libvips {opened.interpretation} {by_libvips}")
        right = all(abs(a - b) <= 2 for a, b in zip((*by_pillow, *by_opencv), color * 2, strict=True))
        if not right or opened.interpretation != "srgb" or by_libvips != codes.getpixel((0, 0)):
            sys.exit("CHANGED: they read it otherwise than before.")
print("As found: libvips takes luma and chroma for red, green and blue.")
PYTHON
