#!/usr/bin/env python
"""The methods, procedures and constants that most public scripts use, each by pixels and structure."""

import os

from cases import *
from gimpfu import *


@case("close")
def try_it(out):
    image, layer = an_image()
    path = gimp.Vectors(image, "path")
    stroke = gimp.VectorsBezierStroke(
        path, [10, 10, 10, 10, 10, 10, 40, 10, 40, 10, 40, 10, 40, 40, 40, 40, 40, 40], False
    )
    pdb.gimp_image_insert_vectors(image, path, None, 0)
    points, closed = path.strokes[0].points
    assert not closed and len(points) == 18
    assert abs(stroke.get_length(0.1) - 60) < 0.5
    stroke.close()
    assert path.strokes[0].points[1] is True
    path.to_selection()
    assert pixel(image.selection, 35, 15) == (255,) and pixel(image.selection, 15, 35) == (0,)


@case("remove_layer")
def try_it(out):
    image, bottom = an_image()
    top = a_layer(image, "top")
    image.remove_layer(top)
    assert image.layers == [bottom]


@case("ID")
def try_it(out):
    image, layer = an_image()
    assert gimp._id2image(image.ID) == image and gimp.Item.from_id(layer.ID) == layer
    assert isinstance(layer.ID, int) and layer.ID != gimp.Layer(image, "x", 5, 5, RGB_IMAGE).ID


@case("merge_shadow")
def try_it(out):
    image, layer = an_image()
    source = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT, False, False)
    shadow = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT, True, True)
    shadow[:, :] = bytes(WHITE) * (WIDTH * HEIGHT)
    shadow[2, 2] = bytes(GREEN)
    assert source[2, 2] == bytes(RED)
    layer.flush()
    assert pixel(layer, 2, 2) == RED
    layer.merge_shadow(True)
    layer.update(0, 0, WIDTH, HEIGHT)
    assert pixel(layer, 2, 2) == GREEN and pixel(layer, 66, 49) == WHITE


@case("pdb.gimp_image_undo_group_start")
def try_it(out):
    image, layer = an_image()
    pdb.gimp_image_undo_group_start(image)
    pdb.gimp_invert(layer)
    pdb.gimp_image_undo_group_end(image)
    assert pixel(layer) == (0, 255, 255)


@case("pdb.gimp_image_undo_group_end")
def try_it(out):
    image, _layer = an_image()
    try:
        pdb.gimp_image_undo_group_end(image)
    except gimp.error as failed:
        assert "gimp-image-undo-group-end" in str(failed), failed
        return
    raise AssertionError("no error")


@case("pdb.gimp_selection_none")
def try_it(out):
    image, layer = an_image()
    pdb.gimp_selection_all(image)
    assert pdb.gimp_selection_is_empty(image) == 0
    pdb.gimp_selection_none(image)
    assert pdb.gimp_selection_is_empty(image) == 1 and pixel(image.selection) == (0,)


@case("pdb.gimp_message")
def try_it(out):
    pdb.gimp_message("A word from pdb.gimp_message")


@case("pdb.gimp_progress_init")
def try_it(out):
    pdb.gimp_progress_init("Working…", None)
    pdb.gimp_progress_update(0.5)
    pdb.gimp_progress_end()


@case("pdb.gimp_image_duplicate")
def try_it(out):
    image, layer = an_image(fill=GREEN)
    copy = pdb.gimp_image_duplicate(image)
    assert isinstance(copy, gimp.Image) and copy != image
    copy.layers[0].fill(WHITE_FILL)
    assert pixel(layer) == GREEN and pixel(copy.layers[0]) == WHITE


@case("pdb.gimp_image_get_active_layer")
def try_it(out):
    image, layer = an_image()
    active = pdb.gimp_image_get_active_layer(image)
    assert active == layer and isinstance(active, gimp.Layer)
    assert pdb.gimp_image_get_active_layer(gimp.Image(5, 5, RGB)) is None


@case("pdb.gimp_image_select_item")
def try_it(out):
    image, layer = an_image()
    channel = gimp.Channel(image, "mask", WIDTH, HEIGHT, 50.0, gimpcolor.RGB(255, 0, 0))
    image.add_channel(channel, 0)
    pixels = channel.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    pixels[:, :] = b"\0" * (WIDTH * HEIGHT)
    pixels[8:12, 9:15] = b"\xff" * 24
    pdb.gimp_image_select_item(image, CHANNEL_OP_REPLACE, channel)
    assert pdb.gimp_selection_bounds(image) == (1, 8, 9, 12, 15)
    assert layer.mask_bounds == (8, 9, 12, 15)


