"""The entries of the menu Colors ▸ Photochrom, each a procedure that scripts may call too.

Dialogs are imported where they are shown: they need a display, which scripts may not have.
"""

from collections.abc import Callable
from typing import NamedTuple

import arguments
import batch
import coloring
import doubt
import exporting
import hints
import known
import layers
import live_filters
import metadata
import object_selection
import sources
from gi.repository import Gimp, Gio

from photochrom_client import translated as _
from photochrom_client.kit import menu, unsuitable, variants
from photochrom_client.kit.texts import CONVERTED, PAINT_HERE, ours
from photochrom_client.kit.undo import one_step
from photochrom_client.kit.unsuitable import Unsuitable

INSTALLATION = "plug-in-photochrom-installation"


class Action(NamedTuple):
    """`arguments` adds the procedure's own; `run` carries it out and returns the layer that scripts get. Some run
    `without_image`, and return a text."""

    label: str
    blurb: str
    explained: str
    arguments: Callable
    run: Callable
    without_image: bool = False


def colorize(procedure, run_mode, image, drawables, config):
    source = _to_be_colored(image, drawables)
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from colorize_dialog import ColorizeDialog
        from preview_dialog import ask

        _ask_with_note(config, ask, ColorizeDialog, procedure, config, image, source)
    settings, note = arguments.settings(config, source), _note(config, run_mode)
    return coloring.colorize(image, source, [settings], run_mode != Gimp.RunMode.INTERACTIVE, note=note)


def color_like(procedure, run_mode, image, drawables, config):
    source = _to_be_colored(image, drawables)
    reference = None
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from like_dialog import LikeDialog
        from preview_dialog import ask

        reference = _ask_with_note(config, ask, LikeDialog, procedure, config, image, source)
    settings, note = arguments.following(config, source), _note(config, run_mode)
    announce = run_mode != Gimp.RunMode.INTERACTIVE
    return coloring.colorize(image, source, [settings], announce, reference=reference, note=note)


def adjust(procedure, run_mode, image, drawables, config):
    layer = sources.colors_of(drawables)
    source, made_with = layers.photograph_of(image, layer), layers.settings_of(layer)
    layers.check_refillable(layer, source)
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from adjust_dialog import AdjustDialog
        from preview_dialog import ask

        ask(AdjustDialog, procedure, config, image, source, layer, made_with)
    adjusted = arguments.adjusting(config, made_with, source)
    return coloring.refill(image, layer, adjusted, selected_only=True)


def live_strength(_procedure, run_mode, image, drawables, _config):
    layer = sources.colors_to_filter(image, drawables)
    live_filters.add(image, layer)
    if run_mode != Gimp.RunMode.NONINTERACTIVE:
        Gimp.message(
            _(
                "“{name}” now has the live filters Strength and Warmth. Click on “fx” beside it in the Layers dialog, "
                "and double-click one of them to change it."
            ).format(name=layer.get_name())
        )
    return layer


def run_again(_procedure, _run_mode, image, drawables, _config):
    chosen = sources.selected_of_ours(drawables)
    if any(map(hints.is_hints, drawables)) or (chosen is not None and layers.settings_of(chosen) is None):
        chosen = layers.newest_of_ours(image)
    if chosen is None:
        raise Unsuitable(unsuitable.NOT_OURS)
    source = layers.photograph_of(image, chosen)
    sources.check_selection(image, source)
    return coloring.colorize(image, source, [layers.settings_of(chosen)], True)


def colorize_with_hints(_procedure, run_mode, image, drawables, _config):
    source = sources.source_of(image, drawables)
    colors = layers.colors_over(image, source)
    # Where all paint was erased, the colors are to forget it.
    erased = colors is not None and hints.layer_of(image) is not None
    if not erased and hints.painted(image, source) is None:
        raise Unsuitable(unsuitable.no_hints(hints.NAME))
    # A selection is for painting here: “Paint Here First” makes one.
    if colors is not None and layers.has_size_of(colors, source) and not colors.get_lock_content():
        return coloring.refill(image, colors, layers.settings_of(colors), selected_only=False)
    settings = arguments.last(source) if colors is None else layers.settings_of(colors)
    return coloring.colorize(image, source, [settings], run_mode != Gimp.RunMode.NONINTERACTIVE, masked=False)


