#!/usr/bin/env python
"""The names of gimpfu and gimp that most public scripts use, each in a case that looks at pixels and structure."""

import json
import os

from cases import *
from gimpfu import *


@case("main")
def try_it(out):
    assert "python_fu_test_names" in dir(pdb)  # main() answered GIMP's question what there is


@case("register")
def try_it(out):
    told = pdb.python_fu_test_values
    assert told.proc_blurb == "Gives its arguments back"
    assert [each[1] for each in told.params] == ["run-mode", *(each[1] for each in VALUES)]
    assert told.nreturn_vals == 1


@case("PF_IMAGE")
def try_it(out):
    image, layer = an_image()
    assert given(image=image)["image"] == image.ID


@case("PF_DRAWABLE")
def try_it(out):
    image, layer = an_image()
    assert given(drawable=layer)["drawable"] == [layer.ID, "Layer"]
    assert given(drawable=image.selection)["drawable"][1] == "Channel"


@case("N_")
def try_it(out):
    assert N_("Blur") == "Blur"


@case("PF_INT")
def try_it(out):
    assert given(number=-41)["number"] == -41


@case("PF_SPINNER")
def try_it(out):
    assert given(spinner=7)["spinner"] == 7
    assert given(fraction=0.25)["fraction"] == 0.25


@case("PF_BOOL")
def try_it(out):
    assert given(bool=True)["bool"] == 1
    assert given(bool=False)["bool"] == 0


@case("PF_STRING")
def try_it(out):
    assert given(text="Grüße, 'Ann' \"1\"")["text"] == "Grüße, 'Ann' \"1\""
    assert given(text="")["text"] == ""


@case("PF_SLIDER")
def try_it(out):
    assert given(slider=33.5)["slider"] == 33.5


@case("PF_RADIO")
def try_it(out):
    assert given(radio="two")["radio"] == "two"
    assert given(numbered=2)["numbered"] == 2


@case("PF_TOGGLE")
def try_it(out):
    assert given(toggle=1)["toggle"] == 1


@case("gimp.locale_directory")
def try_it(out):
    assert os.path.isabs(gimp.locale_directory)
    gettext.install("gimp20-python", gimp.locale_directory, unicode=True)
    assert _("no such text anywhere") == "no such text anywhere"


@case("gimp.Layer")
def try_it(out):
    image, bottom = an_image(fill=RED)
    layer = gimp.Layer(image, "above", 30, 20, RGBA_IMAGE, 50.0, MULTIPLY_MODE)
    assert (layer.name, layer.width, layer.height, layer.opacity) == ("above", 30, 20, 50.0)
    assert layer.mode == MULTIPLY_MODE and layer.has_alpha and layer.is_rgb
    assert image.layers == [bottom]  # not in the image yet
    image.add_layer(layer, 0)
    assert image.layers == [layer, bottom] and image.layers[0] == layer


@case("gimp.message")
def try_it(out):
    gimp.message("A word from gimp.message: Grüße")  # the test looks for it in what GIMP says
    gimp.message(42)


@case("gimp.delete")
def try_it(out):
    image, layer = an_image()
    alone = gimp.Layer(image, "alone", 5, 5, RGB_IMAGE)
    gimp.delete(alone)
    assert not alone.is_valid()
    gimp.delete(image)
    assert image not in gimp.image_list() and not layer.is_valid()


@case("gimp.progress_init")
def try_it(out):
    gimp.progress_init("Working on it…")
    gimp.progress_init()


@case("gimp.displays_flush")
def try_it(out):
    image, layer = an_image()
    gimp.displays_flush()
    assert pixel(layer) == RED


@case("gimp.progress_update")
def try_it(out):
    gimp.progress_init("Working…")
    for step in range(11):
        gimp.progress_update(step / 10.0)
    gimp.progress_update(1)


@case("width")
def try_it(out):
    image, layer = an_image()
    assert image.width == WIDTH and layer.width == WIDTH
    assert gimp.Layer(image, "x", 9, 4, RGB_IMAGE).width == 9


@case("height")
def try_it(out):
    image, layer = an_image()
    assert image.height == HEIGHT and layer.height == HEIGHT
    assert image.selection.height == HEIGHT


@case("layers")
def try_it(out):
    image, bottom = an_image()
    top = a_layer(image, "top")
    assert [layer.name for layer in image.layers] == ["top", "layer"]
    assert image.layers == [top, bottom] and top in image.layers
    group = gimp.GroupLayer(image, "group")
    image.insert_layer(group, None, 0)
    inner = gimp.Layer(image, "inner", 5, 5, RGB_IMAGE)
    image.insert_layer(inner, group, 0)
    assert image.layers == [group, top, bottom] and group.layers == [inner] and inner.parent == group
    assert isinstance(image.layers[0], gimp.GroupLayer) and not isinstance(image.layers[1], gimp.GroupLayer)


@case("name")
def try_it(out):
    image, layer = an_image()
    layer.name = "Grün"
    assert layer.name == "Grün" and image.layers[0].name == "Grün"
    image.filename = os.path.join(out, "photo.xcf")
    assert image.name == "photo.xcf"


@case("add_layer")
def try_it(out):
    image, bottom = an_image()
    layer = gimp.Layer(image, "new", 5, 5, RGB_IMAGE)
    image.add_layer(layer)
    assert image.layers == [layer, bottom]  # above the active one
    last = gimp.Layer(image, "last", 5, 5, RGB_IMAGE)
    image.add_layer(last, 2)
    assert image.layers == [layer, bottom, last]


