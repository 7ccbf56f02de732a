"""Measures the effect of a reference picture: the other half of the same photograph, or another scene.

    python -m photochrom.evaluation.reference_guidance PHOTOGRAPHS [COUNT]

PHOTOGRAPHS is a folder as for `photochrom evaluate`, COUNT the number of photographs to use, evenly spaced. Each is cut
in two across its longer side, and one half is colorized like the other. That simulates two pictures of the same scene,
and is optimistic: light, camera and moment are the same. Then the reference is half of another photograph.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from photochrom import colorizers
from photochrom.colorizers import HintedColorizer
from photochrom.evaluation import bootstrap, metrics
from photochrom.evaluation.dataset import photographs, read_srgb
from photochrom.evaluation.lightness_only import laid_over, lightness_of
from photochrom.evaluation.metrics import Pixels, lab
from photochrom.guidance.exemplar import hints_like
from photochrom.guidance.reference import Reference
from photochrom.guidance.reinhard2001 import palette
from photochrom.guidance.welsh2002 import matched
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import shrunk
from photochrom.values import Plane

SCORES = ("psnr", "ciede2000", "chroma")

COLORIZER = "lite"


def ways(lightness: Plane, reference: Reference, colorizer: HintedColorizer) -> dict[str, Plane]:
    """ab of any size for a proxy's lightness (h, w): without the reference, and with each method of using it."""
    alone = colorizer.predict(lightness).ab
    hinted = colorizer.predict(lightness, hints_like(lightness, reference)).ab
    return {
        "alone": alone,
        "palette (Reinhard 2001)": palette(alone, reference),
        "tones (Welsh 2002)": matched(lightness, reference),
        "regions": hinted,
        "regions, then palette": palette(hinted, reference),
    }


def examine(original: Pixels, reference: Pixels, colorizer: HintedColorizer) -> dict[str, dict[str, float]]:
    """Scores, by the names of `ways` and of `SCORES`, of one picture colorized like another."""
    lightness = lightness_of(original)
    proxy = Proxy(lightness)
    side = colorizer.card.proxy_side
    made = ways(proxy.at(side), Reference(lab(reference)), colorizer)
    scores = {}
    for name, ab in made.items():
        height, width = (min(sides) for sides in zip(proxy.guide.shape, ab.shape, strict=False))
        result = laid_over(lightness, proxy.guide, shrunk(ab, height, width))
        scores[name] = {
            "psnr": metrics.psnr(original, result),
            "ciede2000": metrics.ciede2000(original, result),
            "chroma": metrics.chroma(lab(result)),
        }
    return scores


def halves(picture: Pixels) -> tuple[Pixels, Pixels]:
    """Cuts a picture in two across its longer side."""
    height, width = picture.shape[:2]
    if width >= height:
        return picture[:, : width // 2], picture[:, width // 2 :]
    return picture[: height // 2], picture[height // 2 :]


def pairs(folder: Path, count: int) -> Iterator[tuple[str, Pixels, Pixels]]:
    """(kind, picture, reference) of each measurement."""
    found = photographs(folder)
    pictures = [halves(read_srgb(found[number * len(found) // count].path)) for number in range(count)]
    for number, (reference, picture) in enumerate(pictures):
        yield "the other half", picture, reference
        yield "another scene", picture, pictures[(number + count // 4 + 1) % count][0]


def table(found: Mapping[str, list[dict[str, dict[str, float]]]]) -> list[str]:
    """Lines of Markdown: means; after PSNR, the mean gain and its 95 % interval."""
    lines = ["| reference | | PSNR | gained | ΔE00 | chroma |", "| --- | --- | --- | --- | --- | --- |"]
    for kind, scores in found.items():
        for name in scores[0]:
            psnr, error, chroma = (np.array([each[name][score] for each in scores]) for score in SCORES)
            gained = bootstrap.mean(psnr - [each["alone"]["psnr"] for each in scores])
            cells = (kind, name, f"{psnr.mean():.2f}", gained.signed(2), f"{error.mean():.2f}", f"{chroma.mean():.1f}")
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def main(folder: Path, count: int) -> None:
    colorizer = colorizers.load(COLORIZER)
    assert colorizers.takes_hints(colorizer)
    found: dict[str, list[dict[str, dict[str, float]]]] = {}
    for kind, picture, reference in pairs(folder, count):
        found.setdefault(kind, []).append(examine(picture, reference, colorizer))
    print("\n".join(table(found)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 60)