def hints_layer(_procedure, run_mode, image, _drawables, _config):
    was_rgb = image.get_base_type() == Gimp.ImageBaseType.RGB
    layer = hints.make(image)
    if not was_rgb and run_mode != Gimp.RunMode.NONINTERACTIVE:
        Gimp.message(CONVERTED)
    return layer


def recolor(procedure, run_mode, image, drawables, config):
    source = _to_be_colored(image, drawables)
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from preview_dialog import ask
        from recolor_dialog import RecolorDialog

        wishes = ask(RecolorDialog, procedure, config, image, source)
    else:
        wishes = [arguments.recoloring(config, source)]
    if config.get_property("select-only"):
        object_selection.select(image, source, wishes[-1])
        return source
    # The dialog shows each object as a whole, whatever is selected.
    masked = run_mode == Gimp.RunMode.NONINTERACTIVE
    return coloring.colorize(image, source, wishes, run_mode != Gimp.RunMode.INTERACTIVE, masked=masked)


def note_known_color(procedure, run_mode, image, drawables, config):
    layer = known.to_be_noted(image, drawables)
    if run_mode == Gimp.RunMode.INTERACTIVE:
        import known_dialog

        known_dialog.ask(procedure, config, layer, known.note_of(layer))
        layers.check_there(image, layer)
    with one_step(image):
        known.keep(layer, config.get_property("note") or "")
        metadata.renew(image)
    return layer


def choose_variants(procedure, run_mode, image, drawables, config):
    source = _to_be_colored(image, drawables)
    settings = _settings_of_colors(drawables, source)
    if run_mode == Gimp.RunMode.INTERACTIVE:
        from preview_dialog import ask
        from variants_dialog import VariantsDialog

        wishes = ask(VariantsDialog, procedure, config, image, source, settings)
    else:
        wishes = variants.chosen(settings, config.get_property("choice"))
    announce = run_mode != Gimp.RunMode.INTERACTIVE
    return coloring.colorize(image, source, wishes, announce, group=ours(_("Variants")))


def show_doubt(_procedure, _run_mode, image, drawables, _config):
    source = sources.source_of(image, drawables)
    return doubt.show(image, source, _settings_of_colors(drawables, source))


def paint_here_first(_procedure, run_mode, image, drawables, _config):
    source = sources.source_of(image, drawables)
    doubt.select(image, source, _settings_of_colors(drawables, source))
    layer = hints.make(image)
    if run_mode != Gimp.RunMode.NONINTERACTIVE:
        Gimp.message(PAINT_HERE)
    return layer


def show_installation(_procedure, run_mode, _image, _drawables, _config):
    if run_mode == Gimp.RunMode.NONINTERACTIVE:
        raise Unsuitable(unsuitable.A_WINDOW)
    import installation_window

    installation_window.show()


def remove_colors(_procedure, _run_mode, image, _drawables, _config):
    with one_step(image):
        source = layers.remove_ours(image)
        metadata.update(image, coloring.preferences().note_wanted())
    Gimp.displays_flush()
    return source


def export(_procedure, run_mode, image, _drawables, config):
    file = config.get_property("file")
    path = (file.get_path() if file is not None else None) or ""
    if not layers.makers(image):
        raise Unsuitable(unsuitable.NO_COLORS)
    if run_mode == Gimp.RunMode.INTERACTIVE:
        import export_dialog

        path = export_dialog.ask(path, *coloring.place_of(image))
        config.set_property("file", Gio.File.new_for_path(path))
    if not path:
        raise Unsuitable(unsuitable.NAMELESS)
    note = _note(config, run_mode)
    exporting.export(image, path, coloring.preferences().note_wanted() if note is None else note)


