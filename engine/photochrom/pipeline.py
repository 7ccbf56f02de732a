"""From a photograph's lightness to its colors: the steps in their order, one call each.

Only this module knows all the steps. Work grows with the proxy: the photograph itself is read once to be reduced,
and once more when the colors are laid over it, strip by strip.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from photochrom import __version__, colorizers, routing, segmenters
from photochrom.adjustments import Adjustments
from photochrom.errors import BadRequest
from photochrom.guidance import doubt, hints
from photochrom.guidance.levin2004 import propagate
from photochrom.guidance.likeness import hints_like
from photochrom.guidance.objects import follow, membership
from photochrom.guidance.reinhard2001 import palette
from photochrom.guidance.spread import spread
from photochrom.guidance.variants import variants
from photochrom.harmonization import harmonize, recolor
from photochrom.harmonization.recolor import Promptable
from photochrom.models import FOLLOWED
from photochrom.progress import Progress, silent
from photochrom.sampling import upsampling
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import shrink, stretch
from photochrom.sampling.upsampling import Coefficients, FullSize
from photochrom_client.protocol import MAX_VARIANT, REACH

if TYPE_CHECKING:
    import pyvips
    from numpy.typing import NDArray

    from photochrom.guidance.reference import Reference
    from photochrom.guidance.variants import Variant
    from photochrom.harmonization.recolor import Suggestion
    from photochrom.routing import Route, Router
    from photochrom.values import Distribution, Hints, Mask, Plane, Prediction, Segments


Style = Literal["vivid", "calm"]
"""How much color is dared."""


@dataclass(frozen=True)
class Options:
    """What a user chooses.

    `colorizer`: a name, "auto" (the best for each region, or the router's blend), or several names joined by "+" (their
    blend in equal parts).
    `harmonize`: how far each object is drawn to its own color, 0 not at all … 1. `segmenter`: who finds the objects;
    empty: the best that is installed. `paint`: colors given by hand, (H, W, 4) of any size as in `guidance.hints`.
    `style`: "vivid" dares colors, "calm" keeps to the likely ones, where the colorizer tells them apart.
    `reach`: how far paint reaches beyond the objects it is on, 0 not at all … 1 wherever the colorizer likes.
    `variant`: 0 the main answer, or which of the others. `reference`: a color photograph to be colored like, and how:
    `like` "palette" for all of it, "regions" for those places alone that look like some of the reference's.
    """

    colorizer: str = routing.AUTO
    adjustments: Adjustments = field(default_factory=Adjustments)
    harmonize: float = 0.0
    segmenter: str = ""
    paint: Plane | None = field(default=None, repr=False)
    variant: int = 0
    reference: Reference | None = None
    like: Literal["palette", "regions"] = "palette"
    style: Style = "vivid"
    reach: float = REACH.default

    def __post_init__(self) -> None:
        if not 0 <= self.harmonize <= 1:
            raise BadRequest(f"Harmonizing by {self.harmonize} is not possible.", "Give a strength from 0 to 1.")
        if not 0 <= self.reach <= 1:
            raise BadRequest(f"Hints cannot reach by {self.reach}.", "Give a reach from 0 to 1.")
        if not 0 <= self.variant <= MAX_VARIANT:
            raise BadRequest(f"There is no variant {self.variant}.", f"Give one from 0 to {MAX_VARIANT}.")

    @cached_property
    def guidance(self) -> Hashable:
        """What stands for all that guides a colorizer: equal where its answer is."""
        paint = None
        if self.paint is not None:
            paint = self.paint.shape, hashlib.blake2b(np.ascontiguousarray(self.paint).data).digest()
        return paint, self.reference if self.like == "regions" else None


@dataclass(frozen=True)
class Colors:
    """The colors of one photograph, at proxy size: all that is needed to lay them over it at any size.

    `guide` is its lightness (h, w) at guide size: what a preview is made of. `prediction` is what the colorizer said,
    `ab` (h, w, 2) what became of it. `colorizer` is the name that was asked for, or the router's first choice; `scores`
    is then each one's share of the colors (0…1, the best first). `title` says what is different in a variant, of which
    there are `variants`; without one they are "" and 0.
    """

    colorizer: str
    guide: Plane
    prediction: Prediction
    ab: Plane
    coefficients: Coefficients
    scores: dict[str, float] = field(default_factory=dict)
    title: str = ""
    variants: int = 0

    def full_ab(self, lightness: pyvips.Image) -> pyvips.Image:
        """The photograph's lightness at full size -> its ab (2 bands float). Lazy, pointwise, streams."""
        return upsampling.apply(self.coefficients, lightness)

    def at_full_size(self, height: int, width: int) -> FullSize:
        """The same for a photograph of this size, as files are written with."""
        return upsampling.FullSize(self.coefficients, height, width)

    def full_mask(self, _lightness: pyvips.Image) -> None:
        """They are for all of it."""


