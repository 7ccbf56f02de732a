"""Diversity and plausibility of variants: compared with each other, and with the photograph's true colors.

Diversity: for every pair of answers (including the main one), segment by segment, the distance of the mean colors
(meaning) and the variation of the difference within the segment (noise). Plausibility: PSNR of each answer, and of the
best of all, as chosen by a perfect user; sets of colorizations are often measured this way (Deshpande et al. 2017,
"Learning Diverse Image Colorization"). The baseline is the best of as many randomly colored answers, each segment
shifted by as much as in the variants, since a larger number of answers alone improves the best.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np

from photochrom import colorizers, segmenters
from photochrom.evaluation import metrics
from photochrom.evaluation.dataset import photographs, read_srgb
from photochrom.evaluation.lightness_only import laid_over, lightness_of
from photochrom.evaluation.metrics import Pixels
from photochrom.guidance.variants import variants
from photochrom.progress import Progress, silent
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import stretched
from photochrom.values import Plane, Segments

COLORIZER: Final = "lite"

SEED: Final = 1907


@dataclass(frozen=True)
class Diversity:
    """Means over the photographs. `answers`: number of variants. `apart`, `noise`: ab units, over pairs of answers and
    segments, weighted by area. `chroma`: mean of the main answer and of the variants, ab units. PSNR in dB: the main
    answer, the mean variant, the best of main answer and variants, the best of the main answer and as many random ones.
    """

    photographs: int
    answers: float
    apart: float
    noise: float
    chroma: float
    chroma_variants: float
    psnr: float
    psnr_variants: float
    psnr_best: float
    psnr_best_random: float

    def table(self) -> list[list[str]]:
        """Rows of text, headings first."""
        return [["", "mean"], *([name.replace("_", " "), f"{value:.2f}"] for name, value in asdict(self).items())]


def measure(folder: Path, count: int, progress: Progress = silent, every: int = 1) -> Diversity:
    """Measures up to `count` variants of the embedded colorizer on every `every`-th color photograph of a folder.

    Raises:
        BadRequest, BadPicture: the folder is not a data set, or a photograph cannot be read.
        ModelMissing, ModelDamaged: the colorizer or segmenter cannot be used.
    """
    todo = photographs(folder)[::every]
    rows = []
    for number, photograph in enumerate(todo):
        progress(number / len(todo), f"{photograph.name} ({number + 1} of {len(todo)})")
        rows.append(measure_photograph(read_srgb(photograph.path), count, np.random.default_rng(SEED + number)))
    progress(1.0, "")
    # A photograph without variants has no distances.
    return Diversity(len(todo), *(float(each) for each in np.nanmean(np.array(rows), axis=0)))


def measure_photograph(original: Pixels, count: int, random: np.random.Generator) -> tuple[float, ...]:
    """The values of `Diversity` after the first, for one photograph (H, W, 3) sRGB; NaN without variants."""
    colorizer = colorizers.load(COLORIZER)
    segmenter = segmenters.load(segmenters.default())
    image = lightness_of(original)
    proxy = Proxy(image)
    prediction = colorizer.predict(proxy.at(colorizer.card.proxy_side))
    lightness = proxy.at(segmenter.proxy_side)
    segments = segmenter.segment(lightness)
    found = [variant.ab for variant in variants(lightness, prediction, segments, count)]

    def psnr(ab: Plane) -> float:
        return metrics.psnr(original, laid_over(image, proxy.guide, ab))

    if not found:
        same = psnr(prediction.ab)
        chroma = float(np.linalg.norm(prediction.ab, axis=-1).mean())
        return (0, np.nan, np.nan, chroma, np.nan, same, np.nan, same, same)
    height, width = found[0].shape[:2]
    main = stretched(prediction.ab, height, width)
    apart, noise = differences([main, *found], segments)
    own = psnr(main)
    others = [psnr(ab) for ab in found]
    at_random = [psnr(each) for each in _shifted(main, found, segments, random)]
    return (
        len(found),
        apart,
        noise,
        float(np.linalg.norm(main, axis=-1).mean()),
        float(np.mean([np.linalg.norm(ab, axis=-1).mean() for ab in found])),
        own,
        float(np.mean(others)),
        max(own, *others),
        max(own, *at_random),
    )


def differences(answers: list[Plane], segments: Segments) -> tuple[float, float]:
    """Answers (h, w, 2) -> in ab units, the distance of the means of two answers in a segment, and the standard
    deviation of their difference within it; averaged over pairs and, by area, over segments."""
    labels = _labels(segments, *answers[0].shape[:2]).ravel()
    areas = np.bincount(labels, minlength=segments.count + 1)
    several = np.maximum(areas, 1)
    apart, noise = [], []
    for one, other in combinations(answers, 2):
        difference = (one - other).reshape(-1, 2)
        mean = np.stack([np.bincount(labels, each, areas.size) for each in difference.T], -1) / several[:, None]
        square = np.bincount(labels, (difference**2).sum(-1), areas.size) / several
        apart.append(np.linalg.norm(mean, axis=-1) @ areas / areas.sum())
        noise.append(np.sqrt(np.maximum(square - (mean**2).sum(-1), 0)) @ areas / areas.sum())
    return float(np.mean(apart)), float(np.mean(noise))


def _shifted(main: Plane, found: list[Plane], segments: Segments, random: np.random.Generator) -> list[Plane]:
    """For each variant, the main answer with every segment shifted by the same distance in a random direction."""
    labels = _labels(segments, *main.shape[:2])
    areas = np.maximum(np.bincount(labels.ravel(), minlength=segments.count + 1), 1)
    shifted = []
    for ab in found:
        far = np.bincount(labels.ravel(), np.linalg.norm(ab - main, axis=-1).ravel(), areas.size) / areas
        angle = random.uniform(0, 2 * np.pi, areas.size)
        shifted.append((main + (far * np.array([np.cos(angle), np.sin(angle)])).T[labels]).astype(np.float32))
    return shifted


def _labels(segments: Segments, height: int, width: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    inside = segments.innermost
    rows = (2 * np.arange(height) + 1) * inside.shape[0] // (2 * height)
    columns = (2 * np.arange(width) + 1) * inside.shape[1] // (2 * width)
    return np.asarray(inside[rows[:, None], columns])
