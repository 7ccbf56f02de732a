"""The gain of a perfect choice among single colorizers, and the share of it that a router or a fixed blend achieves.

The oracle knows each picture's original and picks the best single colorizer by CPSNR, the metric of the Best Colorizer
Guesser (Gomez Moreno et al., section 3.2). No choice of one colorizer per picture can do better; a blend can, because
its colors need not be those of any single one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from photochrom.evaluation import bootstrap
from photochrom.evaluation.bootstrap import Estimate, Values
from photochrom.routing import AUTO, BLEND


@dataclass(frozen=True)
class Standing:
    """A candidate's position between the best single colorizer and the oracle.

    `mean`: CPSNR in dB. `gain`: its gain over the best single colorizer, drawn in pairs. `share`: the gain relative to
    the oracle's, 0 for the best single and 1 for the oracle; None if the oracle gains nothing.
    """

    mean: Estimate
    gain: Estimate
    share: Estimate | None


@dataclass(frozen=True)
class Oracle:
    """The oracle compared with all candidates.

    `best`: the single colorizer with the highest mean, selected on the same pictures, so that gains over it are
    underestimated rather than overestimated. `mixtures`: AUTO and fixed blends. `picks`: the number of pictures that
    each single colorizer is best at; ties go to the first.
    """

    best: str
    singles: dict[str, Standing]
    mixtures: dict[str, Standing]
    oracle: Standing
    picks: dict[str, int]

    def table(self) -> list[list[str]]:
        """Rows of text, headings first: mean CPSNR, gain over the best single, share of the gap, picks."""
        rows = [["mean ± 95 %", "CPSNR dB ↑", f"over {self.best}, the best single", "share of the gap", "picks"]]
        for name, standing in {**self.singles, **self.mixtures, "oracle": self.oracle}.items():
            shown = standing.share if name in self.mixtures else None
            rows.append(
                [
                    name,
                    standing.mean.plus_minus(2),
                    "" if name == self.best else standing.gain.signed(2),
                    f"{shown.value:.0%} [{shown.low:.0%}, {shown.high:.0%}]" if shown else "",
                    str(self.picks.get(name, "")),
                ]
            )
        return rows

    def sentence(self) -> str:
        """The result in one sentence."""
        gains = [f"{name} gains {standing.gain.value:+.2f} dB" for name, standing in self.mixtures.items()]
        oracle = (
            f"{self.best} is the best of {len(self.singles)} single colorizers, with a mean CPSNR of "
            f"{self.singles[self.best].mean.value:.2f} dB; always taking each picture's best one would gain "
            f"{self.oracle.gain.value:+.2f} dB"
        )
        return "; ".join([oracle, *gains]) + "."


def find_oracle(decibels: Mapping[str, Values]) -> Oracle | None:
    """Computes the oracle from CPSNR by candidate, (n,) dB each, over the same pictures in the same order.

    None if fewer than two of the candidates are single colorizers.
    """
    singles = [name for name in decibels if name != AUTO and BLEND not in name]
    if len(singles) < 2:
        return None
    each = np.stack([decibels[name] for name in singles])
    best = int(each.mean(axis=1).argmax())
    highest, gap = each.max(axis=0), each.max(axis=0) - each[best]

    def standing(values: Values) -> Standing:
        gain = values - each[best]
        share = bootstrap.ratio_of_means(gain, gap) if gap.any() else None
        return Standing(bootstrap.mean(values), bootstrap.mean(gain), share)

    picked = each.argmax(axis=0)
    return Oracle(
        singles[best],
        {name: standing(decibels[name]) for name in singles},
        {name: standing(decibels[name]) for name in decibels if name not in singles},
        standing(highest),
        {name: int((picked == number).sum()) for number, name in enumerate(singles)},
    )
