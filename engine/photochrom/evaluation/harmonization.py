"""Measures the effect of harmonization, compared with Algorithm 1 as printed and with no harmonization.

    python -m photochrom.evaluation.harmonization PHOTOGRAPHS SEGMENTATIONS [COLORIZER [SEGMENTER]]

PHOTOGRAPHS is a folder as for `photochrom evaluate`. SEGMENTATIONS contains human segmentations of some of its
photographs: label maps of the same size, as PNG with the same stem (BSDS500, Arbeláez et al. 2011).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from photochrom import pipeline, segmenters
from photochrom.errors import BadPicture
from photochrom.evaluation import bootstrap, metrics
from photochrom.evaluation.dataset import Photograph, photographs, read_srgb
from photochrom.evaluation.lightness_only import laid_over, lightness_of
from photochrom.evaluation.metrics import Floats, lab
from photochrom.harmonization import algorithm1, harmonize
from photochrom.options import Options
from photochrom.progress import Progress, silent
from photochrom.routing import AUTO
from photochrom.sampling import upsampling
from photochrom.sampling.proxy import Proxy
from photochrom.segmenters import Segmenter
from photochrom.values import Labels, Plane, Segments

Change = Callable[[Plane, Plane, Segments], Plane]
"""Maps a proxy's lightness (h, w), a colorizer's ab (any size) and the proxy's segments to another ab (any size)."""


def printed(lightness: Plane, ab: Plane, segments: Segments) -> Plane:
    """Algorithm 1 as printed, on ab resized to the proxy."""
    return algorithm1.harmonize(upsampling.along_edges(ab, lightness), segments)


CHANGES: Mapping[str, Change] = {
    "before": lambda _lightness, ab, _segments: ab,
    "as printed": printed,
    "ours": harmonize,
}


@dataclass(frozen=True)
class Found:
    """The scores of one photograph, by the names of `CHANGES`: `psnr` in dB, the part of it `gained` over "before",
    `cnr`, `chroma` (mean C*ab) and, if it has a segmentation, `noise` (`noise_within`); and the original's own
    `chroma` and `noise`, as "original"."""

    photograph: Photograph
    scores: dict[str, dict[str, float]]


def noise_within(picture_lab: Floats, labels: Labels) -> float:
    """Color variation within segments: the root mean square, over all pixels, of the ab distance between a pixel and
    the mean of its segment. Lab (h, w, 3), non-negative labels (h, w)."""
    where = labels.ravel()
    areas = np.maximum(np.bincount(where), 1)
    squares = 0.0
    for values in np.moveaxis(picture_lab[..., 1:].reshape(-1, 2).astype(np.float64), -1, 0):
        means = np.bincount(where, values) / areas
        squares += float(((values - means[where]) ** 2).mean())
    return float(np.sqrt(squares))


def examine(photograph: Photograph, labels: Labels | None, colorizer: str, segmenter: Segmenter) -> Found:
    """Scores one photograph: its lightness is colorized, and each of `CHANGES` is applied to the colors.

    Raises:
        BadPicture: it cannot be read, or its segmentation has another size.
        ModelMissing, ModelDamaged: as `pipeline.predict`.
    """
    original = read_srgb(photograph.path)
    if labels is not None and labels.shape != original.shape[:2]:
        raise BadPicture(f"The segmentation of {photograph.name} has another size.", "Give those of these photographs.")
    lightness = lightness_of(original)
    small = Proxy(lightness)
    small.prepare(segmenter.proxy_side)
    colors = pipeline.predict(small, Options(colorizer=colorizer))
    proxy = small.at(segmenter.proxy_side)
    segments = segmenter.segment(proxy)
    pictures = {"original": original}
    for name, change in CHANGES.items():
        pictures[name] = laid_over(lightness, proxy, change(proxy, colors.prediction.ab, segments))
    labs = {name: lab(picture) for name, picture in pictures.items()}
    scores: dict[str, dict[str, float]] = {name: {"chroma": metrics.chroma(each)} for name, each in labs.items()}
    for name, each in labs.items():
        if labels is not None:
            scores[name]["noise"] = noise_within(each, labels)
        if name in CHANGES:
            scores[name]["psnr"] = metrics.psnr(original, pictures[name])
            scores[name]["gained"] = scores[name]["psnr"] - scores["before"]["psnr"]
            scores[name]["cnr"] = metrics.chromatic_number_ratio(labs["original"], each)
    return Found(photograph, scores)


def read_labels(path: Path) -> Labels | None:
    """The label map (h, w) of a PNG file; None if there is no such file."""
    import pyvips

    if not path.is_file():
        return None
    return np.asarray(pyvips.Image.new_from_file(str(path)).extract_band(0).numpy(), np.int32)


def compare(
    folder: Path,
    segmentations: Path,
    colorizer: str = AUTO,
    segmenter: str = segmenters.EMBEDDED,
    progress: Progress = silent,
) -> list[Found]:
    """The scores of all photographs of a folder.

    Raises:
        BadRequest, BadPicture: as `dataset.photographs` and `examine`.
        ModelMissing, ModelDamaged: the colorizer or the segmenter cannot be used.
    """
    todo = photographs(folder)
    loaded = segmenters.load(segmenter)
    found = []
    for number, photograph in enumerate(todo):
        progress(number / len(todo), photograph.name)
        labels = read_labels(segmentations / f"{Path(photograph.name).stem}.png")
        found.append(examine(photograph, labels, colorizer, loaded))
    return found


def table(found: list[Found]) -> list[str]:
    """Lines of Markdown: the mean of each score over the photographs that have it; after PSNR, the mean gain and its
    95 % interval."""
    columns = ("psnr", "gained", "cnr", "chroma", "noise")
    lines = [f"| | {' | '.join(columns)} |", "| --- " * (1 + len(columns)) + "|"]
    for name in ("original", *CHANGES):
        cells = [name]
        for column in columns:
            values = np.array([scores[column] for each in found if column in (scores := each.scores[name])])
            digits = 2 if column == "chroma" else 3
            mean = bootstrap.mean(values) if values.size else None
            cells.append("" if mean is None else mean.signed(3) if column == "gained" else f"{mean.value:.{digits}f}")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    folder, segmentations, *names = sys.argv[1:]
    colorizer, segmenter = [*names, *(AUTO, segmenters.EMBEDDED)[len(names) :]]
    print("\n".join(table(compare(Path(folder), Path(segmentations), colorizer, segmenter))))
