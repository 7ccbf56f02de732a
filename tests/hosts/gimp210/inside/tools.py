#!/usr/bin/env python3
"""The tools beside Colorize, one image a case. What must be true of each is in test_tools.py. A plug-in of GIMP's."""

import json
import os

from documents import *
from gimpfu import *

WALL = 0.55, 0.42
"""A point of the house in the photograph, across and down."""


def colors(name, layer):
    layer.flush()
    keep(f"{name}.lab", read(layer, "CIE Lab alpha float"))


@case
def adjust():
    """Colors that are there are changed: all of them, then those that are selected; and what cannot be."""
    image = photograph()
    pdb.gimp_image_convert_precision(image, PRECISION_U16_GAMMA)
    source = image.layers[0]
    _made, layer = colorize(image, source)
    layer.opacity = 70.0
    colors("adjust-made", layer)
    adjusted, same = call("adjust", image, layer, 0.5, 0.0, 0.0, 0.0, False)
    colors("adjust-all", layer)
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 0, 0, source.width // 2, source.height)
    selected, _layer = call("adjust", image, layer, 0.0, 0.0, 0.0, 0.0, False)
    colors("adjust-selected", layer)
    stored = settings_of(layer)
    not_colors, _layer = call("adjust", image, source, 0.5, 0.0, 0.0, 0.0, False)
    layer.lock_content = True
    locked, _layer = call("adjust", image, layer, 0.5, 0.0, 0.0, 0.0, False)
    return {
        **{"adjusted": adjusted, "same": same == layer, "selected": selected, "stored": stored},
        **{"not_colors": not_colors, "locked": locked, "size": [source.width, source.height]},
    }


@case
def recolor():
    """An object by a point, and by the selection."""
    image = photograph()
    source = image.layers[0]
    source.set_offsets(5, 3)
    keep("recolor-before.lab", read(flattened(image), "CIE Lab float"))
    _made, whole = colorize(image, source)
    x, y = round(5 + WALL[0] * source.width), round(3 + WALL[1] * source.height)
    pointed, first = call("recolor", image, source, x, y, False, False, gimpcolor.RGB(30, 160, 60), "", False)
    keep("recolor-pointed.mask", read(first.mask, "Y float"))
    colors("recolor-pointed", first)
    outside, _layer = call("recolor", image, source, 1, 1, False, True, (0, 0, 0), "", False)
    nothing, _layer = call("recolor", image, source, 0, 0, True, True, (0, 0, 0), "", False)
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 20, 10, source.width - 40, source.height // 6)
    chosen, second = call("recolor", image, first, 0, 0, True, True, (0, 0, 0), "", False)
    keep("recolor-chosen.mask", read(second.mask, "Y float"))
    pdb.gimp_selection_none(image)
    keep("recolor-after.lab", read(flattened(image), "CIE Lab float"))
    return {
        **{"pointed": pointed, "outside": outside, "nothing": nothing, "chosen": chosen, "whole": whole.name},
        **{"at": [x - 5, y - 3], "size": [source.width, source.height]},
    }


def selected(name, image, source, *values):
    """What is recolored, then what is selected of it in one step that Undo takes back, with what was selected."""
    recolored, layer = call("recolor", image, source, *values, False)
    keep(f"{name}.mask", read(layer.mask, "Y float"))
    image.remove_layer(layer)
    before = document(image)
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 0, 40, 9, 9)
    result, returned = call("recolor", image, source, *values, True)
    keep(f"{name}.selection", read(image.selection, "Y float"))
    channels = [channel.name for channel in image.channels]
    return {
        **{"recolored": recolored, "result": result, "before": before, "returned": returned == source},
        **{"channels": channels, "offsets": source.offsets, "layer": [source.width, source.height]},
        "size": [image.width, image.height],
    }


