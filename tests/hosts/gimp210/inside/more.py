#!/usr/bin/env python
"""What the names that most scripts use do not show: parasites, paths, guides, colors, errors."""

import json
import os
import sys

import gimpshelf
from cases import *
from gimpfu import *


@case("parasites")
def try_it(out):
    image, layer = an_image()
    for owner in (image, layer, gimp):
        owner.attach_new_parasite("photochrom-test", PARASITE_UNDOABLE, "one,two\xe9")
        found = owner.parasite_find("photochrom-test")
        assert found.name == "photochrom-test" and found.is_undoable and not found.is_persistent
        assert found.data.split(",")[0] == "one" and found.data == "one,twoé".encode()
        assert "photochrom-test" in owner.parasite_list()
        assert owner.parasite_find("nothing") is None
        owner.parasite_detach("photochrom-test")
        assert owner.parasite_find("photochrom-test") is None
    image.parasite_attach(gimp.Parasite("binary", 0, b"\0\1\2\xff"))
    assert image.parasite_find("binary").data == b"\0\1\2\xff"


@case("guides")
def try_it(out):
    image, layer = an_image()
    first, second = image.add_hguide(10), image.add_vguide(20)
    found, guide = [], 0
    while True:
        guide = image.find_next_guide(guide)
        if not guide:
            break
        found.append((guide, image.get_guide_orientation(guide), image.get_guide_position(guide)))
    assert sorted(found) == [(first, ORIENTATION_HORIZONTAL, 10), (second, ORIENTATION_VERTICAL, 20)], found
    image.delete_guide(first)
    assert image.find_next_guide(0) == second


@case("paths")
def try_it(out):
    image, layer = an_image()
    path = gimp.Vectors(image, "path")
    image.insert_vectors(path)
    ellipse = path.bezier_stroke_new_ellipse(35, 25, 20, 20, 0)
    assert ellipse.points[1] is True and abs(ellipse.get_length(0.1) - 125.66) < 1
    x, y, slope, valid = ellipse.get_point_at_dist(0, 0.1)
    assert valid and abs((x - 35) ** 2 + (y - 25) ** 2 - 400) < 2
    ellipse.translate(1, 0)
    assert image.vectors == [path] and path.strokes == [ellipse] and image.active_vectors == path
    line = path.bezier_stroke_new_moveto(0, 0)
    line.lineto(30, 40)
    assert abs(line.get_length(0.1) - 50) < 0.5 and len(path.strokes) == 2
    path.remove_stroke(line)
    path.to_selection(CHANNEL_OP_REPLACE, True, True, 2.0, 2.0)
    edge = image.selection.get_pixel(16, 25)[0]
    assert 10 < edge < 245 and image.selection.get_pixel(36, 25) == (255,)


@case("masks")
def try_it(out):
    image, layer = an_image(kind=RGBA_IMAGE)
    mask = layer.create_mask(ADD_BLACK_MASK)
    layer.add_mask(mask)
    assert layer.mask == mask and mask.is_layer_mask and isinstance(mask, gimp.Channel)
    mask.get_pixel_rgn(0, 0, WIDTH, HEIGHT)[0:10, 0:10] = b"\x80" * 100
    layer.remove_mask(MASK_APPLY)
    assert layer.mask is None and layer.get_pixel(1, 1)[3] == 128 and layer.get_pixel(20, 20)[3] == 0


@case("text_layers")
def try_it(out):
    image, layer = an_image()
    text = pdb.gimp_text_fontname(image, None, 2, 2, "Grüße", 0, True, 18, PIXELS, "Sans")
    assert isinstance(text, gimp.Layer) and image.layers[0] == text, (text, image.layers)
    assert text.is_text_layer
    assert pdb.gimp_text_layer_get_text(text) == "Grüße"
    width, height, ascent, descent = pdb.gimp_text_get_extents_fontname("Grüße", 18, PIXELS, "Sans")
    assert text.width >= width > 5 and height > 5
    pdb.gimp_text_layer_set_color(text, gimpcolor.RGB(0, 0, 255))
    flat = image.flatten().get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    assert min(ord(flat[x, y][0]) for x in range(WIDTH) for y in range(HEIGHT)) < 100


