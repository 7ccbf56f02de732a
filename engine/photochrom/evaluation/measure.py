"""Colorizes every photograph of a data set from its lightness alone, and compares it with the original."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from photochrom import __version__
from photochrom.errors import ExtraMissing, ModelMissing
from photochrom.evaluation import metrics, variety
from photochrom.evaluation.dataset import Photograph, read_srgb
from photochrom.evaluation.metrics import Floats, Pixels, lab
from photochrom.evaluation.optional_scores import Added, Probe, Recognition, Seen
from photochrom.evaluation.perceptual import FeatureSets, lpips
from photochrom.evaluation.results import GRAY, ORIGINAL, Evaluation, PictureResult, Pictures, Scores
from photochrom.evaluation.sheet import encode
from photochrom.image import lab as cielab
from photochrom.progress import Progress, silent

Colorize = Callable[[Pixels], tuple[Pixels, str]]
"""Maps a color photograph, uint8 (H, W, 3) sRGB, of which only the lightness may be used, to the colorized picture of
the same shape and the name of the colorizer used."""

MOST_WAITING = 2 * (os.cpu_count() or 1)
"""Maximum number of photographs colorized and not yet compared: more would only fill memory."""


def measure(
    dataset: str,
    pictures: Iterable[Photograph],
    candidates: Mapping[str, Colorize],
    progress: Progress = silent,
    probes: Sequence[Probe] = (),
) -> Evaluation:
    """Scores of each colorizer and of the gray baseline on each photograph.

    While a photograph is colorized, the ones before it are compared. Scores whose library is not installed are left
    out, with the reason in `Evaluation.left_out`. Raises BadPicture for a photograph that cannot be read; an exception
    raised by `progress` stops the work.
    """
    todo = list(pictures)
    left_out: dict[str, str] = {}
    inception, lite = FeatureSets(), next((each.features for each in probes if isinstance(each, Recognition)), None)
    measured, images = [], {}
    waiting: deque[Future[tuple[PictureResult, Pictures]]] = deque()

    def collect() -> None:
        result, shown = waiting.popleft().result()
        measured.append(result)
        images[result.name] = shown

    threads = ThreadPoolExecutor(os.cpu_count())
    try:
        for number, photograph in enumerate(todo):
            progress(number / len(todo), f"{photograph.name} ({number + 1} of {len(todo)})")
            seen, chosen = colorized(photograph, candidates)
            added = [probe(seen) for probe in probes]
            _add_features(inception, seen.pictures, left_out)
            waiting.append(threads.submit(scored, seen, chosen, added, left_out))
            if len(waiting) > MOST_WAITING:
                collect()
        while waiting:
            collect()
    finally:
        threads.shutdown(cancel_futures=True)
    progress(1.0, "")
    return Evaluation(
        dataset=dataset,
        colorizers=tuple(candidates),
        pictures=tuple(measured),
        version=__version__,
        left_out=left_out,
        fid=inception.distances(ORIGINAL),
        frechet=lite.distances(ORIGINAL) if lite else {},
        images=images,
    )


def colorized(photograph: Photograph, candidates: Mapping[str, Colorize]) -> tuple[Seen, dict[str, str]]:
    """One photograph colorized by each candidate, in gray, and as the original; and the colorizer used by each
    candidate that chooses among several."""
    original = read_srgb(photograph.path)
    made = {name: colorize(original) for name, colorize in candidates.items()}
    pictures = {name: result for name, (result, _) in made.items()}
    seen = Seen(
        photograph,
        {ORIGINAL: original, **pictures, GRAY: without_color(original)},
        lab(original)[..., 0],
    )
    return seen, {name: by for name, (_, by) in made.items() if by != name}


def scored(
    seen: Seen, chosen: dict[str, str], added: Sequence[Added], left_out: dict[str, str]
) -> tuple[PictureResult, Pictures]:
    """One photograph's scores and its pictures. Reasons for missing scores are added to `left_out`."""
    original = seen.pictures[ORIGINAL]
    original_lab = lab(original)
    scores = {
        name: compare_pictures(original, original_lab, picture, left_out)
        for name, picture in seen.pictures.items()
        if name != ORIGINAL
    }
    scores[ORIGINAL] = {
        **own_scores(original, original_lab),
        **variety.true_scores(original_lab[..., 0], original_lab[..., 1:]),
    }
    for more in added:
        for name, each in more.items():
            scores[name] |= each
    height, width = original.shape[:2]
    photograph = seen.photograph
    return (
        PictureResult(photograph.name, photograph.category, width, height, scores, chosen),
        Pictures({name: encode(picture) for name, picture in seen.pictures.items()}),
    )


def _add_features(features: FeatureSets, pictures: Mapping[str, Pixels], left_out: dict[str, str]) -> None:
    try:
        features.add(pictures)
    except (ExtraMissing, ModelMissing) as missing:
        left_out["fid"] = str(missing)


def compare_pictures(original: Pixels, original_lab: Floats, result: Pixels, left_out: dict[str, str]) -> Scores:
    """All scores of one result by key; reasons for missing ones are added to `left_out`."""
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
            left_out[key] = "Not computed for pictures smaller than its window."
    return scores


def own_scores(picture: Pixels, picture_lab: Floats) -> Scores:
    """Scores without a reference: `colorfulness` and `chroma`."""
    return {"colorfulness": metrics.colorfulness(picture), "chroma": metrics.chroma(picture_lab)}


def without_color(picture: Pixels) -> Pixels:
    """The gray baseline: the picture's own D50 L* with a* = b* = 0, in 8-bit sRGB."""
    gray = np.empty_like(picture)
    for rows in metrics.strips(picture):
        neutral = lab(picture[rows])
        neutral[..., 1:] = 0
        gray[rows] = np.rint(np.clip(cielab.srgb_from_lab(neutral), 0, 1) * 255)
    return gray
