#!/usr/bin/env bash
# pyvips' copy_memory() of a picture that was made from an array copies nothing, since the picture is in memory already,
# and the result, unlike that of copy() or of any other operation, does not keep the array alive: once the array is gone,
# it is a picture in memory that belongs to nobody. Reading it then can end the process, so this script does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    pyvips==3.2.0 pyvips-binary==8.18.7 numpy==2.4.6

"$folder/venv/bin/python" - <<'PYTHON'
import gc
import sys
import weakref
from importlib.metadata import version

import numpy as np
import pyvips

for package in ("pyvips", "pyvips-binary", "numpy"):
    print(package, version(package))


class Array(np.ndarray):
    """An array whose end can be noticed."""


def array_outlives_its_name(operation):
    """Whether the result of an operation on a picture made from an array keeps the array alive."""
    array = np.zeros((4, 4, 1), np.uint8).view(Array)
    alive = weakref.ref(array)
    result = operation(pyvips.Image.new_from_memory(array, 4, 4, 1, "uchar"))
    del array
    gc.collect()
    return alive() is not None, result


def shares_memory(operation):
    """Whether the result shows what is written into the array later."""
    array = np.zeros((4, 4, 1), np.uint8)
    result = operation(pyvips.Image.new_from_memory(array, 4, 4, 1, "uchar"))
    array[:] = 7
    return result.avg() == 7


operations = {
    "the picture": lambda image: image,
    "copy()": lambda image: image.copy(),
    "invert()": lambda image: image.invert(),
    "copy_memory()": lambda image: image.copy_memory(),
}
kept = {name: array_outlives_its_name(operation)[0] for name, operation in operations.items()}
for name, yes in kept.items():
    print(f"{name} keeps the array alive: {yes}")
shared = shares_memory(operations["copy_memory()"])
print(f"copy_memory() shares the array's memory: {shared}")
if kept != {"the picture": True, "copy()": True, "invert()": True, "copy_memory()": False} or not shared:
    sys.exit("CHANGED: this differs from what was seen before.")
print("As found: copy_memory() neither copies an array's picture nor keeps the array.")
PYTHON
