"""What an evaluation found: scores of every picture, means with intervals, and the JSON that keeps both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from photochrom.errors import BadRequest
from photochrom.evaluation import bootstrap
from photochrom.evaluation.bootstrap import Estimate, Values
from photochrom.evaluation.metrics import SCORES, Score
from photochrom.evaluation.oracle import Oracle, find_oracle
from photochrom.routing import AUTO

SCHEMA = "photochrom-evaluation/1"

GRAY = "gray"
"""The baseline: the same lightness and no colour at all."""

ORIGINAL = "original"
"""The photograph itself, for the scores that a picture has by itself."""

OVERALL = "overall"

NEARNESS = ("psnr", "mse", "ssim", "uiqi", "ciede2000", "lpips")
"""Keys of the scores that say how near a result is to its original; the others are about its colours and tones."""

Scores = dict[str, float]


@dataclass(frozen=True)
class Pictures:
    """One picture as the report shows it: a WebP file in memory for the original and for each candidate."""

    files: dict[str, bytes]


@dataclass(frozen=True)
class PictureResult:
    """The scores of one picture.

    `scores[candidate][key]`: a candidate is a colorizer, GRAY or ORIGINAL; keys are those of
    `metrics.SCORES`, but for `chroma_ratio`, which is made of the keys `chroma` (mean C*ab). A score that
    could not be taken of this picture is not there. `chosen` says which colorizer worked where a
    candidate chooses among several.
    """

    name: str
    category: str
    width: int
    height: int
    scores: dict[str, Scores]
    chosen: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation:
    """The scores of some colorizers on one data set.

    `cards`: name, version and file hashes of each model used. `left_out`: scores that were not taken, and
    why. `fid`: Fréchet distance of each candidate, over the whole set. `images`: by picture name; empty when
    read from JSON.
    """

    dataset: str
    colorizers: tuple[str, ...]
    pictures: tuple[PictureResult, ...]
    version: str
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    fid: dict[str, float] = field(default_factory=dict)
    images: dict[str, Pictures] = field(default_factory=dict, repr=False)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The colorizers and the gray baseline, in the order of tables."""
        return (*self.colorizers, GRAY)

    @property
    def ours(self) -> str:
        """The candidate to show first and to sort by: “auto” where it was measured, or else the first."""
        return AUTO if AUTO in self.colorizers else self.candidates[0]

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of the pictures, sorted by name."""
        return tuple(sorted({picture.category for picture in self.pictures}))

    def of_category(self, category: str) -> tuple[PictureResult, ...]:
        """The pictures of a category, or all for OVERALL."""
        if category == OVERALL:
            return self.pictures
        return tuple(picture for picture in self.pictures if picture.category == category)

    def estimate(self, candidate: str, key: str, category: str = OVERALL) -> Estimate | None:
        """Mean of a score and its 95 % interval; None where no picture has that score.

        `chroma_ratio` is a ratio of means: mean chroma of the results over mean chroma of the originals.
        """
        values, references = series(self.of_category(category), candidate, key)
        if values.size == 0 or not references.any():
            return None
        return bootstrap.ratio_of_means(values, references)

    def measured(self) -> tuple[Score, ...]:
        """The scores that at least one picture has, CPSNR left to PSNR, which is the same number."""
        return tuple(score for score in SCORES if score.key != "cpsnr" and self.estimate(GRAY, score.key) is not None)

    def table(self, category: str = OVERALL) -> list[list[str]]:
        """Rows of text of one length, for a terminal: a row of headings, then a row a candidate.

        All scores side by side would be 200 columns wide. So there are two such blocks, an empty row between them: how
        near the results are to the originals, and their colours and tones, where the originals have a row too.
        """
        scores = self.measured()
        near = self._block([score for score in scores if score.key in NEARNESS], self.candidates, category)
        others = [score for score in scores if score.key not in NEARNESS]
        if self.fid and category == OVERALL:
            fid = ["FID ↓", *(f"{self.fid[candidate]:.2f}" for candidate in self.candidates)]
            near = [[*row, cell] for row, cell in zip(near, fid, strict=True)]
        rows = [*near, [], *self._block(others, (*self.candidates, ORIGINAL), category)]
        width = max(len(row) for row in rows)
        return [row + [""] * (width - len(row)) for row in rows]

    def _block(self, scores: list[Score], candidates: tuple[str, ...], category: str) -> list[list[str]]:
        rows = [["mean ± 95 %", *(heading(score) for score in scores)]]
        for candidate in candidates:
            estimates = [(self.estimate(candidate, score.key, category), score.digits) for score in scores]
            rows.append([candidate, *(each.plus_minus(digits) if each else "" for each, digits in estimates)])
        return rows

    def oracle(self) -> Oracle | None:
        """What a perfect choice among the single colorizers would gain; None with fewer than two of them."""
        return find_oracle({name: series(self.pictures, name, "cpsnr")[0] for name in self.colorizers})

    def summary(self) -> dict[str, dict[str, dict[str, dict[str, float | int]]]]:
        """Means with intervals: `summary()[category][candidate][key]` is value, low, high, pictures.

        OVERALL is among the categories, ORIGINAL among the candidates; what was not taken is not there.
        """
        return {
            category: {
                candidate: {
                    score.key: asdict(estimate)
                    for score in SCORES
                    if (estimate := self.estimate(candidate, score.key, category)) is not None
                }
                for candidate in (*self.candidates, ORIGINAL)
            }
            for category in (OVERALL, *self.categories)
        }

    def to_json(self, comparisons: Sequence[dict[str, Any]] = ()) -> str:
        """Everything but the images, as JSON (schema `photochrom-evaluation/1`).

        Its `summary` follows from its `pictures`; `from_json` reads those. It has the categories and, beside them,
        `oracle` where there is one. `comparisons` with an earlier run, each as JSON has it, are written as they are.
        """
        oracle = self.oracle()
        return json.dumps(
            {
                "schema": SCHEMA,
                "photochrom": self.version,
                "dataset": self.dataset,
                "settings": {
                    "confidence": bootstrap.CONFIDENCE,
                    "resamples": bootstrap.RESAMPLES,
                    "seed": bootstrap.SEED,
                    "compared": "8-bit sRGB, full size",
                },
                "colorizers": list(self.colorizers),
                "cards": self.cards,
                "scores": {
                    score.key: {"title": score.title, "unit": score.unit, "better": score.better,
                                "source": score.source}
                    for score in SCORES
                },
                "left_out": self.left_out,
                "fid": self.fid,
                "summary": {**self.summary(), **({"oracle": asdict(oracle)} if oracle else {})},
                "comparisons": list(comparisons),
                "pictures": [
                    {
                        "name": picture.name,
                        "category": picture.category,
                        "width": picture.width,
                        "height": picture.height,
                        "chosen": picture.chosen,
                        "scores": picture.scores,
                    }
                    for picture in self.pictures
                ],
            },
            indent=1,
            allow_nan=False,
        )  # fmt: skip

    @classmethod
    def from_json(cls, text: str) -> Evaluation:
        """What `to_json` wrote, without the images. Raises BadRequest when it is something else."""
        try:
            content = json.loads(text)
            if content["schema"] != SCHEMA:
                raise ValueError(content["schema"])
            return cls(
                dataset=content["dataset"],
                colorizers=tuple(content["colorizers"]),
                pictures=tuple(PictureResult(**picture) for picture in content["pictures"]),
                version=content["photochrom"],
                cards=content["cards"],
                left_out=content["left_out"],
                fid=content["fid"],
            )
        except (ValueError, KeyError, TypeError) as problem:
            raise BadRequest(
                "This file is not an evaluation.", "Give one that photochrom evaluate --json has written."
            ) from problem


def read_evaluation(path: Path) -> Evaluation:
    """The evaluation that `photochrom evaluate --json` wrote to a file.

    Raises BadRequest when the file is missing or holds something else.
    """
    try:
        return Evaluation.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise BadRequest(f"{path} cannot be read: {problem}.") from problem


def series(pictures: tuple[PictureResult, ...], candidate: str, key: str) -> tuple[Values, Values]:
    """A score of all pictures that have it, (n,), and what it is measured by, (n,): ones, but for chroma."""
    pairs = list(_pairs(pictures, candidate, key))
    return np.array([value for value, _ in pairs]), np.array([reference for _, reference in pairs])


def _pairs(pictures: tuple[PictureResult, ...], candidate: str, key: str) -> Iterator[tuple[float, float]]:
    for picture in pictures:
        scores = picture.scores.get(candidate, {})
        if key == "chroma_ratio":
            if "chroma" in scores:
                yield scores["chroma"], picture.scores[ORIGINAL]["chroma"]
        elif key in scores:
            yield scores[key], 1.0


def heading(score: Score) -> str:
    """A score's label with its unit and an arrow to its better end: “PSNR dB ↑”, “Chroma →1”."""
    arrow = {"higher": "↑", "lower": "↓", "one": "→1", "neither": ""}[score.better]
    return " ".join(part for part in (score.label, score.unit, arrow) if part)
