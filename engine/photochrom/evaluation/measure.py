"""Colourise every photograph of a data set from its lightness alone, and compare with the original."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from photochrom import __version__, colorizers, models, pipeline, routing
from photochrom.errors import ExtraMissing, ModelMissing
from photochrom.evaluation import metrics, variety
from photochrom.evaluation.dataset import Photograph, photographs, read_srgb
from photochrom.evaluation.lightness_only import colorize_lightness
from photochrom.evaluation.metrics import Floats, Pixels
from photochrom.evaluation.perceptual import FeatureSets, lpips
from photochrom.evaluation.results import GRAY, ORIGINAL, Evaluation, PictureResult, Pictures, Scores
from photochrom.evaluation.sheet import encode
from photochrom.image import lab as cielab
from photochrom.models import Card
from photochrom.progress import Progress

Colorize = Callable[[Pixels], tuple[Pixels, str]]
"""From a colour photograph, of which only the lightness may be used, uint8 (H, W, 3) sRGB, to the colourised
picture, the same shape, and the name of the colorizer that made it."""


def evaluate(folder: Path, names: Sequence[str], progress: Progress | None = None) -> Evaluation:
    """Scores of colorizers on a folder of colour photographs.

    `names` are names of installed colorizers, "auto", "lite+people" for a blend in equal parts, or
    "all" for every installed one and "auto" after them when there is a choice to make.

    Raises BadRequest or BadPicture for a folder that is no data set, ModelMissing or ModelDamaged for a
    colorizer that cannot be used.
    """
    pool = [card.name for card in colorizers.available()]
    everyone = pool if len(pool) == 1 else [*pool, routing.AUTO]
    wanted = dict.fromkeys(each for name in names for each in (everyone if name == "all" else [name]))
    todo = photographs(folder)
    for name in wanted:
        if name != routing.AUTO:
            pipeline.load_all(name)  # A missing model is said before the first photograph, not after.
    found = measure(
        folder.resolve().name,
        todo,
        {name: partial(colorize_lightness, colorizer=name) for name in wanted},
        progress,
    )
    named = {member for name in wanted for member in routing.fixed(name).scores}
    used = [card for card in models.installed() if routing.AUTO in named or card.name in named]
    return replace(found, cards={card.name: _card_json(card) for card in used})


def _card_json(card: Card) -> dict[str, Any]:
    return {"name": card.name, "system": card.system, "version": card.version, "files": card.files}


def measure(
    dataset: str,
    pictures: Iterable[Photograph],
    candidates: Mapping[str, Colorize],
    progress: Progress | None = None,
) -> Evaluation:
    """Scores of each colorizer and of the gray baseline on each photograph.

    Scores whose library is not installed are left out, and `Evaluation.left_out` says why. Raises BadPicture
    for a photograph that cannot be read; whatever `progress` raises stops the work.
    """
    todo = list(pictures)
    left_out: dict[str, str] = {}
    features = FeatureSets()
    measured, images = [], {}
    for number, photograph in enumerate(todo):
        if progress:
            progress(number / len(todo), f"{photograph.name} ({number + 1} of {len(todo)})")
        result, shown = measure_photograph(photograph, candidates, features, left_out)
        measured.append(result)
        images[result.name] = shown
    if progress:
        progress(1.0, "")
    return Evaluation(
        dataset,
        tuple(candidates),
        tuple(measured),
        __version__,
        left_out=left_out,
        fid=features.distances(ORIGINAL),
        images=images,
    )


def measure_photograph(
    photograph: Photograph,
    candidates: Mapping[str, Colorize],
    features: FeatureSets,
    left_out: dict[str, str],
) -> tuple[PictureResult, Pictures]:
    """One photograph's scores and its pictures.

    What FID needs of them goes to `features`; reasons for scores that were not taken go to `left_out`.
    """
    original = read_srgb(photograph.path)
    made = {name: colorize(original) for name, colorize in candidates.items()}
    results = {name: result for name, (result, _) in made.items()} | {GRAY: without_colour(original)}
    original_lab = lab(original)

    def compared(result: Pixels) -> Scores:
        return compare_pictures(original, original_lab, result, left_out)

    with ThreadPoolExecutor() as threads:
        scores = dict(zip(results, threads.map(compared, results.values()), strict=True))
    scores[ORIGINAL] = {
        **own_scores(original, original_lab),
        **variety.true_scores(original_lab[..., 0], original_lab[..., 1:]),
    }
    height, width = original.shape[:2]
    chosen = {name: by for name, (_, by) in made.items() if by != name}
    pictures = {ORIGINAL: original, **results}
    try:
        features.add(pictures)
    except (ExtraMissing, ModelMissing) as missing:
        left_out["fid"] = str(missing)
    return (
        PictureResult(photograph.name, photograph.category, width, height, scores, chosen),
        Pictures({name: encode(picture) for name, picture in pictures.items()}),
    )


def compare_pictures(original: Pixels, original_lab: Floats, result: Pixels, left_out: dict[str, str]) -> Scores:
    """All scores of one result by their keys; what cannot be taken is noted in `left_out`."""
    result_lab = lab(result)
    lightness_mean, lightness_max = metrics.lightness_error(original_lab, result_lab)
    scores = {
        "psnr": metrics.psnr(original, result),
        "cpsnr": metrics.cpsnr(original, result),
        "mse": metrics.mse(original, result),
        "cnr": metrics.chromatic_number_ratio(original_lab, result_lab),
        "lightness_mean": lightness_mean,
        "lightness_max": lightness_max,
        **own_scores(result, result_lab),
        **variety.scores(original_lab[..., 0], result_lab[..., 1:], original_lab[..., 1:]),
    }
    optional = {
        "ssim": metrics.ssim,
        "uiqi": metrics.uiqi,
        "ciede2000": metrics.ciede2000,
        "lpips": lpips,
    }
    for key, metric in optional.items():
        try:
            scores[key] = metric(original, result)
        except (ExtraMissing, ModelMissing) as missing:
            left_out[key] = str(missing)
        except ValueError:
            left_out[key] = "Not taken of pictures smaller than its window."
    return scores


def own_scores(picture: Pixels, picture_lab: Floats) -> Scores:
    """What a picture scores by itself: `colourfulness` and `chroma`."""
    return {"colourfulness": metrics.colourfulness(picture), "chroma": metrics.chroma(picture_lab)}


def lab(picture: Pixels) -> Floats:
    """CIE L*a*b* D50 of an 8-bit sRGB picture, float32 (H, W, 3)."""
    converted = np.empty(picture.shape, np.float32)
    for rows in metrics.strips(picture):
        converted[rows] = cielab.lab_from_srgb(picture[rows].astype(np.float32) / np.float32(255))
    return converted


def without_colour(picture: Pixels) -> Pixels:
    """The gray baseline: the picture's own D50 L* with a* = b* = 0, in 8-bit sRGB."""
    gray = np.empty_like(picture)
    for rows in metrics.strips(picture):
        neutral = lab(picture[rows])
        neutral[..., 1:] = 0
        gray[rows] = np.rint(np.clip(cielab.srgb_from_lab(neutral), 0, 1) * 255)
    return gray