@dataclass(frozen=True)
class Object:
    """What to recolor: the object at a point (x, y), 0…1 across and down, or the one that a rough selection (h, w)
    0…1 means; and the color (a, b) it gets: without one, the most probable."""

    point: tuple[float, float] | None = None
    selection: Plane | None = None
    color: tuple[float, float] | None = None


@dataclass(frozen=True)
class Recolored:
    """One object of a photograph in one color, at proxy size: its `mask` (h, w) on `proxy`, the photograph's lightness
    of the same size; `mean`, the L* inside; the color (a, b); and the `suggestions`, the most probable first. `guide`
    and `colorizer` as in `Colors`."""

    colorizer: str
    guide: Plane
    proxy: Plane
    mask: Mask
    mean: float
    color: tuple[float, float]
    suggestions: list[Suggestion]

    def full_ab(self, lightness: pyvips.Image) -> pyvips.Image:
        """The photograph's lightness at full size -> the object's ab (2 bands float), also where it is not. Lazy."""
        return recolor.colored(lightness, self.mean, *self.color)

    def full_mask(self, lightness: pyvips.Image) -> pyvips.Image:
        """The photograph's lightness at full size -> where the object is (1 band float, 0…1). Lazy."""
        return recolor.full_mask(lightness, self.proxy, self.mask)


@dataclass(frozen=True)
class Result:
    """What became of one file. `notes`: what a person should be told of how it was read."""

    source: Path
    output: Path
    width: int
    height: int
    colorizer: str
    notes: tuple[str, ...]


def predict(proxy: Proxy, options: Options, progress: Progress = silent) -> Colors:
    """The proxy stage: a photograph's lightness -> its colors.

    Raises:
        ModelMissing, ModelDamaged: the colorizer cannot be used.
        Cancelled: `progress` said so.
    """
    automatic = options.colorizer == routing.AUTO
    progress(0.0, "Loading the colorizer")
    router = routing.load() if automatic else None
    candidates = router.choices if router else list(routing.fixed(options.colorizer).scores)
    sides = [colorizers.load(name).card.proxy_side for name in candidates]
    segmenter = None
    if options.harmonize or options.variant:
        segmenter = segmenters.load(_segmenter(options), lambda done, doing: progress(done * 0.2, doing))
    progress(0.2, "Reducing the photograph")
    proxy.prepare(max(*sides, segmenter.proxy_side if segmenter else 0))
    progress(0.3, "Choosing the colorizer")
    chosen = _routed(proxy, router) if router else routing.fixed(options.colorizer)
    shares = chosen.taking_part
    predictions = []
    for number, name in enumerate(shares):
        progress(0.4 + 0.2 * number / len(shares), "Choosing colors")
        predictions.append(_prediction(proxy, name, options))
    prediction = routing.blend(predictions, tuple(shares.values()))
    ab, title, others = prediction.ab, "", 0
    if options.reference and options.like == "palette":
        ab = palette(ab, options.reference)
    if segmenter:
        progress(0.6, "Finding objects")
        lightness, segments = _segmented(proxy, _segmenter(options))
        if options.variant:
            every = _variants(proxy, prediction, options)
            ab, title, others = every[options.variant - 1].ab, every[options.variant - 1].title, len(every)
        if options.harmonize:
            ab = harmonize(lightness, ab, segments, options.harmonize)
    ab = options.adjustments.apply(ab)
    progress(0.9, "Following the edges")
    coefficients = upsampling.fit(proxy.guide, ab)
    progress(1.0, "Colors chosen")
    told = chosen if router else routing.Route(prediction.shares)
    name, scores = (told.best, told.scores) if automatic else (options.colorizer, {})
    return Colors(name, proxy.guide, prediction, ab, coefficients, scores, title, others)


def _segmenter(options: Options) -> str:
    return options.segmenter or segmenters.default()


def _segmented(proxy: Proxy, name: str) -> tuple[Plane, Segments]:
    """The segmenter's proxy (h, w), and its segments."""
    segmenter = segmenters.load(name)
    lightness = proxy.at(segmenter.proxy_side)
    return lightness, proxy.cached(("segments", name), lambda: segmenter.segment(lightness))


