"""Runs inside GIMP without windows: colorizes a folder, with no image open."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import call_batch, run_all  # isort: skip


def whole():
    return call_batch(input=os.environ["PHOTOCHROM_SCANS"], output=os.environ["PHOTOCHROM_COLORED"], format="jpeg")


def started():
    other = f"{os.environ['PHOTOCHROM_COLORED']} again"
    return call_batch(input=os.environ["PHOTOCHROM_SCANS"], output=other, album=True, wait=False)


def missing():
    return call_batch(input="/nowhere", output=f"{os.environ['PHOTOCHROM_COLORED']} never")


def without_folders():
    return call_batch()


run_all([without_folders, missing, whole, started])
