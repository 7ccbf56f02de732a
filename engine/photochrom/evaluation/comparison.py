"""Two runs over the same photographs, compared picture by picture."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from photochrom.errors import BadRequest
from photochrom.evaluation import bootstrap
from photochrom.evaluation.bootstrap import Estimate, Values
from photochrom.evaluation.results import OVERALL, Evaluation, PictureResult, series
from photochrom.evaluation.scores import SCORES, Score, heading


@dataclass(frozen=True)
class Change:
    """The change of one score: `difference` is after - before; numbers of pictures better, worse, and unchanged."""

    score: Score
    difference: Estimate
    better: int
    worse: int
    same: int


@dataclass(frozen=True)
class Comparison:
    """Colorizer `after` against colorizer `before` on the pictures that both runs have.

    `changes[category]` includes OVERALL. `unpaired` counts the pictures that only one run has.
    """

    after: str
    before: str
    pictures: int
    unpaired: int
    changes: dict[str, tuple[Change, ...]]

    def table(self, category: str = OVERALL) -> list[list[str]]:
        """Rows of text, headings first: score, difference with its interval, better, worse, same."""
        rows = [["", "difference", "better", "worse", "same"]]
        for change in self.changes[category]:
            counts = ["", "", ""]
            if change.score.better != "neither":
                counts = [str(change.better), str(change.worse), str(change.same)]
            rows.append([heading(change.score), change.difference.signed(change.score.digits), *counts])
        return rows

    def as_json(self) -> dict[str, Any]:
        """The comparison for JSON, with score keys instead of descriptions."""
        return {
            "after": self.after,
            "before": self.before,
            "pictures": self.pictures,
            "unpaired": self.unpaired,
            "changes": {
                category: {
                    change.score.key: {
                        **asdict(change.difference),
                        "better": change.better,
                        "worse": change.worse,
                        "same": change.same,
                    }
                    for change in changes
                }
                for category, changes in self.changes.items()
            },
        }


def compare(after: Evaluation, before: Evaluation) -> tuple[Comparison, ...]:
    """Compares every colorizer of `after` with the one of the same name in `before`.

    Two runs of one colorizer each are compared whatever their names. Raises BadRequest if no colorizer or no
    picture is in both.
    """
    names = [(name, name) for name in after.colorizers if name in before.colorizers]
    if not names and len(after.colorizers) == len(before.colorizers) == 1:
        names = [(after.colorizers[0], before.colorizers[0])]
    if not names:
        raise BadRequest(
            f"The runs have no colorizer in common: {', '.join(after.colorizers)} here, "
            f"{', '.join(before.colorizers)} there."
        )
    return tuple(compare_candidates(after, new, before, old) for new, old in names)


def compare_candidates(after: Evaluation, new: str, before: Evaluation, old: str) -> Comparison:
    """Compares candidate `new` of one run with candidate `old` of another (or of the same, such as "gray").

    Raises BadRequest if no picture is in both runs.
    """
    earlier = {picture.name: picture for picture in before.pictures}
    pairs = [(picture, earlier[picture.name]) for picture in after.pictures if picture.name in earlier]
    if not pairs:
        raise BadRequest("The runs have no picture in common.", "Compare runs over the same data set.")
    unpaired = len(after.pictures) + len(before.pictures) - 2 * len(pairs)
    changes = {
        category: _changes(
            [pair for pair in pairs if category in (OVERALL, pair[0].category)],
            new,
            old,
        )
        for category in (OVERALL, *sorted({picture.category for picture, _ in pairs}))
    }
    return Comparison(new, old, len(pairs), unpaired, changes)


def _changes(pairs: list[tuple[PictureResult, PictureResult]], new: str, old: str) -> tuple[Change, ...]:
    changes = []
    for score in SCORES:
        # Both must have the score, so that both columns are over the same pictures.
        both = [
            pair
            for pair in pairs
            if series((pair[0],), new, score.key)[0].size and series((pair[1],), old, score.key)[0].size
        ]
        if score.key == "cpsnr" or not both:
            continue
        now = series(tuple(pair[0] for pair in both), new, score.key)
        then = series(tuple(pair[1] for pair in both), old, score.key)
        if not now[1].any():
            continue
        gain = goodness(score, *now) - goodness(score, *then)
        changes.append(
            Change(
                score,
                bootstrap.median_difference(now[0], then[0]) if score.median else bootstrap.difference(now, then),
                int((gain > 0).sum()),
                int((gain < 0).sum()),
                int((gain == 0).sum()),
            )
        )
    return tuple(changes)


def goodness(score: Score, values: Values, references: Values) -> Values:
    """Transforms values so that higher is better; scores that are best at 1 become minus the distance from it."""
    if score.better == "lower":
        return -values
    if score.better == "one":
        return -np.abs(values - references)
    return values
