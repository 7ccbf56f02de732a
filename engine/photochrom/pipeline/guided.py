"""One colorizer's prediction, guided by hints and a reference.

Everything slow is cached with the proxy, by what it depends on: a network runs again only when its input changes.
"""

from __future__ import annotations

from dataclasses import replace

from photochrom import colorizers
from photochrom.guidance.exemplar import hints_like
from photochrom.guidance.hint_correction import spread
from photochrom.guidance.hinted_objects import follow, membership
from photochrom.guidance.hints import from_paint, joined
from photochrom.guidance.levin2004 import propagate
from photochrom.models import FOLLOWED
from photochrom.options import Options
from photochrom.pipeline.originals import seen_at
from photochrom.pipeline.segmented import embedded_segments
from photochrom.sampling.proxy import Proxy
from photochrom.values import Hints, Plane, Prediction
from photochrom_client.protocol import Style


def predicted(proxy: Proxy, name: str, options: Options) -> Prediction:
    """One colorizer's prediction, in the style and guided as the options say.

    A network that takes no hints runs once for a photograph: hints are propagated over its cached answer.
    """
    colorizer = colorizers.load(name)
    lightness = seen_at(proxy, colorizer.card.proxy_side, options.original)
    hints = proxy.cached(("hints", lightness.shape, options.guidance), lambda: _hints(lightness, options))
    key = name, options.style, options.guidance

    def plain() -> Prediction:
        answer = proxy.cached(("prediction", name, options.original), lambda: colorizer.predict(lightness))
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
    """How much each cell of ab (h, w, 2) belongs to the hinted objects, 0…1. By the embedded segmenter, which needs no
    preparation."""
    lightness, segments = embedded_segments(proxy)
    return membership(segments, lightness, ab, hints)


def _hints(lightness: Plane, options: Options) -> Hints | None:
    """Hints from the paint, and where there is none, from the reference."""
    painted = None if options.hints is None else from_paint(options.hints, *lightness.shape)
    if options.reference != "regions" or options.reference_picture is None:
        return painted
    matched = hints_like(lightness, options.reference_picture)
    return matched if painted is None else joined(painted, matched)
