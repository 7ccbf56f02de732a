#!/usr/bin/env python3
"""Images that change while the plug-in's own functions color them, an image a case. What must be true of each is in
test_changing.py. A plug-in of GIMP's."""

import os
import sys

from documents import *
from gimpfu import *


def crop(image, _source):
    image.crop(image.width // 2, image.height, image.width // 4, 0)


def turn_round(image, _source):
    pdb.gimp_image_rotate(image, ROTATE_180)


def flip(image, _source):
    pdb.gimp_image_flip(image, ORIENTATION_HORIZONTAL)


def deepen(image, _source):
    pdb.gimp_image_convert_precision(image, PRECISION_U16_GAMMA)


def close(image, _source):
    gimp.delete(image)


def move(_image, source):
    source.set_offsets(30, -20)


def retouch(image, source):
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 0, 0, image.width // 4, image.height)
    pdb.gimp_drawable_edit_fill(source, FILL_WHITE)
    pdb.gimp_selection_none(image)


def to_gray(image, _source):
    pdb.gimp_image_convert_grayscale(image)


def during(change, image, source, work):
    """What `work` ends with when the image changes once its first colors are computed; the document then, and after."""
    from photochrom_client import EngineError
    from photochrom_client.engine import Layer
    from photochrom_client.kit.unsuitable import Unsuitable

    colorize, then = Layer.colorize, []

    def changing(*given):
        job = colorize(*given)
        change(image, source)
        then.append(document(image) if pdb.gimp_image_is_valid(image) else None)
        return job

    Layer.colorize = changing
    try:
        work()
        error = ""
    except (Unsuitable, EngineError) as failure:
        error = str(failure)
    finally:
        Layer.colorize = colorize
    now = document(image) if pdb.gimp_image_is_valid(image) else None
    return {"error": error, "then": then[0], "document": now}


def run_changing(out, photograph_path):
    """With the plug-in's own modules, which are there when GIMP has started."""
    sys.path.insert(0, os.path.join(gimp.directory, "plug-ins", "photochrom"))
    import actions
    import coloring
    import doubt
    import object_selection

    from photochrom_client.prompt import Click, Prompt
    from photochrom_client.settings import Settings

    lite = Settings(colorizer="lite")
    an_object = lite._replace(object=Prompt((Click(0.55, 0.42),)), color=(-40.0, 30.0))

    def whole(image, source):
        return coloring.colorize(image, source, [lite], announce=False)

    def uncertainty(image, source):
        return doubt.show(image, source, lite)

    def select_object(image, source):
        return object_selection.select(image, source, an_object)

    def add(name, work, change, prepare=lambda image, source: None):
        def run():
            image = photograph()
            source = image.layers[0]
            prepare(image, source)
            return during(change, image, source, lambda: work(image, source))

        CASES[name] = run

    def refilled():
        """Colors that are there are to be replaced."""
        image = photograph()
        source = image.layers[0]
        layer = whole(image, source)

        def work():
            coloring.refill(image, layer, lite._replace(chroma=0.3), selected_only=False)

        return {change.__name__: during(change, image, source, work) for change in (flip, move, crop)}

    def recolored():
        """An object as the dialog shows it, with a selection beside it."""
        import preview_dialog

        image = photograph()
        source = image.layers[0]
        pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 0, 0, 30, 20)
        preview_dialog.ask = lambda *_given: (an_object, False)
        top = actions.recolor(RUN_INTERACTIVE, image, source)
        keep("recolored.mask", read(top.mask, "Y float"))
        return document(image)

    for change in (crop, turn_round, flip, deepen, to_gray, close, move, retouch):
        add(f"whole-{change.__name__}", whole, change)
    add("gray-flip", whole, flip, to_gray)
    for work in (uncertainty, select_object):
        for change in (close, flip, move):
            add(f"{work.__name__}-{change.__name__}", work, change)
    CASES.update(refilled=refilled, recolored=recolored)
    run_all(out, photograph_path)


register("test-changing", "Runs the cases", *US, GIVEN, [], run_changing)
main()
