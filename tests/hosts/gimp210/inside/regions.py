#!/usr/bin/env python
"""Tiles, pixel regions and deep pixels, as scripts read and write them."""

import os
import struct
from array import array

from cases import *
from gimpfu import *


@case("tiles_are_written_when_the_drawable_is_flushed")
def try_it(out):
    image, layer = an_image(size=(150, 130))
    for row in range(3):
        for column in range(3):
            tile = layer.get_tile(False, row, column)
            assert len(tile) == tile.ewidth * tile.eheight
            for index in range(len(tile)):
                tile[index] = bytes((row, column, index % 251))
    assert tile.ewidth == 150 - 128 and tile.eheight == 2
    layer.flush()
    layer.update(0, 0, 150, 130)
    for x, y in ((0, 0), (63, 63), (64, 0), (0, 64), (149, 129)):
        inside = (y % 64) * min(64, 150 - x // 64 * 64) + x % 64
        assert layer.get_pixel(x, y) == (y // 64, x // 64, inside % 251), (x, y, layer.get_pixel(x, y))


@case("a_tile_and_a_region_of_one_drawable_see_each_other")
def try_it(out):
    image, layer = an_image()
    tile, region = layer.get_tile2(False, 66, 2), layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    tile[1, 2] = "\x01\x02\x03"
    assert tile.dirty and region[65, 2] == "\x01\x02\x03"
    region[65, 3] = "\x04\x05\x06"
    assert layer.get_tile(False, 0, 1)[1, 3] == "\x04\x05\x06"


@case("what_gimp_does_between_is_seen_by_a_region")
def try_it(out):
    image, layer = an_image()
    region = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    region[1, 1] = bytes(GREEN)
    pdb.gimp_invert(layer)  # the script has flushed nothing
    assert region[1, 1] == bytes((255, 0, 255)) and region[2, 2] == bytes((0, 255, 255))


@case("a_pixel_fetcher_sees_beyond_the_edges_by_its_mode")
def try_it(out):
    image, layer = an_image()
    region = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    region[0, 0], region[WIDTH - 1, 5] = bytes(GREEN), bytes(BLUE)
    fetcher = gimp.PixelFetcher(layer)
    assert fetcher[0, 0] == bytes(GREEN) and fetcher[-1, 0] == bytes(3)
    for mode, left, right in (
        (PIXEL_FETCHER_EDGE_WRAP, BLUE, RED),
        (PIXEL_FETCHER_EDGE_SMEAR, RED, BLUE),
        (PIXEL_FETCHER_EDGE_BLACK, (0, 0, 0), (0, 0, 0)),
        (PIXEL_FETCHER_EDGE_BACKGROUND, (9, 8, 7), (9, 8, 7)),
    ):
        fetcher = gimp.PixelFetcher(layer, False, (9, 8, 7), mode)
        assert (fetcher[-1, 5], fetcher[WIDTH, 5]) == (bytes(left), bytes(right)), mode
    fetcher[3, 4] = "\x01\x02\x03"
    fetcher[-3, 4] = "\x01\x02\x03"
    layer.flush()
    assert layer.get_pixel(3, 4) == (1, 2, 3)


@case("pixels_index_as_in_python_2")
def try_it(out):
    image, layer = an_image(kind=RGBA_IMAGE)
    region = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    row = region[0:WIDTH, 4]
    assert len(row) == WIDTH * 4 and row[0] == "\xff" and ord(row[1]) == 0 and row[3:5] == "\xff\xff"
    assert [ord(channel) for channel in region[0, 0]] == [255, 0, 0, 255]
    assert struct.unpack("BBBB", region[0, 0]) == (255, 0, 0, 255)
    values = array("B", row)
    values[2] = 200
    region[0:WIDTH, 4] = values
    region[5, 5] = region[0, 0][0:2] + chr(7) + "\xff"
    assert layer.get_pixel(0, 4) == (255, 0, 200, 255) and layer.get_pixel(5, 5) == (255, 0, 7, 255)
    assert "".join(map(str, row[0:4])) == "\xff\0\0\xff"


@case("gray_and_indexed_regions")
def try_it(out):
    image, layer = an_image(kind=GRAYA_IMAGE, base=GRAY)
    region = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    assert region.bpp == 2
    region[3, 3] = b"\x40\x80"
    assert layer.get_pixel(3, 3) == (0x40, 0x80)
    image, layer = an_image()
    pdb.gimp_image_convert_indexed(image, CONVERT_DITHER_NONE, CONVERT_PALETTE_MONO, 2, 0, 0, "")
    region = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    assert region.bpp == 1 and len(image.colormap) == 6
    region[3, 3] = b"\x01"
    assert layer.get_pixel(3, 3) == (1,)
    image.colormap = [10, 20, 30, 40, 50, 60]
    assert image.colormap == bytes((10, 20, 30, 40, 50, 60))


@case("a_region_of_a_deep_image_has_eight_bits")
def try_it(out):
    image, layer = an_image()
    pdb.gimp_image_convert_precision(image, PRECISION_U16_GAMMA)
    region = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    assert region.bpp == 3 and region[1, 1] == bytes(RED)
    region[1, 1] = bytes((1, 2, 3))
    layer.flush()
    pdb.gimp_image_convert_precision(image, PRECISION_U8_GAMMA)
    assert layer.get_pixel(1, 1) == (1, 2, 3)


@case("lab_goes_through_the_profile_of_the_image")
def try_it(out):
    from gimpfu_compat import pixels

    image, layer = an_image()
    pdb.gimp_image_convert_precision(image, PRECISION_FLOAT_GAMMA)
    pixels.write(layer, "R'G'B' float", struct.pack("3f", 0.2, 0.7, 0.3) * (WIDTH * HEIGHT), 0, 0, WIDTH, HEIGHT)
    srgb = struct.unpack("3f", pixels.read(layer, "CIE Lab float", 1, 1, 1, 1))
    with open(os.path.join(out, "wide.icc"), "rb") as file:
        profile = file.read()
    pdb.gimp_image_set_color_profile(image, len(profile), profile)
    assert pixels.icc_profile(image) == profile
    wide = struct.unpack("3f", pixels.read(layer, "CIE Lab float", 1, 1, 1, 1))
    on_screen = bytes(pixels.read(layer, "R'G'B' float", 1, 1, 1, 1, as_srgb=True))
    shown = struct.unpack("3f", pixels.converted(on_screen, "R'G'B' float", "CIE Lab float"))
    assert max(abs(one - other) for one, other in zip(shown, wide)) < 0.05, (shown, wide)
    lightness = struct.unpack("f", pixels.read(layer, "CIE L float", 1, 1, 1, 1))
    pixels.write(layer, "CIE Lab float", struct.pack("3f", *wide), 2, 2, 1, 1)
    again = struct.unpack("3f", pixels.read(layer, "R'G'B' float", 2, 2, 1, 1))
    return {"srgb": srgb, "wide": wide, "lightness": lightness[0], "again": again}


@case("deep_pixels_are_read_and_written_exactly")
def try_it(out):
    from gimpfu_compat import pixels

    image, layer = an_image(kind=RGBA_IMAGE)
    pdb.gimp_image_convert_precision(image, PRECISION_U16_GAMMA)
    assert pixels.native_format(layer) == "R'G'B'A u16"
    data = os.urandom(WIDTH * HEIGHT * 8)
    pixels.write(layer, "R'G'B'A u16", data, 0, 0, WIDTH, HEIGHT)
    layer.update(0, 0, WIDTH, HEIGHT)
    assert bytes(pixels.read(layer, "R'G'B'A u16", 0, 0, WIDTH, HEIGHT)) == data
    assert "inside" in raises(ValueError, pixels.read, layer, "R'G'B'A u16", 0, 0, WIDTH + 1, 1)
    assert "no pixel format" in raises(ValueError, pixels.read, layer, "nonsense u9", 0, 0, 1, 1)
    assert "bytes" in raises(ValueError, pixels.write, layer, "R'G'B'A u16", b"1", 0, 0, 1, 1)


register_cases("regions")
main()
