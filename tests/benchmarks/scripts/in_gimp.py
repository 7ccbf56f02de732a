"""Runs inside GIMP: colors photographs of PHOTOCHROM_MEGAPIXELS as the menu entry does, of each kind, or of those that
PHOTOCHROM_KINDS names as JSON; writes, by kind, seconds and the seconds of processor time of GIMP, plug-in and engine.
"""

import json
import os
import sys
import time
from pathlib import Path

from gi.repository import Gimp

sys.path.insert(0, str(Path(__file__).parents[2] / "hosts" / "gimp3" / "inside"))

from common import OUT, PDB, photograph, run  # isort: skip

TICKS = os.sysconf("SC_CLK_TCK")
GRAY, RGB = Gimp.ImageBaseType.GRAY, Gimp.ImageBaseType.RGB
KINDS = {
    "gray, 8 bits": ((GRAY,), Gimp.Precision.U8_NON_LINEAR),
    "gray in RGB, 8 bits": ((GRAY, RGB), Gimp.Precision.U8_NON_LINEAR),
    "gray in RGB, 16 bits": ((GRAY, RGB), Gimp.Precision.U16_NON_LINEAR),
    "toned RGB, 8 bits": ((RGB,), Gimp.Precision.U8_NON_LINEAR),
    "toned RGB, 16 bits": ((RGB,), Gimp.Precision.U16_NON_LINEAR),
    "toned RGB, float": ((RGB,), Gimp.Precision.FLOAT_NON_LINEAR),
}
"""What the photograph is turned into, one after the other."""


def image_of(bases, precision):
    image = photograph(1)
    scale = (float(os.environ["PHOTOCHROM_MEGAPIXELS"]) * 1e6 / (image.get_width() * image.get_height())) ** 0.5
    image.scale(round(image.get_width() * scale), round(image.get_height() * scale))
    for base in bases:
        if base != image.get_base_type():
            image.convert_grayscale() if base == GRAY else image.convert_rgb()
    if image.get_precision() != precision:
        image.convert_precision(precision)
    return image


def processor():
    """Of GIMP with what it has run to its end, and of the engine."""
    runtime = Path(os.environ["PHOTOCHROM_RUNTIME_DIR"]) / "engine.json"
    engine = json.loads(runtime.read_text())["pid"]
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in (os.getppid(), engine)]
    return (sum(map(int, fields[0][11:15])) + sum(map(int, fields[1][11:13]))) / TICKS


def measure(bases, precision):
    image = image_of(bases, precision)
    started, used = time.perf_counter(), processor()
    values = run("colorize", image, image.get_layers())
    taken = {"seconds": time.perf_counter() - started, "processor": processor() - used}
    image.delete()
    assert values.index(0).value_nick == "success", PDB.get_last_error()
    return taken


warm = photograph(1)
run("colorize", warm, warm.get_layers())
wanted = json.loads(os.environ.get("PHOTOCHROM_KINDS", "null")) or KINDS
told = {kind: measure(*KINDS[kind]) for kind in wanted}
(OUT / "told.json").write_text(json.dumps(told))
