#!/usr/bin/env python3
"""Exports photographs for other programs. What must be true of them is in test_export.py. A plug-in of GIMP's."""

import os

from documents import *
from gimpfu import *

SUFFIXES = ("ora", "psd", "tif")


def path_of(name):
    return os.path.join(Inside.out, name)


def export(name, image, note=True):
    """Exports an image for every program, and keeps what is seen of it."""
    keep(name + ".lab", read(flattened(image), "CIE Lab float"))
    before = document(image)
    errors = [call("export", image, image.layers[0], path_of(f"{name}.{each}"), note)[0]["error"] for each in SUFFIXES]
    return {"errors": errors, "same": document(image) == before}


def gray():
    image = photograph()
    pdb.gimp_image_convert_grayscale(image)
    return image


@case
def plain():
    image = gray()
    keep("photograph.gray", read(image.layers[0], "Y' u8"))
    colorize(image, image.layers[0])
    return export("plain", image)


@case
def deep():
    """A linear scan of 32 bits in another profile, without a note, where GIMP leaves profiles out of exported files."""
    image = photograph()
    with open(path_of("wide.icc"), "rb") as file:
        profile = file.read()
    pdb.gimp_image_convert_color_profile(image, len(profile), profile, 1, True)
    pdb.gimp_image_convert_precision(image, PRECISION_FLOAT_LINEAR)
    colorize(image, image.layers[0], note=False)
    image.layers[0].set_offsets(-20, 10)
    return export("deep", image, note=False)


@case
def with_more():
    """Paint of hints and a map of uncertainty lie above; the photograph is hidden below its colors."""
    image = gray()
    source = image.layers[0]
    colorize(image, source, output="normal-layer")
    source.visible = False
    keep("with_more-seen.lab", read(flattened(image), "CIE Lab float"))
    call("doubt", image, source)
    _made, paint = call("hints-layer", image, source)
    paint.fill(FOREGROUND_FILL)
    return {"layers": len(image.layers), **export("with_more", image)}


@case
def refused():
    image = photograph()
    nothing, _layer = call("export", image, image.layers[0], path_of("refused.ora"), True)
    colorize(image, image.layers[0])
    nameless, _layer = call("export", image, image.layers[0], "", True)
    other, _layer = call("export", image, image.layers[0], path_of("refused.jpg"), True)
    for layer in image.layers:
        layer.visible = False
    hidden, _layer = call("export", image, image.layers[0], path_of("refused.psd"), True)
    return {"nothing": nothing, "nameless": nameless, "other": other, "hidden": hidden}


def run_dialog(out, photograph_file):
    """The dialog, on a photograph that has its colors."""
    Inside.out, Inside.photograph = out, photograph_file
    image = photograph()
    colorize(image, image.layers[0])
    gimp.Display(image)
    gimp.displays_flush()
    tell("before", document(image))
    result, _layer = call("export", image, image.layers[0], "", True, run_mode=RUN_INTERACTIVE)
    tell("result", result)
    again, _layer = call("export", image, image.layers[0], "", True, run_mode=RUN_WITH_LAST_VALS)
    tell("again", again)


register_cases("exporting")
register("test-export-dialog", "Shows the dialog", *US, GIVEN, [], run_dialog)
main()
