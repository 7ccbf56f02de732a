"""The results of an evaluation: scores of every picture, means with intervals, and their JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from photochrom.errors import BadRequest
from photochrom.evaluation import bootstrap
from photochrom.evaluation.bootstrap import Estimate, Values
from photochrom.evaluation.oracle import Oracle, find_oracle
from photochrom.evaluation.other_methods import OtherMethods
from photochrom.evaluation.scores import GROUPS, NEARNESS, RECOGNITION, SCORES, Group, Score, heading, measured_by
from photochrom.routing import AUTO

SCHEMA = "photochrom-evaluation/1"

GRAY = "gray"
"""The baseline: the same lightness and no color at all."""

ORIGINAL = "original"
"""The photograph itself, for scores without a reference."""

OVERALL = "overall"

FEATURES = "EfficientNet-Lite0, ImageNet, 1280 before the last layer; covariances shrunk after Ledoit and Wolf 2004"

Scores = dict[str, float]

BY_KEY = {score.key: score for score in SCORES}


@dataclass(frozen=True)
class Pictures:
    """One picture for the report: a WebP file in memory for the original and for each candidate."""

    files: dict[str, bytes]


@dataclass(frozen=True)
class PictureResult:
    """The scores of one picture.

    `scores[candidate][key]`: a candidate is a colorizer, GRAY or ORIGINAL; keys are those of `scores.SCORES`, or
    their `of` if they have one (`chroma_ratio` is computed from `chroma`, mean C*ab), and in ORIGINAL their
    `reference`. Scores that could not be computed are missing. `chosen` is the colorizer used by each candidate that
    chooses among several.
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

    `cards`: name, version and file hashes of each model used. `left_out`: the reason for each missing score. `fid`
    and `frechet`: distance of each candidate's set to the originals', in features of Inception and of
    EfficientNet-Lite0. `beside`: comparison with other methods on other pictures. `images`: by picture name; empty if
    read from JSON.
    """

    dataset: str
    colorizers: tuple[str, ...]
    pictures: tuple[PictureResult, ...]
    version: str
    cards: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    fid: dict[str, float] = field(default_factory=dict)
    frechet: dict[str, float] = field(default_factory=dict)
    beside: OtherMethods | None = None
    images: dict[str, Pictures] = field(default_factory=dict, repr=False)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The colorizers and the gray baseline, in the order of tables."""
        return (*self.colorizers, GRAY)

    @property
    def ours(self) -> str:
        """The candidate to show first and to sort by: “auto” if it was measured, else the first."""
        return AUTO if AUTO in self.colorizers else self.candidates[0]

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories of the pictures, sorted by name."""
        return tuple(sorted({picture.category for picture in self.pictures}))

    @property
    def folders(self) -> tuple[str, ...]:
        """The data set's folders, as “people/”, sorted by name, without those that are categories themselves."""
        first = {picture.name.partition("/")[0] for picture in self.pictures if "/" in picture.name}
        return tuple(f"{name}/" for name in sorted(first) if self.of_category(f"{name}/") != self.of_category(name))

    @property
    def parts(self) -> tuple[str, ...]:
        """The subsets with summaries: everything, each category, each folder."""
        return (OVERALL, *self.categories, *self.folders)

    def of_category(self, category: str) -> tuple[PictureResult, ...]:
        """The pictures of a category, of a folder (“people/”), or all for OVERALL."""
        if category == OVERALL:
            return self.pictures
        if category.endswith("/"):
            return tuple(picture for picture in self.pictures if picture.name.startswith(category))
        return tuple(picture for picture in self.pictures if picture.category == category)

    def estimate(self, candidate: str, key: str, category: str = OVERALL) -> Estimate | None:
        """Mean of a score and its 95 % interval; None if no picture has that score.

        A score with a reference is a ratio of means: mean chroma of the results over mean chroma of the originals.
        """
        values, references = series(self.of_category(category), candidate, key)
        if values.size == 0 or not references.any():
            return None
        return bootstrap.median(values) if BY_KEY[key].median else bootstrap.ratio_of_means(values, references)

    def measured(self) -> tuple[Score, ...]:
        """The scores that at least one picture has, without CPSNR, which equals PSNR."""
        return tuple(score for group in self.groups() for score in group.scores)

    def groups(self, category: str = OVERALL) -> list[Group]:
        """The groups of scores that at least one picture of a category has, each with only those scores."""
        pictures = self.of_category(category)
        groups = []
        for group in GROUPS:
            there = [score for score in group.scores if score.key != "cpsnr" and self._taken(pictures, score)]
            if there:
                groups.append(replace(group, scores=tuple(there)))
        return groups

    def _taken(self, pictures: tuple[PictureResult, ...], score: Score) -> bool:
        return any(series(pictures, candidate, score.key)[1].any() for candidate in self.candidates)

    def tables(self, category: str = OVERALL) -> list[list[list[str]]]:
        """For a terminal, one table per group of scores: rows of text, headings first, then one row per candidate, and
        one for the originals if they have such scores."""
        tables = []
        for group in self.groups(category):
            table = self._table(group, category)
            for label, distances in self.distances(group, category).items():
                shown = {candidate: f"{value:.2f}" for candidate, value in distances.items()}
                table = [[*table[0], label], *([*row, shown.get(row[0], "")] for row in table[1:])]
            tables.append(table)
        return tables

    def distances(self, group: Group, category: str) -> dict[str, dict[str, float]]:
        """The columns of a group's table that apply to the whole set: by heading, then by candidate."""
        if category != OVERALL:
            return {}
        if group.name == NEARNESS.name and self.fid:
            return {"FID ↓": self.fid}
        if group.name == RECOGNITION.name and self.frechet:
            return {f"Fréchet, Lite0, n={len(self.pictures)} ↓": self.frechet}
        return {}

    def parts_table(self, colorizer: str) -> list[list[str]]:
        """Rows of text: the main scores for everything, each category and each folder."""
        rows = [[colorizer, "pictures", "dB over gray", "spread ratio", "toned", "neutrals", "colorfulness"]]
        for part in self.parts:
            gain = bootstrap.mean(self._gains(colorizer, part))
            cells = [str(gain.pictures), gain.signed(2).partition(" ")[0] + f" ±{(gain.high - gain.low) / 2:.2f}"]
            ratio = self.estimate(colorizer, "spread_ratio", part)
            cells.append(ratio.plus_minus(2) if ratio else "")
            for key, digits, scale in (("toned", 0, 100), ("neutrals", 1, 1), ("colorfulness", 1, 1)):
                both = [self.estimate(name, key, part) for name in (colorizer, ORIGINAL)]
                shown = [f"{each.value * scale:.{digits}f}{' %' if scale == 100 else ''}" for each in both if each]
                cells.append(" of ".join(shown))
            rows.append([part, *cells])
        return rows

    def _gains(self, colorizer: str, category: str) -> Values:
        pictures = self.of_category(category)
        return series(pictures, colorizer, "psnr")[0] - series(pictures, GRAY, "psnr")[0]

    def rows_of(self, group: Group, category: str = OVERALL) -> tuple[str, ...]:
        """The candidates, and the originals if the group includes them, that have any of the group's scores."""
        pictures = self.of_category(category)
        names = (*self.candidates, *([ORIGINAL] if group.originals else []))
        return tuple(
            name for name in names if any(series(pictures, name, score.key)[1].any() for score in group.scores)
        )

    def _table(self, group: Group, category: str) -> list[list[str]]:
        rows = [[group.title, *(heading(score, group.arrows) for score in group.scores)]]
        for candidate in self.rows_of(group, category):
            estimates = [(self.estimate(candidate, score.key, category), score.digits) for score in group.scores]
            rows.append([candidate, *(each.plus_minus(digits) if each else "" for each, digits in estimates)])
        return rows

    def oracle(self) -> Oracle | None:
        """The gain of a perfect choice among the single colorizers; None with fewer than two of them."""
        return find_oracle({name: series(self.pictures, name, "cpsnr")[0] for name in self.colorizers})

    def summary(self) -> dict[str, dict[str, dict[str, dict[str, float | int]]]]:
        """Means with intervals: `summary()[category][candidate][key]` is value, low, high, pictures.

        Categories include OVERALL, candidates include ORIGINAL; scores that were not computed are missing.
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
            for category in self.parts
        }

    def to_json(self, comparisons: Sequence[dict[str, Any]] = ()) -> str:
        """Everything except the images, as JSON (schema `photochrom-evaluation/1`).

        `summary` is derived from `pictures`, which `from_json` reads. It has the categories and, if there is one,
        `oracle`. `comparisons` with an earlier run are JSON values and written as given.
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
                                "source": score.source, "of": score.of or score.key, "by": score.reference,
                                "median": score.median}
                    for score in SCORES
                },
                "left_out": self.left_out,
                "fid": self.fid,
                "frechet": {"features": FEATURES, "pictures": len(self.pictures), "distances": self.frechet},
                "beside": self.beside.as_json() if self.beside else None,
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
        """Reads what `to_json` returns, without images. Raises BadRequest for anything else."""
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
                frechet=content.get("frechet", {}).get("distances", {}),
                beside=OtherMethods.from_json(content["beside"]) if content.get("beside") else None,
            )
        except (ValueError, KeyError, TypeError) as problem:
            raise BadRequest(
                "This file is not an evaluation.", "Give a file written by photochrom evaluate --json."
            ) from problem


def read_evaluation(path: Path) -> Evaluation:
    """Reads an evaluation from a file written by `photochrom evaluate --json`.

    Raises BadRequest if the file is missing or contains anything else.
    """
    try:
        return Evaluation.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise BadRequest(f"{path} cannot be read: {problem}.") from problem


def series(pictures: tuple[PictureResult, ...], candidate: str, key: str) -> tuple[Values, Values]:
    """A score of all pictures that have it, (n,), and its references, (n,): ones if it has none."""
    pairs = list(_pairs(pictures, candidate, key))
    return np.array([value for value, _ in pairs]), np.array([reference for _, reference in pairs])


def _pairs(pictures: tuple[PictureResult, ...], candidate: str, key: str) -> Iterator[tuple[float, float]]:
    score = BY_KEY[key]
    for picture in pictures:
        pair = measured_by(score, picture.scores.get(candidate, {}), picture.scores.get(ORIGINAL, {}))
        if pair is not None:
            yield pair
