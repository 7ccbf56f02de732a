#!/usr/bin/env bash
# A PNG's EXIF (chunk eXIf) may stand before or after the pixels; ImageMagick 6 writes it after them. libvips finds it
# only before: a photograph with the same bytes after them has no orientation, and `autorot` leaves it on its side. Pillow
# finds both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pyvips==3.2.0 pyvips-binary==8.18.7 pillow==13.0.0

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import struct
import sys
import zlib
from importlib.metadata import version

import pyvips
from PIL import Image

for package in ("pyvips-binary", "pillow"):
    print(package, version(package))
folder = sys.argv[1]
WIDTH, HEIGHT = 48, 64


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


# EXIF with one tag: Orientation 6, to be turned by 90°.
exif = b"II*\0" + struct.pack("<IHHHIII", 8, 1, 274, 3, 1, 6, 0)
head = chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0))
pixels = chunk(b"IDAT", zlib.compress(b"".join(bytes([0, *[3 * y] * WIDTH]) for y in range(HEIGHT))))
orders = {"before": [chunk(b"eXIf", exif), pixels], "after": [pixels, chunk(b"eXIf", exif)]}

found = {}
for order, chunks in orders.items():
    path = f"{folder}/{order}.png"
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b""))
    image = pyvips.Image.new_from_file(path)
    turned = image.autorot()
    seen = image.get("orientation") if image.get_typeof("orientation") else None
    with Image.open(path) as opened:
        opened.load()
        found[order] = seen, turned.width, opened.getexif().get(274)
    print(f"EXIF {order} the pixels: orientation {seen} for libvips, {found[order][2]} for Pillow;", end=" ")
    print(f"{WIDTH}×{HEIGHT} becomes {turned.width}×{turned.height}")
if found != {"before": (6, HEIGHT, 6), "after": (None, WIDTH, 6)}:
    sys.exit("CHANGED: libvips finds EXIF elsewhere than before.")
print("As found: libvips does not see a PNG's EXIF after the pixels, and leaves the picture on its side.")
PYTHON
