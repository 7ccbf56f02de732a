"""What the scripts that call Photochrom share: open, call, measure, tell."""

import hashlib
import json
import os
import time
import traceback
import xml.etree.ElementTree as ET

from gimpfu import *
from gimpfu_compat import pixels

CASES = {}
SETTINGS = {
    **{"colorizer": "lite", "segmenter": "", "style": "vivid", "chroma": 1.0, "harmonize": 0.0, "warmth": 0.0},
    **{"neutrals": 0.0, "keep-tint": False, "reach": 0.5, "original": "print", "output": "color-layer", "note": True},
}
TAGS = ("DigitalSourceType", "AISystemUsed", "AISystemVersionUsed")


class Inside:
    out = photograph = ""


def case(function):
    CASES[function.__name__] = function
    return function


def photograph(scale=0.3):
    image = pdb.gimp_file_load(Inside.photograph, Inside.photograph)
    image.enable_undo()  # which the procedures that open files leave off
    image.scale(round(image.width * scale), round(image.height * scale))
    return image


def read(drawable, pixel_format):
    return bytes(pixels.read(drawable, pixel_format, 0, 0, drawable.width, drawable.height))


def keep(name, data):
    with open(os.path.join(Inside.out, name), "wb") as file:
        file.write(data)


def flattened(image):
    return image.duplicate().flatten()


def document(image):
    """All of a document that a plug-in could change: structure and a digest of every layer's own bytes."""
    return {
        "type": image.base_type,
        "precision": image.precision,
        "size": [image.width, image.height],
        "selected": image.active_layer and image.active_layer.name,
        "said": said(image),
        "layers": [described(layer) for layer in image.layers],
    }


def said(image):
    xml = pdb.gimp_image_get_metadata(image)
    tags = ET.fromstring(xml) if xml else ET.Element("metadata")
    return [tags.findtext(f"tag[@name='Xmp.iptcExt.{name}']") for name in TAGS]


def described(layer):
    if layer.is_group:
        children = [described(child) for child in layer.children]
        return {"name": layer.name, "visible": layer.visible, "mode": layer.mode, "children": children}
    return {
        **{"name": layer.name, "visible": layer.visible, "mode": layer.mode, "opacity": layer.opacity},
        **{"offset": list(layer.offsets), "size": [layer.width, layer.height], "digest": digest(layer)},
        "mask": layer.mask and digest(layer.mask),
    }


def digest(drawable):
    drawable.flush()  # what the plug-in and the user do is not seen otherwise
    native = "R'G'B'A u8" if drawable.is_indexed else pixels.native_format(drawable)
    return hashlib.sha256(read(drawable, native)).hexdigest()


def call(action, image, drawable, *values, run_mode=RUN_NONINTERACTIVE):
    """Calls a procedure of the plug-in's: the outcome, and the new layer."""
    try:
        layer = pdb[f"plug-in-photochrom-{action}"](image, drawable, *values, run_mode=run_mode)
    except RuntimeError as failure:
        return {"error": str(failure), "kind": type(failure).__name__, "document": document(image)}, None
    return {"error": "", "document": document(image)}, layer


def colorize(image, drawable, run_mode=RUN_NONINTERACTIVE, **settings):
    given = {**SETTINGS, **{name.replace("_", "-"): value for name, value in settings.items()}}
    return call("colorize", image, drawable, *given.values(), run_mode=run_mode)


def colored(name, image, source, **settings):
    """Colors `source` and keeps what is needed to compare the tones of before and after."""
    before = document(image)
    keep(f"{name}-before.lab", read(flattened(image), "CIE Lab float"))
    result, layer = colorize(image, source, **settings)
    if layer is not None:
        keep(f"{name}-after.lab", read(flattened(image), "CIE Lab float"))
        keep(f"{name}-layer.lab", read(layer, "CIE Lab alpha float"))
        result["returned"] = layer.name
        result["parent"] = layer.parent and layer.parent.name
    return {**result, "before": before}


def settings_of(layer):
    return json.loads(bytes(layer.parasite_find("photochrom-settings").data))


def tell(name, content):
    part = os.path.join(Inside.out, name + ".part")
    with open(part, "w") as file:
        json.dump(content, file)
    os.rename(part, os.path.join(Inside.out, name + ".json"))


def serve(image):
    """Tells the document's state when it is asked, until GIMP ends."""
    gimp_itself = os.getppid()
    while os.getppid() == gimp_itself:
        time.sleep(0.1)
        if os.path.exists(os.path.join(Inside.out, "ask")):
            os.remove(os.path.join(Inside.out, "ask"))
            tell("now", document(image))


def run_all(out, photograph):
    Inside.out, Inside.photograph = out, photograph
    for name, function in CASES.items():
        try:
            tell(name, function())
        except BaseException:
            tell(name, {"traceback": traceback.format_exc()})
        for image in gimp.image_list():
            gimp.delete(image)


US = ("", "Photochrom", "Photochrom", "2026", None, None)
GIVEN = [(PF_STRING, "out", "A folder", ""), (PF_STRING, "photograph", "A file", "")]


def register_cases(script):
    """Registers the procedure that runs the cases of a script."""
    register("test-" + script, "Runs the cases", *US, GIVEN, [], run_all)
