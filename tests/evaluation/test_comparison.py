from __future__ import annotations

from dataclasses import replace

import pytest
from photochrom.errors import BadRequest
from photochrom.evaluation.comparison import compare, compare_candidates
from photochrom.evaluation.results import GRAY, OVERALL, Evaluation, PictureResult


def run(name: str, *psnr: float, cnr: float = 1.0) -> Evaluation:
    pictures = tuple(
        PictureResult(
            f"{number}.png",
            "even" if number % 2 == 0 else "odd",
            8,
            8,
            {name: {"psnr": value, "mse": 100 - value, "cnr": cnr, "colorfulness": value}},
        )
        for number, value in enumerate(psnr)
    )
    return Evaluation("made", (name,), pictures, "0")


def test_counts_and_differences_by_hand() -> None:
    (comparison,) = compare(run("lite", 22, 20, 25, 21), run("lite", 20, 21, 25, 20))
    changes = {change.score.key: change for change in comparison.changes[OVERALL]}
    psnr = changes["psnr"]
    assert (psnr.better, psnr.worse, psnr.same) == (2, 1, 1)
    assert psnr.difference.value == pytest.approx((2 - 1 + 0 + 1) / 4)
    assert psnr.difference.low <= psnr.difference.value <= psnr.difference.high
    assert (changes["mse"].better, changes["mse"].worse) == (2, 1)
    odd = {change.score.key: change for change in comparison.changes["odd"]}
    assert odd["psnr"].difference.value == pytest.approx(0)


def test_ratios_are_better_nearer_to_one() -> None:
    (comparison,) = compare(run("lite", 20, cnr=1.1), run("lite", 20, cnr=0.5))
    (cnr,) = [change for change in comparison.changes[OVERALL] if change.score.key == "cnr"]
    assert (cnr.better, cnr.worse) == (1, 0)
    (comparison,) = compare(run("lite", 20, cnr=2.0), run("lite", 20, cnr=0.9))
    (cnr,) = [change for change in comparison.changes[OVERALL] if change.score.key == "cnr"]
    assert (cnr.better, cnr.worse) == (0, 1)


def test_only_pictures_in_both_runs_count() -> None:
    (comparison,) = compare(run("lite", 20, 21, 22), run("lite", 19, 20))
    assert (comparison.pictures, comparison.unpaired) == (2, 1)
    assert comparison.changes[OVERALL][0].difference.pictures == 2


def test_single_colorizers_of_different_name_are_compared() -> None:
    (comparison,) = compare(run("lite", 20), run("older", 19))
    assert (comparison.after, comparison.before) == ("lite", "older")


def test_runs_without_anything_in_common_are_refused() -> None:
    renamed = replace(run("lite", 20), pictures=(replace(run("lite", 20).pictures[0], name="other.png"),))
    with pytest.raises(BadRequest, match="no picture"):
        compare(run("lite", 20), renamed)
    with pytest.raises(BadRequest, match="no colorizer"):
        compare(run("lite", 20), replace(run("older", 19), colorizers=("older", "oldest")))


def test_table_and_json_say_the_same(evaluation: Evaluation) -> None:
    comparison = compare_candidates(evaluation, "fading 0.8", evaluation, GRAY)
    table, content = comparison.table(), comparison.as_json()
    assert table[1][0] == "PSNR/CPSNR dB ↑"
    assert table[1][2:] == ["12", "0", "0"]
    assert content["changes"]["overall"]["psnr"]["better"] == 12
    assert f"{content['changes']['overall']['psnr']['value']:+.2f}" in table[1][1]


def test_a_saved_run_compares_like_the_run_itself(evaluation: Evaluation) -> None:
    saved = Evaluation.from_json(evaluation.to_json())
    changes = [change for comparison in compare(evaluation, saved) for change in comparison.changes[OVERALL]]
    assert changes
    assert all(change.difference.value == 0 and change.better == change.worse == 0 for change in changes)
