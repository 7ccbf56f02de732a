"""The entries of the menu Colors ▸ Photochrom, each a procedure that scripts may call too.

Dialogs are imported where they are shown: they need a display, which scripts may not have.
"""

from collections.abc import Callable
from typing import NamedTuple

import arguments
import coloring
import doubt
import hints
import layers
import metadata
from gi.repository import Gimp
from layers import Unsuitable

from photochrom_client import translated as _
from photochrom_client.kit import variants


class Action(NamedTuple):
    """`arguments` adds the procedure's own; `run` carries it out and returns the layer that scripts get."""

    label: str
    blurb: str
    explained: str
    arguments: Callable
    run: Callable


def colorize(procedure, run_mode, image, drawables, config):
    source = layers.source_of(image, drawables)
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from colorize_dialog import ColorizeDialog
        from preview_dialog import ask

        _ask_with_note(config, ask, ColorizeDialog, procedure, config, image, source)
    settings, note = arguments.settings(config, source), _note(config, run_mode)
    return coloring.colorize(image, source, [settings], run_mode != Gimp.RunMode.INTERACTIVE, note=note)


def color_like(procedure, run_mode, image, drawables, config):
    source = layers.source_of(image, drawables)
    reference = None
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from like_dialog import LikeDialog
        from preview_dialog import ask

        reference = _ask_with_note(config, ask, LikeDialog, procedure, config, image, source)
    settings, note = arguments.following(config, source), _note(config, run_mode)
    announce = run_mode != Gimp.RunMode.INTERACTIVE
    return coloring.colorize(image, source, [settings], announce, reference=reference, note=note)


def adjust(procedure, run_mode, image, drawables, config):
    layer = layers.colors_of(drawables)
    source, made_with = layers.photograph_of(image, layer), layers.settings_of(layer)
    layers.check_refillable(layer, source)
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from adjust_dialog import AdjustDialog
        from preview_dialog import ask

        ask(AdjustDialog, procedure, config, image, source, made_with)
    return coloring.adjust(image, layer, arguments.adjusting(config, made_with, source))


def run_again(_procedure, _run_mode, image, drawables, _config):
    chosen = drawables[0] if len(drawables) == 1 else None
    if isinstance(chosen, Gimp.Layer) and chosen.get_name() == layers.HINTS:
        chosen = layers.newest_of_ours(image)
    settings = layers.settings_of(chosen) if isinstance(chosen, Gimp.Layer) else None
    if settings is None:
        raise Unsuitable(_("Select a layer that Photochrom made: its settings are used again."))
    return coloring.colorize(image, layers.photograph_of(image, chosen), [settings], True)


def colorize_with_hints(_procedure, _run_mode, image, drawables, _config):
    source = layers.source_of(image, drawables)
    if hints.painted(image, source) is None:
        raise Unsuitable(hints.missing())
    ours = layers.newest_of_ours(image)
    settings = layers.settings_of(ours) if ours is not None and layers.photograph_of(image, ours) == source else None
    if settings is None or settings.object is not None:
        settings = arguments.last(source)
    return coloring.colorize(image, source, [settings], True)


def hints_layer(_procedure, run_mode, image, _drawables, _config):
    was_rgb = image.get_base_type() == Gimp.ImageBaseType.RGB
    layer = hints.make(image)
    if not was_rgb and run_mode != Gimp.RunMode.NONINTERACTIVE:
        Gimp.message(_("The image was converted to RGB, so that it can hold color. Undo takes both back."))
    return layer


def recolor(procedure, run_mode, image, drawables, config):
    source = layers.source_of(image, drawables)
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from preview_dialog import ask
        from recolor_dialog import RecolorDialog

        ask(RecolorDialog, procedure, config, image, source)
    settings = arguments.recoloring(config, source)
    return coloring.colorize(image, source, [settings], run_mode != Gimp.RunMode.INTERACTIVE)


def choose_variants(procedure, run_mode, image, drawables, config):
    source = layers.source_of(image, drawables)
    settings = _settings_of_colors(drawables, source)
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from preview_dialog import ask
        from variants_dialog import VariantsDialog

        wishes = ask(VariantsDialog, procedure, config, image, source, settings)
    else:
        keys = config.get_property("choice").replace(",", " ").split()
        wishes = [variants.settings_of(settings, key) for key in keys]
    if not wishes:
        raise Unsuitable(_("No variant is chosen."))
    announce = run_mode != Gimp.RunMode.INTERACTIVE
    return coloring.colorize(image, source, wishes, announce, group=_("Photochrom variants"))


def show_doubt(_procedure, _run_mode, image, drawables, _config):
    source = layers.source_of(image, drawables)
    return doubt.show(image, source, _settings_of_colors(drawables, source))