@case("colors")
def try_it(out):
    gimp.set_foreground(gimpcolor.RGB(10, 20, 30))
    assert gimp.get_foreground()[0:3] == (10, 20, 30) and tuple(gimp.get_foreground())[:3] == (10, 20, 30)
    gimp.set_background("#ff8000")
    assert gimp.get_background()[0:3] == (255, 128, 0)
    gimp.set_background((0.5, 0.25, 1.0))
    assert abs(gimp.get_background().g - 0.25) < 1e-6
    pdb.gimp_context_set_foreground((1, 2, 3, 255))
    assert pdb.gimp_context_get_foreground()[0:3] == (1, 2, 3)
    gimp.context_push()
    gimp.set_foreground("red")
    gimp.context_pop()
    assert gimp.get_foreground()[0:3] == (1, 2, 3)
    assert "no such color" in raises(ValueError, gimpcolor.rgb_parse_css, "no color")
    assert "argument" in raises(TypeError, gimp.set_foreground, "no color")


@case("gradients_and_palettes")
def try_it(out):
    names = gimp.gradients_get_list("")
    assert len(names) > 10
    name = pdb.gimp_gradient_new("test gradient")
    gimp.gradients_set_gradient(name)
    samples = gimp.gradients_sample_uniform(5)
    assert len(samples) == 5 and len(samples[0]) == 4 and samples[0][0] < samples[-1][0]
    palette = pdb.gimp_palette_new("test palette")
    assert pdb.gimp_palette_add_entry(palette, "first", (255, 0, 0)) == 0
    assert pdb.gimp_palette_entry_get_color(palette, 0)[0:3] == RED
    count, colors = pdb.gimp_palette_get_colors(palette)
    assert count == 1 and colors[0][0:3] == RED
    pdb.gimp_palette_delete(palette)
    pdb.gimp_gradient_delete(name)


@case("the_shelf_keeps_what_is_put_in")
def try_it(out):
    image, layer = an_image()
    kept = {
        "a": [1, 2.5, None, True],
        "b": (b"\0\xff", "Grüße", {3, 4}),
        "layer": layer,
        "color": gimpcolor.RGB(1, 2, 3),
    }
    gimpshelf.shelf["photochrom-test"] = kept
    assert "photochrom-test" in gimpshelf.shelf and gimpshelf.shelf.has_key("photochrom-test")
    assert gimpshelf.shelf["photochrom-test"] == kept
    assert json.loads(pdb.python_fu_test_shelf()) == [1, 2.5, None, True]  # another process
    del gimpshelf.shelf["photochrom-test"]
    assert not gimpshelf.shelf.has_key("photochrom-test")
    assert "nothing" in raises(KeyError, lambda: gimpshelf.shelf["nothing"])
    assert "object" in raises(TypeError, gimpshelf.shelf.__setitem__, "x", object())


@case("exceptions_are_errors_with_their_text")
def try_it(out):
    said = raises(RuntimeError, pdb.python_fu_test_fails, "ValueError")
    assert "ValueError: no good: ü" in said and "more.py, line" in said, said
    assert raises(gimp.error, pdb.python_fu_test_fails, "error") == "not this way"
    assert "sys.exit(0)" in raises(gimp.error, pdb.python_fu_test_fails, "exit")
    assert "has registered 1" in raises(gimp.error, pdb.python_fu_test_fails, "None")
    assert "text is needed" in raises(gimp.error, pdb.python_fu_test_fails, "list")


@case("cancelling_is_no_error")
def try_it(out):
    raises(CancelError, pdb.python_fu_test_fails, "cancel")


