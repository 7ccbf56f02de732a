"""Runs inside GIMP 3: a colored photograph in every file that GIMP hands on with layers, and what GIMP itself shows."""

import os
import sys

sys.path.insert(0, os.environ["PHOTOCHROM_COMMON"])

from common import OUT, call, colorize, document, flattened, keep, photograph, read, run_all  # isort: skip
from gi.repository import Gimp, Gio

EXPORTED = ("ora", "psd", "tif")


def written(name, image, *suffixes):
    keep(f"{name}.lab", read(flattened(image), "CIE Lab float"))
    for suffix in suffixes:
        file = Gio.File.new_for_path(str(OUT / f"{name}.{suffix}"))
        assert Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None), suffix
    before = document(image)
    for suffix in EXPORTED:
        file = Gio.File.new_for_path(str(OUT / f"{name}-export.{suffix}"))
        result, _layer = call("export", image, image.get_layers(), file=file)
        assert result["status"] == "success", result["error"]
    assert document(image) == before


def colored(image):
    keep("photograph.rgb", read(flattened(image), "R'G'B' u8"))
    result, layer = colorize(image, image.get_layers(), colorizer="lite")
    assert layer is not None, result["error"]
    return image


def gimp3():
    written("gimp3", colored(photograph()), "xcf", "psd", "ora", "png")
    return {}


def gimp3_linear():
    image = photograph()
    image.set_color_profile(Gimp.ColorProfile.new_rgb_srgb())
    image.convert_precision(Gimp.Precision.U16_LINEAR)
    written("gimp3-linear", colored(image), "psd")
    return {}


def gimp3_float():
    image = photograph()
    image.convert_precision(Gimp.Precision.FLOAT_LINEAR)
    written("gimp3-float", colored(image), "psd")
    return {}


def gimp3_live():
    """Its photograph is a negative that a live filter inverts; there are hints, and a map of uncertainty."""
    image = photograph()
    source = image.get_layers()[0]
    source.invert(False)
    live = Gimp.DrawableFilter.new(source, "gegl:invert-gamma", "")
    live.update()
    source.append_filter(live)
    colored(image)
    aside = image.duplicate()
    written("gimp3-live", aside, "xcf")
    call("doubt", image, [source])
    _result, painted = call("hints-layer", image, [source])
    painted.fill(Gimp.FillType.FOREGROUND)
    seen = len(image.get_layers())
    result, _layer = call("export", image, [source], file=Gio.File.new_for_path(str(OUT / "gimp3-live-more.ora")))
    return {"layers": seen, "result": result}


def scan():
    """A TIFF as GIMP exports it, to be colorized by the command or in a batch."""
    image = photograph()
    keep("scan.lab", read(flattened(image), "CIE Lab float"))
    assert Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, Gio.File.new_for_path(str(OUT / "scan.tif")), None)
    return {}


def refused():
    image = photograph()
    file = Gio.File.new_for_path(str(OUT / "refused.ora"))
    nothing, _layer = call("export", image, image.get_layers(), file=file)
    colored(image)
    nameless, _layer = call("export", image, image.get_layers())
    other, _layer = call("export", image, image.get_layers(), file=Gio.File.new_for_path(str(OUT / "refused.jpg")))
    return {"nothing": nothing["error"], "nameless": nameless["error"], "other": other["error"]}


run_all([gimp3, gimp3_linear, gimp3_float, gimp3_live, scan, refused])
