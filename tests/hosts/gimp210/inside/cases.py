"""What the scripts beside it share: cases by name, a picture, and a run that notes what came of each case."""

import json
import os
import traceback

from gimpfu import *

WIDTH, HEIGHT = 70, 50
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
US = ("", "Photochrom", "Photochrom", "2026", None, None)

CASES = {}


def case(name):
    def remember(function):
        CASES[name] = function
        return function

    return remember


def a_layer(image, name="layer", fill=RED, kind=RGB_IMAGE):
    layer = gimp.Layer(image, name, image.width, image.height, kind, 100, NORMAL_MODE)
    image.add_layer(layer, 0)
    gimp.set_foreground(*fill)
    layer.fill(FOREGROUND_FILL)
    return layer


def an_image(fill=RED, kind=RGB_IMAGE, size=(WIDTH, HEIGHT), base=RGB):
    image = gimp.Image(size[0], size[1], base)
    return image, a_layer(image, fill=fill, kind=kind)


def pixel(drawable, x=3, y=3):
    """As GIMP itself sees it."""
    return drawable.get_pixel(x, y)


def raises(kind, function, *arguments):
    try:
        function(*arguments)
    except kind as raised:
        return str(raised)
    raise AssertionError("nothing was raised")


def run(out):
    for name, function in CASES.items():
        result = {}
        try:
            result["values"] = function(out)
        except BaseException:
            result["traceback"] = traceback.format_exc()
        for image in gimp.image_list():
            pdb.gimp_image_delete(image)
        with open(os.path.join(out, name + ".json"), "w") as file:
            json.dump(result, file)


def register_cases(script):
    """Registers the procedure that runs the cases of a script."""
    register("test-" + script, "Runs the cases", *US, [(PF_STRING, "out", "A folder", "")], [], run)
