"""From a layer to its color layer: pixels are sent to the engine, colors return, the document changes last."""

from functools import cache
from pathlib import Path

import frames
import gimp
import guidance
import hints
import layers
import metadata
import pixels
from gimp import pdb
from gimpenums import RGB
from gimpfu_compat.pixels import reduced

from photochrom_client import tint
from photochrom_client.kit import sending
from photochrom_client.kit.history import History
from photochrom_client.kit.preferences import Preferences
from photochrom_client.kit.spool import SpooledStrips
from photochrom_client.kit.texts import CONVERTED
from photochrom_client.kit.undo import one_step
from photochrom_client.settings import Settings

FOLDER = Path(__file__).resolve().parent
"""The plug-in's own folder, where the installation has written how to start the engine."""


def history():
    return History(Path(gimp.directory) / "photochrom-history.json")


def preferences():
    return Preferences(gimp.directory)


def last(source):
    """The settings of the last result, as far as they apply to any photograph; the default without one. What was
    scanned is as this one's colors say."""
    return history().last(lambda: paper_tint(source))._replace(original=layers.original_of(source))


def last_like(source):
    """The same with the picture that was followed last, if any was."""
    followed = (entry.settings for entry in history().entries_of_wholes() if entry.settings.reference)
    reference = next(followed, Settings(reference="palette"))
    return last(source)._replace(reference=reference.reference, reference_file=reference.reference_file)


def colorize(image, source, wishes, *, announce, reference=None, group="", note=None, masked=True):
    """Adds a layer above `source` for each of the `Settings` in `wishes`, several of them in a group of the name
    `group`, all in one undo step, and returns it or the group.

    `announce`: whether to say that the image became RGB. `reference` as in `guidance.collect`. `note`: whether the
    metadata get a note; None: as the user prefers. `masked`: whether a selection becomes their mask. The hints are put
    away, unless the user is painting them. The document is only touched in the last step: if anything fails, or GIMP
    kills the plug-in because the user cancelled, it is as it was. Raises `EngineError`, `Unsuitable`.
    """
    is_rgb = image.base_type == RGB
    gimp.progress_init("Photochrom")
    made, kept = [], []
    try:
        with frames.unchanged(image, source), sent(image, source) as layer:
            guidance.collect(image, source, wishes, reference).send(layer)
            for number, wish in enumerate(wishes):
                made_by, name, strips = _colored(image, layer, wish, number / len(wishes), (number + 1) / len(wishes))
                if is_rgb:
                    made.append(layers.filled(image, source, wish, made_by, name, strips))
                else:
                    # On disk, without a name: it goes away with the plug-in, even when GIMP kills it.
                    kept.append((wish, made_by, name, SpooledStrips(strips, temporary_folder())))
    except BaseException:
        layers.discard(made)
        for *_rest, spooled in kept:
            spooled.close()
        raise
    pdb.gimp_progress_end()  # takes GIMP's Cancel button away: the undo group must not break off in the middle
    with one_step(image):
        if not is_rgb:
            layers.make_rgb(image)
            for wish, made_by, name, spooled in kept:
                with spooled:
                    made.append(layers.filled(image, source, wish, made_by, name, spooled))
        painting = hints.is_hints(image.active_layer)
        top = layers.insert(image, source, made, group, masked=masked)
        if painting:
            image.active_layer = hints.layer_of(image)
        else:
            hints.put_away(image)
        metadata.update(image, preferences().note_wanted() if note is None else note)
    gimp.displays_flush()
    for wish, layer in reversed(list(zip(wishes, made, strict=True))):
        history().add(image.name, layer.name, wish)
    if not is_rgb and announce:
        gimp.message(CONVERTED)
    return top


def refill(image, layer, settings, *, selected_only):
    """Replaces the colors of a layer of ours by those of `settings`, in one undo step, and returns it: where something
    is selected only there, or all of them. Fails as `colorize` does."""
    source = layers.photograph_of(image, layer)
    gimp.progress_init("Photochrom")
    with frames.unchanged(image, source, layer), sent(image, source) as its_photograph:
        guidance.collect(image, source, [settings]).send(its_photograph)
        made_by, _title, strips = _colored(image, its_photograph, settings, 0, 1)
        kept = SpooledStrips(strips, temporary_folder())
    pdb.gimp_progress_end()
    with kept:
        layers.refill(image, layer, settings, made_by, kept, source, selected_only=selected_only)
    gimp.displays_flush()
    return layer


def sent(image, source):
    """Uploads a layer; the client's `Layer`. Raises `EngineError`, and `Unsuitable` for an empty one."""
    table, samples = pixels.samples_of(source) or (None, pixels.lightness_bands(source))
    photograph = sending.Photograph(
        source.width,
        source.height,
        samples,
        pixels.alpha_bands(source) if source.has_alpha else None,
        layers.profile_of(image),
        table,
    )
    return sending.upload(FOLDER, photograph, show)


@cache
def paper_tint(source):
    """The (a, b) of the paper that a layer was printed on; (0, 0) for a gray one.

    Cached, since dialogs ask at every move of a slider; the plug-in runs for one procedure only.
    """
    if source.is_gray:
        return 0.0, 0.0
    scale = min(1.0, tint.SIDE / max(source.width, source.height))
    return tint.tint_of(reduced(source, "CIE Lab float", scale)[2])


def _colored(image, layer, wish, start, end):
    """The kit's `Colored`, in the form of pixels that suits the image."""
    form = pixels.form_of(image, only_colors=layers.is_only_color(image, wish))
    return sending.colored(layer, wish, show, start, end, form)


def temporary_folder():
    return Path(pdb.gimp_temp_name("photochrom")).parent


def show(fraction, message):
    gimp.progress_set_text(f"{message}…")
    gimp.progress_update(fraction)
