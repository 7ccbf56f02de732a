"""Measures the improvement with each color hint that a user gives.

Hints are dabs at random positions in the photograph's mean color there, as in Zhang et al. 2017, "Real-Time
User-Guided Image Colorization with Learned Deep Priors". A larger set of hints contains the smaller ones, so that a
curve shows the effect of more hints and not of their positions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np

from photochrom import __version__, colorizers, pipeline
from photochrom.colorizers import Colorizer
from photochrom.errors import BadRequest
from photochrom.evaluation import bootstrap, metrics
from photochrom.evaluation.bootstrap import Estimate
from photochrom.evaluation.dataset import photographs, read_srgb
from photochrom.evaluation.lightness_only import laid_over, lightness_of
from photochrom.evaluation.metrics import lab
from photochrom.guidance import levin2004
from photochrom.guidance.hint_correction import spread
from photochrom.guidance.hints import from_paint
from photochrom.options import Options
from photochrom.progress import Progress, silent
from photochrom.routing import AUTO, BLEND
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import shrunk
from photochrom.values import Hints, Plane
from photochrom_client.protocol import REACH

SCHEMA: Final = "photochrom-hints/1"

SIDE: Final = 160
"""Short side of the map that dabs are painted on."""

DAB: Final = 5
"""Side of a dab on that map."""

MOST_HINTS: Final = 1000

MOST_PHOTOGRAPHS: Final = 60
"""Maximum number of photographs; of a larger data set only every second, third … one is used."""

ALONE: Final = "levin2004"

Answer = Callable[[Proxy, Plane], Plane]
"""Maps a photograph's lightness and the paint on it, (h, w, 4) L, a, b, alpha, to ab of any size up to the guide's."""

Correct = Callable[[Plane, Plane, Hints], Plane]
"""Maps ab (h', w', 2) predicted without hints, lightness (h, w) and hints (h, w) to ab that follows them."""

AFTERWARDS: Final[dict[str, Correct]] = {
    "spread": spread,
    ALONE: lambda ab, lightness, hints: levin2004.propagate(lightness, hints, ab),
}


@dataclass(frozen=True)
class Curve:
    """PSNR in dB by candidate, then by number of hints, one value per photograph in the order of `pictures`."""

    dataset: str
    counts: tuple[int, ...]
    pictures: tuple[str, ...]
    psnr: dict[str, dict[int, tuple[float, ...]]]

    def estimate(self, candidate: str, count: int) -> Estimate:
        """Mean over the photographs and its 95 % interval."""
        return bootstrap.mean(np.array(self.psnr[candidate][count]))

    def table(self) -> list[list[str]]:
        """Rows of text: headings, then one row per candidate."""
        rows = [["PSNR dB ↑ by hints", *map(str, self.counts)]]
        for name in self.psnr:
            rows.append([name, *(self.estimate(name, count).plus_minus(2) for count in self.counts)])
        return rows

    def to_json(self) -> str:
        """All of it as JSON (schema `photochrom-hints/1`)."""
        summary = {name: {count: asdict(self.estimate(name, count)) for count in self.counts} for name in self.psnr}
        settings = {"side": SIDE, "dab": DAB, "confidence": bootstrap.CONFIDENCE, "compared": "8-bit sRGB, full size"}
        content = {"schema": SCHEMA, "photochrom": __version__, "settings": settings, "summary": summary}
        return json.dumps({**content, **asdict(self)}, indent=1, allow_nan=False)


def numbers_of_hints(text: str) -> tuple[int, ...]:
    """ "1,5,10" -> (0, 1, 5, 10): sorted, without duplicates, and with 0 for comparison.

    Raises:
        BadRequest: the text is not such a list.
    """
    try:
        counts = {int(part) for part in text.split(",")}
    except ValueError:
        counts = {-1}
    if not 0 <= min(counts) <= max(counts) <= MOST_HINTS:
        raise BadRequest(f"{text!r} are no numbers of hints.", f"Give some from 0 to {MOST_HINTS}, as in 1,5,10,50.")
    return tuple(sorted({0, *counts}))


def measure_hints(
    folder: Path,
    names: Sequence[str],
    counts: Sequence[int],
    progress: Progress = silent,
    reach: float = REACH.default,
) -> Curve:
    """Measures the curves of colorizers on a folder of color photographs: each with its own handling of hints, and with
    its unguided colors corrected afterwards; and the curve of Levin 2004 alone.

    `names`: installed colorizers; "all" is every one. `reach`: 0…1, as in `pipeline.Options`.

    Raises:
        BadRequest, BadPicture: the folder is not a data set, or a name is that of a blend.
        ModelMissing, ModelDamaged: a colorizer cannot be used.
        ExtraMissing: SciPy is not installed.
    """
    pool = [card.name for card in colorizers.available()]
    wanted = dict.fromkeys(each for name in names for each in (pool if name == "all" else [name]))
    for name in wanted:
        if name == AUTO or BLEND in name:
            raise BadRequest("Hints are measured for one colorizer at a time.", f"Name one or more: {', '.join(pool)}.")
    answers: dict[str, Answer] = {}
    for name in wanted:
        colorizer = colorizers.load(name)
        answers[name] = _following(name, reach)
        for way, correct in AFTERWARDS.items():
            answers[f"{name}, then {way}"] = _corrected(colorizer, correct)
    answers[ALONE] = _propagated
    todo = photographs(folder)
    todo = todo[:: -(-len(todo) // MOST_PHOTOGRAPHS)]
    psnr: dict[str, dict[int, list[float]]] = {name: {count: [] for count in counts} for name in answers}
    for number, photograph in enumerate(todo):
        original = read_srgb(photograph.path)
        lightness = lightness_of(original)
        proxy = Proxy(lightness)
        for done, count in enumerate(counts):
            share = (number + done / len(counts)) / len(todo)
            progress(share, f"{photograph.name} ({number + 1} of {len(todo)})")
            paint = painted(lab(original), count, seed=number)
            for name, answer in answers.items():
                result = laid_over(lightness, proxy.guide, answer(proxy, paint))
                psnr[name][count].append(metrics.psnr(original, result))
    progress(1.0, "")
    return Curve(
        folder.resolve().name,
        tuple(counts),
        tuple(photograph.name for photograph in todo),
        {name: {count: tuple(values) for count, values in each.items()} for name, each in psnr.items()},
    )


def painted(colors: Plane, count: int, seed: int) -> Plane:
    """Lab (H, W, 3) of a photograph -> a layer (h, w, 4) L, a, b, alpha with `count` dabs of its colors."""
    height, width = colors.shape[:2]
    scale = SIDE / min(height, width)
    rows, columns = max(DAB, round(height * scale)), max(DAB, round(width * scale))
    small = shrunk(colors, rows, columns)
    layer = np.zeros((rows, columns, 4), np.float32)
    random = np.random.default_rng(seed)
    for _ in range(count):
        top, left = random.integers(0, rows - DAB + 1), random.integers(0, columns - DAB + 1)
        dab = np.s_[top : top + DAB, left : left + DAB]
        layer[dab] = *small[dab].mean((0, 1)), 1
    return layer


def _following(name: str, reach: float) -> Answer:
    def answer(proxy: Proxy, paint: Plane) -> Plane:
        return pipeline.predict(proxy, Options(name, hints=paint, reach=reach)).prediction.ab

    return answer


def _corrected(colorizer: Colorizer, correct: Correct) -> Answer:
    def answer(proxy: Proxy, paint: Plane) -> Plane:
        lightness = proxy.at(colorizer.card.proxy_side)
        ab = proxy.cached(("without hints", colorizer.card.name), lambda: colorizer.predict(lightness).ab)
        hints = from_paint(paint, *lightness.shape)
        return correct(ab, lightness, hints) if hints else ab

    return answer


def _propagated(proxy: Proxy, paint: Plane) -> Plane:
    lightness = proxy.at(SIDE)
    hints = from_paint(paint, *lightness.shape)
    if hints is None:
        return np.zeros((*lightness.shape, 2), np.float32)
    return levin2004.propagate(lightness, hints)
