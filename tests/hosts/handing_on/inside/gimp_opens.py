"""Runs inside GIMP 3: opens every file of a folder, and tells what is in it and what is seen."""

import os
import sys
from pathlib import Path

sys.path.insert(0, os.environ["PHOTOCHROM_COMMON"])

from common import document, flattened, keep, read, run_all  # isort: skip
from gi.repository import Gimp, Gio


def opened(path):
    def run():
        image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(str(path)))
        if image is None:
            return {"opened": False}
        keep(f"{path.name}.lab", read(flattened(image), "CIE Lab float"))
        return {"opened": True, **document(image)}

    run.__name__ = path.name
    return run


run_all([opened(path) for path in sorted(Path(os.environ["PHOTOCHROM_FILES"]).iterdir())])
