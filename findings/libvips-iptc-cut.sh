#!/usr/bin/env bash
# libvips' tiffsave writes no more than the first quarter of the IPTC: the tag holds as many bytes as the
# records have words of four bytes. A caption that libvips read whole from a TIFF is cut in the TIFF it saves,
# without a warning; opening and saving again cuts what is left.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pyvips==3.2.0 pyvips-binary==8.18.7 pillow==13.0.0 tifffile==2026.3.3 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import io
import struct
import sys
from importlib.metadata import version

import numpy as np
import pyvips
import tifffile
from PIL import Image, IptcImagePlugin

for package in ("pyvips-binary", "pillow", "tifffile", "numpy"):
    print(package, version(package))

CAPTION = b"Two men beside a cart in front of the mill, about 1908; the wheel is broken"
records = b"\x1c\x02\x78" + struct.pack(">H", len(CAPTION)) + CAPTION


def tiff():
    file = io.BytesIO()
    tag = (33723, 7, len(records), records, True)
    tifffile.imwrite(file, np.zeros((16, 16), np.uint8), photometric="minisblack", extratags=[tag])
    return file.getvalue()


def caption(file):
    """What Pillow reads of the IPTC: the caption, or None where it finds none or nothing valid."""
    try:
        found = IptcImagePlugin.getiptcinfo(Image.open(io.BytesIO(file))) or {}
    except SyntaxError:
        return None
    return found.get((2, 120))


file = tiff()
if caption(file) != CAPTION:
    sys.exit("CHANGED: Pillow does not read the caption of the TIFF made here.")
sizes = []
for turn in range(3):
    with tifffile.TiffFile(io.BytesIO(file)) as pages:
        tag = pages.pages[0].tags.get(33723)
        kind, size = (tag.dtype.name, tag.count) if tag else ("none", 0)
    picture = pyvips.Image.new_from_buffer(file, "")
    field = picture.get("iptc-data") if picture.get_typeof("iptc-data") else b""
    print(f"saved {turn} times: {size} of {kind} in the tag; the caption reads {caption(file)}; iptc-data {len(field)} bytes")
    sizes.append(size)
    if turn == 0 and field != records:
        sys.exit("CHANGED: libvips does not read the whole records.")
    file = picture.tiffsave_buffer(keep="all")

if not (sizes[0] == len(records) and 0 < sizes[1] <= len(records) // 4 + 1 and sizes[2] < sizes[1]):
    sys.exit("CHANGED: tiffsave writes another part of the records than before.")
print("As found: each time tiffsave keeps a quarter.")
PYTHON
