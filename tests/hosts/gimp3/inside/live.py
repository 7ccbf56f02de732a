"""Runs inside GIMP: a layer of colors with GIMP's own live filters. What must be true is in test_live_filters.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import OUT, call, flattened, keep, photograph, read, run_all  # isort: skip
from gi.repository import Gimp, Gio


def seen(image, name):
    keep(f"{name}.lab", read(flattened(image), "CIE Lab float"))


def live():
    image = photograph()
    (source,) = image.get_layers()
    nothing, _layer = call("live", image, [source])
    _result, layer = call("colorize", image, [source], colorizer="lite")
    seen(image, "plain")
    added, filtered = call("live", image, [source])
    seen(image, "neutral")
    strength, warmth = sorted(layer.get_filters(), key=lambda each: each.get_name())
    for number, scale in enumerate((0.5, 1.25)):
        strength.get_config().set_property("scale", scale)
        strength.update()
        seen(image, f"strength-{number}")
    strength.get_config().set_property("scale", 1.0)
    strength.update()
    warmth.get_config().set_property("intended-temperature", 8000.0)
    warmth.update()
    seen(image, "warm")
    again, _layer = call("live", image, [layer])
    path = Gio.File.new_for_path(str(OUT / "live.xcf"))
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, path, None)
    opened = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, path)
    seen(opened, "reopened")
    names = [each.get_name() for each in opened.get_layers()[0].get_filters()]
    # What Photochrom does with the layer afterwards leaves them alone.
    refreshed, _layer = call("adjust", opened, opened.get_layers()[:1], chroma=0.5)
    kept = [each.get_name() for each in opened.get_layers()[0].get_filters()]
    return {
        "nothing": nothing["error"],
        "added": added,
        "same": filtered == layer,
        "again": again["error"],
        "names": names,
        "refreshed": refreshed["status"],
        "kept": kept,
    }


run_all([live])
