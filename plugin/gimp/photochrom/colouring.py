"""From a layer to its colour layer: pixels go to the engine, colours come back, the document changes last."""

from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import layers
import photochrom_client
import pixels
from gi.repository import Gimp
from passing import Coverage, SpooledStrips, stage

FOLDER = Path(__file__).resolve().parent
"""The plug-in's own folder, where the installation has written how to start the engine."""


class Settings(NamedTuple):
    """`chroma` 0…2, 1 is as predicted; `output` is "color-layer" or "normal-layer"."""

    colorizer: str
    chroma: float
    output: str


def colorize(image, source, settings, say_converted):
    """Adds the colours of `source` above it and returns the new layer.

    Until the last step nothing of the document is touched; when anything fails, or when GIMP kills the plug-in
    because the user cancelled, it is as it was. Raises `EngineError`, `layers.Unsuitable`.
    """
    is_rgb = image.get_base_type() == Gimp.ImageBaseType.RGB
    Gimp.progress_init("Photochrom")
    try:
        with _coloured(image, source, settings) as (name, strips):
            if is_rgb:
                layer = layers.filled(image, source, settings.output, name, strips)
            else:
                # On disk, without a name: it goes away with the plug-in, even when GIMP kills it.
                kept = SpooledStrips(strips, Gimp.temp_directory())
    finally:
        Gimp.progress_end()  # takes GIMP's Cancel button away: the undo group must not break off in the middle
    if not source.is_valid():
        raise layers.Unsuitable("The layer was removed while its colours were made. Nothing was changed.")
    if is_rgb:
        layers.insert(image, source, layer)
    else:
        with kept:
            layer = layers.convert_and_insert(
                image, source, lambda: layers.filled(image, source, settings.output, name, kept)
            )
    Gimp.displays_flush()
    if not is_rgb and say_converted:
        Gimp.message("The image was converted to RGB, so that it can hold colour. Undo takes both back.")
    return layer


@contextmanager
def _coloured(image, source, settings):
    """The new layer's name and its strips, computed while they are read."""
    engine = photochrom_client.connect(FOLDER, stage(0.0, 0.05, _show))
    seen = Coverage(pixels.alpha_bands(source)) if source.has_alpha() else None
    with engine.upload(
        source.get_width(),
        source.get_height(),
        pixels.lightness_bands(source),
        alpha=seen,
        icc=layers.profile_of(image),
        on_progress=stage(0.05, 0.25, _show),
    ) as sent:
        if seen is not None and not seen.anything:
            raise layers.Unsuitable("The layer is empty: all of it is transparent. Select the photograph's layer.")
        options = {"colorizer": settings.colorizer, "chroma": settings.chroma}
        job = sent.colorize(options, stage(0.25, 0.5, _show))
        yield f"Photochrom ({job.colorizer})", job.strips(pixels.ROWS, stage(0.5, 1.0, _show))


def _show(fraction, message):
    Gimp.progress_set_text(f"{message}…")
    Gimp.progress_update(fraction)