@case
def select_object():
    """An object as the selection, of a layer that reaches beyond the image, and of an indexed image."""
    image = photograph()
    pdb.gimp_image_convert_precision(image, PRECISION_U16_GAMMA)
    source = image.layers[0]
    source.set_offsets(-40, 25)
    x, y = round(-40 + WALL[0] * source.width), round(25 + WALL[1] * source.height)
    deep = selected("select-deep", image, source, x, y, False, True, (0, 0, 0), "")
    image = photograph()
    source = image.layers[0]
    pdb.gimp_image_convert_indexed(image, NO_DITHER, MAKE_PALETTE, 200, False, False, "")
    x, y = round(WALL[0] * source.width), round(WALL[1] * source.height)
    outside, _layer = call("recolor", image, source, -1, 1, False, True, (0, 0, 0), "", True)
    empty = pdb.gimp_selection_is_empty(image)
    result, _layer = call("recolor", image, source, x, y, False, True, (0, 0, 0), "", True)
    keep("select-indexed.selection", read(image.selection, "Y float"))
    return {
        **{"deep": deep, "indexed": result, "outside": outside, "empty": bool(empty)},
        **{"type": image.base_type, "size": [image.width, image.height], "at": [x, y]},
    }


@case
def hints():
    """Painted over the house of a gray 16-bit scan: the next colors go by it."""
    image = photograph()
    pdb.gimp_image_convert_precision(image, PRECISION_U16_GAMMA)
    pdb.gimp_image_convert_grayscale(image)
    source = image.layers[0]
    none, _layer = call("with-hints", image, source)
    _plain, layer = colorize(image, source)
    colors("hints-plain", layer)
    made, paint = call("hints-layer", image, source)
    empty, _layer = call("with-hints", image, paint)
    x, y = WALL[0] * source.width, WALL[1] * source.height
    pdb.gimp_image_select_ellipse(image, CHANNEL_OP_REPLACE, x - 8, y - 8, 16, 16)
    gimp.set_foreground(20, 40, 200)
    pdb.gimp_edit_fill(paint, FOREGROUND_FILL)
    pdb.gimp_selection_none(image)
    hinted, layer = call("with-hints", image, paint)
    colors("hints-hinted", layer)
    image.active_layer = source
    fresh, _layer = colorize(image, source)
    return {
        **{"none": none, "made": made, "empty": empty, "hinted": hinted, "fresh": fresh},
        **{"at": [round(x), round(y)], "size": [source.width, source.height]},
    }


@case
def copied():
    """In a copy of the image, with something else on top and the paint of hints."""
    image = photograph()
    colorize(image, image.layers[0], chroma=0.6)
    call("hints-layer", image, image.layers[0])
    image.insert_layer(gimp.Layer(image, "border", image.width, image.height, RGBA_IMAGE), None, 0)
    copy = image.duplicate()
    copy.enable_undo()
    again, layer = call("run-again", copy, copy.layers[2])
    made = settings_of(layer)
    numbers = {"photograph": copy.layers[-1].tattoo, "border": copy.layers[0].tattoo}
    place = copy.layers.index(layer)
    hinted, _layer = call("with-hints", copy, copy.layers[-1])
    return {"again": again, "made": made, **numbers, "place": place, "hinted": hinted}


@case
def removed():
    image = photograph()
    before = document(image)
    _made, layer = colorize(image, image.layers[0])
    removed, source = call("remove", image, layer)
    nothing, _layer = call("remove", image, source)
    return {"before": before, "removed": removed, "nothing": nothing}


@case
def batch():
    folder, results = os.path.join(Inside.out, "scans"), os.path.join(Inside.out, "results")
    os.mkdir(folder)
    image = photograph()
    path = os.path.join(folder, "scan.png")
    pdb.gimp_image_convert_grayscale(image)
    pdb.file_png_save_defaults(image, image.layers[0], path, path)
    run = pdb["plug-in-photochrom-batch"]
    report = run(folder, results, "lite", "vivid", "print", 1.0, 0.0, "same", False, True, True, True)
    try:
        run("", "", "lite", "vivid", "print", 1.0, 0.0, "same", False, True, True, True)
    except RuntimeError as failure:
        error = str(failure)
    return {"report": report, "results": sorted(os.listdir(results)), "error": error}


@case
def variants():
    """Several answers in one call, into the group that the photograph is in."""
    image = photograph()
    source = image.layers[0]
    source.set_offsets(3, 2)
    before = document(image)
    several, group = call("variants", image, source, "0, 1, muted, calm")
    name = group.name
    for number, layer in enumerate(group.children):
        colors("variants-%d" % number, layer)
    image.active_layer = source
    one, layer = call("variants", image, source, "strong")
    colors("variants-strong", layer)
    image.remove_layer(layer)
    none, _layer = call("variants", image, source, " ")
    unknown, _layer = call("variants", image, source, "0,nobody")
    removed, _layer = call("remove", image, group)
    gray = photograph()
    pdb.gimp_image_convert_grayscale(gray)
    of_gray, _layer = call("variants", gray, gray.layers[0], "0 muted")
    return {
        **{"several": several, "one": one, "none": none, "unknown": unknown, "removed": removed, "before": before},
        **{"of_gray": of_gray, "name": name},
    }


