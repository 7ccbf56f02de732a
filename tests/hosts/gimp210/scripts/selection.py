#!/usr/bin/env python
"""Cuts the selected part out onto a layer of its own, with soft edges, and blurs the rest."""

from gimpfu import *


def cut_out(image, drawable, grow, feather):
    if pdb.gimp_selection_is_empty(image):
        raise error("Nothing is selected: select a part of the picture first.")
    pdb.gimp_undo_push_group_start(image) if hasattr(pdb, "gimp_undo_push_group_start") else image.undo_group_start()
    saved = pdb.gimp_selection_save(image)
    pdb.gimp_selection_grow(image, grow)
    if feather:
        pdb.gimp_selection_feather(image, feather)
    non_empty, x1, y1, x2, y2 = pdb.gimp_selection_bounds(image)
    pdb.gimp_edit_copy(drawable)
    floating = pdb.gimp_edit_paste(drawable, False)
    pdb.gimp_floating_sel_to_layer(floating)
    floating.name = "Cut out"
    pdb.gimp_selection_load(saved)
    pdb.gimp_selection_invert(image)
    pdb.plug_in_gauss_rle(image, drawable, 5, 1, 1)
    pdb.gimp_selection_none(image)
    image.remove_channel(saved)
    image.active_layer = floating
    image.undo_group_end()
    return floating, x1, y1, x2, y2


register(
    "test-selection",
    "Cut the selected part out",
    "",
    "Photochrom",
    "Photochrom",
    "2026",
    "<Image>/Select/_Cut out...",
    "RGB*, GRAY*",
    [(PF_SPINNER, "grow", "_Grow", 2, (0, 50, 1)), (PF_SPINNER, "feather", "_Feather", 0, (0, 50, 1))],
    [(PF_LAYER, "layer", "The new layer")] + [(PF_INT, name, name) for name in ("x1", "y1", "x2", "y2")],
    cut_out,
)
main()
