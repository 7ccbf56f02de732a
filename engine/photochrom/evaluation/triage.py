"""How far the most doubtful pictures are the poor ones: whom a person must look at to catch them.

`python -m photochrom.evaluation.triage FOLDER` colorizes color photographs from their lightness, as a batch does, sorts
them by doubt (the mean of `guidance.uncertainty`, which the journal of a batch keeps), and counts how many of the poor
results come among the first. Poor are the results with the largest color difference from their photograph. It is the
curve of cumulative gains of ranked retrieval, or recall at k.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom import pipeline
from photochrom.evaluation import metrics
from photochrom.evaluation.dataset import photographs, read_srgb
from photochrom.evaluation.lightness_only import lightness_of
from photochrom.guidance.uncertainty import uncertainty
from photochrom.options import Options
from photochrom.pipeline.rendering import srgb
from photochrom.sampling.proxy import Proxy

if TYPE_CHECKING:
    from photochrom.evaluation.metrics import Floats

SHORT_SIDE: Final = 256
"""Pixels that photographs are compared at: color is low in frequency."""

POOR: Final = (0.1, 0.25)
"""Shares of all results, the worst, that are called poor."""

LOOKED_AT: Final = (0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75)
"""Shares of all pictures, the most doubtful."""


def caught(doubt: Floats, error: Floats, poor: float, looked_at: float) -> float:
    """The share, 0…1, of the poor results (the share `poor` with the largest `error`) that are among the share
    `looked_at` with the largest `doubt`; both (n,)."""
    count = len(doubt)
    worst = np.argsort(-error, kind="stable")[: max(1, round(poor * count))]
    first = np.argsort(-doubt, kind="stable")[: round(looked_at * count)]
    return float(np.isin(worst, first).mean())


def measure(folder: Path, every: int = 1) -> Iterator[tuple[str, float, float]]:
    """Name, doubt 0…1 and mean CIEDE2000 of the result of every so-manieth photograph of a folder, in the order of
    their names.

    Raises:
        BadRequest: the folder is no data set. BadPicture: a photograph cannot be read. ExtraMissing: no scikit-image.
    """
    for photograph in photographs(folder)[::every]:
        original = _small(read_srgb(photograph.path))
        lightness = lightness_of(original)
        colors = pipeline.predict(Proxy(lightness), Options())
        distribution = colors.prediction.distribution
        assert distribution is not None  # the embedded network has one
        result = np.asarray(srgb(lightness, colors.full_ab(lightness)).numpy())
        doubt = float(uncertainty(distribution).mean())
        yield photograph.name, doubt, metrics.ciede2000(original, result)


def _small(picture: metrics.Pixels) -> metrics.Pixels:
    import pyvips

    image = pyvips.Image.new_from_array(np.ascontiguousarray(picture))
    scale = min(1.0, SHORT_SIDE / min(image.width, image.height))
    return np.asarray(image.resize(scale).numpy())


def _main(folder: Path, every: int) -> None:
    rows = csv.writer(sys.stderr)
    found = []
    for name, doubt, error in measure(folder, every):
        rows.writerow((name, f"{doubt:.4f}", f"{error:.3f}"))
        found.append((doubt, error))
    doubt, error = np.array(found).T
    ranks = np.argsort(np.argsort(np.array(found).T)).astype(float)
    print(f"{len(found)} photographs; rank correlation of doubt and error {np.corrcoef(ranks)[0, 1]:.2f}")
    for poor in POOR:
        print(f"poor: the worst {poor:.0%}")
        for share in LOOKED_AT:
            print(f"  look at {share:.0%}: {caught(doubt, error, poor, share):.0%} caught")


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
