"""From photographs to scores, and from scores to JSON and back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from photochrom.errors import BadRequest, Cancelled
from photochrom.evaluation import metrics
from photochrom.evaluation.comparison import compare
from photochrom.evaluation.dataset import photographs, read_srgb
from photochrom.evaluation.measure import measure, without_color
from photochrom.evaluation.metrics import Floats, lab
from photochrom.evaluation.optional_scores import Stability
from photochrom.evaluation.results import GRAY, ORIGINAL, OVERALL, Evaluation, read_evaluation
from photochrom.evaluation.scores import heading, means

from .conftest import colorful, fading


def test_gray_baseline_keeps_lightness_and_has_no_color() -> None:
    original = colorful(1)
    gray = without_color(original)
    assert np.ptp(gray.astype(int), axis=2).max() == 0
    assert metrics.lightness_error(lab(original), lab(gray))[1] <= 0.3


def test_large_pictures_go_strip_by_strip_to_the_same_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("skimage")
    original = colorful(2, 37, 29)
    result, _ = fading(0.5)(original)
    whole = (lab(original), without_color(original), metrics.ciede2000(original, result))
    monkeypatch.setattr(metrics, "STRIP", 100)
    assert len(list(metrics.strips(original))) == 13
    assert np.array_equal(lab(original), whole[0])
    assert np.array_equal(without_color(original), whole[1])
    assert metrics.ciede2000(original, result) == pytest.approx(whole[2])


def test_scores_are_those_of_the_metrics(album: Path, evaluation: Evaluation) -> None:
    picture = evaluation.pictures[5]
    original = read_srgb(album / picture.name)
    result, _ = fading(0.8)(original)
    scores = picture.scores["fading 0.8"]
    assert scores["psnr"] == metrics.psnr(original, result)
    assert scores["cpsnr"] == pytest.approx(scores["psnr"])
    assert scores["uiqi"] == metrics.uiqi(original, result)
    assert scores["cnr"] == metrics.chromatic_number_ratio(lab(original), lab(result))
    assert scores["colorfulness"] == metrics.colorfulness(result)
    assert (picture.width, picture.height, picture.category) == (32, 24, "sea")


def test_means_are_over_pictures_overall_and_by_category(evaluation: Evaluation) -> None:
    decibels = {picture.name: picture.scores[GRAY]["psnr"] for picture in evaluation.pictures}
    overall = evaluation.estimate(GRAY, "psnr")
    assert overall is not None
    assert overall.value == pytest.approx(np.mean(list(decibels.values())))
    assert overall.low < overall.value < overall.high
    sea = evaluation.estimate(GRAY, "psnr", "sea")
    assert sea is not None
    assert sea.pictures == 4
    assert sea.value == pytest.approx(np.mean([v for name, v in decibels.items() if name.startswith("sea")]))


def test_chroma_is_the_share_of_the_originals(evaluation: Evaluation) -> None:
    for candidate, share in (("fading 0.8", 0.8), ("choosing", 0.5), (GRAY, 0.0), (ORIGINAL, 1.0)):
        estimate = evaluation.estimate(candidate, "chroma_ratio")
        assert estimate is not None
        assert estimate.value == pytest.approx(share, abs=0.01)


def test_what_only_fades_keeps_everything_but_spread_and_tint(evaluation: Evaluation) -> None:
    """Ratios of means, against the originals; what is measured on parts of the originals is 1 or their share."""
    for candidate, share in (("fading 0.8", 0.8), ("choosing", 0.5), (GRAY, 0.0)):
        ratio = evaluation.estimate(candidate, "spread_ratio")
        tint, true_tint = evaluation.estimate(candidate, "tint"), evaluation.estimate(ORIGINAL, "tint")
        error = evaluation.estimate(candidate, "tint_error")
        assert ratio and tint and true_tint and error
        assert ratio.value == pytest.approx(share, abs=0.01)
        assert tint.value == pytest.approx(share * true_tint.value, abs=0.1)
        assert error.value == pytest.approx((1 - share) * true_tint.value, abs=0.1)
    for key in ("correlation_whole", "correlation_4", "correlation_16"):
        followed = evaluation.estimate("fading 0.8", key)
        assert followed
        assert followed.value > 0.99
        assert evaluation.estimate(GRAY, key) is None


def test_set_means_are_those_of_the_report(evaluation: Evaluation) -> None:
    """Training takes them from the same scores, without intervals."""
    ours = [picture.scores["fading 0.8"] for picture in evaluation.pictures]
    found = means(ours, [picture.scores[ORIGINAL] for picture in evaluation.pictures])
    for score in evaluation.measured():
        estimate = evaluation.estimate("fading 0.8", score.key)
        assert (estimate is None) == (score.key not in found)
        assert estimate is None or found[score.key] == pytest.approx(estimate.value)


def test_more_of_the_true_color_is_nearer(evaluation: Evaluation) -> None:
    order = [evaluation.estimate(name, "psnr") for name in ("fading 0.8", "choosing", GRAY)]
    values = [estimate.value for estimate in order if estimate]
    assert values == sorted(values, reverse=True)
    assert len(values) == 3


def test_says_which_colorizer_was_chosen(evaluation: Evaluation) -> None:
    assert evaluation.pictures[0].chosen == {"choosing": "fading 0.5"}


def test_an_album_of_gray_pictures_has_no_chroma_ratio(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (16, 16), (90, 90, 90)).save(tmp_path / "gray.png")
    evaluation = measure("gray", photographs(tmp_path), {"fading": fading(0.5)})
    assert evaluation.estimate("fading", "psnr") is not None
    assert not any("Chroma" in cell for table in evaluation.tables() for row in table for cell in row)
    json.loads(evaluation.to_json())


class TestTables:
    def test_of_six_fit_a_terminal(self, pool: Evaluation) -> None:
        """120 columns, as `photochrom evaluate` prints them: two spaces between the columns."""
        for table in pool.tables():
            widths = [max(map(len, column)) for column in zip(*table, strict=True)]
            assert sum(widths) + 2 * (len(widths) - 1) <= 120, table[0]

    def test_have_every_score_with_half_its_interval(self, pool: Evaluation) -> None:
        shown = []
        for group, table in zip(pool.groups(), pool.tables(), strict=True):
            rows = [*pool.candidates, *([ORIGINAL] if group.originals else [])]
            if group.name == "Correlation by scale":
                rows.remove(GRAY)  # of no color there is none
            assert [row[0] for row in table[1:]] == rows
            assert table[0][1:] == [heading(score, group.arrows) for score in group.scores]
            shown += group.scores
        assert tuple(shown) == pool.measured()
        psnr = pool.estimate("lite", "psnr")
        near = pool.tables()[0]
        assert psnr is not None
        assert dict(zip(near[0], near[2], strict=True))["PSNR/CPSNR dB ↑"] == (
            f"{psnr.value:.2f} ±{(psnr.high - psnr.low) / 2:.2f}"
        )

    def test_have_fid_beside_the_scores_of_nearness(self, pool: Evaluation) -> None:
        fid = {candidate: float(number) for number, candidate in enumerate(pool.candidates)}
        table = replace(pool, fid=fid).tables()[0]
        column = table[0].index("FID ↓")
        assert [row[column] for row in table[1:8]] == [f"{number}.00" for number in range(7)]
        assert not any("FID" in cell for row in replace(pool, fid=fid).tables(pool.categories[0])[0] for cell in row)


class TestParts:
    def test_folders_are_distinguished_where_they_are_no_category(self, evaluation: Evaluation) -> None:
        """Categories of this album are its folders; one that an index gives stands beside them."""
        assert evaluation.parts == (OVERALL, "people", "sea", "street")
        pictures = tuple(replace(picture, category="all") for picture in evaluation.pictures)
        indexed = replace(evaluation, pictures=pictures)
        assert indexed.parts == (OVERALL, "all", "people/", "sea/", "street/")
        assert indexed.of_category("sea/") == indexed.pictures[4:8]
        assert json.loads(indexed.to_json())["summary"]["sea/"][GRAY]["psnr"]["pictures"] == 4

    def test_table_has_what_to_look_at_first(self, evaluation: Evaluation) -> None:
        rows = evaluation.parts_table("fading 0.8")
        assert [row[:2] for row in rows[1:]] == [[OVERALL, "12"], ["people", "4"], ["sea", "4"], ["street", "4"]]
        sea = evaluation.of_category("sea")
        gain = np.mean([each.scores["fading 0.8"]["psnr"] - each.scores[GRAY]["psnr"] for each in sea])
        assert rows[3][2].startswith(f"{gain:+.2f} ±")
        true = np.mean([each.scores[ORIGINAL]["colorfulness"] for each in sea])
        assert rows[3][-1].endswith(f" of {true:.1f}")
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        assert sum(widths) + 2 * (len(widths) - 1) <= 120


def test_probes_add_scores_to_some_pictures(album: Path) -> None:
    """Stability on two of twelve: its mean and interval are of those."""

    def even(lightness: Floats, _paint: Floats | None) -> Floats:
        return np.full((*lightness.shape, 2), lightness.mean() / 5, np.float32)

    todo = photographs(album)
    probe = Stability({"fading": even}, frozenset({todo[0].name, todo[7].name}))
    found = measure("album", todo, {"fading": fading(0.5)}, probes=[probe])
    estimate = found.estimate("fading", "stability_crop_50")
    assert estimate is not None
    assert estimate.pictures == 2
    table = next(table for table in found.tables() if table[0][0].startswith("ΔE00 after"))
    assert table[1][0] == "fading"
    assert table[1][1] == "0.00 ±0.00"  # a mirror does not change the mean
    assert json.loads(found.to_json())["summary"]["overall"]["fading"]["stability_grain"]["pictures"] == 2


def test_oracle_is_over_the_single_colorizers(pool: Evaluation, evaluation: Evaluation) -> None:
    oracle = pool.oracle()
    assert oracle is not None
    assert oracle.best == "nature"  # the nearest in every picture: nothing is left to choose
    assert oracle.picks == {"nature": 4, "lite": 0, "people": 0, "scenes": 0, "objects": 0}
    assert list(oracle.mixtures) == ["auto"]
    cpsnr = pool.estimate("auto", "cpsnr")
    assert cpsnr == oracle.mixtures["auto"].mean
    assert replace(evaluation, colorizers=("choosing",)).oracle() is None


def test_ours_is_auto_or_the_first(pool: Evaluation, evaluation: Evaluation) -> None:
    assert pool.ours == "auto"
    assert evaluation.ours == "fading 0.8"


def test_progress_goes_up_and_can_stop_the_work(album: Path) -> None:
    seen: list[float] = []

    def watch(fraction: float, _: str) -> None:
        seen.append(fraction)
        if len(seen) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        measure("album", photographs(album), {"fading": fading(0.5)}, watch)
    assert seen == pytest.approx([0, 1 / 12, 2 / 12, 3 / 12])


def test_tiny_pictures_are_measured_by_what_fits(tmp_path: Path) -> None:
    from PIL import Image

    Image.fromarray(colorful(1, 5, 6)).save(tmp_path / "tiny.png")
    evaluation = measure("tiny", photographs(tmp_path), {"fading": fading(0.5)})
    assert "uiqi" not in evaluation.pictures[0].scores["fading"]
    assert "smaller" in evaluation.left_out["uiqi"]
    assert evaluation.estimate("fading", "psnr") is not None


class TestJSON:
    def test_holds_everything_but_the_images(self, evaluation: Evaluation) -> None:
        again = Evaluation.from_json(evaluation.to_json())
        assert again.pictures == evaluation.pictures
        assert again.colorizers == evaluation.colorizers
        assert again.tables() == evaluation.tables()
        assert again.images == {}

    def test_summary_has_every_category_candidate_and_interval(self, evaluation: Evaluation) -> None:
        content = json.loads(evaluation.to_json())
        assert content["schema"] == "photochrom-evaluation/1"
        assert set(content["summary"]) == {OVERALL, "sea", "street", "people", "oracle"}
        assert set(content["summary"]["sea"]) == {"fading 0.8", "choosing", GRAY, ORIGINAL}
        psnr = content["summary"]["sea"][GRAY]["psnr"]
        assert set(psnr) == {"value", "low", "high", "pictures"}
        assert "cpsnr" in content["summary"]["overall"]["choosing"]

    def test_summary_has_the_oracle(self, pool: Evaluation, evaluation: Evaluation) -> None:
        oracle = json.loads(pool.to_json())["summary"]["oracle"]
        assert oracle["best"] == "nature"
        assert oracle["picks"]["nature"] == 4
        assert oracle["mixtures"]["auto"]["gain"]["value"] < 0
        assert set(oracle["oracle"]["mean"]) == {"value", "low", "high", "pictures"}
        one = replace(evaluation, colorizers=("choosing",))
        assert "oracle" not in json.loads(one.to_json())["summary"]

    def test_has_the_comparisons_it_is_given(self, evaluation: Evaluation) -> None:
        comparisons = [comparison.as_json() for comparison in compare(evaluation, evaluation)]
        text = evaluation.to_json(comparisons)
        assert json.loads(text)["comparisons"] == comparisons
        assert Evaluation.from_json(text).pictures == evaluation.pictures

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "something/2"}', "no json"])
    def test_other_files_are_refused(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "other.json"
        path.write_text(text)
        with pytest.raises(BadRequest, match="not an evaluation"):
            read_evaluation(path)

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(BadRequest, match=r"nowhere\.json"):
            read_evaluation(tmp_path / "nowhere.json")
