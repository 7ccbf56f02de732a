"""The oracle over few pictures, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from photochrom.evaluation.oracle import Oracle, Standing, find_oracle

LITE = np.array([20.0, 24.0, 22.0, 26.0])  # mean 23
PEOPLE = np.array([23.0, 21.0, 22.0, 20.0])  # mean 21.5
AUTO = np.array([22.0, 24.0, 22.0, 26.0])  # mean 23.5
BLEND = np.array([24.0, 24.0, 24.0, 24.0])  # mean 24
# Each picture's best: 23, 24, 22 and 26, mean 23.75; 0.75 over lite.


def found(**others: np.ndarray) -> Oracle:
    oracle = find_oracle({"people": PEOPLE, "lite": LITE, **others})
    assert oracle is not None
    return oracle


def share(standing: Standing) -> float:
    assert standing.share
    return standing.share.value


def test_takes_each_pictures_best() -> None:
    oracle = found()
    assert oracle.best == "lite"
    assert oracle.singles["lite"].mean.value == 23
    assert oracle.singles["people"].gain.value == -1.5
    assert oracle.oracle.mean.value == 23.75
    assert oracle.oracle.gain.value == 0.75
    assert share(oracle.oracle) == 1
    assert oracle.mixtures == {}


def test_of_equal_ones_the_first_is_picked() -> None:
    assert found().picks == {"people": 2, "lite": 2}  # the third picture is a draw


def test_auto_and_blends_are_no_singles() -> None:
    oracle = found(auto=AUTO, **{"lite+people": BLEND})
    assert set(oracle.singles) == set(oracle.picks) == {"people", "lite"}
    assert oracle.oracle == found().oracle
    assert oracle.mixtures["auto"].gain.value == 0.5
    assert share(oracle.mixtures["auto"]) == pytest.approx(2 / 3)
    # A blend may go beyond what any choice of one can reach: 1 dB of 0.75.
    assert share(oracle.mixtures["lite+people"]) == pytest.approx(4 / 3)


def test_intervals_are_of_pairs() -> None:
    """A gain that is the same in every picture has no spread, however much the pictures differ; a share neither."""
    oracle = found(auto=LITE + 0.25 * (np.maximum(LITE, PEOPLE) - LITE), **{"lite+people": LITE + 0.5})
    blend, auto = oracle.mixtures["lite+people"], oracle.mixtures["auto"]
    assert blend.mean.high - blend.mean.low > 1
    assert (blend.gain.low, blend.gain.high) == pytest.approx((0.5, 0.5))
    assert auto.share
    assert (auto.share.low, auto.share.value, auto.share.high) == pytest.approx((0.25, 0.25, 0.25))


def test_without_a_gap_there_is_no_share_of_it() -> None:
    oracle = find_oracle({"lite": LITE, "weak": LITE - 1, "auto": LITE})
    assert oracle is not None
    assert oracle.mixtures["auto"].share is None
    assert oracle.oracle.gain.value == 0
    assert oracle.picks == {"lite": 4, "weak": 0}
    assert [row[3] for row in oracle.table()[1:]] == ["", "", "", ""]


@pytest.mark.parametrize("names", [(), ("lite",), ("lite", "auto"), ("lite", "auto", "lite+people")])
def test_one_single_makes_no_oracle(names: tuple[str, ...]) -> None:
    assert find_oracle(dict.fromkeys(names, LITE)) is None


def test_table_has_a_row_each() -> None:
    head, *rows = found(auto=AUTO, **{"lite+people": BLEND}).table()
    by_name = {row[0]: row for row in rows}
    assert list(by_name) == ["people", "lite", "auto", "lite+people", "oracle"]
    assert head[2] == "over lite, the best single"
    assert by_name["lite"][1].startswith("23.00 ±")
    assert by_name["lite"][2:] == ["", "", "2"]
    assert by_name["people"][2].startswith("-1.50 [")
    assert by_name["auto"][2].startswith("+0.50 [")
    assert by_name["auto"][3].startswith("67% [")
    assert by_name["oracle"][1].startswith("23.75 ±")
    assert by_name["oracle"][3:] == ["", ""]


def test_sentence_names_the_best_and_what_the_others_gain() -> None:
    assert found(auto=AUTO, **{"lite+people": BLEND}).sentence() == (
        "lite is the best of 2 single colorizers, with a mean CPSNR of 23.00 dB; always taking each picture's best "
        "one would gain +0.75 dB; auto gains +0.50 dB; lite+people gains +1.00 dB."
    )
