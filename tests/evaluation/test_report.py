"""The HTML page: complete by itself, and really drawn by a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from photochrom.errors import OutputFailed
from photochrom.evaluation.comparison import compare, compare_candidates
from photochrom.evaluation.histogram import bin_edges, histogram
from photochrom.evaluation.published import TABLES
from photochrom.evaluation.report import write_report
from photochrom.evaluation.results import GRAY, Evaluation
from photochrom.evaluation.scores import heading
from PIL import Image

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package chromium)")


@pytest.fixture(scope="module")
def page(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(evaluation, path, [*compare(evaluation, evaluation)])
    return path


@pytest.fixture(scope="module")
def page_of_six(pool: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("six") / "report.html"
    write_report(pool, path)
    return path


def browse(page: Path, *options: str, window: str = "1200,4200") -> str:
    assert CHROMIUM
    profile = f"--user-data-dir={page.parent / 'profile'}"
    fixed = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={window}"]
    command = [CHROMIUM, *fixed, profile, *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, check=True, timeout=100).stdout.decode()


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_needs_nothing_beside_itself(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [
        value
        for _, attributes in Elements(text).tags
        for name, value in attributes.items()
        if name in ("src", "href", "srcset", "action", "data")
    ]
    assert links
    assert all(link and link.startswith("data:image/webp;base64,") for link in links)
    assert not re.search(r"https?:|@import|url\(", text)


def test_pictures_are_sorted_from_the_farthest(page: Path, evaluation: Evaluation) -> None:
    text = page.read_text(encoding="utf-8")
    shown = re.findall(r"<figcaption>(\w+/\d+\.png) ·", text)
    expected = sorted(evaluation.pictures, key=lambda picture: picture.scores["fading 0.8"]["cpsnr"])
    assert shown == [picture.name for picture in expected]


def test_pictures_are_sorted_by_auto_where_it_was_measured(page_of_six: Path, pool: Evaluation) -> None:
    text = page_of_six.read_text(encoding="utf-8")
    shown = re.findall(r"<figcaption>(\w+/\d+\.png) ·", text)
    assert shown == [each.name for each in sorted(pool.pictures, key=lambda each: each.scores["auto"]["cpsnr"])]
    assert "those where auto is farthest" in text


def test_ours_comes_first_and_the_others_are_folded(page_of_six: Path, pool: Evaluation) -> None:
    text = page_of_six.read_text(encoding="utf-8")
    for part in re.findall(r"<h3>.*?</details>", text, re.DOTALL):
        assert re.findall(r"<h3>(\w+)</h3>|<(details)>", part)[:3] == [("auto", ""), ("", "details"), ("nature", "")]
    assert text.count("The other colorizers") == 3  # headlines, categories, histograms


def test_shows_the_gain_of_choosing(page_of_six: Path, page: Path, evaluation: Evaluation, tmp_path: Path) -> None:
    text = page_of_six.read_text(encoding="utf-8")
    assert "Choosing among colorizers" in text
    assert "<p>nature is the best of 5 single colorizers" in text
    assert "<th>over nature, the best single</th>" in text
    write_report(replace(evaluation, colorizers=("choosing",)), tmp_path / "one.html")
    assert "Choosing among" not in (tmp_path / "one.html").read_text(encoding="utf-8")


def test_every_category_has_every_score(page_of_six: Path, pool: Evaluation) -> None:
    text = page_of_six.read_text(encoding="utf-8")
    for category in pool.categories:
        (unfolded,) = re.findall(rf"<summary>{category}, all scores</summary>(.*?)</details>", text, re.DOTALL)
        for score in pool.measured():
            estimate = pool.estimate("auto", score.key, category)
            assert estimate is not None
            assert f"<th>{escape(heading(score))}</th>" in unfolded
            assert f"<td>{estimate.value:.{score.digits}f}<small>{estimate.low:.{score.digits}f} … " in unfolded


def test_says_what_was_left_out_and_why(evaluation: Evaluation, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for reason in evaluation.left_out.values():
        assert reason.split(".")[0] in text


def test_names_are_escaped(evaluation: Evaluation, tmp_path: Path) -> None:
    write_report(replace(evaluation, dataset="<script>alert(1)</script>"), tmp_path / "r.html")
    assert "<script>alert" not in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_scores_from_json_make_a_page_without_pictures(evaluation: Evaluation, tmp_path: Path) -> None:
    write_report(Evaluation.from_json(evaluation.to_json()), tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "do not include the pictures" in text
    assert "<img" not in text


def test_an_unwritable_path_is_reported(evaluation: Evaluation, tmp_path: Path) -> None:
    with pytest.raises(OutputFailed, match="nowhere"):
        write_report(evaluation, tmp_path / "nowhere" / "r.html")


def test_other_peoples_tables_are_there_and_labeled(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "Other people's measurements on other data" in text
    assert all(table.title in text for table in TABLES)
    assert "<td>30.16</td>" in text  # Guesser, table 2
    assert "<td>0.884</td>" in text  # CCC, table III


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.title)
def test_published_rows_have_a_value_for_each_column(table: object) -> None:
    for system, values in table.rows:  # type: ignore[attr-defined]
        assert len(values) == len(table.columns), system  # type: ignore[attr-defined]


@pytest.mark.slow
@needs_chromium
def test_a_browser_draws_tables_and_sheet(page: Path, evaluation: Evaluation) -> None:
    tags = Elements(browse(page, "--dump-dom")).tags
    count = {name: sum(tag == name for tag, _ in tags) for name in ("tr", "button", "img", "svg", "figure")}
    assert count["img"] == count["button"] == len(evaluation.pictures) * 4  # gray, two colorizers, original
    assert count["tr"] > 4 + len(evaluation.categories)
    assert count["svg"] >= 4


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize(("scheme", "paper"), [("light", 240), ("dark", 60)])
def test_a_browser_shows_color_on_light_and_dark_paper(page: Path, scheme: str, paper: int) -> None:
    shot = page.parent / f"{scheme}.png"
    # Chromium numbers them 0 dark, 1 light.
    browse(
        page,
        f"--blink-settings=preferredColorScheme={int(scheme == 'light')}",
        f"--screenshot={shot}",
        window="1200,12000",
    )
    pixels = np.asarray(Image.open(shot).convert("RGB")).astype(int)
    corner = pixels[5, 5].mean()
    assert corner > paper if scheme == "light" else corner < paper
    assert (np.ptp(pixels, axis=2) > 40).mean() > 0.01  # the photographs
    assert (np.abs(pixels.mean(axis=2) - corner) > 100).mean() > 0.005  # the text


@pytest.mark.slow
@needs_chromium
def test_a_click_enlarges_the_pictures_and_the_arrow_key_shows_the_next(page: Path) -> None:
    clicked = page.with_name("clicked.html")
    script = """<script>
    document.querySelector(".sheet figure:nth-child(2) button").click();
    document.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight"}));
    </script></body>"""
    clicked.write_text(page.read_text(encoding="utf-8").replace("</body>", script), encoding="utf-8")
    dom = browse(clicked, "--dump-dom")
    (dialog,) = re.findall(r"<dialog.*?</dialog>", dom, re.DOTALL)
    opening = dialog.partition(">")[0]
    assert " open" in opening
    assert dialog.count("<img") == 4
    third = re.findall(r"<figcaption>(\w+/\d+\.png) ·", dom)[2]
    assert third in dialog


@pytest.mark.slow
@needs_chromium
def test_six_candidates_are_large_enough_to_be_seen(page_of_six: Path) -> None:
    """On a screen of 1280 × 800: eight thumbnails in one row, eight large pictures in two; nothing is wider than it."""
    measured = page_of_six.with_name("measured.html")
    script = """<script>
    const box = (element) => { const r = element.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; };
    const boxes = (selector) => [...document.querySelectorAll(selector)].map(box);
    const found = {page: document.documentElement.scrollWidth, height: innerHeight};
    found.thumbnails = boxes(".sheet figure:first-child img");
    document.querySelector(".sheet button").click();
    found.large = boxes("dialog figure");
    document.body.dataset.found = JSON.stringify(found);
    </script></body>"""
    measured.write_text(page_of_six.read_text(encoding="utf-8").replace("</body>", script), encoding="utf-8")
    (text,) = re.findall(r'data-found="([^"]+)"', browse(measured, "--dump-dom", window="1280,800"))
    found = json.loads(unescape(text))
    thumbnails, large = np.array(found["thumbnails"]), np.array(found["large"])
    assert found["page"] <= 1280
    assert thumbnails.shape == large.shape == (8, 4)
    assert np.ptp(thumbnails[:, 1]) == 0
    assert thumbnails[:, 2].min() >= 130
    assert len(set(large[:, 1])) == 2
    assert large[:, 2].min() >= 290
    assert large[:, 3].min() >= 0.4 * found["height"]
    assert (large[:, 0] + large[:, 2]).max() <= 1280
    assert (large[:, 1] + large[:, 3]).max() <= found["height"]


class TestHistogram:
    def test_bins_are_round_and_hold_all_values(self) -> None:
        values = np.random.default_rng(1).normal(22.6, 3, 292)
        edges = bin_edges(values)
        assert edges[0] <= values.min()
        assert edges[-1] > values.max()
        assert np.allclose(edges * 2, np.rint(edges * 2))
        assert np.histogram(values, edges)[0].sum() == 292

    @pytest.mark.parametrize("value", [0.0, 1.0, 58.92])
    def test_one_value_still_has_a_bin(self, value: float) -> None:
        edges = bin_edges(np.array([value]))
        assert edges[0] <= value < edges[-1]

    def test_bars_are_as_high_as_their_counts(self) -> None:
        """Ten values in one bin, five in another: half as high above the base line."""
        svg = histogram("made", {"ours": np.array([1.0] * 10 + [9.0] * 5)})
        (path,) = re.findall(r'class="series0" d="([^"]+)"', svg)
        heights = [float(v) for v in re.findall(r"V([\d.]+)", path)]
        base = heights[-1]
        tops = sorted({base - height for height in heights} - {0.0})
        assert tops[1] == pytest.approx(2 * tops[0], abs=0.2)


def test_gain_over_gray_is_the_headline(page: Path, evaluation: Evaluation) -> None:
    change = compare_candidates(evaluation, "fading 0.8", evaluation, GRAY).changes["overall"][0]
    assert f"<strong>{change.difference.value:+.2f} dB</strong>" in page.read_text(encoding="utf-8")
