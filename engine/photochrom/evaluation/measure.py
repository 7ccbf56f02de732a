"""Colourise every photograph of a data set from its lightness alone, and compare with the original."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np

from photochrom import __version__
from photochrom.errors import ExtraMissing
from photochrom.evaluation import metrics
from photochrom.evaluation.dataset import Photograph, read_srgb
from photochrom.evaluation.metrics import Floats, Pixels
from photochrom.evaluation.results import GRAY, ORIGINAL, Evaluation, PictureResult, Pictures, Scores
from photochrom.evaluation.sheet import encode
from photochrom.image import lab as cielab

Progress = Callable[[float, str], None]

Colorize = Callable[[Pixels], tuple[Pixels, str]]
"""From a colour photograph, of which only the lightness may be used, uint8 (H, W, 3) sRGB, to the colourised
picture, the same shape, and the name of the colorizer that made it."""


def measure(
    dataset: str,
    photographs: Iterable[Photograph],
    colorizers: Mapping[str, Colorize],
    progress: Progress | None = None,
) -> Evaluation:
    """Scores of each colorizer and of the gray baseline on each photograph.

    Scores whose library is not installed are left out, and `Evaluation.left_out` says why. Raises BadPicture
    for a photograph that cannot be read; whatever `progress` raises stops the work.
    """
    todo = list(photographs)
    left_out: dict[str, str] = {}
    pictures, images = [], {}
    for number, photograph in enumerate(todo):
        if progress:
            progress(number / len(todo), f"{photograph.name} ({number + 1} of {len(todo)})")
        original = read_srgb(photograph.path)
        results = {}
        chosen = {}
        for name, colorize in colorizers.items():
            results[name], by = colorize(original)
            if by != name:
                chosen[name] = by
        results[GRAY] = without_colour(original)

        original_lab = lab(original)
        scores = {
            name: compare_pictures(original, original_lab, result, left_out)
            for name, result in results.items()
        }
        scores[ORIGINAL] = own_scores(original, original_lab)
        height, width = original.shape[:2]
        pictures.append(PictureResult(photograph.name, photograph.category, width, height, scores, chosen))
        images[photograph.name] = Pictures(
            {name: encode(picture) for name, picture in {ORIGINAL: original, **results}.items()}
        )
    if progress:
        progress(1.0, "")
    return Evaluation(dataset, tuple(colorizers), tuple(pictures), __version__, {}, left_out, {}, images)


def compare_pictures(
    original: Pixels, original_lab: Floats, result: Pixels, left_out: dict[str, str]
) -> Scores:
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
    }
    optional = {"ssim": metrics.ssim, "uiqi": metrics.uiqi, "ciede2000": metrics.ciede2000}
    for key, metric in optional.items():
        try:
            scores[key] = metric(original, result)
        except ExtraMissing as missing:
            left_out[key] = str(missing)
        except ValueError:
            left_out[key] = "Not taken of pictures smaller than its window."
    return scores


def own_scores(picture: Pixels, picture_lab: Floats) -> Scores:
    """What a picture scores by itself: `colourfulness` and `chroma`."""
    return {"colourfulness": metrics.colourfulness(picture), "chroma": metrics.chroma(picture_lab)}


def lab(picture: Pixels) -> Floats:
    """CIE L*a*b* D50 of an 8-bit sRGB picture, float (H, W, 3)."""
    return np.asarray(cielab.lab_from_srgb(picture.astype(np.float32) / np.float32(255)))


def without_colour(picture: Pixels) -> Pixels:
    """The gray baseline: the picture's own D50 L* with a* = b* = 0, in 8-bit sRGB."""
    gray = np.array(lab(picture))
    gray[..., 1:] = 0
    return np.asarray(np.rint(np.clip(cielab.srgb_from_lab(gray), 0, 1) * 255).astype(np.uint8))


def dataset_name(folder: Path) -> str:
    """What a data set is called in results: the folder's own name, not where it lies."""
    return folder.resolve().name
