"""Runs inside GIMP: images that change while the plug-in's own functions color them, an image a case. What must be true
of each is in test_changing.py."""

import sys
from pathlib import Path
from types import SimpleNamespace

from gi.repository import Gimp

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(Gimp.directory()) / "plug-ins" / "photochrom"))

import actions  # isort: skip
import coloring
import doubt
import object_selection
from common import document, keep, photograph, read, run_all

from photochrom_client import EngineError
from photochrom_client.engine import Layer
from photochrom_client.kit.unsuitable import Unsuitable
from photochrom_client.prompt import Click, Prompt
from photochrom_client.settings import Settings

LITE = Settings(colorizer="lite")
OBJECT = LITE._replace(object=Prompt((Click(0.55, 0.42),)), color=(-40.0, 30.0))
ACROSS = Gimp.OrientationType.HORIZONTAL


def crop(image, _source):
    image.crop(image.get_width() // 2, image.get_height(), image.get_width() // 4, 0)


def scale(image, _source):
    image.scale(2 * image.get_width(), 2 * image.get_height())


def turn(image, _source):
    image.rotate(Gimp.RotationType.DEGREES90)


def turn_round(image, _source):
    image.rotate(Gimp.RotationType.DEGREES180)


def flip(image, _source):
    image.flip(ACROSS)


def flip_down(image, _source):
    image.flip(Gimp.OrientationType.VERTICAL)


def flip_retouched(image, source):
    image.flip(ACROSS)
    retouch(image, source)


def deepen(image, _source):
    image.convert_precision(Gimp.Precision.U16_NON_LINEAR)


def gray(image, _source):
    image.convert_grayscale()


def rgb(image, _source):
    image.convert_rgb()


def other_profile(image, _source):
    image.convert_color_profile(Gimp.ColorProfile.new_rgb_adobe(), Gimp.ColorRenderingIntent.PERCEPTUAL, True)


def close(image, _source):
    image.delete()


def remove(image, source):
    image.remove_layer(source)


def move(_image, source):
    source.set_offsets(30, -20)


def enlarge_canvas(image, _source):
    image.resize(image.get_width() + 100, image.get_height() + 80, 60, 50)


def retouch(image, source):
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, image.get_width() // 4, image.get_height())
    source.edit_fill(Gimp.FillType.WHITE)
    Gimp.Selection.none(image)


def brighten(_image, source):
    source.levels(Gimp.HistogramChannel.VALUE, 0.1, 0.8, True, 1.3, 0.0, 1.0, True)


def add_alpha(_image, source):
    source.add_alpha()


def whole(image, source):
    return coloring.colorize(image, source, [LITE], False)


def uncertainty(image, source):
    return doubt.show(image, source, LITE)


def paint_first(image, source):
    return doubt.select(image, source, LITE)


def select_object(image, source):
    return object_selection.select(image, source, OBJECT)


def square(image):
    side = min(image.get_width(), image.get_height())
    image.crop(side, side, 0, 0)


def _case(name, work, change, prepare=lambda image: None):
    def case():
        image = photograph()
        prepare(image)
        source = image.get_layers()[0]
        return during(change, image, source, lambda: work(image, source))

    case.__name__ = name
    return case


def during(change, image, source, work):
    """What `work` ends with when the image changes once its first colors are computed; the document then, and after."""
    colorize, then = Layer.colorize, []

    def changing(*given):
        job = colorize(*given)
        change(image, source)
        then.append(document(image) if image.is_valid() else None)
        return job

    Layer.colorize = changing
    try:
        work()
        error = ""
    except (Unsuitable, EngineError) as failure:
        error = str(failure)
    finally:
        Layer.colorize = colorize
    now = document(image) if image.is_valid() else None
    return {"error": error, "then": then[0], "document": now}


def refilled():
    """Colors that are there are to be replaced when the image is mirrored, and when only they are."""
    image = photograph()
    source = image.get_layers()[0]
    layer = whole(image, source)
    wish = LITE._replace(chroma=0.3)

    def flip_colors(_image, _source):
        layer.transform_flip_simple(ACROSS, True, 0)

    def work():
        coloring.refill(image, layer, wish, selected_only=False)

    told = {change.__name__: during(change, image, source, work) for change in (flip, flip_colors, move, crop)}
    return told | {"removed": during(remove, image, source, work)}


def recolored():
    """An object and the rest, as the dialog shows them, with a selection beside the object."""
    image = photograph()
    source = image.get_layers()[0]
    image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 30, 20)
    sys.modules["preview_dialog"] = SimpleNamespace(ask=lambda *_given: [LITE, OBJECT])
    sys.modules["recolor_dialog"] = SimpleNamespace(RecolorDialog=None)
    config = SimpleNamespace(get_property=lambda _name: False)
    top = actions.recolor(None, Gimp.RunMode.INTERACTIVE, image, [source], config)
    keep("recolored.mask", read(top.get_mask(), "Y float"))
    return document(image)


HARMFUL = [crop, scale, turn, turn_round, flip, flip_down, flip_retouched, deepen, gray, other_profile, close, remove]
HARMLESS = [move, enlarge_canvas, retouch, brighten, add_alpha]
TOOLS = [uncertainty, paint_first, select_object]
run_all(
    [
        *(_case(f"whole-{change.__name__}", whole, change) for change in (*HARMFUL, *HARMLESS)),
        *(_case(f"square-{change.__name__}", whole, change, square) for change in (turn, turn_round, flip)),
        *(_case(f"gray-{change.__name__}", whole, change, lambda image: gray(image, None)) for change in (crop, rgb)),
        *(
            _case(f"{work.__name__}-{change.__name__}", work, change)
            for work in TOOLS
            for change in (close, remove, flip, move)
        ),
        refilled,
        recolored,
    ]
)
