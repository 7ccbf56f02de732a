#!/usr/bin/env python3
"""Colors images, one a case. What must be true of each is in test_colorizing.py. A plug-in of GIMP's."""

import json
import os
from array import array

from documents import *
from gimpfu import *


def in_precision(name, precision):
    def run():
        image = photograph()
        if image.precision != precision:
            pdb.gimp_image_convert_precision(image, precision)
        return colored(name, image, image.layers[0])

    CASES[name] = run


for name, precision in {
    **{"u8": PRECISION_U8_GAMMA, "u16": PRECISION_U16_GAMMA, "u16_linear": PRECISION_U16_LINEAR},
    **{"u32": PRECISION_U32_GAMMA, "half": PRECISION_HALF_GAMMA, "float": PRECISION_FLOAT_GAMMA},
    "float_linear": PRECISION_FLOAT_LINEAR,
}.items():
    in_precision(name, precision)


@case
def normal_layer():
    image = photograph()
    return colored("normal_layer", image, image.layers[0], output="normal-layer")


@case
def half_chroma():
    image = photograph()
    return colored("half_chroma", image, image.layers[0], chroma=0.5)


@case
def gray():
    image = photograph()
    pdb.gimp_image_convert_grayscale(image)
    return colored("gray", image, image.layers[0])


@case
def gray_u16_alpha():
    image = photograph()
    pdb.gimp_image_convert_precision(image, PRECISION_U16_GAMMA)
    pdb.gimp_image_convert_grayscale(image)
    image.layers[0].add_alpha()
    return colored("gray_u16_alpha", image, image.layers[0])


def as_indexed(image):
    pdb.gimp_image_convert_indexed(image, NO_DITHER, MAKE_PALETTE, 200, False, False, "")


@case
def indexed():
    image = photograph()
    as_indexed(image)
    return colored("indexed", image, image.layers[0])


def in_adobe_rgb(image):
    with open(os.path.join(Inside.out, "wide.icc"), "rb") as file:
        profile = file.read()
    pdb.gimp_image_convert_color_profile(image, len(profile), profile, 1, True)


@case
def other_profile():
    image = photograph()
    pdb.gimp_image_convert_precision(image, PRECISION_U16_GAMMA)
    in_adobe_rgb(image)
    return colored("other_profile", image, image.layers[0])


@case
def indexed_other_profile():
    image = photograph()
    in_adobe_rgb(image)
    as_indexed(image)
    return colored("indexed_other_profile", image, image.layers[0])


@case
def group_and_offset():
    """The photograph in a group, between two layers, moved so that a part is outside of the canvas."""
    image = photograph()
    source = image.layers[0]
    source.name = "scan"
    group = gimp.GroupLayer(image, "group")
    image.insert_layer(group, None, 0)
    pdb.gimp_image_reorder_item(image, source, group, 0)
    for name, position in (("above", 0), ("below", 2)):
        image.insert_layer(gimp.Layer(image, name, 50, 40, RGBA_IMAGE), group, position)
    source.set_offsets(-37, 21)
    return colored("group_and_offset", image, source)


@case
def selection():
    image = photograph()
    source = image.layers[0]
    source.set_offsets(11, -7)
    pdb.gimp_image_select_ellipse(image, CHANNEL_OP_REPLACE, 60, 50, 200, 150)
    keep("selection.mask", read(image.selection, "Y float"))
    result = colored("selection", image, source)
    keep("selection-layer.mask", read(image.layers[0].mask, "Y float"))
    return {**result, "still_selected": not pdb.gimp_selection_is_empty(image)}


@case
def selection_and_mask():
    """What a layer mask hides stays without color too."""
    image = photograph()
    source = image.layers[0]
    pdb.gimp_image_select_ellipse(image, CHANNEL_OP_REPLACE, 20, 20, 200, 200)
    mask = source.create_mask(ADD_SELECTION_MASK)
    source.add_mask(mask)
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 120, 0, 300, 300)
    keep("selection_and_mask-hidden.mask", read(mask, "Y float"))
    keep("selection_and_mask-chosen.mask", read(image.selection, "Y float"))
    result = colored("selection_and_mask", image, source)
    keep("selection_and_mask-layer.mask", read(image.layers[0].mask, "Y float"))
    return result


@case
def alpha():
    image = photograph()
    pdb.gimp_image_convert_precision(image, PRECISION_U16_GAMMA)  # at 8 bit, flattening would round twice
    source = image.layers[0]
    source.add_alpha()
    pdb.gimp_image_select_ellipse(image, CHANNEL_OP_REPLACE, 60, 50, 200, 150)
    pdb.gimp_selection_feather(image, 30)
    pdb.gimp_edit_clear(source)
    pdb.gimp_selection_none(image)
    keep("alpha-source.alpha", read(source, "YA float"))
    return colored("alpha", image, source)


