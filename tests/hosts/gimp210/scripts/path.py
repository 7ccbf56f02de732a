#!/usr/bin/env python
"""Draws a star as a path, and strokes it."""

from math import cos, pi, sin

from gimpfu import *


def star(image, drawable, points, outer, inner, closed, brush):
    image.undo_group_start()
    center_x, center_y = image.width / 2.0, image.height / 2.0
    corners = []
    for i in range(2 * points):
        radius = outer if i % 2 == 0 else inner
        angle = pi * i / points - pi / 2
        corners.extend([center_x + radius * cos(angle), center_y + radius * sin(angle)] * 3)
    path = pdb.gimp_vectors_new(image, "Star")
    stroke = pdb.gimp_vectors_stroke_new_from_points(path, VECTORS_STROKE_TYPE_BEZIER, len(corners), corners, closed)
    pdb.gimp_image_add_vectors(image, path, 0)
    pdb.gimp_context_push()
    pdb.gimp_context_set_defaults()
    pdb.gimp_context_set_brush(brush)
    pdb.gimp_context_set_brush_size(3)
    pdb.gimp_context_set_foreground((255, 0, 0))
    pdb.gimp_edit_stroke_vectors(drawable, path)
    pdb.gimp_context_pop()
    image.undo_group_end()
    return path, pdb.gimp_vectors_stroke_get_length(path, stroke, 0.1)


register(
    "test-star",
    "Draw a star",
    "",
    "Photochrom",
    "Photochrom",
    "2026",
    "<Image>/Filters/Render/_Star...",
    "RGB*",
    [
        (PF_SPINNER, "points", "_Points", 5, (3, 50, 1)),
        (PF_FLOAT, "outer", "_Outer radius", 20.0),
        (PF_FLOAT, "inner", "_Inner radius", 8.0),
        (PF_BOOL, "closed", "_Closed", TRUE),
        (PF_BRUSH, "brush", "_Brush", "2. Hardness 100"),
    ],
    [(PF_VECTORS, "path", "The path"), (PF_FLOAT, "length", "Its length")],
    star,
)
main()