@case
def scanned():
    """A print; then a negative, which tools that ask nobody take from its colors."""
    image = photograph()
    source = image.layers[0]
    told = {"size": [source.width, source.height]}
    for name in ("print", "negative"):
        told[name], layer = colorize(image, source, original=name)
        colors("scanned-" + name, layer)
        pointed = (0, 0, False, True, (0, 0, 0), "", False)
        told[name + "-object"], layer = call("recolor", image, source, *pointed)
        colors("scanned-" + name + "-object", layer)
        told[name + "-stored"] = settings_of(layer)["original"]
    told["variant"], layer = call("variants", image, source, "0")
    colors("scanned-variant", layer)
    told["unknown"], _layer = colorize(image, source, original="slide")
    return told


@case
def doubt():
    """Where the colorizer is unsure: of a color image and an indexed one, shown and selected."""
    image = photograph()
    source = image.layers[0]
    source.set_offsets(7, -4)
    heat, layer = call("doubt", image, source)
    keep("doubt-heat.rgba", read(layer, "R'G'B'A u8"))
    again, _layer = call("doubt", image, layer)
    on_heat, on_doubt = colorize(image, image.layers[0])
    colored = settings_of(on_doubt)["source"]
    again_on_heat, _layer = call("run-again", image, image.layers[0])
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 0, 0, 5, 5)
    first, hinted = call("paint-first", image, source)
    keep("doubt-first.mask", read(image.selection, "Y float"))
    indexed = photograph()
    pdb.gimp_image_convert_indexed(indexed, NO_DITHER, MAKE_PALETTE, 200, False, False, "")
    of_indexed, _layer = call("paint-first", indexed, indexed.layers[0])
    selected = not pdb.gimp_selection_is_empty(indexed)
    removed, _layer = call("remove", image, image.layers[-1])
    return {
        **{"heat": heat, "again": again, "on_heat": on_heat, "again_on_heat": again_on_heat, "first": first},
        **{"hinted": hinted.name, "of_indexed": of_indexed, "selected": selected, "removed": removed},
        **{"source": source.tattoo, "colored": colored, "size": [image.width, image.height]},
    }


@case
def color_like():
    """Follows a picture of blues alone, made from the photograph: a file, also as last time."""
    blue = photograph()
    pdb.gimp_drawable_colorize_hsl(blue.layers[0], 225, 70, 0)
    path = os.path.join(Inside.out, "blau.png")
    pdb.file_png_save_defaults(blue, blue.layers[0], path, path)
    image = photograph()
    source = image.layers[0]
    settings = SETTINGS.values()
    _plain, layer = colorize(image, source)
    colors("like-plain", layer)
    palette, layer = call("color-like", image, source, path, "palette", *settings)
    colors("like-palette", layer)
    stored = settings_of(layer)
    again, layer = call("run-again", image, layer)
    colors("like-again", layer)
    regions, layer = call("color-like", image, source, path, "regions", *settings)
    colors("like-regions", layer)
    last, layer = call("color-like", image, source, "", "", *settings, run_mode=RUN_WITH_LAST_VALS)
    colors("like-last", layer)
    none, _layer = call("color-like", image, source, "", "palette", *settings)
    way, _layer = call("color-like", image, source, path, "closely", *settings)
    os.remove(path)
    gone, _layer = call("run-again", image, layer)
    return {
        **{"palette": palette, "again": again, "regions": regions, "last": last, "none": none, "way": way},
        **{"gone": gone, "stored": stored},
    }


@case
def prompts():
    """An object by clicks on it and off it, and by a box."""
    image = photograph()
    source = image.layers[0]
    told = {"size": [source.width, source.height]}
    x, y = WALL
    off = {"x": 0.1, "y": 0.9, "away": True}
    for name, prompt in {
        "small": {"clicks": [{"x": x, "y": y}], "size": -1.0},
        "large": {"clicks": [{"x": x, "y": y}, off], "size": 1.0},
        "box": {"clicks": [], "box": [0.0, 0.0, 1.0, 0.3]},
        "nothing": {"clicks": []},
        "garbled": "no JSON",
    }.items():
        text = prompt if isinstance(prompt, str) else json.dumps(prompt)
        told[name], layer = call("recolor", image, source, 0, 0, False, True, (0, 0, 0), text, False)
        if layer is not None:
            keep("prompts-" + name + ".mask", read(layer.mask, "Y float"))
    return told


