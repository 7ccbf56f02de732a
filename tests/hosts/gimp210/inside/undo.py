#!/usr/bin/env python
"""What changes an image, each undone by one Ctrl+Z in GIMP's window. A plug-in of GIMP's."""

import hashlib
import json
import os
import subprocess
import time
import traceback

from gimpfu import *

CASES = {}
WIDTH, HEIGHT = 71, 53


def case(name):
    def remember(function):
        CASES[name] = function
        return function

    return remember


def a_layer(image, name, kind=RGBA_IMAGE):
    layer = gimp.Layer(image, name, WIDTH, HEIGHT, kind, 100, NORMAL_MODE)
    layer.fill(WHITE_FILL)
    return layer


@case("undo_group_start")
def try_it(image, layer):
    image.undo_group_start()
    image.add_layer(a_layer(image, "one"), 0)
    image.add_layer(a_layer(image, "two"), 0)
    pdb.gimp_invert(layer)
    image.undo_group_end()


@case("pdb.gimp_image_undo_group_start")
def try_it(image, layer):
    pdb.gimp_image_undo_group_start(image)
    pdb.gimp_image_convert_grayscale(image)
    pdb.gimp_image_scale(image, 30, 20)
    pdb.gimp_image_undo_group_end(image)


@case("add_layer")
def try_it(image, layer):
    image.add_layer(a_layer(image, "new"), 0)


@case("pdb.gimp_image_insert_layer")
def try_it(image, layer):
    pdb.gimp_image_insert_layer(image, a_layer(image, "new"), None, 0)


@case("remove_layer")
def try_it(image, layer):
    image.remove_layer(layer)


@case("pdb.gimp_image_remove_layer")
def try_it(image, layer):
    pdb.gimp_image_remove_layer(image, layer)


@case("merge_shadow")
def try_it(image, layer):
    shadow = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT, True, True)
    shadow[0:WIDTH, 0:HEIGHT] = b"\x10\x20\x30\xff" * (WIDTH * HEIGHT)
    layer.flush()
    layer.merge_shadow(True)
    layer.update(0, 0, WIDTH, HEIGHT)


@case("pdb.gimp_edit_clear")
def try_it(image, layer):
    pdb.gimp_edit_clear(layer)


@case("pdb.gimp_image_select_item")
def try_it(image, layer):
    path = gimp.Vectors(image, "path")
    path.bezier_stroke_new_ellipse(30, 30, 10, 10, 0)
    image.disable_undo()
    image.insert_vectors(path)
    image.enable_undo()
    pdb.gimp_image_select_item(image, CHANNEL_OP_REPLACE, path)


@case("pdb.gimp_selection_none")
def try_it(image, layer):
    pdb.gimp_selection_none(image)


@case("flatten")
def try_it(image, layer):
    image.flatten()


@case("add_hguide")
def try_it(image, layer):
    image.add_hguide(20)


@case("resize")
def try_it(image, layer):
    layer.resize(100, 90, 5, 6)


def state(image):
    """All that can be seen of an image."""
    layers = []
    for layer in [*image.layers, image.selection]:
        layer.flush()  # what the user does meanwhile is not seen otherwise
        region = layer.get_pixel_rgn(0, 0, layer.width, layer.height, False, False)
        pixels = hashlib.sha256(region[:, :]).hexdigest()
        layers.append([layer.name, layer.type, layer.width, layer.height, list(layer.offsets), pixels])
    return [image.width, image.height, image.base_type, image.find_next_guide(0), layers]


def press_undo():
    """Ctrl+Z in the window that shows the image. Focusing a window is no promise that it takes the key."""
    for _ in range(100):  # until a busy computer shows the window
        command = ["xdotool", "search", "--onlyvisible", "--name", "GIMP"]
        windows = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
        if windows:
            break
        time.sleep(0.1)
    window = windows[-1]
    subprocess.run(
        ["xdotool", "windowfocus", window, "sleep", "0.1", "key", "ctrl+z"], capture_output=True, check=False
    )


def undone(function):
    image = gimp.Image(WIDTH, HEIGHT, RGB)
    layer = a_layer(image, "Photograph")
    image.add_layer(a_layer(image, "Background"), 0)
    image.add_layer(layer, 0)
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 3, 4, 20, 10)
    display = gimp.Display(image)
    image.clean_all()
    gimp.displays_flush()
    before = state(image)
    function(image, layer)
    gimp.displays_flush()
    after = state(image)
    for _ in range(6):
        press_undo()
        ends = time.time() + 5
        while time.time() < ends and state(image) == after:
            time.sleep(0.05)
        if state(image) != after:
            break
    time.sleep(0.1)
    result = {"changed": after != before, "undone": state(image) == before}
    gimp.delete(display)
    return result


def run(out):
    for name, function in CASES.items():
        try:
            result = undone(function)
        except BaseException:
            result = {"traceback": traceback.format_exc()}
        with open(os.path.join(out, name + ".part"), "w") as file:
            json.dump(result, file)
        os.rename(os.path.join(out, name + ".part"), os.path.join(out, name + ".json"))
    with open(os.path.join(out, "done.json"), "w") as file:
        json.dump({}, file)


US = ("", "Photochrom", "Photochrom", "2026", None, None)
register("test-undo", "Runs the cases", *US, [(PF_STRING, "out", "A folder", "")], [], run)
main()
