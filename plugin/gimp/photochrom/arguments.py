"""Arguments of the procedures, and their meaning as settings."""

import struct

import coloring
import layers
from gi.repository import Babl, Gegl, Gimp, GLib, GObject

from photochrom_client import translated as _
from photochrom_client.given import tidy
from photochrom_client.kit.guidance import shown_by
from photochrom_client.kit.texts import ORIGINAL, SEEN_AS, STYLE, STYLES
from photochrom_client.kit.unsuitable import OUTSIDE, Unsuitable
from photochrom_client.prompt import Prompt
from photochrom_client.protocol import REACH
from photochrom_client.settings import RANGES, SELECTED, Object, Settings

READ_WRITE = GObject.ParamFlags.READWRITE
SETTINGS = (
    *("colorizer", "style", "chroma", "harmonize", "segmenter", "warmth", "neutrals", "keep-tint", "reach", "original"),
    "output",
)
"""Those of `add_settings`, but for the note."""

ADJUSTMENTS = ("chroma", "harmonize", "warmth", "neutrals", "keep-tint")
"""Those of them that can be changed afterwards without another prediction."""


def add_none(_procedure):
    """For procedures without arguments of their own."""


def add_settings(procedure):
    text = procedure.add_string_argument
    text(
        "colorizer",
        _("Co_lorizer"),
        _("Colorizer to use: auto, or a name that the engine lists"),
        "auto",
        READ_WRITE,
    )
    text(
        "segmenter",
        _("O_bject segmenter"),
        _("Segmenter that outlines the objects: a name that the engine lists; empty: the best installed"),
        "",
        READ_WRITE,
    )
    style = Gimp.Choice.new()
    for number, (name, title) in enumerate(STYLES):
        style.add(name, number, title, STYLE)
    procedure.add_choice_argument("style", _("C_olors"), STYLE, style, "vivid", READ_WRITE)
    add_adjustments(procedure)
    procedure.add_double_argument(
        "reach",
        _("Hint re_ach"),
        _("How far painted hints spread beyond the objects they are on: 0 not at all, 1 without bounds"),
        *REACH,
        READ_WRITE,
    )
    original = Gimp.Choice.new()
    for number, (name, title) in enumerate(SEEN_AS):
        original.add(name, number, title, ORIGINAL)
    procedure.add_choice_argument("original", _("Or_iginal"), ORIGINAL, original, SEEN_AS[0][0], READ_WRITE)
    output = Gimp.Choice.new()
    output.add("color-layer", 0, _("Color only (LCH Color layer)"), _("Keeps the tones of the layers below"))
    output.add("normal-layer", 1, _("Color and tones (normal layer)"), _("A complete picture in one layer"))
    procedure.add_choice_argument(
        "output", _("O_utput"), _("Contents of the new layer"), output, "color-layer", READ_WRITE
    )
    add_note(procedure)


def add_note(procedure):
    procedure.add_boolean_argument(
        "note",
        _("Note in the image's me_tadata that its colors were made by an algorithm"),
        _("Exported files then contain the note, too"),
        True,
        READ_WRITE,
    )


def add_adjustments(procedure):
    number = procedure.add_double_argument
    number(
        "chroma",
        _("Stren_gth"),
        _("Strength of the colors: 0 gray, 1 as predicted"),
        *RANGES["chroma"],
        1.0,
        READ_WRITE,
    )
    number(
        "harmonize",
        _("E_ven out object colors"),
        _("How far each object is drawn to one color: 0 is off"),
        *RANGES["harmonize"],
        0.0,
        READ_WRITE,
    )
    number("warmth", _("_Warmth"), _("-1 cold, 1 warm"), *RANGES["warmth"], 0.0, READ_WRITE)
    number(
        "neutrals",
        _("Protect _neutrals"),
        _("How much of what is almost gray stays gray: suits, hair, snow"),
        *RANGES["neutrals"],
        0.0,
        READ_WRITE,
    )
    procedure.add_boolean_argument(
        "keep-tint",
        _("_Keep the paper's tint"),
        _("Lays the colors over the tint of the layer, such as sepia"),
        False,
        READ_WRITE,
    )


def add_following(procedure):
    procedure.add_file_argument(
        "reference",
        _("_File"),
        _("Reference picture"),
        Gimp.FileChooserAction.OPEN,
        True,
        None,
        READ_WRITE,
    )
    way = Gimp.Choice.new()
    way.add("palette", 0, _("Its palette"), _("The picture as a whole gets such colors"))
    way.add("regions", 1, _("Its colors, region by region"), _("Regions that look alike get the same color"))
    procedure.add_choice_argument(
        "follow", _("F_ollow"), _("How the reference picture is followed"), way, "palette", READ_WRITE
    )
    add_settings(procedure)


