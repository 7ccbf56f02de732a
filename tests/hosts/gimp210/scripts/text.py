#!/usr/bin/env python
"""Changes font and size of all text layers, in groups too."""

from gimpfu import *


def each(parent):
    for item in parent.layers:
        if pdb.gimp_item_is_group(item):
            for inner in each(item):
                yield inner
        elif pdb.gimp_item_is_text_layer(item):
            yield item


def change(image, drawable, font, factor, color):
    image.undo_group_start()
    texts = []
    for layer in each(image):
        size, unit = pdb.gimp_text_layer_get_font_size(layer)
        pdb.gimp_text_layer_set_font(layer, font)
        pdb.gimp_text_layer_set_font_size(layer, size * factor, unit)
        pdb.gimp_text_layer_set_color(layer, color)
        texts.append(pdb.gimp_text_layer_get_text(layer))
    image.undo_group_end()
    return len(texts), tuple(texts)


register(
    "test-text",
    "Change all text",
    "",
    "Photochrom",
    "Photochrom",
    "2026",
    "<Image>/Layer/_All text...",
    "*",
    [
        (PF_FONT, "font", "_Font", "Sans Bold"),
        (PF_FLOAT, "factor", "_Times", 1.5),
        (PF_COLOR, "color", "_Color", gimpcolor.RGB(255, 0, 0)),
    ],
    [(PF_INT, "count", "How many"), (PF_STRINGARRAY, "texts", "Their texts")],
    change,
)
main()
