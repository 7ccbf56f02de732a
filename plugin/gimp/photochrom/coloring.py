"""From a layer to its color layers: pixels go to the engine, colors come back, the document changes last."""

from contextlib import contextmanager
from functools import cache
from pathlib import Path

import hints
import layers
import notes
import pixels
from gi.repository import Gimp, Gio, GLib
from layers import Unsuitable
from passing import Coverage, SpooledStrips, stage

import photochrom_client
from photochrom_client import tint
from photochrom_client import translated as _
from photochrom_client.kit.history import History

FOLDER = Path(__file__).resolve().parent
"""The plug-in's own folder, where the installation has written how to start the engine."""

MOST_SELECTED, MOST_REFERENCE = 1024, 768
"""Pixels on the long side of what the engine takes beside the layer."""


def history():
    return History(Path(Gimp.directory()) / "photochrom-history.json")


def colorize(image, source, wishes, say_converted, *, reference=None, group="", note=None):
    """Adds a layer above `source` for each of the `Settings` in `wishes`, several of them in a group of the name
    `group`, all in one undo step, and returns it or the group.

    `reference`: the picture whose colors are followed, as `pixels.seen` gives it; without it, the one in the settings'
    file. `note`: whether the metadata tell of it; None: as the user wants it. Until the last step nothing of the
    document is touched; when anything fails, or when GIMP kills the plug-in because the user cancelled, it is as it
    was. Raises `EngineError`, `layers.Unsuitable`.
    """
    is_rgb = image.get_base_type() == Gimp.ImageBaseType.RGB
    Gimp.progress_init("Photochrom")
    made, kept = [], []
    try:
        with sent(image, source, show) as layer:
            complete(layer, image, source, wishes, reference)
            for number, wish in enumerate(wishes):
                made_by, name, strips = _colored(layer, wish, number / len(wishes), (number + 1) / len(wishes))
                if is_rgb:
                    made.append(layers.filled(image, source, wish, made_by, name, strips))
                else:
                    # On disk, without a name: it goes away with the plug-in, even when GIMP kills it.
                    kept.append((wish, made_by, name, SpooledStrips(strips, Gimp.temp_directory())))
        if not source.is_valid():
            raise Unsuitable(_("The layer was removed while its colors were made. Nothing was changed."))
    except BaseException:
        layers.discard(made)
        for *_rest, spooled in kept:
            spooled.close()
        raise
    finally:
        Gimp.progress_end()  # takes GIMP's Cancel button away: the undo group must not break off in the middle
    with layers.one_step(image):
        if not is_rgb:
            layers.make_rgb(image)
            for wish, made_by, name, spooled in kept:
                with spooled:
                    made.append(layers.filled(image, source, wish, made_by, name, spooled))
        top = layers.insert(image, source, made, group)
        notes.follow(image, notes.wanted() if note is None else note)
        hints.put_away(image)
    Gimp.displays_flush()
    for wish, layer in reversed(list(zip(wishes, made, strict=True))):
        history().add(_name(image), layer.get_name(), wish)
    if not is_rgb and say_converted:
        Gimp.message(_("The image was converted to RGB, so that it can hold color. Undo takes both back."))
    return top


def adjust(image, layer, settings):
    """Gives a layer of ours the colors that its settings would have with others of `arguments.ADJUSTMENTS`, in one
    undo step, and returns it. What is said of `colorize` about failing holds here, too."""
    source = layers.photograph_of(image, layer)
    Gimp.progress_init("Photochrom")
    try:
        with sent(image, source, show) as its_photograph:
            complete(its_photograph, image, source, [settings])
            made_by, _title, strips = _colored(its_photograph, settings, 0, 1)
            kept = SpooledStrips(strips, Gimp.temp_directory())
    finally:
        Gimp.progress_end()
    with kept:
        if not layer.is_valid():
            raise Unsuitable(_("The layer was removed while its colors were made. Nothing was changed."))
        layers.refill(image, layer, settings, made_by, kept, source)
    Gimp.displays_flush()
    return layer


@contextmanager
def sent(image, source, show):
    """The layer in the engine, as the client's `Layer`. Raises `layers.Unsuitable` for one that is empty."""
    engine = photochrom_client.connect(FOLDER, stage(0.0, 0.05, show))
    seen = Coverage(pixels.alpha_bands(source)) if source.has_alpha() else None
    with engine.upload(
        source.get_width(),
        source.get_height(),
        pixels.lightness_bands(source),
        alpha=seen,
        icc=layers.profile_of(image),
        on_progress=stage(0.05, 0.25, show),
    ) as layer:
        if seen is not None and not seen.anything:
            raise Unsuitable(_("The layer is empty: all of it is transparent. Select the photograph's layer."))
        yield layer


def complete(layer, image, source, wishes, reference=None):
    """Sends what the wishes go by beside the layer: hints, the selection, a reference."""
    painted = hints.painted(image, source)
    if painted is not None:
        layer.hint(*painted)
    if any(wish.object and wish.object.get("selection") for wish in wishes):
        layer.select(*selection_over(image, source))
    follows = next((wish for wish in wishes if wish.reference), None)
    if follows is not None:
        layer.refer(*(reference or read_reference(follows.reference_file)))


def selection_over(image, source):
    """The selection over `source` for the engine. Raises `Unsuitable` if there is none."""
    if Gimp.Selection.is_empty(image):
        raise Unsuitable(_("Nothing is selected. Select the object, roughly, or click on it in the preview."))
    return pixels.over(image.get_selection(), source, MOST_SELECTED, "Y float")


def read_reference(path):
    """A picture in a file, for the engine. Raises `Unsuitable`."""
    if not path:
        raise Unsuitable(_("There is no picture to take the colors from. Choose one in “Color like…”."))
    try:
        image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))
    except GLib.Error:
        image = None
    if image is None:
        raise Unsuitable(
            _("{file}, whose colors are to be followed, cannot be opened. Choose it in “Color like…”.").format(
                file=path
            )
        )
    try:
        return pixels.seen(image, MOST_REFERENCE)
    finally:
        image.delete()


@cache
def paper_tint(source):
    """The (a, b) of the paper that a layer was printed on; (0, 0) for a gray one.

    Dialogs ask at every move of a slider; the plug-in runs for one procedure only, so what was measured holds.
    """
    if source.is_gray():
        return 0.0, 0.0
    scale = min(1.0, tint.SIDE / max(source.get_width(), source.get_height()))
    return tint.tint_of(pixels.reduced(source, scale, "CIE Lab float")[2])


def _colored(layer, wish, start, end):
    """Who made the new layer's colors, its name and its strips, which are computed while they are read."""
    at = [0.25 + 0.75 * (start + part * (end - start)) for part in (0, 1 / 3, 1)]
    job = layer.colorize(wish.options(), stage(at[0], at[1], show))
    name = _("recolored") if wish.object else job.title or job.colorizer
    return job.made_by, f"Photochrom ({name})", job.strips(pixels.ROWS, stage(at[1], at[2], show))


def _name(image):
    """What people call an image: its file's name."""
    file = image.get_file() or image.get_imported_file()
    return file.get_basename() if file is not None else image.get_name() or ""


def show(fraction, message):
    Gimp.progress_set_text(f"{message}…")
    Gimp.progress_update(fraction)
