#!/usr/bin/env bash
# libvips and pillow-heif hand out the 10 or 12 bits of an AVIF or HEIC picture as 16 bits, but only shift them: white
# becomes 65472 or 65520, not 65535. Both write 65535 as the largest sample, so that white does not survive being written
# and read in 16 bits, and whoever compares with 65535 (paper, masks, opacity) finds none that is full.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pyvips==3.2.0 pyvips-binary==8.18.7 pillow-heif==1.8.1 pillow==13.0.0 imagecodecs==2026.3.6 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys
from importlib.metadata import version

import imagecodecs
import numpy as np
import pillow_heif
import pyvips

for package in ("pyvips-binary", "pillow-heif", "imagecodecs", "numpy"):
    print(package, version(package))

samples = np.zeros((64, 64, 3), np.uint16)
samples[32:] = 65535
white = {}
for bits in (10, 12):
    picture = pyvips.Image.new_from_array(samples).copy(interpretation="rgb16")
    avif = picture.heifsave_buffer(compression="av1", bitdepth=bits, lossless=True, effort=0)
    native = int(imagecodecs.avif_decode(avif).max())
    white["libvips", bits] = int(pyvips.Image.new_from_buffer(avif, "").max())
    print(f"libvips, AVIF of {bits} bits: the file holds {native}, libvips reads {white['libvips', bits]}")
    if native != 2**bits - 1:
        sys.exit("CHANGED: the file does not hold white.")

    pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
    file = io.BytesIO()
    pillow_heif.from_bytes("RGB;16", (64, 64), samples.tobytes()).save(file, quality=-1)
    read = pillow_heif.open_heif(file.getvalue(), convert_hdr_to_8bit=False)
    white["pillow-heif", bits] = int(np.asarray(read).max())
    print(f"pillow-heif, HEIC of {read.info['bit_depth']} bits: written 65535, read {white['pillow-heif', bits]}")

expected = {(name, bits): 65536 - 2 ** (16 - bits) for name in ("libvips", "pillow-heif") for bits in (10, 12)}
if white != expected:
    sys.exit("CHANGED: white reads otherwise than before.")
print("As found: white is 65472 of 65535 in 10 bits, 65520 in 12.")
PYTHON
