"""Runs inside GIMP: the tools beside Colorize, an image a case. What must be true of each is in test_tools.py."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import OUT, call, document, flattened, keep, photograph, read, run_all  # isort: skip
from gi.repository import Gegl, Gimp, Gio

WALL = 0.55, 0.42
"""A point of the house in the photograph, across and down."""


def settings_of(layer):
    parasite = layer.get_parasite("photochrom-settings")
    return json.loads(bytes(parasite.get_data()).rstrip(b"\0")) if parasite else None


def colors(name, layer):
    """Keeps the layer's pixels for the tests."""
    keep(f"{name}.lab", read(layer, "CIE Lab alpha float"))


def settings():
    """Every setting of Colorize, and Run Again from the color layer, also after saving and opening."""
    image = photograph()
    image.convert_precision(Gimp.Precision.U16_NON_LINEAR)
    source = image.get_layers()[0]
    given = {"colorizer": "lite", "chroma": 0.9, "warmth": 0.4, "neutrals": 0.3, "harmonize": 0.7, "reach": 0.2}
    plain, layer = call("colorize", image, [source], colorizer="lite")
    colors("settings-plain", layer)
    first, layer = call("colorize", image, [source], **given)
    colors("settings-first", layer)
    again, second = call("run-again", image, [layer])
    colors("settings-again", second)
    path = Gio.File.new_for_path(str(OUT / "settings.xcf"))
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, path, None)
    opened = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, path)
    stored = settings_of(opened.get_layers()[0])
    reopened, third = call("run-again", opened, opened.get_layers()[:1])
    colors("settings-reopened", third)
    nothing, _layer = call("run-again", image, [source])
    return {
        "plain": plain,
        "first": first,
        "again": again,
        "reopened": reopened,
        "nothing": nothing,
        "stored": stored,
        "given": given,
    }


