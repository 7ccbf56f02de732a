"""From a photograph's lightness to its colours: the steps in their order, one call each.

Only this module knows all the steps. Work grows with the proxy: the photograph itself is read once to be reduced,
and once more when the colours are laid over it, strip by strip.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from photochrom import __version__, colorizers, routing, upsampling
from photochrom.adjustments import Adjustments
from photochrom.errors import BadRequest
from photochrom.harmonization import harmonise, segmenters
from photochrom.progress import Progress, silent
from photochrom.proxy import Proxy
from photochrom.upsampling import Coefficients

if TYPE_CHECKING:
    import pyvips

    from photochrom.colorizers import Plane, Prediction
    from photochrom.harmonization.segmenters import Segmenter
    from photochrom.routing import Route


@dataclass(frozen=True)
class Options:
    """What a user chooses.

    `colorizer`: a name, "auto" (the router's blend), or several names joined by "+" (their blend in equal parts).
    `harmonise`: how far each object is drawn to its own colour, 0 not at all … 1. `segmenter`: who finds the objects;
    empty: the best that is installed.
    """

    colorizer: str = routing.AUTO
    adjustments: Adjustments = field(default_factory=Adjustments)
    harmonise: float = 0.0
    segmenter: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.harmonise <= 1:
            raise BadRequest(f"Harmonising by {self.harmonise} is not possible.", "Give a strength from 0 to 1.")


@dataclass(frozen=True)
class Colours:
    """The colours of one photograph, at proxy size: all that is needed to lay them over it at any size.

    `guide` is its lightness (h, w) at guide size: what a preview is made of. `prediction` is what the colorizer said,
    `ab` (h, w, 2) what became of it. `colorizer` is the name that was asked for, or the router's first choice; `scores`
    is then each one's share of the colours (0…1, the best first).
    """

    colorizer: str
    guide: Plane
    prediction: Prediction
    ab: Plane
    coefficients: Coefficients
    scores: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What became of one file. `notes`: what a person should be told of how it was read."""

    source: Path
    output: Path
    width: int
    height: int
    colorizer: str
    notes: tuple[str, ...]


def predict(proxy: Proxy, options: Options, progress: Progress = silent) -> Colours:
    """The proxy stage: a photograph's lightness -> its colours.

    Raises:
        ModelMissing, ModelDamaged: the colorizer cannot be used.
        Cancelled: `progress` said so.
    """
    automatic = options.colorizer == routing.AUTO
    progress(0.0, "Loading the colorizer")
    if not automatic:
        load_all(options.colorizer)
    segmenter = segmenters.load(options.segmenter or segmenters.default()) if options.harmonise else None
    progress(0.2, "Reducing the photograph")
    candidates = routing.choices() if automatic else routing.fixed(options.colorizer).scores
    sides = [card.proxy_side for card in colorizers.available() if card.name in candidates]
    proxy.prepare(max(*sides, segmenter.proxy_side if segmenter else 0))
    progress(0.3, "Choosing the colorizer")
    chosen = route(proxy) if automatic else routing.fixed(options.colorizer)
    shares = chosen.taking_part
    predictions = []
    for number, name in enumerate(shares):
        progress(0.4 + 0.2 * number / len(shares), "Choosing colours")
        predictions.append(_prediction(proxy, name))
    prediction = routing.blend(predictions, tuple(shares.values()))
    ab = prediction.ab
    if segmenter:
        progress(0.6, "Finding objects")
        ab = _harmonised(proxy, ab, segmenter, options)
    ab = options.adjustments.apply(ab)
    progress(0.9, "Following the edges")
    coefficients = upsampling.fit(proxy.guide, ab)
    progress(1.0, "Colours chosen")
    name, scores = (chosen.best, chosen.scores) if automatic else (options.colorizer, {})
    return Colours(name, proxy.guide, prediction, ab, coefficients, scores)


def _harmonised(proxy: Proxy, ab: Plane, segmenter: Segmenter, options: Options) -> Plane:
    lightness = proxy.at(segmenter.proxy_side)
    segments = proxy.found(("segments", options.segmenter), lambda: segmenter.segment(lightness))
    return harmonise(lightness, ab, segments, options.harmonise)


def _prediction(proxy: Proxy, name: str) -> Prediction:
    def predict() -> Prediction:
        colorizer = colorizers.load(name)
        return colorizer.predict(proxy.at(colorizer.card.proxy_side))

    return proxy.found(("prediction", name), predict)


def load_all(name: str) -> None:
    """Loads what a colorizer's name stands for, so that a missing model is said before any work.

    Raises:
        ModelMissing, ModelDamaged: one of them cannot be used.
    """
    for member in routing.fixed(name).scores:
        colorizers.load(member)


def route(proxy: Proxy) -> Route:
    """Which colorizers the router takes for a photograph, and how much of each.

    Raises:
        ModelMissing, ModelDamaged: the router cannot be used.
    """
    thumbnail = upsampling.shrink(proxy.image, routing.SIDE, routing.SIDE)
    return routing.route(np.asarray(thumbnail.numpy(), np.float32))


def full_ab(lightness: pyvips.Image, colours: Colours) -> pyvips.Image:
    """The full-size stage: a photograph's lightness -> its ab (2 bands float). Lazy, pointwise, streams."""
    return upsampling.apply(colours.coefficients, lightness)


def srgb(lightness: pyvips.Image, colours: Colours) -> pyvips.Image:
    """A photograph's lightness in its colours as 8-bit sRGB: the pixels that a file of the result would hold. Lazy."""
    return _srgb(lightness, full_ab(lightness, colours))


def gray(lightness: pyvips.Image) -> pyvips.Image:
    """A photograph's lightness as 8-bit sRGB, without colour. Lazy."""
    return _srgb(lightness, lightness.bandjoin(0) * 0)


def _srgb(lightness: pyvips.Image, ab: pyvips.Image) -> pyvips.Image:
    from photochrom.image import gamut
    from photochrom.image.spaces import SRGB

    return SRGB.encode(gamut.linear_rgb(lightness, ab, SRGB), "uchar")


def colorize_file(
    source: Path,
    output: Path,
    options: Options,
    *,
    mark: bool = True,
    profile: str | None = None,
    progress: Progress = silent,
) -> Result:
    """Colourises one file into another, in the format of the output's suffix (PNG, TIFF, JPEG, WebP, ORA).

    `mark` says in the file's XMP that a trained algorithm made its colour. `profile` names the RGB profile to write in.

    Raises:
        BadPicture: the source cannot be read.
        OutputFailed: the output cannot be written; nothing half-written stays.
        ModelMissing, ModelDamaged: the colorizer cannot be used.
        Cancelled: `progress` said so.
    """
    from photochrom.image.files import write_picture
    from photochrom.image.mark import Mark
    from photochrom.image.picture import open_picture

    picture = open_picture(source)
    with picture.reading():
        colours = predict(Proxy(picture.lightness()), options, lambda done, doing: progress(done * 0.4, doing))
    write_picture(
        picture,
        full_ab(picture.lightness(), colours),
        output,
        mark=Mark(colours.colorizer, __version__) if mark else None,
        profile=profile,
        progress=lambda done, doing: progress(0.4 + done * 0.6, doing),
    )
    return Result(source, output, picture.width, picture.height, colours.colorizer, picture.notes)
