#!/usr/bin/env bash
# libvips' field iptc-data is the bare IPTC records where a TIFF was read, but the whole Photoshop block around them where
# a JPEG was, and jpegsave writes the field as it is. A caption that goes from TIFF to JPEG is in the new file, yet Pillow
# (and ExifTool) do not find it there: its segment lacks the block's name. From JPEG to JPEG it arrives.
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

CAPTION = b"Two men beside a cart"
records = b"\x1c\x02\x78" + struct.pack(">H", len(CAPTION)) + CAPTION


def tiff():
    file = io.BytesIO()
    tag = (33723, 7, len(records), records, True)
    tifffile.imwrite(file, np.zeros((16, 16), np.uint8), photometric="minisblack", extratags=[tag])
    return file.getvalue()


def jpeg():
    file = io.BytesIO()
    Image.new("L", (16, 16)).save(file, "JPEG")
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records + bytes(len(records) % 2)
    segment = b"Photoshop 3.0\0" + resource
    return file.getvalue()[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + file.getvalue()[2:]


def caption(file):
    """What Pillow reads of the IPTC: the caption, or None where it finds none or nothing valid."""
    try:
        found = IptcImagePlugin.getiptcinfo(Image.open(io.BytesIO(file))) or {}
    except SyntaxError:
        return None
    return found.get((2, 120))


arrives = {}
for source, file in (("JPEG", jpeg()), ("TIFF", tiff())):
    if caption(file) != CAPTION:
        sys.exit(f"CHANGED: Pillow does not read the caption of the {source} made here.")
    picture = pyvips.Image.new_from_buffer(file, "")
    saved = picture.jpegsave_buffer(keep="all")
    arrives[source] = caption(saved) == CAPTION, CAPTION in saved
    print(f"iptc-data of the {source} begins {picture.get('iptc-data')[:14]}")
    print(f"  saved as JPEG: the caption reads {caption(saved)}; its text is in the file: {CAPTION in saved}")

if arrives != {"JPEG": (True, True), "TIFF": (False, True)}:
    sys.exit("CHANGED: the caption arrives elsewhere than before.")
print("As found: from TIFF to JPEG the caption cannot be read any more.")
PYTHON
