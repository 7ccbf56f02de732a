#!/usr/bin/env bash
# A gray TIFF with alpha whose planes are stored one after the other (PlanarConfiguration 2, which image editors offer as
# "per channel") opens in libvips without a warning and with a scrambled gray plane: each row begins half a row too
# early. Alpha is right, and so is every plane of an RGB file that is stored the same way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pyvips==3.2.0 pyvips-binary==8.18.7 tifffile==2026.3.3 numpy==2.4.6

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
import pyvips
import tifffile

for package in ("pyvips-binary", "tifffile", "numpy"):
    print(package, version(package))
folder = sys.argv[1]


def planes_arrive(name, planes, **options):
    path = f"{folder}/{name}.tif"
    tifffile.imwrite(path, planes, planarconfig="separate", **options)
    if not np.array_equal(tifffile.imread(path), planes):
        sys.exit("CHANGED: tifffile does not read back what it wrote.")
    read = np.moveaxis(pyvips.Image.new_from_file(path, fail_on="warning").numpy(), -1, 0)
    arrived = [bool(np.array_equal(a, b)) for a, b in zip(read, planes, strict=True)]
    print(f"{name}: planes that arrive: {arrived}; first two rows of the first: {read[0, :2].tolist()}")
    return arrived


for bits in (8, 16):
    gray = np.arange(64, dtype=f"u{bits // 8}").reshape(8, 8)
    alpha = np.full_like(gray, np.iinfo(gray.dtype).max)
    both = planes_arrive(f"gray-{bits}", np.stack([gray, alpha]), photometric="minisblack", extrasamples=["unassalpha"])
    color = planes_arrive(f"rgb-{bits}", np.stack([gray, alpha, gray]), photometric="rgb")
    if both != [False, True] or color != [True, True, True]:
        sys.exit("CHANGED: other planes arrive than before.")
print("As found: the gray plane is scrambled, alpha and the planes of RGB are not.")
PYTHON
