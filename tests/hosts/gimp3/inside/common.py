"""What the scripts that run inside GIMP share: open, call, measure, tell."""

import hashlib
import json
import os
import time
import traceback
import xml.etree.ElementTree as ET
from pathlib import Path

from gi.repository import Gegl, Gimp, Gio

OUT = Path(os.environ["PHOTOCHROM_OUT"])
PHOTOGRAPH = os.environ["PHOTOCHROM_PHOTOGRAPH"]
PREFIX = "plug-in-photochrom-"
NAME = f"{PREFIX}colorize"
PDB = Gimp.get_pdb()


def photograph(scale=0.5):
    """The photograph as GIMP opens it, smaller by `scale`."""
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(PHOTOGRAPH))
    if scale != 1:
        image.scale(round(image.get_width() * scale), round(image.get_height() * scale))
    return image


def colorize(image, drawables, run_mode=Gimp.RunMode.NONINTERACTIVE, **settings):
    """Calls the plug-in; returns the outcome as a dict for JSON, and the new layer."""
    return call("colorize", image, drawables, run_mode, **settings)


def call(action, image, drawables, run_mode=Gimp.RunMode.NONINTERACTIVE, **settings):
    """The same for another of its procedures."""
    values = run(action, image, drawables, run_mode, **settings)
    status = values.index(0).value_nick
    layer = values.index(1) if status == "success" else None
    return {"status": status, "error": PDB.get_last_error(), "document": document(image)}, layer


def run(action, image, drawables, run_mode=Gimp.RunMode.NONINTERACTIVE, **settings):
    """What the procedure returns, as GIMP gives it."""
    procedure = PDB.lookup_procedure(f"{PREFIX}{action}")
    config = procedure.create_config()
    config.set_property("run-mode", run_mode)
    config.set_property("image", image)
    config.set_core_object_array("drawables", drawables)
    for name, value in settings.items():
        config.set_property(name.replace("_", "-"), value)
    return procedure.run(config)


def call_batch(run_mode=Gimp.RunMode.NONINTERACTIVE, **settings):
    """Calls the procedure that needs no image; folders are paths."""
    procedure = PDB.lookup_procedure(f"{PREFIX}batch")
    config = procedure.create_config()
    config.set_property("run-mode", run_mode)
    for name, value in settings.items():
        is_folder = name in {"input", "output"}
        config.set_property(name.replace("_", "-"), Gio.File.new_for_path(value) if is_folder else value)
    values = procedure.run(config)
    status = values.index(0).value_nick
    return {
        "status": status,
        "error": PDB.get_last_error(),
        "report": values.index(1) if status == "success" else None,
    }


def document(image):
    """All of a document that a plug-in could change: structure and a digest of every layer's own bytes."""
    return {
        "type": image.get_base_type().value_nick,
        "precision": image.get_precision().value_nick,
        "size": [image.get_width(), image.get_height()],
        "selected": [layer.get_name() for layer in image.get_selected_layers()],
        "selection": list(Gimp.Selection.bounds(image))[1:],
        "said": said(image),
        "layers": [_described(layer) for layer in image.get_layers()],
    }


def said(image):
    """What its metadata say of its source: the values of the properties of the IPTC extension."""
    metadata = image.get_metadata()
    tags = ET.fromstring(metadata.serialize()) if metadata else ET.Element("metadata")
    names = ("DigitalSourceType", "AISystemUsed", "AISystemVersionUsed")
    return [tags.findtext(f"tag[@name='Xmp.iptcExt.{name}']") for name in names]


def given(image):
    """What its metadata say about colors that a person gave."""
    tags = ET.fromstring(image.get_metadata().serialize())
    return tags.findtext("tag[@name='Xmp.iptcExt.AIPromptInformation']")


def _described(layer):
    if layer.is_group():
        return {
            "name": layer.get_name(),
            "mode": layer.get_mode().value_nick,
            "children": [_described(child) for child in layer.get_children()],
        }
    mask = layer.get_mask()
    return {
        "name": layer.get_name(),
        "visible": layer.get_visible(),
        "mode": layer.get_mode().value_nick,
        "opacity": layer.get_opacity(),
        "offset": list(layer.get_offsets())[1:],
        "size": [layer.get_width(), layer.get_height()],
        "digest": hashlib.sha256(read(layer, None)).hexdigest(),
        "mask": None if mask is None else hashlib.sha256(read(mask, None)).hexdigest(),
    }


def read(drawable, pixel_format):
    """All pixels of a drawable as bytes; None is its own format."""
    rectangle = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    return bytes(drawable.get_buffer().get(rectangle, 1.0, pixel_format, Gegl.AbyssPolicy.NONE))


def keep(name, data):
    """Writes bytes for the tests outside; returns the file's name."""
    (OUT / name).write_bytes(data)
    return name


def flattened(image):
    """The picture as it is seen: the one layer of a flattened copy."""
    return image.duplicate().flatten()


def tell(name, content):
    """Writes a JSON file, whole or not at all."""
    part = OUT / f"{name}.json.part"
    part.write_text(json.dumps(content), encoding="utf-8")
    part.rename(OUT / f"{name}.json")


def tell_when_asked(image):
    """Reports the document's state on each request, until it is stopped. Only once the document is idle: GIMP ends a
    script that reads the pixels of a layer while that is undone.
    """
    while not (OUT / "stop").exists():
        time.sleep(0.1)
        if (OUT / "ask").exists():
            (OUT / "ask").unlink()
            before = None
            while before != (before := outline(image)):
                time.sleep(0.3)
            tell("dialog-now", document(image))


def outline(image):
    """Type, names and masks of a document, without its pixels."""
    every = [(layer.get_id(), layer.get_name(), layer.get_mask() is None) for layer in image.get_layers()]
    return image.get_base_type(), every


def run_all(cases):
    """Runs every case, or those that PHOTOCHROM_ONLY names, and reports its result, or its traceback."""
    only = os.environ.get("PHOTOCHROM_ONLY")
    for case in cases:
        if only and case.__name__ not in only.split(","):
            continue
        try:
            tell(case.__name__, case())
        except Exception:
            tell(case.__name__, {"traceback": traceback.format_exc()})
        for image in Gimp.get_images():
            image.delete()
