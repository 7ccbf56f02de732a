"""Runs inside GIMP: what images say about their colors, a case each. What must be true is in test_notes.py."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from common import OUT, PDB, call, document, given, keep, photograph, read, run_all, said  # isort: skip
from gi.repository import Gegl, Gimp, Gio

FORMATS = {"jpg": "jpeg", "png": "png", "tif": "tiff", "webp": "webp"}
PRINT = "http://cv.iptc.org/newscodes/digitalsourcetype/print"


def export(image, name):
    """As the export dialog does with “Save XMP data” on, which it is by default there."""
    for suffix, format in FORMATS.items():
        procedure = PDB.lookup_procedure(f"file-{format}-export")
        config = procedure.create_config()
        config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
        config.set_property("image", image)
        config.set_property("file", Gio.File.new_for_path(str(OUT / f"{name}.{suffix}")))
        config.set_property("include-xmp", True)
        assert procedure.run(config).index(0) == Gimp.PDBStatusType.SUCCESS, suffix


def archived():
    """A photograph with an archive's metadata."""
    image = photograph()
    tags = ET.fromstring(image.get_metadata().serialize())
    for name, value in (("Xmp.iptcExt.DigitalSourceType", PRINT), ("Xmp.dc.source", "Box 7 & 8")):
        ET.SubElement(tags, "tag", name=name).text = value
    image.set_metadata(Gimp.Metadata.deserialize(ET.tostring(tags, encoding="unicode")))
    return image


def colored():
    image = archived()
    before = said(image)
    result, layer = call("colorize", image, image.get_layers(), colorizer="lite")
    export(image, "colored")
    second, _layer = call("colorize", image, [layer], colorizer="people")
    two = said(image)
    path = Gio.File.new_for_path(str(OUT / "colored.xcf"))
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, path, None)
    opened = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, path)
    reopened = said(opened)
    removed, photo = call("remove", opened, opened.get_layers()[:1])
    export(opened, "removed")
    nothing, _none = call("remove", opened, opened.get_layers())
    return {
        "before": before,
        "result": result,
        "second": second,
        "two": two,
        "reopened": reopened,
        "removed": removed,
        "photograph": photo.get_name(),
        "after": said(opened),
        "nothing": nothing,
    }


def left_out():
    """A script's argument decides on the note, call by call."""
    image = photograph()
    result, layer = call("colorize", image, image.get_layers(), colorizer="lite", note=False)
    without = said(image)
    export(image, "left-out")
    call("run-again", image, [layer])
    again = said(image)
    call("colorize", image, [layer], colorizer="lite", note=False)
    return {"result": result, "without": without, "again": again, "taken_back": said(image)}


def switched_off():
    """What a user has chosen in a dialog holds for everything without one."""
    choice = Path(Gimp.directory(), "photochrom-settings.json")
    before = choice.read_text(encoding="utf-8")
    choice.write_text('{"note": false}', encoding="utf-8")
    try:
        image = photograph()
        call("colorize", image, image.get_layers(), Gimp.RunMode.WITH_LAST_VALS)
        last, (layer, *_others) = said(image), image.get_layers()
        call("variants", image, [layer], choice="0,muted")
        return {"last": last, "variants": said(image)}
    finally:
        choice.write_text(before, encoding="utf-8")


def variants():
    image = photograph()
    _result, _group = call("variants", image, image.get_layers(), choice="0,muted")
    with_group = said(image)
    removed, _layer = call("remove", image, image.get_selected_layers())
    return {"said": with_group, "removed": removed, "after": said(image)}


def known():
    """An object with a note, one without, a note on the hints; notes that change; the map of what is known."""
    image = archived()
    source = image.get_layers()[0]
    at = {"x": round(0.55 * source.get_width()), "y": round(0.42 * source.get_height())}
    nobody, _none = call("known", image, [source], note="of nothing")
    call("colorize", image, [source], colorizer="lite")
    before = document(image)
    keep("known-plain.rgba", read(call("doubt", image, [source])[1], "R'G'B'A u8"))
    green = Gegl.Color.new("green")
    noted, dress = call("recolor", image, [source], color=green, known="green: letter; of\n1943", **at)
    keep("known.mask", read(dress.get_mask(), "Y float"))
    first = given(image)
    export(image, "known")
    heat, map_of_known = call("doubt", image, [source])
    keep("known-heat.rgba", read(map_of_known, "R'G'B'A u8"))
    _hinted, hints = call("hints-layer", image, [source])
    buffer = hints.get_buffer()
    buffer.set_color(Gegl.Rectangle.new(10, 10, 30, 30), Gegl.Color.new("blue"))
    buffer.flush()
    hints.update(10, 10, 30, 30)
    on_hints, _layer = call("known", image, [hints], note="sky: a postcard")
    second = given(image)
    path = Gio.File.new_for_path(str(OUT / "known.xcf"))
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, path, None)
    opened = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, path)
    dress = next(layer for layer in opened.get_layers() if "Recolored" in layer.get_name())
    taken_back, _layer = call("known", opened, [dress], note="")
    third = given(opened)
    _exported, _layer = call("export", opened, [dress], file=Gio.File.new_for_path(str(OUT / "known.psd")))
    exported, _layer = call("export", opened, [dress], file=Gio.File.new_for_path(str(OUT / "known-for.ora")))
    return {
        "nobody": nobody,
        "results": [noted, heat, on_hints, taken_back, exported],
        "before": before,
        "given": [first, second, third],
        "at": at,
        "size": [source.get_width(), source.get_height()],
        "map": map_of_known.get_name(),
    }


run_all([colored, left_out, switched_off, variants, known])
