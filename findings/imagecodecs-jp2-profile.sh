#!/usr/bin/env bash
# imagecodecs' jpeg2k_decode converts a JP2 that has an ICC profile to sRGB, in 8 bits and clipped, and says so neither
# in its answer nor in its docstring. A lossless file thus does not give back its samples, and whoever applies the profile
# from the file to them applies it twice. Pillow, by the same OpenJPEG, gives back the samples. Without the color box, or
# with an enumerated space in it, imagecodecs does, too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    imagecodecs==2026.3.6 pillow==13.0.0 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import io
import struct
import sys
from importlib.metadata import version

import imagecodecs
import numpy as np
from PIL import Image, ImageCms

for package in ("imagecodecs", "pillow", "numpy"):
    print(package, version(package))
print("imagecodecs has", imagecodecs.jpeg2k_version())


def fixed(*values):
    return b"".join(struct.pack(">i", round(each * 65536)) for each in values)


def profile():
    """An ICC profile, version 2: Adobe RGB's primaries for D50 and its gamma."""
    name = b"wide\0"
    gamma = b"curv\0\0\0\0" + struct.pack(">IHH", 1, 563, 0)
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + bytes(78),
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1, 0.8249),
        b"rXYZ": b"XYZ \0\0\0\0" + fixed(0.60974, 0.31111, 0.01947),
        b"gXYZ": b"XYZ \0\0\0\0" + fixed(0.20528, 0.62567, 0.06087),
        b"bXYZ": b"XYZ \0\0\0\0" + fixed(0.14919, 0.06322, 0.74457),
        b"rTRC": gamma, b"gTRC": gamma, b"bTRC": gamma,
    }  # fmt: skip
    table, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for tag, data in tags.items():
        table += tag + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4xI", start + len(body), 0x02400000) + b"mntrRGB XYZ " + struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    head += b"acsp" + bytes(28) + fixed(0.9642, 1, 0.8249)
    return head.ljust(128, b"\0") + table + body


def box(kind, data):
    return struct.pack(">I4s", 8 + len(data), kind) + data


def jp2(color):
    header = box(b"ihdr", struct.pack(">IIHBBBB", 64, 64, 3, 7, 7, 0, 0)) + box(b"colr", color)
    return box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ") + box(b"jp2h", header) + box(b"jp2c", stream)


def furthest(one, other):
    return int(np.abs(np.asarray(one).astype(int) - np.asarray(other).astype(int)).max())


samples = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
stream = bytes(imagecodecs.jpeg2k_encode(samples, level=0, reversible=True, codecformat="j2k"))
wide = profile()
files = {
    "no box, codestream alone": stream,
    "enumerated sRGB": jp2(b"\1\0\0" + struct.pack(">I", 16)),
    "ICC profile": jp2(b"\2\0\0" + wide),
}
errors = {}
for name, file in files.items():
    errors[name] = furthest(imagecodecs.jpeg2k_decode(file), samples), furthest(Image.open(io.BytesIO(file)), samples)
    print(f"{name:>24}: imagecodecs is off by up to {errors[name][0]} of 255, Pillow by {errors[name][1]}")

source = ImageCms.ImageCmsProfile(io.BytesIO(wide))
converted = ImageCms.profileToProfile(Image.fromarray(samples), source, ImageCms.createProfile("sRGB"))
to_srgb = furthest(imagecodecs.jpeg2k_decode(files["ICC profile"]), converted)
print(f"what imagecodecs answers differs from the samples converted to sRGB by LittleCMS by up to {to_srgb}")

plain = [errors[name] for name in list(files)[:2]]
if plain != [(0, 0), (0, 0)] or errors["ICC profile"][0] < 50 or errors["ICC profile"][1] != 0 or to_srgb > 1:
    sys.exit("CHANGED: the profile is treated otherwise than before.")
print("As found: with a profile in the file, imagecodecs answers in sRGB.")
PYTHON