def adjust():
    """Colors that are there are changed: all of them, then those that are selected; and what cannot be."""
    image = photograph()
    image.convert_precision(Gimp.Precision.U16_NON_LINEAR)
    source = image.get_layers()[0]
    made, layer = call("colorize", image, [source], colorizer="lite", warmth=0.2)
    layer.set_opacity(70)
    layer.add_mask(layer.create_mask(Gimp.AddMaskType.WHITE))
    before = document(image)
    changes = {"chroma": 0.5, "warmth": -0.3}
    adjusted, same_layer = call("adjust", image, [layer], **changes)
    colors("adjust-all", layer)
    stored = settings_of(layer)
    width, height = source.get_width(), source.get_height()
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, width // 2, height)
    selected, _layer = call("adjust", image, [layer], chroma=0.0)
    colors("adjust-selected", layer)
    stored_then = settings_of(layer)
    Gimp.Selection.none(image)
    fresh, other = call("colorize", image, [source], colorizer="lite", **changes)
    colors("adjust-fresh", other)
    photograph_itself, _none = call("adjust", image, [source], chroma=0.5)
    other.scale(width // 2, height // 2, False)
    scaled, _none = call("adjust", image, [other], chroma=0.5)
    layer.set_lock_content(True)
    locked, _none = call("adjust", image, [layer], chroma=0.5)
    layer.set_lock_content(False)
    _recolored, object_layer = call("recolor", image, [source], x=width // 2, y=height // 2, most_probable=True)
    of_object, _none = call("adjust", image, [object_layer], chroma=0.5)
    return {
        "made": made,
        "before": before,
        "adjusted": adjusted,
        "same_layer": same_layer == layer,
        "stored": stored,
        "changes": changes,
        "selected": selected,
        "stored_then": stored_then,
        "size": [width, height],
        "fresh": fresh,
        "photograph": photograph_itself,
        "scaled": scaled,
        "locked": locked,
        "object": of_object,
    }


def sepia():
    """A toned photograph keeps its tint where that is asked for."""
    image = photograph()
    source = image.get_layers()[0]
    source.colorize_hsl(35, 30, 0)
    before = read(source, "CIE Lab float")
    keep("sepia-source.lab", before)
    kept, layer = call("colorize", image, [source], chroma=0.0, keep_tint=True)
    colors("sepia-kept", layer)
    tint = settings_of(layer)["tint"]
    away, layer = call("colorize", image, [source], chroma=0.0)
    colors("sepia-away", layer)
    gray = photograph()
    gray.convert_grayscale()
    of_gray, layer = call("colorize", gray, gray.get_layers(), keep_tint=True)
    return {"kept": kept, "away": away, "tint": tint, "of_gray": of_gray, "gray_tint": settings_of(layer)["tint"]}


def recolor():
    """One object after the other, by a point and by the selection."""
    image = photograph()
    source = image.get_layers()[0]
    source.set_offsets(5, 3)
    before = document(image)
    keep("recolor-before.lab", read(flattened(image), "CIE Lab float"))
    _whole, whole = call("colorize", image, [source])
    x, y = (round(5 + WALL[0] * source.get_width()), round(3 + WALL[1] * source.get_height()))
    green = Gegl.Color.new("black")
    green.set_bytes(*_lab(60, -40, 30))
    pointed, first = call("recolor", image, [source], x=x, y=y, color=green)
    keep("recolor-pointed.mask", read(first.get_mask(), "Y float"))
    colors("recolor-pointed", first)
    stored = settings_of(first)
    sky = (20, 10, source.get_width() - 40, source.get_height() // 6)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, *sky)
    chosen, second = call("recolor", image, [first], use_selection=True, most_probable=True)
    keep("recolor-chosen.mask", read(second.get_mask(), "Y float"))
    Gimp.Selection.none(image)
    nothing, _layer = call("recolor", image, [source], use_selection=True)
    outside, _layer = call("recolor", image, [source], x=1, y=1)
    again, third = call("run-again", image, [first])
    keep("recolor-again.mask", read(third.get_mask(), "Y float"))
    keep("recolor-after.lab", read(flattened(image), "CIE Lab float"))
    later, _layer = call("colorize", image, [source])
    return {
        "before": before,
        "whole": whole.get_name(),
        "pointed": pointed,
        "chosen": chosen,
        "nothing": nothing,
        "outside": outside,
        "again": again,
        "later": later,
        "stored": stored,
        "sky": sky,
        "at": [x - 5, y - 3],
        "size": [source.get_width(), source.get_height()],
    }


def hints():
    """Painted over the house of a gray 16-bit scan: the next colors go by it."""
    image = photograph()
    image.convert_precision(Gimp.Precision.U16_NON_LINEAR)
    image.convert_grayscale()
    source = image.get_layers()[0]
    none, _layer = call("with-hints", image, [source])
    plain, layer = call("colorize", image, [source])
    colors("hints-plain", layer)
    made, layer = call("hints-layer", image, [source])
    empty, colored = call("with-hints", image, [layer])
    colors("hints-empty", colored)
    width, height = source.get_width(), source.get_height()
    image.select_ellipse(Gimp.ChannelOps.REPLACE, WALL[0] * width - 8, WALL[1] * height - 8, 16, 16)
    Gimp.context_set_foreground(_color(50, 10, -45))
    layer.edit_fill(Gimp.FillType.FOREGROUND)
    Gimp.Selection.none(image)
    hinted, blue = call("with-hints", image, [layer])
    colors("hints-hinted", blue)
    told = _painted_on(image, source, layer)
    again, blue = call("run-again", image, [blue])
    colors("hints-again", blue)
    shown, layer = call("hints-layer", image, [source])
    layer.edit_clear()
    cleared, gone = call("run-again", image, [blue])
    colors("hints-cleared", gone)
    return {
        "none": none,
        "plain": plain,
        "made": made,
        "empty": empty,
        "hinted": hinted,
        "again": again,
        "shown": shown,
        "cleared": cleared,
        **told,
        "at": [round(WALL[0] * width), round(WALL[1] * height)],
        "size": [width, height],
    }


def _painted_on(image, source, paint):
    """More paint, erased again, while a part is selected; a variant; the saved file; and the hints on another layer."""
    spot = (100, 330, 20, 20)  # a rectangle: nothing of it is left at its edges
    image.select_rectangle(Gimp.ChannelOps.REPLACE, *spot)
    Gimp.context_set_foreground(_color(60, -50, 45))
    paint.edit_fill(Gimp.FillType.FOREGROUND)
    more, layer = call("with-hints", image, [paint])
    colors("hints-more", layer)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, *spot)
    paint.edit_clear()
    erased, layer = call("with-hints", image, [paint])
    colors("hints-erased", layer)
    still_selected = not Gimp.Selection.is_empty(image)
    Gimp.Selection.none(image)
    variant, other = call("variants", image, [source], choice="1")
    colors("hints-variant", other)
    image.remove_layer(other)
    path = Gio.File.new_for_path(str(OUT / "hints.xcf"))
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, path, None)
    opened = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, path)
    read_back, layer = call("with-hints", opened, opened.get_selected_layers())
    colors("hints-read-back", layer)
    second = opened.get_layers()[-1].copy()
    second.set_name("second")
    opened.insert_layer(second, None, 0)
    moved = opened.get_layer_by_name("Photochrom hints")
    opened.reorder_item(moved, None, 0)
    group = Gimp.GroupLayer.new(opened, "second group")
    opened.insert_layer(group, None, 0)
    for each, position in ((moved, 0), (second, 1)):
        opened.reorder_item(each, group, position)
    on_second, layer = call("with-hints", opened, [moved])
    colors("hints-on-second", layer)
    return {
        "more": more,
        "erased": erased,
        "still_selected": still_selected,
        "variant": variant,
        "read_back": read_back,
        "on_second": on_second,
        "sources": [settings_of(layer)["source"], second.get_tattoo()],
    }


