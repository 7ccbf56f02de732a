"""Our answers beside those of others."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from photochrom.errors import BadPicture, BadRequest, Cancelled
from photochrom.evaluation import metrics, variety
from photochrom.evaluation.measure_other_methods import answers_in, measure_other_methods
from photochrom.evaluation.metrics import lab
from photochrom.evaluation.other_methods import OtherMethods, OthersPicture
from photochrom.evaluation.report import write_report
from photochrom.evaluation.results import Evaluation
from PIL import Image

from .conftest import colorful, fading


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three scans; two have an answer by “rival”, which has 0.9 of their color, one of these one by “other” too."""
    path = tmp_path_factory.mktemp("anchors")
    for number in range(3):
        scan = colorful(number)
        Image.fromarray(scan).save(path / f"{number}.scan.png")
        if number < 2:
            Image.fromarray(fading(0.9)(scan)[0]).save(path / f"{number}.rival.png")
    Image.fromarray(colorful(5, 10, 12)).save(path / "1.other.png")
    (path / "index.csv").write_text("file\n")
    (path / "README.md").write_text("about")
    return path


@pytest.fixture(scope="module")
def beside(folder: Path) -> OtherMethods:
    return measure_other_methods(folder, {"half": fading(0.5), "most": fading(0.8)})


def scored(**spreads: float) -> OthersPicture:
    return OthersPicture("x", {name: {"spread": value} for name, value in spreads.items()}, {})


def test_scans_without_an_answer_are_left_out(folder: Path) -> None:
    assert {name: set(answers) for name, answers in answers_in(folder).items()} == {
        "0": {"scan", "rival"},
        "1": {"scan", "rival", "other"},
    }


def test_ratio_of_spreads_by_hand() -> None:
    """(4 + 2) / (10 + 2): a ratio of means, over the photographs that both have."""
    beside = OtherMethods("x", ("ours",), ("a",), (scored(ours=4, a=10), scored(ours=2, a=2), scored(ours=9)))
    assert beside.ratio("ours", "a").value == pytest.approx(0.5)
    assert beside.ratio("ours", "a").pictures == 2


def test_every_answer_is_scored_as_the_metrics_say(beside: OtherMethods, folder: Path) -> None:
    picture = beside.pictures[0]
    theirs = np.asarray(Image.open(folder / "0.rival.png"))
    assert picture.scores["rival"]["spread"] == variety.spread(lab(theirs)[..., 1:])
    assert picture.scores["rival"]["colorfulness"] == metrics.colorfulness(theirs)
    assert beside.ratio("half", "rival").value == pytest.approx(5 / 9, abs=0.01)
    assert picture.apart["half"]["rival"] == metrics.ciede2000(theirs, fading(0.5)(colorful(0))[0])
    assert beside.pictures[1].apart["half"].keys() == {"rival"}  # “other” is of another size
    assert beside.apart("half", "other") is None


def test_table_has_an_answer_a_row_and_fits_a_terminal(beside: OtherMethods) -> None:
    table = beside.table()
    assert [row[0] for row in table] == ["beside, n=2", "half", "most", "other", "rival"]
    assert table[0][1:] == [
        "Spread", "Tint", "Toned", "Colorfulness", "spread / other's", "ΔE00 to other", "spread / rival's",
        "ΔE00 to rival",
    ]  # fmt: skip
    column = table[0].index("spread / rival's")
    assert table[1][column] == beside.ratio("half", "rival").plus_minus(2)
    assert table[4][column] == ""
    one = replace(beside, others=("rival",)).table()
    widths = [max(map(len, column)) for column in zip(*one, strict=True)]
    assert sum(widths) + 2 * (len(widths) - 1) <= 120


def test_json_restores_everything_but_the_pictures(beside: OtherMethods, evaluation: Evaluation) -> None:
    text = replace(evaluation, beside=beside).to_json()
    content = json.loads(text)["beside"]
    assert content["spread_ratio"]["half"]["rival"]["value"] == beside.ratio("half", "rival").value
    assert content["summary"]["rival"]["spread"]["pictures"] == 2
    again = Evaluation.from_json(text).beside
    assert again == replace(beside, images={})


def test_report_shows_scan_ours_and_theirs(beside: OtherMethods, evaluation: Evaluation, tmp_path: Path) -> None:
    write_report(replace(evaluation, beside=beside), tmp_path / "r.html")
    text = unescape((tmp_path / "r.html").read_text(encoding="utf-8"))
    section = text[text.index("Beside others’ answers") :]
    section = section[: section.index("</section>")]
    assert section.count("<img") == 2 * 4 + 1
    spread = beside.pictures[0].scores["rival"]["spread"]
    assert f"rival spread {spread:.1f} · tint" in section
    write_report(evaluation, tmp_path / "without.html")
    assert "Beside others" not in (tmp_path / "without.html").read_text(encoding="utf-8")


def test_results_that_cannot_be_compared_are_reported(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="is not a folder"):
        answers_in(tmp_path / "nowhere")
    with pytest.raises(BadRequest, match="no photograph with another method"):
        answers_in(tmp_path)
    with pytest.raises(BadRequest, match="under the names of ours: rival"):
        measure_other_methods(folder, {"rival": fading(1)})
    (tmp_path / "a.scan.png").write_bytes(b"no picture")
    (tmp_path / "a.rival.png").write_bytes(b"no picture")
    with pytest.raises(BadPicture, match=r"a\.scan\.png"):
        measure_other_methods(tmp_path, {"half": fading(0.5)})


def test_progress_can_stop_the_work(folder: Path) -> None:
    def stop(share: float, _: str) -> None:
        if share:
            raise Cancelled

    with pytest.raises(Cancelled):
        measure_other_methods(folder, {"half": fading(0.5)}, stop)
