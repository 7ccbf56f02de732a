"""Reliability of a colorizer's confidence: reliability diagram and expected calibration error.

Degroot & Fienberg 1983 and Niculescu-Mizil & Caruana 2005 for the diagram; Guo et al. 2017, eq. 3, for the error. The
unit is a cell of the colorizer's distribution; it is right if it is within one class of the photograph's mean color in
that cell (`photochrom.guidance.uncertainty`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photochrom import pipeline
from photochrom.errors import BadRequest
from photochrom.evaluation.dataset import photographs, read_srgb
from photochrom.evaluation.lightness_only import lightness_of
from photochrom.evaluation.metrics import Floats, Pixels
from photochrom.evaluation.metrics import lab as lab_of
from photochrom.guidance.uncertainty import best_guess, neighbors
from photochrom.options import Options
from photochrom.progress import Progress, silent
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import shrunk
from photochrom.values import Distribution, Prediction

BINS: Final = 10

Right = NDArray[np.bool_]
Predict = Callable[[Proxy], Prediction]


@dataclass(frozen=True)
class Reliability:
    """Ten bins of confidence, 0…0.1, 0.1…0.2, …: the number of cells in each, their mean confidence 0…1, and the share
    of right ones. Empty bins are 0 throughout."""

    cells: NDArray[np.int64]
    confidence: Floats
    right: Floats

    @classmethod
    def of(cls, confidence: Floats, right: Right) -> Reliability:
        """Bins the confidence (n,) 0…1 of each cell, and whether (n,) it was right."""
        number = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
        cells = np.bincount(number, minlength=BINS)
        several = np.maximum(cells, 1)
        return cls(
            cells,
            np.bincount(number, confidence, BINS) / several,
            np.bincount(number, right, BINS) / several,
        )

    @property
    def error(self) -> float:
        """Expected calibration error, 0…1: the mean difference of confidence and share of right cells."""
        return float((self.cells * np.abs(self.confidence - self.right)).sum() / max(self.cells.sum(), 1))

    @property
    def share_right(self) -> float:
        """The share of right cells."""
        return float((self.cells * self.right).sum() / max(self.cells.sum(), 1))

    def table(self) -> list[list[str]]:
        """Rows of text, headings first."""
        rows = [["confidence", "of the cells", "mean confidence", "right"]]
        for number in np.flatnonzero(self.cells):
            share = self.cells[number] / self.cells.sum()
            mean, right = self.confidence[number], self.right[number]
            low, high = 100 * number // BINS, 100 * (number + 1) // BINS
            rows.append([f"{low}…{high} %", f"{share:.1%}", f"{mean:.1%}", f"{right:.1%}"])
        rows.append(["all", "100.0%", f"error {self.error:.1%}", f"{self.share_right:.1%}"])
        return rows

    def svg(self, title: str) -> str:
        """The diagram as an SVG file: one bar per bin, its height the share of right cells, its opacity the number of
        cells; a dot at the mean confidence; the diagonal is perfect calibration."""
        side, margin = 320, 44
        most = max(int(self.cells.max()), 1)
        parts = []
        for number in np.flatnonzero(self.cells):
            left, height = number * side / BINS, self.right[number] * side
            strength = 0.15 + 0.85 * self.cells[number] / most
            parts.append(
                f'<rect x="{left + 1:.1f}" y="{side - height:.1f}" width="{side / BINS - 2:.1f}" '
                f'height="{height:.1f}" fill="#3b6ea5" fill-opacity="{strength:.2f}"/>'
                f'<circle cx="{self.confidence[number] * side:.1f}" cy="{side - height:.1f}" r="3" fill="#b3261e"/>'
            )
        for tick in range(0, 101, 20):
            at = tick / 100 * side
            parts.append(f'<text x="{at:.0f}" y="{side + 15}" text-anchor="middle">{tick}</text>')
            parts.append(f'<text x="-6" y="{side - at + 4:.0f}" text-anchor="end">{tick}</text>')
        whole = side + 2 * margin
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" width="{whole}" height="{whole}" '
            f'font-family="sans-serif" font-size="11">\n<rect width="{whole}" height="{whole}" fill="#fff"/>\n'
            f'<g transform="translate({margin} {margin})">\n<text x="0" y="-14" font-size="13">{title}: '
            f"calibration error {self.error:.1%}</text>\n" + "\n".join(parts) + f'\n<path d="M0 {side}L{side} 0" '
            f'stroke="#444" stroke-dasharray="4 3" fill="none"/>\n<rect width="{side}" height="{side}" fill="none" '
            f'stroke="#444"/>\n<text x="{side / 2}" y="{side + 34}" text-anchor="middle">confidence, %</text>\n'
            f'<text transform="translate(-32 {side / 2}) rotate(-90)" text-anchor="middle">right, %</text>\n'
            "</g>\n</svg>\n"
        )

    def as_json(self) -> dict[str, Any]:
        """The reliability for JSON."""
        return {
            "expected_calibration_error": round(self.error, 4),
            "right": round(self.share_right, 4),
            "bins": [
                {"cells": int(cells), "confidence": round(float(mean), 4), "right": round(float(right), 4)}
                for cells, mean, right in zip(self.cells, self.confidence, self.right, strict=True)
            ],
        }


def measure(folder: Path, name: str, progress: Progress = silent) -> Reliability:
    """Measures a colorizer's reliability on a folder of color photographs; `name` may be "auto".

    Raises:
        BadRequest: the folder is not a data set, or the colorizer has no distribution.
        BadPicture: a photograph cannot be read.
        ModelMissing, ModelDamaged: the colorizer cannot be used.
    """
    todo = photographs(folder)

    def pictures() -> Iterable[Pixels]:
        for number, photograph in enumerate(todo):
            progress(number / len(todo), f"{photograph.name} ({number + 1} of {len(todo)})")
            yield read_srgb(photograph.path)

    options = Options(colorizer=name)
    judged = [judge(*ask(picture, partial(_predicted, options))) for picture in pictures()]
    progress(1.0, "")
    confidence, right = (np.concatenate(each) for each in zip(*judged, strict=True))
    return Reliability.of(confidence, right)


def _predicted(options: Options, proxy: Proxy) -> Prediction:
    return pipeline.predict(proxy, options).prediction


def ask(original: Pixels, predict: Predict) -> tuple[Distribution, NDArray[np.intp]]:
    """A color photograph (H, W, 3) sRGB, of which `predict` gets only the lightness -> its distribution (h, w), and
    the class (h, w) of the true mean color in each cell.

    Raises:
        BadRequest: the colorizer has no distribution.
    """
    distribution = predict(Proxy(lightness_of(original))).distribution
    if distribution is None:
        raise BadRequest("This colorizer has no distribution to doubt.", "Use one that has, such as “lite” or “auto”.")
    height, width = distribution.probabilities.shape[:2]
    mean = shrunk(lab_of(original)[..., 1:], height, width)
    # The nearest center minimizes |center|² − 2 center · color.
    centers = distribution.centers
    return distribution, ((centers**2).sum(-1) - 2 * mean @ centers.T).argmin(-1)


def judge(distribution: Distribution, truth: NDArray[np.intp]) -> tuple[Floats, Right]:
    """A distribution (…, classes) and the true classes (…) -> the confidence (n,) 0…1 of each cell, and whether (n,) it
    is right: the best guess is the true class or touches it."""
    chosen, confidence = best_guess(distribution)
    return confidence.ravel(), neighbors(distribution.centers)[chosen, truth].ravel() > 0