@case("undo_group_start")
def try_it(out):
    image, layer = an_image()
    image.undo_group_start()
    layer.fill(WHITE_FILL)
    image.undo_group_end()
    assert pixel(layer) == WHITE


@case("undo_group_end")
def try_it(out):
    image, layer = an_image()
    image.undo_group_start()
    image.undo_group_end()
    try:
        image.undo_group_end()
    except RuntimeError:
        return
    raise AssertionError("a group that was never opened was closed")


@case("visible")
def try_it(out):
    image, layer = an_image(fill=RED)
    top = a_layer(image, "top", fill=BLUE)
    top.visible = False
    assert top.visible is False and layer.visible is True
    assert pixel(image.duplicate().flatten()) == RED
    top.visible = True
    assert pixel(image.merge_visible_layers(CLIP_TO_IMAGE))[:3] == BLUE and len(image.layers) == 1


@case("active_layer")
def try_it(out):
    image, bottom = an_image()
    top = a_layer(image, "top")
    assert image.active_layer == top
    image.active_layer = bottom
    assert image.active_layer == bottom and image.active_drawable == bottom


@case("mode")
def try_it(out):
    image, bottom = an_image(fill=(128, 128, 128))
    top = a_layer(image, "top", fill=(128, 128, 128))
    top.mode = ADDITION_MODE
    assert top.mode == ADDITION_MODE
    assert pixel(image.flatten()) == (255, 255, 255) or pixel(image.layers[0])[0] > 250


@case("image")
def try_it(out):
    image, layer = an_image()
    assert layer.image == image and image.selection.image == image
    assert gimp.Layer(image, "free", 5, 5, RGB_IMAGE).image == image


@case("update")
def try_it(out):
    image, layer = an_image()
    region = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    region[5, 6] = bytes(GREEN)
    layer.update(0, 0, WIDTH, HEIGHT)
    assert pixel(layer, 5, 6) == GREEN and pixel(layer, 6, 6) == RED


@case("flush")
def try_it(out):
    image, layer = an_image()
    region = layer.get_pixel_rgn(0, 0, WIDTH, HEIGHT)
    region[0:WIDTH, 0:HEIGHT] = bytes(BLUE) * (WIDTH * HEIGHT)
    layer.flush()
    assert {pixel(layer, x, y) for x in (0, 63, 64, 69) for y in (0, 49)} == {BLUE}


@case("opacity")
def try_it(out):
    image, layer = an_image(fill=(0, 0, 0))
    top = a_layer(image, "top", fill=WHITE)
    top.opacity = 25.0
    assert top.opacity == 25.0
    mixed = pixel(image.flatten())
    assert 60 < mixed[0] < 150, mixed


@case("get_pixel_rgn")
def try_it(out):
    image, layer = an_image()
    region = layer.get_pixel_rgn(10, 10, 20, 20, True, False)
    assert (region.x, region.y, region.w, region.h, region.bpp, region.rowstride) == (10, 10, 20, 20, 3, 60)
    assert [ord(channel) for channel in region[10, 10]] == list(RED)
    region[12, 13] = chr(1) + chr(2) + chr(255)
    region[14:16, 20:22] = [9] * 12
    assert region[12, 13] == "\x01\x02\xff" and region[12, 13][2] == "\xff"
    assert len(region[10:30, 10:30]) == 20 * 20 * 3
    assert pixel(layer, 12, 13) == (1, 2, 255) and pixel(layer, 15, 21) == (9, 9, 9)
    for outside in ((9, 10), (30, 10), (slice(0, 5), 10)):
        try:
            region[outside]
        except IndexError:
            continue
        raise AssertionError(outside)


VALUES = [
    (PF_IMAGE, "image", "Image", None),
    (PF_DRAWABLE, "drawable", "Drawable", None),
    (PF_INT, "number", "A number", 0),
    (PF_SPINNER, "spinner", "A whole number", 1, (0, 10, 1)),
    (PF_SPINNER, "fraction", "A fraction", 0.5, (0, 1, 0.01)),
    (PF_BOOL, "bool", "Yes or no", True),
    (PF_STRING, "text", "Text", "text"),
    (PF_SLIDER, "slider", "From to", 50, (0, 100, 0.5)),
    (PF_RADIO, "radio", "One of", "one", (("One", "one"), ("Two", "two"))),
    (PF_RADIO, "numbered", "One of", 1, (("One", 1), ("Two", 2))),
    (PF_TOGGLE, "toggle", "On or off", 0),
]


def given(**values):
    """What a registered function gets of what is given to its procedure."""
    arguments = [values.get(each[1], each[3]) for each in VALUES]
    return json.loads(pdb.python_fu_test_values(*arguments))


def values(*arguments):
    plain = dict(zip((each[1] for each in VALUES), arguments))
    plain["image"] = plain["image"] and plain["image"].ID
    plain["drawable"] = plain["drawable"] and [plain["drawable"].ID, type(plain["drawable"]).__name__]
    return json.dumps(plain)


register_cases("names")
register(
    *("test-values", "Gives its arguments back", *US),
    VALUES,
    [(PF_STRING, "given", "As JSON")],
    values,
)
main()
