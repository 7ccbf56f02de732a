#!/usr/bin/env bash
# Whole numbers of 24 bits in a TIFF: GDAL and tifffile agree in little-endian files and not in big-endian ones. GDAL reads
# its own there, and 0x100 where tifffile was given 0x10003; tifffile reads 0x1000300 where GDAL wrote 0x10003, and from its
# own file 0x10000: it has lost the lowest byte. All of it without a word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    rasterio==1.4.4 tifffile==2026.3.3 imagecodecs==2026.3.6 numpy==2.4.6

"$folder/venv/bin/python" -W ignore - "$folder" <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
import rasterio
import tifffile

print("rasterio", version("rasterio"), "with GDAL", rasterio.__gdal_version__)
for package in ("tifffile", "imagecodecs", "numpy"):
    print(package, version(package))
folder = sys.argv[1]
samples = (np.arange(256, dtype=np.uint32) * 65536 + 3).reshape(16, 16)


def by_gdal(path):
    with rasterio.open(path) as file:
        return file.read(1)


found = {}
for order, mark in (("LITTLE", "<"), ("BIG", ">")):
    gdal, own = f"{folder}/gdal-{order}.tif", f"{folder}/tifffile-{order}.tif"
    options = {"width": 16, "height": 16, "count": 1, "dtype": "uint32", "nbits": 24, "ENDIANNESS": order}
    with rasterio.open(gdal, "w", driver="GTiff", **options) as file:
        file.write(samples, 1)
    tifffile.imwrite(own, samples, byteorder=mark, bitspersample=24, photometric="minisblack")
    for writer, path in (("GDAL", gdal), ("tifffile", own)):
        for reader, read in (("GDAL", by_gdal), ("tifffile", tifffile.imread)):
            values = read(path)
            found[order, writer, reader] = bool((values == samples).all())
            print(f"{order}, by {writer}, read by {reader}: {values[0, 1]:#x}, written was {samples[0, 1]:#x}")
expected = {key: key[0] == "LITTLE" or key[1:] == ("GDAL", "GDAL") for key in found}
if found != expected:
    sys.exit("CHANGED: they agree otherwise than before.")
print("As found: of big-endian 24-bit samples only GDAL reads its own.")
PYTHON
