#!/usr/bin/env python
"""Swaps red and blue, tile by tile, over the shadow."""

from gimpfu import *


def swap(image, drawable):
    width, height = drawable.width, drawable.height
    tile_width, tile_height = gimp.tile_width(), gimp.tile_height()
    gimp.tile_cache_ntiles(2 * (width + tile_width - 1) // tile_width)
    rows, columns = (height + tile_height - 1) // tile_height, (width + tile_width - 1) // tile_width
    gimp.progress_init("Swapping")
    for row in xrange(rows):
        for column in xrange(columns):
            source = drawable.get_tile(False, row, column)
            target = drawable.get_tile(True, row, column)
            for y in xrange(source.eheight):
                for x in xrange(source.ewidth):
                    pixel = source[x, y]
                    target[x, y] = pixel[2] + pixel[1] + pixel[0] + pixel[3:]
        gimp.progress_update(float(row + 1) / rows)
    drawable.flush()
    drawable.merge_shadow(True)
    drawable.update(0, 0, width, height)


register(
    "test-tiles",
    "Swap red and blue",
    "",
    "Photochrom",
    "Photochrom",
    "2026",
    "<Image>/Filters/Test/_Tiles",
    "RGB*",
    [],
    [],
    swap,
)
main()
