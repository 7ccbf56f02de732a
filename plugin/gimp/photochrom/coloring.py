"""From a layer to its color layers: pixels are sent to the engine, colors return, the document changes last."""

import os
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import frames
import guidance
import hints
import layers
import metadata
import pixels
from gi.repository import Gimp

from photochrom_client import tint
from photochrom_client.kit import sending
from photochrom_client.kit.history import History
from photochrom_client.kit.preferences import Preferences
from photochrom_client.kit.spool import SpooledStrips
from photochrom_client.kit.texts import CONVERTED
from photochrom_client.kit.undo import one_step

FOLDER = Path(__file__).resolve().parent
"""The plug-in's own folder, where the installation has written how to start the engine."""


def history():
    return History(Path(Gimp.directory()) / "photochrom-history.json")


def preferences():
    return Preferences(Gimp.directory())


def colorize(image, source, wishes, say_converted, *, reference=None, group="", note=None, masked=True):
    """Adds a layer above `source` for each of the `Settings` in `wishes`, several of them in a group of the name
    `group`, or the later ones above the earlier, all in one undo step, and returns the topmost or the group.

    `reference` as in `guidance.collect`. `note`: whether the metadata get a note; None: as the user prefers. `masked`:
    whether a selection becomes their mask. The hints are put away, unless the user is painting them. The document is
    only touched in the last step: if anything fails, or GIMP kills the plug-in because the user cancelled, it is as it
    was. Raises `EngineError`, `Unsuitable`.
    """
    is_rgb = image.get_base_type() == Gimp.ImageBaseType.RGB
    Gimp.progress_init("Photochrom")
    made, kept = [], []
    try:
        with frames.unchanged(image, source), sent(image, source, show) as layer:
            guidance.collect(image, source, wishes, reference).send(layer)
            for number, wish in enumerate(wishes):
                made_by, name, strips = _colored(image, layer, wish, number / len(wishes), (number + 1) / len(wishes))
                if is_rgb:
                    made.append(layers.filled(image, source, wish, made_by, name, strips))
                else:
                    # On disk, without a name: it goes away with the plug-in, even when GIMP kills it.
                    kept.append((wish, made_by, name, SpooledStrips(strips, Gimp.temp_directory())))
    except BaseException:
        layers.discard(made)
        for *_rest, spooled in kept:
            spooled.close()
        raise
    finally:
        Gimp.progress_end()  # takes GIMP's Cancel button away: the undo group must not break off in the middle
    with one_step(image):
        if not is_rgb:
            layers.make_rgb(image)
            for wish, made_by, name, spooled in kept:
                with spooled:
                    made.append(layers.filled(image, source, wish, made_by, name, spooled))
        painting = hints.are_selected(image)
        top = layers.insert(image, source, made, group, masked=masked)
        metadata.update(image, preferences().note_wanted() if note is None else note)
        if painting:
            image.set_selected_layers([hints.layer_of(image)])
        else:
            hints.put_away(image)
    Gimp.displays_flush()
    for wish, layer in reversed(list(zip(wishes, made, strict=True))):
        history().add(_name(image), layer.get_name(), wish)
    if not is_rgb and say_converted:
        Gimp.message(CONVERTED)
    return top


def refill(image, layer, settings, *, selected_only):
    """Replaces the colors of a layer of ours by those of `settings`, in one undo step, and returns it: where something
    is selected only there, or all of them. Fails as `colorize` does."""
    source = layers.photograph_of(image, layer)
    Gimp.progress_init("Photochrom")
    try:
        with frames.unchanged(image, source, layer), sent(image, source, show) as its_photograph:
            guidance.collect(image, source, [settings]).send(its_photograph)
            made_by, _title, strips = _colored(image, its_photograph, settings, 0, 1)
            kept = SpooledStrips(strips, Gimp.temp_directory())
    finally:
        Gimp.progress_end()
    with kept, one_step(image):
        layers.refill(image, layer, settings, made_by, kept, source, selected_only=selected_only)
        metadata.renew(image)
    Gimp.displays_flush()
    return layer


@contextmanager
def sent(image, source, show):
    """Uploads a layer as it is seen: a context manager with the client's `Layer`. Raises `Unsuitable` for an empty
    one."""
    with pixels.as_seen(source) as seen:
        table, samples = pixels.samples_of(seen) or (None, pixels.lightness_bands(seen))
        photograph = sending.Photograph(
            seen.get_width(),
            seen.get_height(),
            samples,
            pixels.alpha_bands(seen) if seen.has_alpha() else None,
            layers.profile_of(image),
            table,
        )
        layer = sending.upload(FOLDER, photograph, show)
    with layer:
        yield layer


@cache
def paper_tint(source):
    """The (a, b) of the paper that a layer was printed on; (0, 0) for a gray one.

    Cached, since dialogs ask at every move of a slider; the plug-in runs for one procedure only.
    """
    if source.is_gray():
        return 0.0, 0.0
    scale = min(1.0, tint.SIDE / max(source.get_width(), source.get_height()))
    return tint.tint_of(pixels.reduced(source, scale, "CIE Lab float")[2])


def _colored(image, layer, wish, start, end):
    """The kit's `Colored`, in the form of pixels that suits the image."""
    form = pixels.form_of(image, only_colors=wish.output == "color-layer")
    return sending.colored(layer, wish, show, start, end, form)


def _name(image):
    """The name of an image's file; of an unsaved one its own."""
    file = image.get_file() or image.get_imported_file()
    return file.get_basename() if file is not None else image.get_name() or ""


def place_of(image):
    """The folder and the name of an image's file; of an unsaved one "" and its own name."""
    file = image.get_file() or image.get_imported_file()
    path = file.get_path() if file is not None else None
    return os.path.dirname(path) if path else "", _name(image)


def show(fraction, message):
    Gimp.progress_set_text(f"{message}…")
    Gimp.progress_update(fraction)