def variants():
    image = photograph()
    source = image.get_layers()[0]
    several, group = call("variants", image, [source], choice="0, 1, muted, lite")
    for number, layer in enumerate(group.get_children()):
        colors(f"variants-{number}", layer)
    one, layer = call("variants", image, [source], choice="strong")
    colors("variants-vivid", layer)
    none, _layer = call("variants", image, [source], choice=" ")
    unknown, _layer = call("variants", image, [source], choice="0,nobody")
    return {"several": several, "one": one, "none": none, "unknown": unknown, "name": group.get_name()}


def scanned():
    """A print; then a negative, which tools that ask nobody take from its colors."""
    image = photograph()
    source, told = image.get_layers()[0], {}
    for name in ("print", "negative"):
        told[name], layer = call("colorize", image, [source], original=name)
        colors(f"scanned-{name}", layer)
        told[f"{name}-object"], layer = call("recolor", image, [source], x=0, y=0, most_probable=True)
        colors(f"scanned-{name}-object", layer)
        told[f"{name}-stored"] = settings_of(layer)["original"]
    told["variant"], layer = call("variants", image, [source], choice="0")
    colors("scanned-variant", layer)
    return told


def doubt():
    image = photograph()
    source = image.get_layers()[0]
    source.set_offsets(7, -4)
    keep("doubt-before.lab", read(source, "CIE Lab float"))
    heat, layer = call("doubt", image, [source])
    keep("doubt-heat.rgba", read(layer, "R'G'B'A u8"))
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 5, 5)
    first, hinted = call("paint-first", image, [source])
    keep("doubt-first.mask", read(image.get_selection(), "Y float"))
    gray = photograph()
    gray.convert_grayscale()
    of_gray, _layer = call("doubt", gray, gray.get_layers())
    return {
        "heat": heat,
        "first": first,
        "hinted": hinted.get_name(),
        "of_gray": of_gray,
        "size": [image.get_width(), image.get_height()],
    }


