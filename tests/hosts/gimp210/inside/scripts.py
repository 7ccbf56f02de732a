#!/usr/bin/env python
"""Runs the scripts of the folder `scripts`, and looks at what they have done. A plug-in of GIMP's."""

import json
import os
import traceback

from gimpfu import *

CASES = {}
WIDTH, HEIGHT = 120, 80
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def case(name):
    def remember(function):
        CASES[name] = function
        return function

    return remember


def a_layer(image, name, fill, kind=RGBA_IMAGE):
    layer = gimp.Layer(image, name, WIDTH, HEIGHT, kind, 100, NORMAL_MODE)
    image.add_layer(layer, 0)
    gimp.set_foreground(fill)
    layer.fill(FOREGROUND_FILL)
    return layer


def an_image(fill=RED, kind=RGBA_IMAGE):
    image = gimp.Image(WIDTH, HEIGHT, RGB)
    return image, a_layer(image, "Photograph", fill, kind)


@case("export_layers")
def try_it(out):
    image, bottom = an_image(RED)
    a_layer(image, "Grün", GREEN)
    hidden = a_layer(image, "hidden", BLUE)
    hidden.visible = False
    for flat in (0, 1):
        folder = os.path.join(out, "layers %d" % flat)
        os.mkdir(folder)
        assert pdb.python_fu_test_export_layers(image, bottom, folder, "%(number)02d-%(name)s.png", flat) == 2
        assert sorted(os.listdir(folder)) == ["00-Grün.png", "01-Photograph.png"]
        for name, color in (("00-Grün.png", GREEN), ("01-Photograph.png", RED)):
            path = os.path.join(folder, name)
            assert pdb.gimp_file_load(path, path).layers[0].get_pixel(5, 5)[:3] == color
    assert len(image.layers) == 3 and bottom.visible


@case("guides")
def try_it(out):
    image, layer = an_image()
    image.add_hguide(7)
    pdb.python_fu_test_guides(image, layer, 3, 5, True)
    found, guide = [], image.find_next_guide(0)
    while guide:
        found.append((image.get_guide_orientation(guide), image.get_guide_position(guide)))
        guide = image.find_next_guide(guide)
    assert sorted(found) == [(0, 26), (0, 53), (1, 5), (1, 40), (1, 80), (1, 115)], found


@case("palette")
def try_it(out):
    image, layer = an_image(BLUE)
    layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)[0:10, 0:10] = (bytes(RED) + b"\xff") * 50 + (bytes(GREEN) + b"\xff") * 50
    layer.flush()
    name, count = pdb.python_fu_test_palette(image, layer, "Test", 1, 0)
    assert count == 3
    assert [pdb.gimp_palette_entry_get_color(name, i)[0:3] for i in range(3)] == [RED, GREEN, BLUE]
    assert pdb.gimp_palette_entry_get_name(name, 1) == "Color 1"
    pdb.gimp_palette_delete(name)


@case("watermark")
def try_it(out):
    image, layer = an_image((0, 0, 0))
    merged = pdb.python_fu_test_watermark(image, layer, "Ann", "Sans", 20, (255, 255, 0), 100, "right")
    assert image.layers == [merged]
    region = merged.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    light = [(x, y) for x in range(WIDTH) for y in range(HEIGHT) if ord(region[x, y][0]) > 200]
    assert len(light) > 20 and min(x for x, y in light) > 50 and min(y for x, y in light) > 40
    assert all(ord(region[x, y][2]) == 0 for x, y in light)


@case("batch")
def try_it(out):
    source, target = os.path.join(out, "from"), os.path.join(out, "to")
    os.mkdir(source)
    os.mkdir(target)
    for name, fill in (("a.png", RED), ("b.png", BLUE)):
        image, layer = an_image(fill, RGB_IMAGE)
        path = os.path.join(source, name)
        pdb.file_png_save(image, layer, path, path, 0, 9, 0, 0, 0, 0, 0)
    with open(os.path.join(source, "broken.png"), "w") as file:
        file.write("no picture")
    assert pdb.python_fu_test_batch(source, target, 60) == 2
    assert sorted(os.listdir(target)) == ["a.jpg", "b.jpg"]
    path = os.path.join(target, "a.jpg")
    image = pdb.gimp_file_load(path, path)
    assert (image.width, image.height) == (60, 40)
    assert max(abs(x - y) for x, y in zip(image.layers[0].get_pixel(30, 20), (0, 255, 255))) < 6