def colorize_folders(procedure, run_mode, _image, _drawables, config):
    if run_mode != Gimp.RunMode.INTERACTIVE:
        return batch.run(config)
    import batch_dialog

    batch_dialog.show(procedure, config)
    return ""


def _to_be_colored(image, drawables):
    """The layer that gets colors. Raises `Unsuitable`."""
    source = sources.source_of(image, drawables)
    sources.check_selection(image, source)
    return source


def _ask_with_note(config, ask, *dialog):
    """Shows a dialog that also asks whether notes are wanted, and remembers the answer."""
    preferences = coloring.preferences()
    config.set_property("note", preferences.note_wanted())
    chosen = ask(*dialog)
    preferences.want_note(config.get_property("note"))
    return chosen


def _note(config, run_mode):
    """Scripts choose with each call; None: as the user prefers."""
    return config.get_property("note") if run_mode == Gimp.RunMode.NONINTERACTIVE else None


def _settings_of_colors(drawables, source):
    """Those of the selected color layer; else the last ones."""
    chosen = sources.selected_of_ours(drawables)
    own = None if chosen is None else layers.settings_of(chosen)
    return own if own is not None and own.object is None else arguments.last(source)


ALL = {
    "plug-in-photochrom-colorize": Action(
        *menu.COLORIZE,
        arguments.add_settings,
        colorize,
    ),
    "plug-in-photochrom-run-again": Action(
        *menu.RUN_AGAIN,
        arguments.add_none,
        run_again,
    ),
    "plug-in-photochrom-adjust": Action(
        *menu.ADJUST,
        arguments.add_adjustments,
        adjust,
    ),
    "plug-in-photochrom-live": Action(
        _("Live _Strength and Warmth"),
        _("Adds GIMP's own live filters to a layer of colors"),
        _(
            "Saturation and Color Temperature, both neutral at first, on the selected layer of colors, or the topmost "
            "one. They can be changed at any time, without Photochrom too, and tones stay. Colors that are too "
            "strong for the image's color space may change tones."
        ),
        arguments.add_none,
        live_strength,
    ),
    "plug-in-photochrom-recolor": Action(
        *menu.RECOLOR,
        arguments.add_recoloring,
        recolor,
    ),
    "plug-in-photochrom-hints-layer": Action(
        *menu.HINTS_LAYER,
        arguments.add_none,
        hints_layer,
    ),
    "plug-in-photochrom-with-hints": Action(
        *menu.WITH_HINTS,
        arguments.add_none,
        colorize_with_hints,
    ),
    "plug-in-photochrom-known": Action(
        *menu.KNOWN,
        arguments.add_known,
        note_known_color,
    ),
    "plug-in-photochrom-variants": Action(
        *menu.VARIANTS,
        arguments.add_choice,
        choose_variants,
    ),
    "plug-in-photochrom-color-like": Action(
        *menu.COLOR_LIKE,
        arguments.add_following,
        color_like,
    ),
    "plug-in-photochrom-doubt": Action(
        *menu.DOUBT,
        arguments.add_none,
        show_doubt,
    ),
    "plug-in-photochrom-paint-first": Action(
        *menu.PAINT_FIRST,
        arguments.add_none,
        paint_here_first,
    ),
    "plug-in-photochrom-export": Action(
        *menu.EXPORT,
        arguments.add_file,
        export,
    ),
    "plug-in-photochrom-batch": Action(
        *menu.BATCH,
        batch.add_arguments,
        colorize_folders,
        without_image=True,
    ),
    "plug-in-photochrom-remove": Action(
        *menu.REMOVE,
        arguments.add_none,
        remove_colors,
    ),
    INSTALLATION: Action(
        *menu.INSTALLATION,
        arguments.add_none,
        show_installation,
    ),
}