def started_on_ours():
    """Tools that are started on what Photochrom has made: they are for the photograph."""
    image = photograph()
    source = image.get_layers()[0]
    source.set_name("scan")
    told = {}
    told["doubt"], heat = call("doubt", image, [source])
    told["on_doubt"], on_doubt = call("colorize", image, [heat], colorizer="lite")
    told["doubt_again"], heat = call("doubt", image, image.get_selected_layers())
    told["inserted"], group = call("variants", image, [source], choice="0, muted")
    told["on_selected"], _layer = call("colorize", image, image.get_selected_layers(), colorizer="lite")
    told["on_group"], on_group = call("run-again", image, [group])
    told["run_again_on_group"] = settings_of(on_group)["chroma"]
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 90, 90)
    told["on_part"], part = call("colorize", image, [on_doubt], colorizer="lite")
    told["on_mask"], _layer = call("colorize", image, [part.get_mask()], colorizer="lite")
    Gimp.Selection.none(image)
    told["sources"] = sorted({settings_of(each)["source"] for each in image.get_layers() if settings_of(each)})
    told["source"] = source.get_tattoo()
    told["removed"], _layer = call("remove", image, [heat])
    return told


def color_like():
    """Follows a picture of blues alone, made from the photograph."""
    blue = photograph()
    blue.get_layers()[0].colorize_hsl(225, 70, 0)
    path = Gio.File.new_for_path(str(OUT / "blue.png"))
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, blue, path, None)
    image = photograph()
    source = image.get_layers()[0]
    _plain, layer = call("colorize", image, [source])
    colors("like-plain", layer)
    palette, layer = call("color-like", image, [source], reference=path)
    colors("like-palette", layer)
    stored = settings_of(layer)
    again, layer = call("run-again", image, [layer])
    colors("like-again", layer)
    regions, layer = call("color-like", image, [source], reference=path, follow="regions")
    colors("like-regions", layer)
    none, _layer = call("color-like", image, [source])
    path.delete()
    gone, _layer = call("run-again", image, [layer])
    return {"palette": palette, "again": again, "regions": regions, "none": none, "gone": gone, "stored": stored}


def story():
    """A retoucher's way with a 16-bit gray scan. Undo and redo have no procedure: they are tested with windows."""
    scan = photograph()
    scan.convert_precision(Gimp.Precision.U16_NON_LINEAR)
    scan.convert_grayscale()
    path = Gio.File.new_for_path(str(OUT / "Großmutter, 16 bit.tif"))
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, scan, path, None)
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, path)
    opened = [image.get_base_type().value_nick, image.get_precision().value_nick]
    source = image.get_layers()[0]
    keep("story-before.lab", read(source, "CIE Lab float"))
    plain, layer = call("colorize", image, [source])
    colors("story-plain", layer)
    _made, paint = call("hints-layer", image, [source])
    width, height = source.get_width(), source.get_height()
    for (x, y), lab in ((WALL, (50, 10, -45)), ((0.3, 0.9), (60, -40, 40))):
        image.select_ellipse(Gimp.ChannelOps.REPLACE, x * width - 10, y * height - 10, 20, 20)
        Gimp.context_set_foreground(_color(*lab))
        paint.edit_fill(Gimp.FillType.FOREGROUND)
    Gimp.Selection.none(image)
    hinted, layer = call("with-hints", image, [source])
    colors("story-hinted", layer)
    variant, layer = call("variants", image, [layer], choice="1")
    colors("story-variant", layer)
    paint.set_visible(False)
    keep("story-after.lab", read(flattened(image), "CIE Lab float"))
    saved = Gio.File.new_for_path(str(OUT / "story.xcf"))
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, saved, None)
    again = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, saved)
    chosen = next(each for each in again.get_layers() if settings_of(each))
    reopened, layer = call("run-again", again, [chosen])
    colors("story-reopened", layer)
    return {"opened": opened, "plain": plain, "hinted": hinted, "variant": variant, "reopened": reopened}


def history():
    path = Path(Gimp.directory()) / "photochrom-history.json"
    return {"entries": json.loads(path.read_text(encoding="utf-8"))}


def _lab(*lab):
    import struct

    from gi.repository import Babl, GLib

    return Babl.format("CIE Lab float"), GLib.Bytes.new(struct.pack("3f", *lab))


def _color(*lab):
    color = Gegl.Color.new("black")
    color.set_bytes(*_lab(*lab))
    return color


run_all([settings, adjust, sepia, recolor, hints, variants, scanned, doubt])
run_all([started_on_ours, color_like, history, story])
