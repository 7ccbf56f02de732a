"""The entries of the menu Colors ▸ Photochrom, each a procedure that scripts may call too.

Dialogs are imported where they are shown: they need a display, which scripts may not have.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import batch
import coloring
import doubt
import exporting
import gimp
import hints
import layers
import metadata
import object_selection
import parameters
import sources
from gimpenums import RGB, RUN_INTERACTIVE, RUN_NONINTERACTIVE, RUN_WITH_LAST_VALS

from photochrom_client import translated as _
from photochrom_client.kit import menu, unsuitable, variants
from photochrom_client.kit.texts import CONVERTED, PAINT_HERE, ours
from photochrom_client.kit.undo import one_step
from photochrom_client.kit.unsuitable import Unsuitable

INSTALLATION = "plug-in-photochrom-installation"
EXPORTED = "exported"
"""Name of the preference with the path of the file that was exported last."""


class Action(NamedTuple):
    """`parameters` are the procedure's own, behind image and drawable; `run` gets the run mode and all of them, and
    returns the layer that scripts get. Some run `without_image`, and return a text."""

    label: str
    blurb: str
    explained: str
    parameters: Sequence[tuple[int, str, str]]
    run: Callable
    without_image: bool = False


def colorize(mode, image, drawable, *given):
    source = _to_be_colored(image, drawable)
    if mode == RUN_NONINTERACTIVE:
        settings, note = parameters.settings(given, source)
        return coloring.colorize(image, source, [settings], announce=True, note=note)
    settings = coloring.last(source)
    if mode == RUN_INTERACTIVE:
        from colorize_dialog import ColorizeDialog
        from preview_dialog import ask

        settings = ask(ColorizeDialog, image, source, settings)
    return coloring.colorize(image, source, [settings], announce=mode != RUN_INTERACTIVE)


def run_again(_mode, image, drawable):
    chosen = sources.of_ours(image, drawable)
    if hints.is_hints(drawable) or (chosen is not None and layers.settings_of(chosen) is None):
        chosen = layers.newest_of_ours(image)
    if chosen is None:
        raise Unsuitable(unsuitable.NOT_OURS)
    source = layers.photograph_of(image, chosen)
    sources.check_selection(image, source)
    return coloring.colorize(image, source, [layers.settings_of(chosen)], announce=True)


def adjust(mode, image, drawable, *given):
    layer = sources.colors_of(image, drawable)
    source, made_with = layers.photograph_of(image, layer), layers.settings_of(layer)
    layers.check_refillable(layer, source)
    if mode != RUN_INTERACTIVE:
        adjusted = made_with if mode != RUN_NONINTERACTIVE else parameters.adjusted(made_with, given, source)
        return coloring.refill(image, layer, adjusted, selected_only=True)
    from adjust_dialog import AdjustDialog
    from preview_dialog import ask

    return coloring.refill(image, layer, ask(AdjustDialog, image, source, layer, made_with), selected_only=True)


def recolor(mode, image, drawable, *given):
    source = _to_be_colored(image, drawable)
    if mode == RUN_NONINTERACTIVE:
        settings, select_only = parameters.recoloring(given, source)
    else:
        from preview_dialog import ask
        from recolor_dialog import RecolorDialog

        settings, select_only = ask(RecolorDialog, image, source)
    if select_only:
        object_selection.select(image, source, settings)
        return source
    # The dialog shows the object as a whole, whatever is selected.
    by_script = mode == RUN_NONINTERACTIVE
    return coloring.colorize(image, source, [settings], announce=by_script, masked=by_script)


def hints_layer(mode, image, _drawable):
    was_rgb = image.base_type == RGB
    layer = hints.make(image)
    if not was_rgb and mode != RUN_NONINTERACTIVE:
        gimp.message(CONVERTED)
    return layer


def colorize_with_hints(mode, image, drawable):
    source = sources.source_of(image, drawable)
    colors = layers.colors_over(image, source)
    # Where all paint was erased, the colors are to forget it.
    erased = colors is not None and hints.layer_of(image) is not None
    if not erased and hints.painted(image, source) is None:
        raise Unsuitable(unsuitable.no_hints(hints.NAME))
    # A selection is for painting here: “Paint Here First” makes one.
    if colors is not None and layers.has_size_of(colors, source) and not colors.lock_content:
        return coloring.refill(image, colors, layers.settings_of(colors), selected_only=False)
    settings = coloring.last(source) if colors is None else layers.settings_of(colors)
    return coloring.colorize(image, source, [settings], announce=mode != RUN_NONINTERACTIVE, masked=False)


def choose_variants(mode, image, drawable, *given):
    source = _to_be_colored(image, drawable)
    settings = _settings_of_colors(image, drawable, source)
    if mode == RUN_NONINTERACTIVE:
        wishes = variants.chosen(settings, given[0] or "")
    else:
        from preview_dialog import ask
        from variants_dialog import VariantsDialog

        wishes = ask(VariantsDialog, image, source, settings)
    announce = mode == RUN_NONINTERACTIVE
    return coloring.colorize(image, source, wishes, announce=announce, group=ours(_("Variants")))


def color_like(mode, image, drawable, *given):
    source = _to_be_colored(image, drawable)
    if mode == RUN_NONINTERACTIVE:
        settings, note = parameters.following(given, source)
        return coloring.colorize(image, source, [settings], announce=True, note=note)
    settings, reference = coloring.last_like(source), None
    if mode == RUN_INTERACTIVE:
        from like_dialog import LikeDialog
        from preview_dialog import ask

        settings, reference = ask(LikeDialog, image, source, settings)
    announce = mode == RUN_WITH_LAST_VALS
    return coloring.colorize(image, source, [settings], announce=announce, reference=reference)


def show_doubt(_mode, image, drawable):
    source = sources.source_of(image, drawable)
    return doubt.show(image, source, _settings_of_colors(image, drawable, source))


def paint_here_first(mode, image, drawable):
    source = sources.source_of(image, drawable)
    layer = doubt.select(image, source, _settings_of_colors(image, drawable, source))
    if mode != RUN_NONINTERACTIVE:
        gimp.message(PAINT_HERE)
    return layer


def remove_colors(_mode, image, _drawable):
    with one_step(image):
        source = layers.remove_ours(image)
        metadata.update(image, coloring.preferences().note_wanted())
    gimp.displays_flush()
    return source


def export(mode, image, _drawable, file, note):
    preferences = coloring.preferences()
    path = file or ""
    if not layers.makers(image):
        raise Unsuitable(unsuitable.NO_COLORS)
    if mode != RUN_NONINTERACTIVE:
        path, note = preferences.saved(EXPORTED, ""), preferences.note_wanted()
    if mode == RUN_INTERACTIVE:
        import export_dialog

        path = export_dialog.ask(path, *exporting.place_of(image))
        preferences.save(EXPORTED, path)
    if not path:
        raise Unsuitable(unsuitable.NAMELESS)
    exporting.export(image, path, bool(note))


def colorize_folders(mode, *given):
    if mode != RUN_INTERACTIVE:
        return batch.run(given)
    import batch_dialog

    batch_dialog.show()
    return ""


def show_installation(mode):
    if mode == RUN_NONINTERACTIVE:
        raise Unsuitable(unsuitable.A_WINDOW)
    import installation_window

    installation_window.show()
    return ""


def _settings_of_colors(image, drawable, source):
    """Those of the selected color layer; else the last ones."""
    chosen = sources.of_ours(image, drawable)
    own = None if chosen is None else layers.settings_of(chosen)
    return own if own is not None and own.object is None else coloring.last(source)


def _to_be_colored(image, drawable):
    """The layer that gets colors. Raises `Unsuitable`."""
    source = sources.source_of(image, drawable)
    sources.check_selection(image, source)
    return source


ALL = {
    "plug-in-photochrom-colorize": Action(
        *menu.COLORIZE,
        parameters.SETTINGS,
        colorize,
    ),
    "plug-in-photochrom-run-again": Action(
        *menu.RUN_AGAIN,
        (),
        run_again,
    ),
    "plug-in-photochrom-adjust": Action(
        *menu.ADJUST,
        parameters.ADJUSTMENTS,
        adjust,
    ),
    "plug-in-photochrom-recolor": Action(
        *menu.RECOLOR,
        parameters.RECOLORING,
        recolor,
    ),
    "plug-in-photochrom-hints-layer": Action(
        *menu.HINTS_LAYER,
        (),
        hints_layer,
    ),
    "plug-in-photochrom-with-hints": Action(
        *menu.WITH_HINTS,
        (),
        colorize_with_hints,
    ),
    "plug-in-photochrom-variants": Action(
        *menu.VARIANTS,
        parameters.CHOICE,
        choose_variants,
    ),
    "plug-in-photochrom-color-like": Action(
        *menu.COLOR_LIKE,
        parameters.FOLLOWING,
        color_like,
    ),
    "plug-in-photochrom-doubt": Action(
        *menu.DOUBT,
        (),
        show_doubt,
    ),
    "plug-in-photochrom-paint-first": Action(
        *menu.PAINT_FIRST,
        (),
        paint_here_first,
    ),
    "plug-in-photochrom-export": Action(
        *menu.EXPORT,
        parameters.FILE,
        export,
    ),
    "plug-in-photochrom-batch": Action(
        *menu.BATCH,
        batch.PARAMETERS,
        colorize_folders,
        without_image=True,
    ),
    "plug-in-photochrom-remove": Action(
        *menu.REMOVE,
        (),
        remove_colors,
    ),
    INSTALLATION: Action(
        *menu.INSTALLATION,
        (),
        show_installation,
        without_image=True,
    ),
}
"""By the procedures' names, in the order of the menu."""
