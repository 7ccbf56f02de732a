"""95 % intervals by resampling pictures.

Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13: the percentile interval.
Pictures are drawn with replacement; each draw yields one value of the statistic; the interval covers the
middle 95 % of them. The seed is fixed: the same scores always yield the same interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
CONFIDENCE = 0.95
SEED = 1876

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A statistic over `pictures` pictures and its interval `low`…`high`."""

    value: float
    low: float
    high: float
    pictures: int

    def plus_minus(self, digits: int) -> str:
        """“22.63 ±0.33”: the value and half the width of its interval, which may be slightly asymmetric."""
        return f"{self.value:.{digits}f} ±{(self.high - self.low) / 2:.{digits}f}"

    def signed(self, digits: int) -> str:
        """“+0.30 [+0.21, +0.38]”, for differences."""
        return f"{self.value:+.{digits}f} [{self.low:+.{digits}f}, {self.high:+.{digits}f}]"


def mean(values: Values) -> Estimate:
    """The mean of one value per picture, (n,). Raises ValueError if there are none."""
    return ratio_of_means(values, np.ones_like(values))


def ratio_of_means(values: Values, references: Values) -> Estimate:
    """Mean of `values` over mean of `references`, both (n,), resampled in pairs.

    Unlike the mean of ratios, it is not dominated by pictures whose reference is almost zero.

    Raises ValueError if there are no pictures or all references are zero.
    """
    if values.size == 0:
        raise ValueError("There are no pictures to take a mean of.")
    if not references.any():
        raise ValueError("All references are zero.")
    drawn_values, drawn_references = _drawn_means(values, references)
    possible = drawn_references != 0
    draws = drawn_values[possible] / drawn_references[possible]
    return Estimate(float(values.mean() / references.mean()), *_middle(draws), int(values.size))


def median(values: Values) -> Estimate:
    """The median of one value per picture, (n,). Raises ValueError if there are none."""
    if values.size == 0:
        raise ValueError("There are no pictures to take a median of.")
    return Estimate(float(np.median(values)), *_middle(_drawn_medians(values)), int(values.size))


def difference(after: tuple[Values, Values], before: tuple[Values, Values]) -> Estimate:
    """The change of a ratio of means between two runs over the same pictures, in the same order.

    `after` and `before` are (values, references) as for `ratio_of_means`. Each draw takes the same pictures
    from both runs, so that a picture's difficulty cancels out.

    Raises ValueError if the runs differ in length.
    """
    sizes = {part.size for run in (after, before) for part in run}
    if len(sizes) != 1 or sizes == {0}:
        raise ValueError("The runs must have the same pictures, and at least one.")
    means = _drawn_means(*after, *before)
    possible = (means[1] != 0) & (means[3] != 0)
    draws = means[0, possible] / means[1, possible] - means[2, possible] / means[3, possible]
    value = after[0].mean() / after[1].mean() - before[0].mean() / before[1].mean()
    return Estimate(float(value), *_middle(draws), sizes.pop())


def median_difference(after: Values, before: Values) -> Estimate:
    """The change of the median between two runs over the same pictures, in the same order, drawn in pairs.

    Raises ValueError if the runs differ in length.
    """
    if after.size != before.size or not after.size:
        raise ValueError("The runs must have the same pictures, and at least one.")
    draws = _drawn_medians(after) - _drawn_medians(before)
    return Estimate(float(np.median(after) - np.median(before)), *_middle(draws), int(after.size))


def _middle(draws: Values) -> tuple[float, float]:
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(draws, [tail, 100 - tail])
    return float(low), float(high)


def _drawn_means(*series: Values) -> Values:
    """Means of each series over RESAMPLES draws of pictures, the same draws for all: (series, RESAMPLES)."""
    return np.asarray(np.stack(series) @ _weights(series[0].size))


def _drawn_medians(values: Values) -> Values:
    """Medians over RESAMPLES draws of pictures, the same draws for every series of one length: (RESAMPLES,)."""
    drawn = np.random.default_rng(SEED).integers(0, values.size, (RESAMPLES, values.size))
    return np.asarray(np.median(values[drawn], axis=1))


@lru_cache(maxsize=32)
def _weights(count: int) -> Values:
    """The weight of each picture in each draw, (count, RESAMPLES): how often it was drawn, over `count`.

    The weights determine a draw, so one matrix product computes all means at once. They depend only on the
    number of pictures and are cached for the next score.
    """
    random = np.random.default_rng(SEED)
    return np.asarray(random.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).T / count)