@case("tiles")
def try_it(out):
    image, layer = an_image((200, 100, 50))
    layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)[119, 79] = b"\x01\x02\x03\x04"
    layer.flush()
    pdb.python_fu_test_tiles(image, layer)
    assert layer.get_pixel(0, 0) == (50, 100, 200, 255) and layer.get_pixel(100, 70) == (50, 100, 200, 255)
    assert layer.get_pixel(119, 79) == (3, 2, 1, 4)


@case("text")
def try_it(out):
    image, layer = an_image((255, 255, 255))
    text = pdb.gimp_text_fontname(image, None, 2, 2, "Grüße", 0, True, 10, PIXELS, "Sans")
    group = gimp.GroupLayer(image, "group")
    image.insert_layer(group, None, 0)
    inner = pdb.gimp_text_layer_new(image, "inside", "Sans", 10, PIXELS)
    image.insert_layer(inner, group, 0)
    width = text.width
    assert pdb.python_fu_test_text(image, layer, "Sans Bold", 2.0, (0, 0, 255)) == (2, ("inside", "Grüße"))
    assert text.width > 1.5 * width and pdb.gimp_text_layer_get_font(text) == "Sans Bold"
    assert pdb.gimp_text_layer_get_color(inner)[0:3] == BLUE


@case("selection")
def try_it(out):
    image, layer = an_image(RED)
    region = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    region[60:120, 0:80] = (bytes(BLUE) + b"\xff") * (60 * 80)
    layer.flush()
    try:
        pdb.python_fu_test_selection(image, layer, 2, 0)
    except RuntimeError as refused:
        assert str(refused) == "Nothing is selected: select a part of the picture first."
    else:
        raise AssertionError("nothing was selected")
    pdb.gimp_image_select_rectangle(image, CHANNEL_OP_REPLACE, 10, 10, 30, 20)
    cut, x1, y1, x2, y2 = pdb.python_fu_test_selection(image, layer, 2, 0)
    assert (x1, y1, x2, y2) == (8, 8, 42, 32)
    assert image.layers == [cut, layer] and cut.offsets == (8, 8) and (cut.width, cut.height) == (34, 24)
    assert cut.get_pixel(10, 10) == (*RED, 255)
    mixed = layer.get_pixel(60, 60)
    assert 60 < mixed[0] < 200 and 60 < mixed[2] < 200, mixed
    assert image.channels == [] and pdb.gimp_selection_is_empty(image)


@case("path")
def try_it(out):
    image, layer = an_image((255, 255, 255))
    path, length = pdb.python_fu_test_star(image, layer, 5, 30.0, 12.0, True, "2. Hardness 100")
    assert image.vectors == [path] and 150 < length < 300
    assert layer.get_pixel(60, 40) == (255, 255, 255, 255)
    assert layer.get_pixel(60, 11)[1] < 128  # the upper point


@case("custom_dialog")
def try_it(out):
    image, layer = an_image(RED)
    pdb.python_fu_test_custom(image, layer, 0, 255, 0)
    assert layer.get_pixel(3, 3)[:3] == GREEN
    gimp.set_foreground(BLUE)
    layer.fill(FOREGROUND_FILL)
    pdb.python_fu_test_custom(image, layer, 0, 0, 0, run_mode=RUN_WITH_LAST_VALS)
    assert layer.get_pixel(3, 3)[:3] == GREEN and gimp.get_foreground()[0:3] == BLUE


def scripts(out):
    for name, function in CASES.items():
        result = {}
        try:
            function(out)
        except BaseException:
            result["traceback"] = traceback.format_exc()
        for image in gimp.image_list():
            pdb.gimp_image_delete(image)
        with open(os.path.join(out, name + ".json"), "w") as file:
            json.dump(result, file)


US = ("", "Photochrom", "Photochrom", "2026", None, None)
register("test-scripts", "Runs the cases", *US, [(PF_STRING, "out", "A folder", "")], [], scripts)
main()