def paint_here_first(_procedure, _run_mode, image, drawables, _config):
    source = layers.source_of(image, drawables)
    doubt.select(image, source, _settings_of_colors(drawables, source))
    return hints.make(image)


def remove_colors(_procedure, _run_mode, image, _drawables, _config):
    with layers.one_step(image):
        source = layers.remove_ours(image)
        metadata.update(image, metadata.wanted())
    Gimp.displays_flush()
    return source


def _ask_with_note(config, ask, *dialog):
    """Shows a dialog that also asks whether notes are wanted, and remembers the answer."""
    config.set_property("note", metadata.wanted())
    chosen = ask(*dialog)
    metadata.want(config.get_property("note"))
    return chosen


def _note(config, run_mode):
    """Scripts choose with each call; None: as the user prefers."""
    return config.get_property("note") if run_mode == Gimp.RunMode.NONINTERACTIVE else None


def _settings_of_colors(drawables, source):
    """Those of the selected color layer; else the last ones."""
    own = layers.settings_of(drawables[0])
    return own if own is not None and own.object is None else arguments.last(source)


ALL = {
    "plug-in-photochrom-colorize": Action(
        _("_Colorize…"),
        _("Gives a black-and-white photograph its colors"),
        _(
            "Adds a layer with the colors of the selected layer above it and returns it. The layer's tones stay: "
            "the new layer has the mode LCH Color, or, as a normal layer, the lightness of the photograph. "
            "Grayscale and indexed images become RGB. A selection becomes the new layer's mask. "
            "Works on this computer alone, with the Photochrom engine, which is started if it does not run."
        ),
        arguments.add_settings,
        colorize,
    ),
    "plug-in-photochrom-run-again": Action(
        _("_Run Again"),
        _("Colors the photograph once more with the settings of the selected color layer"),
        _("The settings are stored with every layer that Photochrom makes. Adds a new layer; the old one stays."),
        arguments.add_none,
        run_again,
    ),
    "plug-in-photochrom-adjust": Action(
        _("_Adjust Colors…"),
        _("Makes the colors of a layer stronger, weaker, warmer or colder"),
        _("Changes the selected color layer, within the selection if there is one. Its opacity, mode and mask stay."),
        arguments.add_adjustments,
        adjust,
    ),
    "plug-in-photochrom-recolor": Action(
        _("Re_color Object…"),
        _("Gives one object of a photograph another color"),
        _(
            "Segments the object at a point of the image, or the one that the selection surrounds, and adds a layer "
            "with its color above the photograph. The object's outline is the layer's mask."
        ),
        arguments.add_recoloring,
        recolor,
    ),
    "plug-in-photochrom-hints-layer": Action(
        _("_Hints Layer"),
        _("Shows the layer on which colors are painted as hints"),
        _(
            "Creates the transparent layer “Photochrom hints” on top if there is none, then shows and selects it. "
            "Every following coloring uses what is painted there, anywhere, at any size and softness. The layer is "
            "hidden when colors are added: it is no part of the result."
        ),
        arguments.add_none,
        hints_layer,
    ),
    "plug-in-photochrom-with-hints": Action(
        _("Colorize _with Hints"),
        _("Colors the photograph once more, using the hints layer"),
        _("Uses the settings of the newest color layer, or the last ones. Adds a new layer; the old ones stay."),
        arguments.add_none,
        colorize_with_hints,
    ),
    "plug-in-photochrom-variants": Action(
        _("_Variants…"),
        _("Shows other answers to the same photograph"),
        _(
            "Adds a layer for each chosen variant, several in a layer group with only the first one visible. Uses the "
            "settings of the selected color layer, or the last ones."
        ),
        arguments.add_choice,
        choose_variants,
    ),
    "plug-in-photochrom-color-like": Action(
        _("Color _Like…"),
        _("Gives a photograph the colors of another picture"),
        _("As Colorize, with the colors of a reference picture: its palette, or its colors region by region."),
        arguments.add_following,
        color_like,
    ),
    "plug-in-photochrom-doubt": Action(
        _("Show _Doubt"),
        _("Adds a layer that shows where the colorizer is unsure"),
        _("A heat map above the photograph, half transparent: the brighter, the less sure the colors are."),
        arguments.add_none,
        show_doubt,
    ),
    "plug-in-photochrom-paint-first": Action(
        _("_Paint Here First"),
        _("Selects where a color hint helps most, and the hints layer to paint it on"),
        _("The selection covers what the colorizer was least sure of."),
        arguments.add_none,
        paint_here_first,
    ),
    "plug-in-photochrom-remove": Action(
        _("R_emove Colors"),
        _("Removes all colors that Photochrom made, and the note about them in the image's metadata"),
        _("The photograph and everything else in the image stay. Returns the photograph's layer. One step for Undo."),
        arguments.add_none,
        remove_colors,
    ),
}