@case
def run_again():
    """Once more from the color layer, also after saving and opening."""
    image = photograph()
    first, layer = colorize(image, image.layers[0], chroma=0.6)
    keep("run_again-first.lab", read(layer, "CIE Lab alpha float"))
    path = os.path.join(Inside.out, "again.xcf")
    pdb.gimp_xcf_save(0, image, layer, path, path)
    opened = pdb.gimp_file_load(path, path)
    again, second = call("run-again", opened, opened.layers[0])
    keep("run_again-again.lab", read(second, "CIE Lab alpha float"))
    last, third = colorize(image, layer, run_mode=RUN_WITH_LAST_VALS)
    keep("run_again-last.lab", read(third, "CIE Lab alpha float"))
    nothing, _layer = call("run-again", image, image.layers[-1])
    return {"first": first, "again": again, "last": last, "nothing": nothing}


@case
def unknown_colorizer():
    image = photograph()
    return colored("unknown_colorizer", image, image.layers[0], colorizer="no-such-colorizer")


@case
def impossible_value():
    image = photograph()
    return colored("impossible_value", image, image.layers[0], style="lively")


def rejected(image, drawable):
    return {"before": document(image), **colorize(image, drawable)[0]}


@case
def rejected_group():
    image = photograph()
    group = gimp.GroupLayer(image, "group")
    image.insert_layer(group, None, 0)
    return rejected(image, group)


@case
def rejected_channel():
    image = photograph()
    channel = pdb.gimp_channel_new_from_component(image, RED_CHANNEL, "red")
    image.insert_channel(channel, None, 0)
    return rejected(image, channel)


@case
def rejected_mask():
    image = photograph()
    source = image.layers[0]
    source.add_mask(source.create_mask(ADD_WHITE_MASK))
    return rejected(image, source.mask)


@case
def rejected_empty_layer():
    image = photograph()
    layer = gimp.Layer(image, "empty", 50, 40, RGBA_IMAGE)
    image.insert_layer(layer, None, 0)
    return rejected(image, layer)


@case
def rejected_outside():
    image = photograph()
    image.layers[0].set_offsets(5000, 0)
    return rejected(image, image.layers[0])


@case
def rejected_beside():
    image = photograph()
    layer = gimp.Layer(image, "small", 50, 40, RGB_IMAGE)
    image.insert_layer(layer, None, 0)
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 100, 100, 20, 20)
    return rejected(image, layer)


@case
def one_pixel():
    image = gimp.Image(1, 1, RGB)
    layer = gimp.Layer(image, "dot", 1, 1, RGB_IMAGE)
    image.insert_layer(layer, None, 0)
    return colored("one_pixel", image, layer)


def run_once(out, photograph_file, scale):
    """One large image, for what happens meanwhile."""
    Inside.out, Inside.photograph = out, photograph_file
    image = photograph(scale)
    before = document(image)
    tell("begins", {})
    result, _layer = colorize(image, image.layers[0])
    tell("once", {"before": before, **result})
    gimp.delete(image)


def run_dialog(out, photograph_file, scale):
    """Colors a gray photograph by the dialog, in a window; then tells the document's state when it is asked."""
    Inside.out, Inside.photograph = out, photograph_file
    image = photograph(scale)
    pdb.gimp_image_convert_grayscale(image)
    gimp.Display(image)
    image.clean_all()
    gimp.displays_flush()
    tell("before", document(image))
    result, _layer = colorize(image, image.layers[0], run_mode=RUN_INTERACTIVE)
    stored = image.active_layer.parasite_find("photochrom-settings")
    tell("result", {**result, "settings": stored and json.loads(bytes(stored.data))})
    serve(image)


def run_negative(out, photograph_file):
    """The colors of a photograph without the dialog, and those of its negative with it."""
    Inside.out, Inside.photograph = out, photograph_file
    image = photograph(0.5)
    pdb.gimp_image_convert_grayscale(image)
    pdb.gimp_image_convert_precision(image, PRECISION_FLOAT_GAMMA)
    positive = image.duplicate()
    _result, layer = colorize(positive, positive.layers[0])
    keep("positive.lab", read(layer, "CIE Lab alpha float"))
    source = image.layers[0]
    negative = array("f", [100 - each for each in array("f", read(source, "CIE L float"))])
    pixels.write(source, "CIE L float", negative.tobytes(), 0, 0, source.width, source.height)
    source.update(0, 0, source.width, source.height)
    gimp.Display(image)
    keep("before.l", read(source, "CIE L float"))
    result, layer = colorize(image, source, run_mode=RUN_INTERACTIVE)
    if layer is not None:
        keep("negative.lab", read(layer, "CIE Lab alpha float"))
        keep("after.l", read(source, "CIE L float"))
        result["settings"] = settings_of(layer)
    tell("negative", result)
    serve(image)


register_cases("colorizing")
register("test-once", "Colors one image", *US, [*GIVEN, (PF_FLOAT, "scale", "Scale", 1.0)], [], run_once)
register("test-dialog", "Shows the dialog", *US, [*GIVEN, (PF_FLOAT, "scale", "Scale", 1.0)], [], run_dialog)
register("test-negative", "Shows the dialog for a negative", *US, GIVEN, [], run_negative)
main()
