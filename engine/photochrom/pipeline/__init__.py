"""From a photograph's lightness to its colors: the steps in order, one call each.

`predict` is the proxy stage, and its result lays the colors over the photograph; the modules beside it use both: a
file (`files`), one object (`recoloring`), the heat map (`uncertainty`). Only this package knows all the steps. Work
grows with the proxy: the photograph itself is read once to be reduced, and once more when it is composed, strip by
strip.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np

from photochrom import colorizers, models, routing, segmenters
from photochrom.errors import BadRequest
from photochrom.guidance.hints import from_paint
from photochrom.guidance.reinhard2001 import palette
from photochrom.guidance.variants import Variant, variants
from photochrom.harmonization import harmonize
from photochrom.options import Options
from photochrom.pipeline.guided import predicted
from photochrom.pipeline.originals import noticed_of, seen_image
from photochrom.pipeline.segmented import segmented, segmenter_name
from photochrom.progress import Progress, part, silent
from photochrom.routing import Route, Router
from photochrom.sampling import upsampling
from photochrom.sampling.proxy import GUIDE_SIDE, Proxy
from photochrom.sampling.resize import shrink
from photochrom.sampling.upsampling import Coefficients, FullSize
from photochrom.values import Plane, Prediction
from photochrom_client.protocol import AUTO, MAX_VARIANT, ORIGINALS, Original

if TYPE_CHECKING:
    import pyvips


@dataclass(frozen=True, kw_only=True)
class Colors:
    """The colors of one photograph at proxy size: all that is needed to lay them over it at any size.

    `guide`: its lightness (h, w) at guide size, which previews are made of. `prediction`: the colorizers' answer, as
    guided; `ab` (h, w, 2): the answer after all later steps, which `coefficients` bring to full size.

    `colorizer`: the name that was asked for; for "auto", the colorizer with the largest share. `scores`: for "auto",
    each one's share of the colors (0…1, largest first). `title`: what differs in this variant, "" for the main answer;
    `variants`: how many there are, 0 if none was asked for. `noticed`: what the photograph looks scanned from, where
    the options leave that open.
    """

    colorizer: str
    guide: Plane
    prediction: Prediction
    ab: Plane
    coefficients: Coefficients
    scores: dict[str, float] = field(default_factory=dict)
    title: str = ""
    variants: int = 0
    noticed: Original = ORIGINALS[0]

    def full_ab(self, lightness: pyvips.Image) -> pyvips.Image:
        """The photograph's lightness at full size -> its ab (2 bands float). Lazy, pointwise, streams."""
        return upsampling.apply(self.coefficients, lightness)

    def at_full_size(self, height: int, width: int) -> FullSize:
        """The ab of a photograph of this size, as files are written with it."""
        return FullSize(self.coefficients, height, width)

    def full_mask(self, _lightness: pyvips.Image) -> None:
        """None: the colors cover the whole photograph."""


def predict(proxy: Proxy, options: Options, progress: Progress = silent) -> Colors:
    """The proxy stage: a photograph's lightness -> its colors.

    Raises:
        BadRequest: there is no such variant.
        ModelMissing, ModelDamaged, ExtraMissing: a colorizer, the router or the segmenter cannot be used.
        Cancelled: from `progress`.
    """
    progress(0.0, "Loading the colorizer")
    router = routing.load() if options.colorizer == AUTO else None
    side = guide_side(options, part(progress, 0.0, 0.2))
    progress(0.2, "Reducing the photograph")
    proxy.prepare(side)
    progress(0.3, "Choosing the colorizer")
    chosen = _routed(proxy, router, options.original) if router else routing.fixed(options.colorizer)
    prediction = _blended(proxy, chosen, options, part(progress, 0.4, 0.6))
    ab, title, count = prediction.ab, "", 0
    if options.reference == "palette" and options.reference_picture is not None:
        ab = palette(ab, options.reference_picture)
    if options.variant:
        progress(0.6, "Finding objects")
        alternatives = _variants(proxy, prediction, options)
        variant = alternatives[options.variant - 1]
        ab, title, count = variant.ab, variant.title, len(alternatives)
    if options.harmonize:
        progress(0.6, "Finding objects")
        lightness, segments = segmented(proxy, segmenter_name(options))
        ab = harmonize(lightness, ab, segments, options.harmonize)
    ab = options.adjustments.apply(ab)
    progress(0.9, "Following the edges")
    coefficients = upsampling.fit(proxy.guide, ab)
    progress(1.0, "Colors chosen")
    shares = chosen.scores if router else prediction.shares
    return Colors(
        colorizer=next(iter(shares)) if options.colorizer == AUTO else options.colorizer,
        guide=proxy.guide,
        prediction=prediction,
        ab=ab,
        coefficients=coefficients,
        scores=shares if options.colorizer == AUTO else {},
        title=title,
        variants=count,
        noticed=noticed_of(proxy) if options.original == ORIGINALS[0] else options.original,
    )


