#!/usr/bin/env python
"""Writes a name into a corner of a picture."""

from gimpfu import *

CORNERS = ("left", "right")


def watermark(image, drawable, text, font, size, color, opacity, corner):
    image.undo_group_start()
    gimp.context_push()
    try:
        gimp.set_foreground(color)
        width, height, ascent, descent = pdb.gimp_text_get_extents_fontname(text, size, PIXELS, font)
        x = 2 if corner == "left" else image.width - width - 2
        layer = pdb.gimp_text_fontname(image, None, x, image.height - height - 2, text, 0, True, size, PIXELS, font)
        layer.opacity = opacity
        layer.mode = NORMAL_MODE
        layer.name = "Watermark"
        merged = pdb.gimp_image_merge_down(image, layer, CLIP_TO_IMAGE)
    finally:
        gimp.context_pop()
        image.undo_group_end()
    return merged


register(
    "test-watermark",
    "Write a name into a corner",
    "",
    "Photochrom",
    "Photochrom",
    "2026",
    "<Image>/Filters/Render/_Watermark...",
    "RGB*, GRAY*",
    [
        (PF_STRING, "text", "_Text", "(c) Ann"),
        (PF_FONT, "font", "_Font", "Sans"),
        (PF_ADJUSTMENT, "size", "_Size", 12, (4, 500, 1)),
        (PF_COLOUR, "color", "_Color", (255, 255, 255)),
        (PF_SLIDER, "opacity", "_Opacity", 60, (0, 100, 1)),
        (PF_RADIO, "corner", "_Corner", "right", (("Left", "left"), ("Right", "right"))),
    ],
    [(PF_LAYER, "layer", "The layer with the text")],
    watermark,
)
main()