def add_recoloring(procedure):
    whole, boolean = procedure.add_int_argument, procedure.add_boolean_argument
    most = Gimp.MAX_IMAGE_SIZE
    whole("x", "_X", _("A pixel of the image that is on the object"), 0, most, 0, READ_WRITE)
    whole("y", "_Y", _("A pixel of the image that is on the object"), 0, most, 0, READ_WRITE)
    boolean(
        "use-selection",
        _("The _selection shows the object"),
        _("Recolors the object that the selection roughly surrounds, instead of the one at x and y"),
        False,
        READ_WRITE,
    )
    boolean(
        "most-probable",
        _("The most _probable color"),
        _("Uses the color that the colorizer finds most probable, instead of the given one"),
        False,
        READ_WRITE,
    )
    procedure.add_color_argument("color", _("_Color"), _("The object's new color"), False, red(), READ_WRITE)
    procedure.add_string_argument(
        "prompt",
        _("C_licks"),
        _("Clicks on the object and off it, a box and a size, as JSON (docs/protocol.md), instead of x and y"),
        "",
        READ_WRITE,
    )
    add_known(procedure, "known")
    boolean(
        "select-only",
        _("_Only select the object, for a mask or other tools"),
        _("Makes the object the image's selection, instead of recoloring it"),
        False,
        READ_WRITE,
    )


def add_file(procedure):
    procedure.add_file_argument(
        "file",
        _("_File"),
        _("File to write: .ora for Krita, .psd for Photoshop, .tif for an archive"),
        Gimp.FileChooserAction.SAVE,
        True,
        None,
        READ_WRITE,
    )
    add_note(procedure)


def add_known(procedure, name="note"):
    procedure.add_string_argument(
        name,
        _("Kno_wn from"),
        _("How the color is known, for example: green: letter of 1943. Empty: nobody says"),
        "",
        READ_WRITE,
    )


def add_choice(procedure):
    procedure.add_string_argument(
        "choice",
        _("_Variants"),
        _(
            "Comma-separated: 0 for the main answer, 1 to 9 for others of the colorizer, names of "
            "colorizers, calm, vivid, muted, strong"
        ),
        "0,muted,strong",
        READ_WRITE,
    )


def settings(config, source):
    """The `Settings` for a layer, of a configuration with `add_settings`."""
    return Settings(**_given(config, SETTINGS, source))


def adjusting(config, made_with, source):
    """The settings `made_with`, with the adjustments of a configuration with `add_adjustments`."""
    return made_with._replace(**_given(config, ADJUSTMENTS, source))


def set_all(config, names, settings):
    """Sets these arguments from settings."""
    for name in names:
        config.set_property(name, any(settings.tint) if name == "keep-tint" else getattr(settings, name))


def _given(config, names, source):
    given = {name: config.get_property(name) for name in names if name != "keep-tint"}
    if "segmenter" in given:
        given["segmenter"] = given["segmenter"] or ""  # GIMP gives None for it
    return {**given, "tint": coloring.paper_tint(source) if config.get_property("keep-tint") else (0.0, 0.0)}


def following(config, source):
    """The `Settings` for a layer, of a configuration with `add_following`."""
    file = config.get_property("reference")
    path = file.get_path() if file is not None else ""
    return settings(config, source)._replace(reference=config.get_property("follow"), reference_file=path or "")


def recoloring(config, source):
    """The `Settings` for a layer, of a configuration with `add_recoloring`. Raises `Unsuitable` for a point outside."""
    wanted: Object = SELECTED if config.get_property("use-selection") else _shown(config, source)
    color = None if config.get_property("most-probable") else ab_of(config.get_property("color"))
    note = tidy(config.get_property("known") or "")
    return Settings(object=wanted, color=color, note=note, original=layers.original_of(source))


def _shown(config, source):
    said = config.get_property("prompt")
    if said:
        return shown_by(said)
    _found, left, top = source.get_offsets()
    x = (config.get_property("x") - left + 0.5) / source.get_width()
    y = (config.get_property("y") - top + 0.5) / source.get_height()
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise Unsuitable(OUTSIDE)
    return Prompt().clicked(x, y)


def last(source):
    """The settings of the last result, as far as they apply to any photograph; the default without one. What was
    scanned is as this one's colors say."""
    kept = coloring.history().last(lambda: coloring.paper_tint(source))
    return kept._replace(original=layers.original_of(source))


def ab_of(color):
    """(a, b) D50 of a `Gegl.Color`."""
    return struct.unpack("3f", color.get_bytes(Babl.format("CIE Lab float")).get_data())[1:]


def color_of(rgb):
    """A `Gegl.Color` from sRGB, 0…1."""
    color = Gegl.Color.new("black")
    color.set_bytes(Babl.format("R'G'B' float"), GLib.Bytes.new(struct.pack("3f", *rgb)))
    return color


def red():
    return color_of((0.7, 0.15, 0.15))