def _variants(proxy: Proxy, prediction: Prediction, options: Options) -> list[Variant]:
    if prediction.distribution is None:
        raise BadRequest(
            f"{options.colorizer} gives one answer only: it has no variants.", "Choose a colorizer that comes along."
        )
    lightness, segments = _segmented(proxy, _segmenter(options))
    what = ("variants", options.colorizer, options.style, _segmenter(options), options.guidance)
    every = proxy.cached(what, lambda: variants(lightness, prediction, segments, MAX_VARIANT))
    if options.variant > len(every):
        raise BadRequest(f"There is no variant {options.variant}.", f"This photograph has {len(every)}.")
    return every


def recolor_object(proxy: Proxy, options: Options, wanted: Object, progress: Progress = silent) -> Recolored:
    """Finds one object of a photograph, and its color.

    Raises:
        BadRequest: there is no object, or nothing is selected.
        ModelMissing, ModelDamaged, ExtraMissing: the colorizer or the segmenter cannot be used.
        Cancelled: `progress` said so.
    """
    segmenter = segmenters.load(_segmenter(options), lambda done, doing: progress(done * 0.2, doing))
    colors = predict(proxy, options, lambda done, doing: progress(0.2 + done * 0.4, doing))
    progress(0.6, "Finding the object")
    lightness = proxy.at(segmenter.proxy_side)
    finder = segmenter if isinstance(segmenter, Promptable) else _segmented(proxy, _segmenter(options))[1]
    if wanted.point:
        mask = recolor.object_at(finder, lightness, colors.prediction.ab, *wanted.point)
    elif wanted.selection is not None:
        mask = recolor.object_in(finder, lightness, wanted.selection)
    else:
        raise BadRequest("Nothing is selected.", "Select the object, or point at it.")
    progress(0.9, "Choosing colors")
    distribution = colors.prediction.distribution or _prediction(proxy, routing.DEFAULT, options).distribution
    assert distribution is not None  # the embedded colorizer has one
    suggestions = recolor.suggestions(distribution, lightness, mask)
    color = wanted.color or (suggestions[0].a, suggestions[0].b)
    mean = recolor.mean_lightness(lightness, mask)
    progress(1.0, "Object found")
    return Recolored(colors.colorizer, proxy.guide, lightness, mask, mean, color, suggestions)


def _prediction(proxy: Proxy, name: str, options: Options) -> Prediction:
    """One colorizer's prediction, in the style and guided as the options say.

    A network that takes no hints runs once for a photograph: hints are propagated over its cached answer.
    """
    colorizer = colorizers.load(name)
    lightness = proxy.at(colorizer.card.proxy_side)
    hints = proxy.cached(("hints", lightness.shape, options.guidance), lambda: _hints(lightness, options))
    key = name, options.style, options.guidance

    def plain() -> Prediction:
        answer = proxy.cached(("prediction", name), lambda: colorizer.predict(lightness))
        return _in_style(answer, options.style)

    if hints is None:
        return plain()
    if not colorizers.takes_hints(colorizer):
        ab = proxy.cached(("propagated", *key), lambda: propagate(lightness, hints, plain().ab))
        return replace(plain(), ab=ab)
    answer = proxy.cached(("prediction", name, options.guidance), lambda: colorizer.predict(lightness, hints))
    hinted = _in_style(answer, options.style)
    if colorizer.card.details["hints"] != FOLLOWED:
        return hinted
    inside = proxy.cached(("hinted objects", *key), lambda: _hinted_objects(proxy, plain().ab, hints))
    reach = options.reach
    ab = proxy.cached(
        ("followed", *key, reach),
        lambda: follow(plain().ab, spread(hinted.ab, lightness, hints), inside, reach),
    )
    return replace(hinted, ab=ab)


def _in_style(prediction: Prediction, style: Style) -> Prediction:
    """The prediction with the ab of this style, if the colorizer tells styles apart."""
    calm = style == "calm" and prediction.calm is not None
    return replace(prediction, ab=prediction.calm) if calm else prediction  # type: ignore[arg-type]


def _hinted_objects(proxy: Proxy, ab: Plane, hints: Hints) -> Plane:
    """How much each cell of ab (h, w, 2) belongs to the objects that are hinted. By the embedded segmenter, which is
    there at once."""
    proxy.prepare(segmenters.load(segmenters.EMBEDDED).proxy_side)
    lightness, segments = _segmented(proxy, segmenters.EMBEDDED)
    return membership(segments, lightness, ab, hints)


def _hints(lightness: Plane, options: Options) -> Hints | None:
    """What was painted; elsewhere, what the reference tells."""
    painted = None if options.paint is None else hints.from_paint(options.paint, *lightness.shape)
    if options.reference is None or options.like != "regions":
        return painted
    told = hints_like(lightness, options.reference)
    return told if painted is None else hints.joined(painted, told)