def run_dialogs(out, photograph_file):
    """The dialogs of the tools, one after the other."""
    Inside.out, Inside.photograph = out, photograph_file
    image = photograph()
    source = image.layers[0]
    _made, layer = colorize(image, source)
    gimp.Display(image)
    gimp.displays_flush()
    adjusted, _layer = call("adjust", image, layer, 1.0, 0.0, 0.0, 0.0, False, run_mode=RUN_INTERACTIVE)
    colors("adjusted", layer)
    tell("adjusted", adjusted)
    recolored, layer = call("recolor", image, source, 0, 0, False, True, (0, 0, 0), "", False, run_mode=RUN_INTERACTIVE)
    if layer is not None:
        keep("recolored.mask", read(layer.mask, "Y float"))
    tell("recolored", {**recolored, "size": [source.width, source.height]})


def run_batch_dialog(out):
    Inside.out = out
    given = ("", "", "lite", "vivid", "print", 1.0, 0.0, "same", False, False, True, True)
    report = pdb["plug-in-photochrom-batch"](*given, run_mode=RUN_INTERACTIVE)
    tell("batch", {"report": report})


def run_tool(out, photograph_file, tool):
    """The dialog of one tool on a gray photograph, beside another open image that is all blue; then `serve`."""
    Inside.out, Inside.photograph = out, photograph_file
    other = photograph()
    pdb.gimp_drawable_colorize_hsl(other.layers[0], 225, 70, 0)
    image = photograph()
    pdb.gimp_image_convert_grayscale(image)
    gimp.Display(image)
    image.clean_all()
    gimp.displays_flush()
    tell("before", document(image))
    given = {
        "colorize": [*SETTINGS.values()],
        "variants": [""],
        "color-like": ["", "", *SETTINGS.values()],
        "recolor": [0, 0, False, True, (0, 0, 0), "", False],
    }
    result, layer = call(tool, image, image.layers[0], *given[tool], run_mode=RUN_INTERACTIVE)
    if layer is not None and layer.mask is not None:
        keep("result.mask", read(layer.mask, "Y float"))
    if not pdb.gimp_selection_is_empty(image):
        keep("result.selection", read(image.selection, "Y float"))
    ours = [] if layer is None else layer.children if layer.is_group else [layer]
    kept = [settings_of(each) for each in ours if each.parasite_find("photochrom-settings")]
    tell("result", {**result, "settings": kept})
    serve(image)


def run_hinted(out, photograph_file):
    """Colorize's dialog on a gray photograph, with what is selected ready to be filled on the layer of hints."""
    Inside.out, Inside.photograph = out, photograph_file
    image = photograph()
    pdb.gimp_image_convert_grayscale(image)
    source = image.layers[0]
    _made, paint = call("hints-layer", image, source)
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, source.width // 2, 0, source.width // 2, source.height)
    gimp.set_foreground(20, 40, 200)
    gimp.Display(image)
    gimp.displays_flush()
    tell("before", document(image))
    result, _layer = colorize(image, source, run_mode=RUN_INTERACTIVE)
    tell("result", result)


def run_installation(out):
    """The window about the installation, from the menu and for a script."""
    Inside.out = out
    run = pdb["plug-in-photochrom-installation"]
    tell("shown", {"report": run(run_mode=RUN_INTERACTIVE)})
    try:
        run()
    except RuntimeError as failure:
        tell("refused", {"error": str(failure)})


register_cases("tools")
register("test-tool", "Shows a dialog", *US, [*GIVEN, (PF_STRING, "tool", "A tool", "")], [], run_tool)
register("test-tool-dialogs", "Shows the dialogs", *US, GIVEN, [], run_dialogs)
register("test-hinted", "Shows a dialog", *US, GIVEN, [], run_hinted)
register("test-installation", "Shows the window", *US, GIVEN[:1], [], run_installation)
register("test-batch-dialog", "Shows the dialog", *US, GIVEN[:1], [], run_batch_dialog)
main()