@contextmanager
def loading_ahead(colorizer: str) -> Iterator[None]:
    """While something else is done, loads what ships of a colorizer or blend, in a thread. Others may take seconds,
    which are left to `predict` and its progress; and so is what goes wrong."""

    def load() -> None:
        with suppress(Exception):
            shipped = {AUTO, *(card.name for card in models.shipped())}
            for name in shipped.intersection(routing.stands_for(colorizer)):
                colorizers.load(name)

    thread = Thread(target=load, name="loading ahead")
    thread.start()
    try:
        yield
    finally:
        thread.join()


def guide_side(options: Options, progress: Progress = silent) -> int:
    """Short side in pixels of the guide (`Proxy.guide`), which is all that `predict` sees of a photograph. Loads what
    it needs.

    Raises:
        ModelMissing, ModelDamaged, ExtraMissing, Cancelled: as `predict`.
    """
    sides = [colorizers.load(name).card.proxy_side for name in routing.stands_for(options.colorizer)]
    if options.harmonize or options.variant:
        sides.append(segmenters.load(segmenter_name(options), progress).proxy_side)
    return max(GUIDE_SIDE, *sides)


def _blended(proxy: Proxy, chosen: Route, options: Options, progress: Progress) -> Prediction:
    """The predictions of the colorizers that take part, blended by their shares."""
    shares = chosen.taking_part
    predictions = []
    for number, name in enumerate(shares):
        progress(number / len(shares), "Choosing colors")
        predictions.append(predicted(proxy, name, options))
    return routing.blend(predictions, tuple(shares.values()))


def _variants(proxy: Proxy, prediction: Prediction, options: Options) -> list[Variant]:
    """All variants of a prediction, at least as many as were asked for."""
    if prediction.distribution is None:
        raise BadRequest(f"{options.colorizer} gives one answer only: it has no variants.", "Use a bundled colorizer.")
    segmenter = segmenter_name(options)
    lightness, segments = segmented(proxy, segmenter)
    key = "variants", options.colorizer, options.style, segmenter, options.guidance
    painted = None if options.hints is None else from_paint(options.hints, *lightness.shape)
    held = None if painted is None else painted.mask
    every = proxy.cached(key, lambda: variants(lightness, prediction, segments, MAX_VARIANT, held))
    if options.variant > len(every):
        raise BadRequest(f"There is no variant {options.variant}.", f"This photograph has {len(every)}.")
    return every


def load_all(name: str) -> None:
    """Loads the colorizers that a name stands for, so that a missing one is reported before any work.

    Raises:
        ModelMissing, ModelDamaged: one of them cannot be used.
    """
    for member in routing.stands_for(name):
        colorizers.load(member)


def route(proxy: Proxy) -> Route:
    """The share of each colorizer in the colors of "auto": by the installed router, or by the embedded network's own
    gate.

    Raises:
        ModelMissing, ModelDamaged: the router or the embedded network cannot be used.
    """
    router = routing.load()
    return _routed(proxy, router, ORIGINALS[0]) if router else routing.Route(predicted(proxy, AUTO, Options()).shares)


def _routed(proxy: Proxy, router: Router, original: Original) -> Route:
    thumbnail = shrink(seen_image(proxy, original), routing.SIDE, routing.SIDE)
    return router.route(np.asarray(thumbnail.numpy(), np.float32))
