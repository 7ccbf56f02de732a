#!/usr/bin/env python
"""Puts guides at thirds, or removes all."""

from gimpfu import *


def guides(image, drawable, parts, margin, remove):
    pdb.gimp_image_undo_group_start(image)
    guide = pdb.gimp_image_find_next_guide(image, 0)
    while remove and guide != 0:
        following = pdb.gimp_image_find_next_guide(image, guide)
        pdb.gimp_image_delete_guide(image, guide)
        guide = following
    for i in xrange(1, parts):
        pdb.gimp_image_add_vguide(image, image.width * i // parts)
        image.add_hguide(int(image.height * i / float(parts)))
    if margin > 0:
        for x in (margin, image.width - margin):
            image.add_vguide(x)
    pdb.gimp_image_undo_group_end(image)


register(
    "test-guides",
    "Guides at even distances",
    "",
    "Photochrom",
    "Photochrom",
    "2026",
    "_Guides...",
    "*",
    [
        (PF_IMAGE, "image", "Image", None),
        (PF_DRAWABLE, "drawable", "Drawable", None),
        (PF_SPINNER, "parts", "_Parts", 3, (1, 20, 1)),
        (PF_INT, "margin", "_Margin", 0),
        (PF_BOOL, "remove", "_Remove others", False),
    ],
    [],
    guides,
    menu="<Image>/Image/Guides",
    domain=("gimp20-python", gimp.locale_directory),
)
main()
