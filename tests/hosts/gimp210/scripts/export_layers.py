#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""Saves each visible layer as a file of its own."""

import os

from gimpfu import *


def export_layers(image, drawable, folder, pattern, flat):
    duplicate = pdb.gimp_image_duplicate(image)
    duplicate.disable_undo()
    wanted = [layer for layer in duplicate.layers if layer.visible]
    gimp.progress_init("Exporting %d layers" % len(wanted))
    for layer in duplicate.layers:
        layer.visible = False
    for number, layer in enumerate(wanted):
        layer.visible = True
        name = os.path.join(folder, pattern % {"number": number, "name": layer.name})
        if flat:
            alone = pdb.gimp_image_duplicate(duplicate)
            saved = alone.flatten()
            pdb.gimp_file_save(alone, saved, name, name)
            gimp.delete(alone)
        else:
            pdb.file_png_save(duplicate, layer, name, name, 0, 9, 0, 0, 0, 0, 0)
        layer.visible = False
        gimp.progress_update(float(number + 1) / len(wanted))
    gimp.delete(duplicate)
    return len(wanted)


register(
    "python_fu_test_export_layers",
    "Save each visible layer as a file",
    "Writes PNG files into a folder",
    "Photochrom",
    "Photochrom",
    "2026",
    "<Image>/File/Export/Layers as _files...",
    "*",
    [
        (PF_DIRNAME, "folder", "_Folder", "."),
        (PF_STRING, "pattern", "_Pattern", "%(number)02d-%(name)s.png"),
        (PF_TOGGLE, "flat", "_Flatten", True),
    ],
    [(PF_INT, "count", "How many files")],
    export_layers,
)

main()