def heat(colors: Colors) -> NDArray[np.uint8]:
    """Where the colorizer guessed: (h, w, 4) sRGB and alpha, 8 bit, at guide size. See `guidance.doubt.heat`.

    Raises:
        BadRequest: it gave no distribution.
    """
    import pyvips

    height, width = colors.guide.shape
    small = pyvips.Image.new_from_array(doubt.heat(doubt.doubt(_distribution(colors))))
    found = stretch(small, height, width)
    return np.asarray((found.clamp() * 255).rint().cast("uchar").numpy())


def paint_first(proxy: Proxy, colors: Colors) -> NDArray[np.uint8]:
    """Where hints would help most: (h, w) 8 bit, 255 there, at the segmenter's size. See `guidance.doubt.paint_first`.

    By the embedded segmenter, which is there at once: another one may have to be prepared for minutes first.

    Raises:
        BadRequest: the colorizer gave no distribution.
    """
    distribution = _distribution(colors)
    proxy.prepare(segmenters.load(segmenters.EMBEDDED).proxy_side)
    return np.where(doubt.paint_first(distribution, _segmented(proxy, segmenters.EMBEDDED)[1]), 255, 0).astype(np.uint8)


def _distribution(colors: Colors) -> Distribution:
    if colors.prediction.distribution is None:
        raise BadRequest(
            f"{colors.colorizer} does not say how sure it is of its colors.", "Choose a colorizer that comes along."
        )
    return colors.prediction.distribution


def load_all(name: str) -> None:
    """Loads what a colorizer's name stands for, so that a missing model is said before any work.

    Raises:
        ModelMissing, ModelDamaged: one of them cannot be used.
    """
    for member in routing.fixed(name).scores:
        colorizers.load(member)


def route(proxy: Proxy) -> Route:
    """Whose colors "auto" takes for a photograph, and how much of each: by the installed router, or by the embedded
    network's own gate.

    Raises:
        ModelMissing, ModelDamaged: what chooses cannot be used.
    """
    router = routing.load()
    if router:
        return _routed(proxy, router)
    return routing.Route(_prediction(proxy, routing.AUTO, Options()).shares)


def _routed(proxy: Proxy, router: Router) -> Route:
    thumbnail = shrink(proxy.image, routing.SIDE, routing.SIDE)
    return router.route(np.asarray(thumbnail.numpy(), np.float32))


def gray(lightness: pyvips.Image) -> pyvips.Image:
    """A photograph's lightness as 8-bit sRGB, without color. Lazy."""
    return srgb(lightness, lightness.bandjoin(0) * 0)


def srgb(lightness: pyvips.Image, ab: pyvips.Image) -> pyvips.Image:
    """A photograph's lightness and ab as 8-bit sRGB: the pixels that a file of the result would hold. Lazy."""
    from photochrom.image import gamut
    from photochrom.image.spaces import SRGB

    return SRGB.encode(gamut.linear_rgb(lightness, ab, SRGB), "uchar")


def colorize_file(
    source: Path,
    output: Path,
    options: Options,
    *,
    page: int | None = None,
    mark: bool = True,
    profile: str | None = None,
    progress: Progress = silent,
) -> Result:
    """Colorizes one file into another, in the format of the output's suffix (PNG, TIFF, JPEG, WebP, ORA).

    `page` is the number of the picture in a file of several (1…); without it the first is taken, and `notes` say so.
    `mark` says in the file's XMP that a trained algorithm made its color. `profile` names the RGB profile to write in.

    Raises:
        BadPicture: the source cannot be read.
        BadRequest: it has no such page.
        OutputFailed: the output cannot be written; nothing half-written stays.
        ModelMissing, ModelDamaged: the colorizer cannot be used.
        Cancelled: `progress` said so.
    """
    from photochrom.image.files import write_picture
    from photochrom.image.mark import Mark
    from photochrom.image.picture import open_picture

    picture = open_picture(source, page)
    with picture.reading():
        colors = predict(Proxy(picture.lightness()), options, lambda done, doing: progress(done * 0.4, doing))
    notes = write_picture(
        picture,
        colors.at_full_size(picture.height, picture.width),
        output,
        mark=Mark(colors.colorizer, __version__) if mark else None,
        profile=profile,
        progress=lambda done, doing: progress(0.4 + done * 0.6, doing),
    )
    return Result(source, output, picture.width, picture.height, colors.colorizer, (*picture.notes, *notes))
