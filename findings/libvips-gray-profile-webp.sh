#!/usr/bin/env bash
# WebP and AVIF have no gray of their own in libvips: a gray picture is saved as RGB, with the samples of the gray one. Its
# gray profile is dropped, even with keep="all", and the samples are not converted to what is then assumed, sRGB. A scan
# with linear or dot-gain gray changes its tones without a word. PNG, JPEG and TIFF keep the profile.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pyvips==3.2.0 pyvips-binary==8.18.7 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import struct
import sys
from importlib.metadata import version

import numpy as np
import pyvips

for package in ("pyvips-binary", "numpy"):
    print(package, version(package))


def linear_gray():
    """An ICC profile, version 2, of gray with gamma 1."""
    white = struct.pack(">3i", 63190, 65536, 54061)
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 7) + b"Linear\0" + bytes(79),
        b"cprt": b"text\0\0\0\0No copyright\0\0\0\0",
        b"wtpt": b"XYZ \0\0\0\0" + white,
        b"kTRC": b"curv\0\0\0\0" + struct.pack(">IHH", 1, 256, 0),
    }
    place, table, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", place + len(body), len(data))
        body += data
    header = struct.pack(">I4xI4s4s4s6H4s", place + len(body), 0x2400000, b"mntr", b"GRAY", b"XYZ ", 2026, 1, 1, 0, 0, 0, b"acsp")
    return header.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061) + bytes(48) + struct.pack(">I", len(tags)) + table + body


samples = np.arange(256, dtype=np.uint8).reshape(16, 16)
picture = pyvips.Image.new_from_array(samples).copy(interpretation="b-w")
picture.set_type(pyvips.GValue.blob_type, "icc-profile-data", linear_gray())


def tone(image):
    """L* of the sample 55, by the profile of a picture, or as sRGB where it has none."""
    pixel = image.crop(7, 3, 1, 1)
    lab = pixel.icc_import(embedded=True) if pixel.get_typeof("icc-profile-data") else pixel.colourspace("lab")
    return lab[0].avg()


found = {}
for suffix, options in ((".png", {}), (".tif", {}), (".jpg", {"Q": 100}), (".webp", {"lossless": True}), (".avif", {"lossless": True})):
    saved = pyvips.Image.new_from_buffer(picture.write_to_buffer(suffix, keep="all", **options), "")
    same = bool(np.array_equal(saved[0].numpy(), samples))
    found[suffix] = bool(saved.get_typeof("icc-profile-data")), same
    print(f"{suffix}: {saved.bands} bands, profile {found[suffix][0]}, same samples {same}, L* of 55: {tone(saved):.1f}")
print(f"the picture itself: L* of 55: {tone(picture):.1f}")
if {suffix for suffix, each in found.items() if each == (False, True)} != {".webp", ".avif"}:
    sys.exit("CHANGED: other formats lose the profile, or the samples are converted.")
print("As found: WebP and AVIF lose a gray profile, and keep the samples that it explained.")
PYTHON