@case("an_undo_group_that_a_failed_run_left_open_is_closed")
def try_it(out):
    image, layer = an_image()
    raises(gimp.error, pdb.python_fu_test_leaves_open, image)
    image.undo_group_start()
    image.undo_group_end()


@case("arrays_of_every_type")
def try_it(out):
    numbers, fractions, texts, data = (1, -2, 3), (0.5, 1.25), ("ä", "b"), b"\1\2\xff"
    given = (3, numbers, 2, fractions, 2, texts, 3, data)
    assert pdb.python_fu_test_arrays(*given) == (3, numbers, 2, fractions, 2, texts, 3, (1, 2, 255))


@case("temporary_procedures_last_while_the_script_runs")
def try_it(out):
    called = []
    gimp.install_temp_proc(
        *("photochrom-test-temp", "", "", "", "", "", None, None, TEMPORARY, [(PDB_INT32, "number", "A number")], []),
        called.append,
    )
    assert "photochrom-test-temp" in pdb.query("photochrom-test-temp")
    gimp.uninstall_temp_proc("photochrom-test-temp")
    assert "photochrom-test-temp" not in pdb.query("photochrom-test-temp")


@case("names_of_old_enums")
def try_it(out):
    assert (BACKGROUND_FILL, FG_BUCKET_FILL, INTERPOLATION_LANCZOS, ADD_WHITE_MASK) == (1, 0, 3, 0)
    assert (LAYER_MODE_NORMAL, LAYER_MODE_LCH_COLOR, NORMAL_MODE, MULTIPLY_MODE) == (28, 26, 0, 3)
    assert (PDB_INT32, PDB_IMAGE, RUN_NONINTERACTIVE, TRUE, FALSE) == (0, 13, 1, 1, 0)
    assert (UNIT_PIXEL, PIXELS, PARASITE_PERSISTENT, EXPAND_AS_NECESSARY) == (0, 0, 1, 0)


@case("nothing_grows_in_a_loop")
def try_it(out):
    image, layer = an_image(kind=RGBA_IMAGE, size=(256, 256))

    def once():
        image.undo_freeze()
        region = layer.get_pixel_rgn(0, 0, 256, 256)
        region[0:256, 0:256] = region[0:256, 0:256]
        layer.flush()
        layer.attach_new_parasite("p", 0, "x" * 10000)
        layer.parasite_find("p")
        pdb.gimp_image_get_layers(image)
        pdb.query("gimp-image-.*")
        image.undo_thaw()

    def memory():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4

    for _ in range(40):
        once()
    before = memory()
    for _ in range(200):
        once()
    grown = memory() - before
    assert grown < 2000, f"{grown} KB"


def fails(how):
    if how == "ValueError":
        raise ValueError("no good: ü")
    if how == "error":
        raise gimp.error("not this way")
    if how == "cancel":
        raise CancelError
    if how == "exit":
        sys.exit(0)
    return {"None": None, "list": (1, 2, 3)}[how]


def leaves_open(image):
    image.undo_group_start()
    raise ValueError("on the way")


ARRAYS = (PF_INT32ARRAY, PF_FLOATARRAY, PF_STRINGARRAY, PF_INT8ARRAY)
PAIRS = [each for kind in ARRAYS for each in ((PF_INT, f"n{kind}", "How many"), (kind, f"a{kind}", "Values"))]
register_cases("more")
register("test-fails", "Fails", *US, [(PF_STRING, "how", "How", "")], [(PF_STRING, "text", "Text")], fails)
register("test-leaves-open", "Fails", *US, [(PF_IMAGE, "image", "Image", None)], [], leaves_open)
register(
    *("test-shelf", "Reads the shelf", *US, [], [(PF_STRING, "text", "JSON")]),
    lambda: json.dumps(gimpshelf.shelf["photochrom-test"]["a"]),
)
register("test-arrays", "Gives arrays back", *US, [(*each, None) for each in PAIRS], PAIRS, lambda *values: values)
main()
