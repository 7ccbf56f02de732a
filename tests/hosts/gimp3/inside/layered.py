"""Runs inside GIMP: opens the layered picture PHOTOCHROM_PHOTOGRAPH and tells what is in it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import document, flattened, keep, photograph, read, run_all  # isort: skip


def layered():
    image = photograph(1)
    source = image.get_layers()[-1]
    keep("source.lab", read(source, "CIE Lab float"))
    keep("flattened.lab", read(flattened(image), "CIE Lab float"))
    return document(image)


run_all([layered])
