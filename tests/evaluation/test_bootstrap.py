"""Intervals: against scipy's bootstrap, and against what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from photochrom.evaluation import bootstrap


def scores(seed: int, count: int = 60) -> bootstrap.Values:
    return np.random.default_rng(seed).gamma(4.0, 2.0, count)


def test_mean_agrees_with_scipy() -> None:
    scipy = pytest.importorskip("scipy.stats")
    values = scores(1)
    estimate = bootstrap.mean(values)
    interval = scipy.bootstrap(
        (values,), np.mean, n_resamples=20000, method="percentile", rng=np.random.default_rng(5)
    ).confidence_interval
    assert estimate.value == pytest.approx(values.mean())
    assert (estimate.low, estimate.high) == pytest.approx((interval.low, interval.high), abs=0.06)
    assert estimate.pictures == 60


def test_ratio_agrees_with_scipys_paired_resampling() -> None:
    scipy = pytest.importorskip("scipy.stats")
    references = scores(2)
    values = references * 0.8 + scores(3) * 0.1

    def ratio(v: bootstrap.Values, r: bootstrap.Values, axis: int = -1) -> bootstrap.Values:
        return np.asarray(v.mean(axis=axis) / r.mean(axis=axis))

    estimate = bootstrap.ratio_of_means(values, references)
    interval = scipy.bootstrap(
        (values, references),
        ratio,
        paired=True,
        n_resamples=20000,
        method="percentile",
        rng=np.random.default_rng(5),
    ).confidence_interval
    assert estimate.value == pytest.approx(values.mean() / references.mean())
    assert (estimate.low, estimate.high) == pytest.approx((interval.low, interval.high), abs=0.003)


def test_ratio_is_led_by_the_means_not_by_a_tiny_reference() -> None:
    values, references = np.array([1.0, 8.0, 9.0]), np.array([0.001, 10.0, 10.0])
    assert bootstrap.ratio_of_means(values, references).value == pytest.approx(18 / 20.001)


def test_the_same_scores_give_the_same_interval() -> None:
    assert bootstrap.mean(scores(4)) == bootstrap.mean(scores(4))


def test_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Of 300 samples with mean 8, 90 to 98 % of the intervals hold 8 (a percentile interval at n = 60)."""
    held = 0
    for seed in range(300):
        estimate = bootstrap.mean(scores(1000 + seed))
        held += estimate.low <= 8.0 <= estimate.high
    assert 0.90 <= held / 300 <= 0.98


def test_one_picture_has_no_width() -> None:
    assert bootstrap.mean(np.array([3.0])) == bootstrap.Estimate(3.0, 3.0, 3.0, 1)


def test_what_is_hard_about_a_picture_cancels_in_a_difference() -> None:
    before = scores(6)
    after = before + 0.5
    ones = np.ones_like(before)
    change = bootstrap.difference((after, ones), (before, ones))
    assert (change.value, change.low, change.high) == pytest.approx((0.5, 0.5, 0.5))
    spread = bootstrap.mean(before)
    assert spread.high - spread.low > 1


def test_nothing_to_average_is_refused() -> None:
    with pytest.raises(ValueError, match="no pictures"):
        bootstrap.mean(np.array([]))
    with pytest.raises(ValueError, match="zero"):
        bootstrap.ratio_of_means(np.array([1.0]), np.array([0.0]))
    with pytest.raises(ValueError, match="same pictures"):
        bootstrap.difference((np.ones(2), np.ones(2)), (np.ones(3), np.ones(3)))


def test_a_median_is_not_led_by_one_picture() -> None:
    scipy = pytest.importorskip("scipy.stats")
    values = scores(7)
    estimate = bootstrap.median(values)
    interval = scipy.bootstrap(
        (values,), np.median, n_resamples=20000, method="percentile", rng=np.random.default_rng(5)
    ).confidence_interval
    assert estimate.value == np.median(values)
    assert (estimate.low, estimate.high) == pytest.approx((interval.low, interval.high), abs=0.3)
    values[values.argmax()] = 1e6
    assert bootstrap.median(values).value == estimate.value


def test_a_difference_of_medians_is_drawn_in_pairs() -> None:
    before = scores(8)
    change = bootstrap.median_difference(before - 2, before)
    assert (change.value, change.low, change.high) == pytest.approx((-2, -2, -2))
    with pytest.raises(ValueError, match="same pictures"):
        bootstrap.median_difference(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="no pictures"):
        bootstrap.median(np.array([]))
