"""From a layer to its color layers: pixels are sent to the engine, colors return, the document changes last."""

from contextlib import contextmanager
from functools import cache
from pathlib import Path

import guidance
import hints
import layers
import metadata
import pixels
from gi.repository import Gimp
from layers import Unsuitable
from progress import stage
from spool import Coverage, SpooledStrips

import photochrom_client
from photochrom_client import tint
from photochrom_client import translated as _
from photochrom_client.kit.history import History

FOLDER = Path(__file__).resolve().parent
"""The plug-in's own folder, where the installation has written how to start the engine."""


def history():
    return History(Path(Gimp.directory()) / "photochrom-history.json")


def colorize(image, source, wishes, say_converted, *, reference=None, group="", note=None):
    """Adds a layer above `source` for each of the `Settings` in `wishes`, several of them in a group of the name
    `group`, all in one undo step, and returns it or the group.

    `reference` as in `guidance.collect`. `note`: whether the metadata get a note; None: as the user prefers. The
    document is only touched in the last step: if anything fails, or GIMP kills the plug-in because the user cancelled,
    it is as it was. Raises `EngineError`, `layers.Unsuitable`.
    """
    is_rgb = image.get_base_type() == Gimp.ImageBaseType.RGB
    Gimp.progress_init("Photochrom")
    made, kept = [], []
    try:
        with sent(image, source, show) as layer:
            guidance.collect(image, source, wishes, reference).send(layer)
            for number, wish in enumerate(wishes):
                made_by, name, strips = _colored(layer, wish, number / len(wishes), (number + 1) / len(wishes))
                if is_rgb:
                    made.append(layers.filled(image, source, wish, made_by, name, strips))
                else:
                    # On disk, without a name: it goes away with the plug-in, even when GIMP kills it.
                    kept.append((wish, made_by, name, SpooledStrips(strips, Gimp.temp_directory())))
        if not source.is_valid():
            raise Unsuitable(_("The layer was removed while it was being colored. Nothing was changed."))
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
        metadata.update(image, metadata.wanted() if note is None else note)
        hints.put_away(image)
    Gimp.displays_flush()
    for wish, layer in reversed(list(zip(wishes, made, strict=True))):
        history().add(_name(image), layer.get_name(), wish)
    if not is_rgb and say_converted:
        Gimp.message(_("The image was converted to RGB, so that it can hold color. Undo takes both back."))
    return top


def adjust(image, layer, settings):
    """Replaces the colors of a layer of ours by those of `settings`, in one undo step, and returns it. Fails as
    `colorize` does."""
    source = layers.photograph_of(image, layer)
    Gimp.progress_init("Photochrom")
    try:
        with sent(image, source, show) as its_photograph:
            guidance.collect(image, source, [settings]).send(its_photograph)
            made_by, _title, strips = _colored(its_photograph, settings, 0, 1)
            kept = SpooledStrips(strips, Gimp.temp_directory())
    finally:
        Gimp.progress_end()
    with kept:
        if not layer.is_valid():
            raise Unsuitable(_("The layer was removed while it was being colored. Nothing was changed."))
        layers.refill(image, layer, settings, made_by, kept, source)
    Gimp.displays_flush()
    return layer


@contextmanager
def sent(image, source, show):
    """Uploads a layer: a context manager with the client's `Layer`. Raises `layers.Unsuitable` for an empty one."""
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


@cache
def paper_tint(source):
    """The (a, b) of the paper that a layer was printed on; (0, 0) for a gray one.

    Cached, since dialogs ask at every move of a slider; the plug-in runs for one procedure only.
    """
    if source.is_gray():
        return 0.0, 0.0
    scale = min(1.0, tint.SIDE / max(source.get_width(), source.get_height()))
    return tint.tint_of(pixels.reduced(source, scale, "CIE Lab float")[2])


def _colored(layer, wish, start, end):
    """The maker of the new layer's colors, its name, and its strips, which are computed while they are read."""
    at = [0.25 + 0.75 * (start + part * (end - start)) for part in (0, 1 / 3, 1)]
    job = layer.colorize(wish.options(), stage(at[0], at[1], show))
    name = _("recolored") if wish.object else job.title or job.colorizer
    return job.made_by, f"Photochrom ({name})", job.strips(pixels.ROWS, stage(at[1], at[2], show))


def _name(image):
    """The name of an image's file; of an unsaved one its own."""
    file = image.get_file() or image.get_imported_file()
    return file.get_basename() if file is not None else image.get_name() or ""


def show(fraction, message):
    Gimp.progress_set_text(f"{message}…")
    Gimp.progress_update(fraction)