@case("pdb.gimp_displays_flush")
def try_it(out):
    assert pdb.gimp_displays_flush() is None


@case("pdb.gimp_selection_bounds")
def try_it(out):
    image, layer = an_image()
    assert pdb.gimp_selection_bounds(image) == (0, 0, 0, WIDTH, HEIGHT)
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 4, 5, 10, 20)
    assert pdb.gimp_selection_bounds(image) == (1, 4, 5, 14, 25)


@case("pdb.gimp_progress_set_text")
def try_it(out):
    gimp.progress_init("One")
    pdb.gimp_progress_set_text("Zwei: ü")


@case("pdb.gimp_edit_clear")
def try_it(out):
    image, layer = an_image(kind=RGBA_IMAGE)
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 0, 0, 10, 10)
    pdb.gimp_edit_clear(layer)
    assert pixel(layer)[3] == 0 and pixel(layer, 20, 20) == (*RED, 255)


@case("pdb.gimp_image_insert_layer")
def try_it(out):
    image, bottom = an_image()
    layer = pdb.gimp_layer_new(image, WIDTH, HEIGHT, RGBA_IMAGE, "new", 100, LAYER_MODE_NORMAL)
    pdb.gimp_image_insert_layer(image, layer, None, 1)
    assert image.layers == [bottom, layer]


@case("pdb.gimp_file_save")
def try_it(out):
    image, layer = an_image(fill=(12, 34, 56))
    path = os.path.join(out, "Größe 1.png")
    pdb.gimp_file_save(image, layer, path, path)
    loaded = pdb.gimp_file_load(path, path)
    assert pixel(loaded.layers[0]) == (12, 34, 56) and loaded.width == WIDTH
    jpeg = os.path.join(out, "one.jpg")
    pdb.file_jpeg_save(image, layer, jpeg, jpeg, 0.9, 0, 0, 0, "", 0, 0, 0, 0)
    assert os.path.getsize(jpeg) > 300


@case("pdb.gimp_image_delete")
def try_it(out):
    image, layer = an_image()
    pdb.gimp_image_delete(image)
    assert image not in gimp.image_list() and not image.is_valid()


@case("pdb.gimp_image_width")
def try_it(out):
    image, layer = an_image()
    assert pdb.gimp_image_width(image) == WIDTH
    try:
        pdb.gimp_image_width(layer)
    except TypeError as wrong:
        assert "gimp.Image" in str(wrong)
        return
    raise AssertionError("a layer was taken for an image")


@case("pdb.gimp_image_height")
def try_it(out):
    image, layer = an_image()
    assert pdb.gimp_image_height(image) == HEIGHT
    try:
        pdb.gimp_image_height()
    except TypeError as wrong:
        assert "image" in str(wrong)
        return
    raise AssertionError("no argument was enough")


@case("pdb.gimp_image_remove_layer")
def try_it(out):
    image, bottom = an_image(fill=BLUE)
    top = a_layer(image, "top")
    pdb.gimp_image_remove_layer(image, top)
    assert image.layers == [bottom] and pixel(image.flatten()) == BLUE


@case("CHANNEL_OP_REPLACE")
def try_it(out):
    assert CHANNEL_OP_REPLACE == 2
    image, layer = an_image()
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 0, 0, 5, 5)
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 20, 20, 5, 5)
    assert pdb.gimp_selection_bounds(image) == (1, 20, 20, 25, 25)


@case("NORMAL_MODE")
def try_it(out):
    image, layer = an_image(fill=RED)
    assert pixel(a_layer(image, "top", fill=BLUE)) == BLUE and NORMAL_MODE == 0
    assert pixel(image.flatten()) == BLUE


@case("RGB")
def try_it(out):
    assert gimp.Image(4, 4, RGB).base_type == RGB == 0
    assert gimp.Image(4, 4, GRAY).base_type == GRAY == 1


@case("RGBA_IMAGE")
def try_it(out):
    image, layer = an_image(kind=RGBA_IMAGE)
    assert layer.type == RGBA_IMAGE == 1 and layer.bpp == 4 and layer.has_alpha


register_cases("procedures")
main()
