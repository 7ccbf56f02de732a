"""Comparison with other methods' published results on photographs without ground truth.

The true colors of an old photograph are unknown, but the amount and the variation of color in each result can be
measured.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np

from photochrom.evaluation import bootstrap
from photochrom.evaluation.bootstrap import Estimate, Values

SCAN: Final = "scan"

KEYS: Final = {"spread": 2, "tint": 2, "toned": 3, "colorfulness": 1}
"""Scores of each result without a reference, and the number of digits shown."""


@dataclass(frozen=True)
class OthersPicture:
    """One photograph: scores of each result by method (ours, then the others), keys as in KEYS; and `apart`, for each
    of ours, the mean ΔE00 to each other result of the same size."""

    name: str
    scores: dict[str, dict[str, float]]
    apart: dict[str, dict[str, float]]


@dataclass(frozen=True)
class OtherMethods:
    """`ours` and `others` are names of methods. `images`: WebP files by picture and method, including the scan; empty
    if read from JSON."""

    folder: str
    ours: tuple[str, ...]
    others: tuple[str, ...]
    pictures: tuple[OthersPicture, ...]
    images: dict[str, dict[str, bytes]] = field(default_factory=dict, repr=False)

    def values(self, name: str, key: str) -> Values:
        """A score of one method, for the photographs that have it, (n,)."""
        return np.array([picture.scores[name][key] for picture in self.pictures if name in picture.scores])

    def ratio(self, name: str, other: str) -> Estimate:
        """Mean spread of one method relative to another's, over the photographs that have both."""
        both = [picture.scores for picture in self.pictures if name in picture.scores and other in picture.scores]
        ours, theirs = (np.array([scores[each]["spread"] for scores in both]) for each in (name, other))
        return bootstrap.ratio_of_means(ours, theirs)

    def apart(self, name: str, other: str) -> Estimate | None:
        """Mean ΔE00 between one of ours and another method; None if no results have the same size."""
        values = [picture.apart[name][other] for picture in self.pictures if other in picture.apart.get(name, {})]
        return bootstrap.mean(np.array(values)) if values else None

    def table(self) -> list[list[str]]:
        """Rows of text, headings first, one row per method."""
        titles = ["Spread", "Tint", "Toned", "Colorfulness"]
        comparisons = [title for other in self.others for title in (f"spread / {other}'s", f"ΔE00 to {other}")]
        rows = [[f"beside, n={len(self.pictures)}", *titles, *comparisons]]
        for name in (*self.ours, *self.others):
            estimates = [bootstrap.mean(self.values(name, key)).plus_minus(digits) for key, digits in KEYS.items()]
            rows.append([name, *estimates, *(cell for other in self.others for cell in self._against(name, other))])
        return rows

    def _against(self, name: str, other: str) -> tuple[str, str]:
        if name not in self.ours:
            return "", ""
        apart = self.apart(name, other)
        return self.ratio(name, other).plus_minus(2), apart.plus_minus(2) if apart else ""

    def as_json(self) -> dict[str, Any]:
        """Everything except the images, with the ratios of the spreads."""
        ratios = {name: {other: asdict(self.ratio(name, other)) for other in self.others} for name in self.ours}
        return {
            "folder": self.folder,
            "ours": list(self.ours),
            "others": list(self.others),
            "summary": {
                name: {key: asdict(bootstrap.mean(self.values(name, key))) for key in KEYS}
                for name in (*self.ours, *self.others)
            },
            "spread_ratio": ratios,
            "pictures": [asdict(picture) for picture in self.pictures],
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> OtherMethods:
        """Reads what `as_json` returns, without images. Raises KeyError or TypeError for anything else."""
        pictures = tuple(OthersPicture(**picture) for picture in content["pictures"])
        return cls(content["folder"], tuple(content["ours"]), tuple(content["others"]), pictures)
