#!/usr/bin/env python
"""A dialog with a widget of every type, which the test fills in. A plug-in of GIMP's."""

import json
import os
import sys

from gimpfu import *

TYPES = [
    (PF_STRING, "string", "_String", "text"),
    (PF_INT, "int", "_Integer", 12),
    (PF_FLOAT, "float", "Floa_t", 0.25),
    (PF_SPINNER, "spinner", "S_pinner", 3, (0, 10, 1)),
    (PF_SPINNER, "fraction", "F_raction", 0.125, (0, 1, 0.005)),
    (PF_SLIDER, "slider", "S_lider", 42, (0, 100, 1)),
    (PF_TOGGLE, "toggle", "To_ggle", True),
    (PF_OPTION, "option", "_Option", 1, ("first", "second", "third")),
    (PF_RADIO, "radio", "Ra_dio", "two", (("One", "one"), ("Two", "two"), ("Three", "three"))),
    (PF_TEXT, "text", "Te_xt", "Several\nlines, Grüße"),
    (PF_COLOR, "color", "_Color", (200, 60, 20)),
]
RESOURCES = [
    (PF_FONT, "font", "_Font", "Sans"),
    (PF_GRADIENT, "gradient", "_Gradient", "Golden"),
    (PF_BRUSH, "brush", "_Brush", "2. Hardness 050"),
    (PF_PALETTE, "palette", "_Palette", "Web"),
    (PF_PATTERN, "pattern", "Patt_ern", "Wood #1"),
    (PF_FILE, "file", "F_ile", "/etc/hostname"),
    (PF_DIRNAME, "folder", "Fol_der", "/usr/share"),
    (PF_IMAGE, "other", "I_mage", None),
    (PF_LAYER, "layer", "_Layer", None),
    (PF_DRAWABLE, "target", "Dra_wable", None),
    (PF_CHANNEL, "channel", "C_hannel", None),
    (PF_VECTORS, "vectors", "_Vectors", None),
]


def plain(value):
    if isinstance(value, gimpcolor.RGB):
        return list(value)
    return value.name if hasattr(value, "ID") else value


def tell(types):
    return lambda image, drawable, *values: json.dumps({each[1]: plain(v) for each, v in zip(types, values)})


def drive(out):
    image = gimp.Image(60, 40, RGB)
    layer = gimp.Layer(image, "Photograph", 60, 40, RGB_IMAGE)
    image.add_layer(layer, 0)
    image.add_channel(gimp.Channel(image, "Saved selection", 60, 40), 0)
    image.insert_vectors(gimp.Vectors(image, "Path"))
    gimp.Display(image)
    steps = [
        ("values", pdb.python_fu_test_every_type, TYPES, RUN_INTERACTIVE),
        ("last", pdb.python_fu_test_every_type, TYPES, RUN_WITH_LAST_VALS),
        ("canceled", pdb.python_fu_test_every_type, TYPES, RUN_INTERACTIVE),
        ("resources", pdb.python_fu_test_resources, RESOURCES, RUN_INTERACTIVE),
    ]
    for name, procedure, types, mode in steps:
        given = [
            value if value is not None else {"layer": layer, "target": layer}.get(key)
            for _, key, _, value in (each[:4] for each in types)
        ]
        try:
            result = json.loads(procedure(image, layer, *given, run_mode=mode))
        except RuntimeError as error:
            print(f"{name}: {error}", file=sys.stderr)
            result = {"error": type(error).__name__}
        with open(os.path.join(out, name + ".part"), "w") as file:
            json.dump(result, file)
        os.rename(os.path.join(out, name + ".part"), os.path.join(out, name + ".json"))


US = ("", "Photochrom", "Photochrom", "2026")
GIVEN = [(PF_IMAGE, "image", "Image", None), (PF_DRAWABLE, "drawable", "Drawable", None)]
for name, label, types in (("every-type", "_Every Type…", TYPES), ("resources", "_Resources…", RESOURCES)):
    register(
        *("test-" + name, "Shows a widget of every type, and gives back what it says", *US, label, "*", GIVEN + types),
        *([(PF_STRING, "values", "As JSON")], tell(types), "<Image>/Filters/Test"),
    )
register("test-dialogs", "Shows dialogs", *US, None, None, [(PF_STRING, "out", "A folder", "")], [], drive)
main()
