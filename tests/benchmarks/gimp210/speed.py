#!/usr/bin/env python
"""gimpfu's speed beside that of plug-ins in C, measured inside GIMP 2.10. A plug-in of GIMP's."""

import json
import os
import time

from gimpfu import *
from gimpfu_compat import buffers

WIDTH, HEIGHT, BAND = 6000, 4000, 256
CALLS, ROUNDS = 21, 8


def bands(image, drawable):
    buffers.start()  # not counted for the plug-in in C either
    width, height = drawable.width, drawable.height
    region = drawable.get_pixel_rgn(0, 0, width, height)
    reading = writing = 0.0
    for y in range(0, height, BAND):
        began = time.perf_counter()
        data = region[0:width, y : min(y + BAND, height)]
        read = time.perf_counter()
        region[0:width, y : min(y + BAND, height)] = data
        reading += read - began
        writing += time.perf_counter() - read
    began = time.perf_counter()
    drawable.flush()
    return reading, writing + time.perf_counter() - began


def one_pixel(layer, count=300):
    """Seconds for one pixel: of a region, and by the procedure database."""
    region = layer.get_pixel_rgn(0, 0, 100, 100)
    region[5, 5]
    began = time.perf_counter()
    for _ in range(count * 20):
        region[5, 5]
    region_seconds = (time.perf_counter() - began) / (count * 20)
    pdb.gimp_drawable_get_pixel(layer, 5, 5)
    began = time.perf_counter()
    for _ in range(count):
        pdb.gimp_drawable_get_pixel(layer, 5, 5)
    return region_seconds, (time.perf_counter() - began) / count


def timed(procedure):
    began = time.perf_counter()
    procedure()
    return time.perf_counter() - began


def called_in_turns():
    """Seconds of calls that do nothing: of a script, of the least in Python, of C. What is first is not counted."""
    nothing = (pdb.python_fu_nothing, pdb.plug_in_bare_nothing, pdb.plug_in_plain_nothing)
    return [[timed(procedure) for procedure in nothing] for _ in range(CALLS + 1)][1:]


def calls(path):
    first = timed(pdb.python_fu_nothing)
    with open(path, "w") as file:
        json.dump({"first": first, "calls": called_in_turns()}, file)


def measure(path):
    image = gimp.Image(WIDTH, HEIGHT, RGB)
    image.disable_undo()
    layer = gimp.Layer(image, "layer", WIDTH, HEIGHT, RGBA_IMAGE)
    image.add_layer(layer, 0)
    region = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    for y in range(0, HEIGHT, 100):
        region[0:WIDTH, y : y + 100] = os.urandom(WIDTH * 100 * 4)
    layer.flush()
    calls = called_in_turns()
    both = []
    for number in range(ROUNDS):  # in turns: the second finds GIMP's memory warm
        order = [pdb.python_fu_speed_bands, pdb.plug_in_plain_bands][:: 1 if number % 2 else -1]
        found = [procedure(image, layer) for procedure in order]
        both.append(found[:: 1 if number % 2 else -1])
    pixels = [one_pixel(layer) for _ in range(ROUNDS)]
    with open(path, "w") as file:
        json.dump({"calls": calls, "bands": both, "pixels": pixels}, file)


US = ("", "Photochrom", "Photochrom", "2026", None, None)
SECONDS = [(PF_FLOAT, "read", "Seconds"), (PF_FLOAT, "write", "Seconds")]
DRAWABLE = [(PF_IMAGE, "image", "Image", None), (PF_DRAWABLE, "drawable", "Drawable", None)]
register("speed-bands", "Reads and writes all", *US, DRAWABLE, SECONDS, bands)
PATH = [(PF_STRING, "path", "A file for the figures", "")]
register("speed", "Measures", *US, PATH, [], measure)
register("speed-calls", "Measures calls alone", *US, PATH, [], calls)
main()
