"""The report of a batch, used in a real browser."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import pyvips
from photochrom.batch.report import write_report
from photochrom.batch.report_thumbnails import SIDE

from .report_data import HOSTILE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package chromium)")
SCREEN = {"width": 1366, "height": 768}


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("needs Chromium (Debian package chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    """An empty tab that must not log an error, ask for anything but files, or open a dialog."""
    context = chromium.new_context(viewport=SCREEN, accept_downloads=True)
    context.set_default_timeout(60000)
    tab, wrong = context.new_page(), []
    tab.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    tab.on("request", lambda asked: None if asked.url.startswith(("file:", "blob:")) else wrong.append(asked.url))
    tab.on("requestfailed", lambda asked: wrong.append(f"{asked.url} {asked.failure}"))
    yield tab
    context.close()
    assert not wrong


def names(tab) -> list[str]:
    return tab.locator(".card .name").all_inner_texts()


def current(tab) -> str:
    return tab.locator(".card.current .name").inner_text()


def exported(tab, path: Path) -> list[dict]:
    """The lines of the list, but the first, which names the folder."""
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Export the marks").click()
    assert download.value.suggested_filename == "photochrom-marks.jsonl"
    download.value.save_as(path)
    first, *lines = map(json.loads, path.read_text().splitlines())
    assert Path(first["folder"]).is_dir()
    return lines


@pytest.mark.slow
@needs_chromium
def test_the_most_doubtful_comes_first_and_pictures_are_drawn(of_three, tab):
    tab.goto(of_three.write().as_uri())
    assert names(tab) == ["doubtful.png", "roll/between.png", "sure.png"]
    tab.wait_for_function("[...document.images].every((image) => image.complete && image.naturalWidth === 480)")
    assert tab.locator("img").count() == 6
    tab.get_by_label("Order").select_option("name")
    assert names(tab) == ["doubtful.png", "roll/between.png", "sure.png"]
    tab.get_by_label("Find").fill("ROLL")
    assert names(tab) == ["roll/between.png"]


@pytest.mark.slow
@needs_chromium
def test_hostile_names_do_nothing_in_a_browser(batch, tab):
    name = HOSTILE.replace("/", "\N{FRACTION SLASH}")
    batch.add(f"{name}.png", files=0)
    batch.fail(f"{name}.jpg", HOSTILE)
    tab.goto(batch.write().as_uri())
    assert names(tab) == [f"{name}.png"]
    tab.keyboard.press("Enter")
    assert tab.locator("dialog .name").inner_text() == f"{name}.png"


@pytest.mark.slow
@needs_chromium
def test_the_slider_uncovers_the_photograph(of_three, tab):
    tab.goto(of_three.write().as_uri())
    pair = tab.locator(".card .pair").first
    at = pair.evaluate("(box) => box.style.getPropertyValue('--at')")
    assert at == "50%"
    box = pair.bounding_box()
    tab.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    moved = float(pair.evaluate("(box) => box.style.getPropertyValue('--at')").rstrip("%"))
    assert moved == pytest.approx(90, abs=5)
    tab.keyboard.press("Shift+ArrowLeft")
    assert pair.evaluate("(box) => box.style.getPropertyValue('--at')") == f"{moved - 5:g}%"
    clip = pair.locator(".before").evaluate("(image) => getComputedStyle(image).clipPath")
    assert clip == f"inset(0px calc(100% - {moved - 5:g}%) 0px 0px)" or f"{100 - (moved - 5):g}%" in clip


@pytest.mark.slow
@needs_chromium
def test_keys_browse_and_mark_and_marks_outlive_the_page(of_three, tab, tmp_path):
    address = of_three.write().as_uri()
    tab.goto(address)
    assert tab.get_by_role("button", name="Export the marks").is_disabled()
    tab.keyboard.press("1")
    tab.keyboard.press("ArrowRight")
    assert current(tab) == "roll/between.png"
    tab.keyboard.press("2")
    tab.keyboard.press("End")
    assert current(tab) == "sure.png"
    tab.keyboard.press("3")
    assert "1 approved, 1 to redo, 1 to leave gray" in tab.locator("#count").inner_text()
    tab.wait_for_timeout(1000)  # Chromium hands what a page stores to another process, and says not when.
    tab.reload()
    assert "1 approved, 1 to redo, 1 to leave gray" in tab.locator("#count").inner_text()
    said = {each["result"]: each for each in exported(tab, tmp_path / "marks")}
    assert {name: each["mark"] for name, each in said.items()} == {
        "doubtful.png": "approve", "roll/between.png": "redo", "sure.png": "gray",
    }  # fmt: skip
    assert (said["roll/between.png"]["colorizer"], said["roll/between.png"]["style"]) == ("auto", "calm")
    tab.keyboard.press("Home")
    tab.keyboard.press("0")
    assert "0 approved" in tab.locator("#count").inner_text()


@pytest.mark.slow
@needs_chromium
def test_clicks_mark_and_choose_what_to_redo_with(of_three, tab, tmp_path):
    tab.goto(of_three.write().as_uri())
    card = tab.locator(".card").nth(1)
    assert not card.get_by_label("Redo with").is_visible()
    card.get_by_role("button", name="Redo").click()
    card.get_by_label("Redo with").select_option("lite")
    (mark,) = exported(tab, tmp_path / "marks")
    assert (mark["result"], mark["colorizer"], mark["style"]) == ("roll/between.png", "lite", "vivid")
    tab.locator("#shown").select_option("redo")
    assert names(tab) == ["roll/between.png"]
    tab.locator(".card").get_by_role("button", name="Redo").click()
    assert "0 to redo" in tab.locator("#count").inner_text()


@pytest.mark.slow
@needs_chromium
def test_the_large_picture_is_browsed_too(of_three, tab):
    tab.goto(of_three.write().as_uri())
    tab.keyboard.press("Enter")
    dialog = tab.locator("dialog")
    assert dialog.locator(".name").inner_text() == "doubtful.png"
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("3")
    assert dialog.locator(".name").inner_text() == "roll/between.png"
    assert dialog.locator(".gray").get_attribute("aria-pressed") == "true"
    assert dialog.locator("a").get_attribute("href") == "./roll/between.png"
    tab.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert current(tab) == "roll/between.png"
    assert tab.locator(".card.current .gray").get_attribute("aria-pressed") == "true"


@pytest.mark.slow
@needs_chromium
def test_five_thousand_pictures_scroll_smoothly(batch, tab):
    """Loosely, for a machine that does other things: a page that lays out all of them takes seconds a step."""
    for number in range(10):
        batch.add(f"{number}.png", number / 10, files=number)
    facts = "colorizer, shares, uncertainty, seconds, width, height, source_sha256, result_sha256, notes"
    database = batch.notes._database
    with database:
        database.execute(
            "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 4999) "
            f"INSERT INTO files (source, root, page, output, size, changed, state, {facts}) "
            "SELECT root || '/scan ' || i, root, 0, 'roll/scan ' || i || '.png', 1, 1, 'done', "
            "colorizer, shares, (i % 997) / 997.0, seconds, width, height, source_sha256, result_sha256, notes "
            "FROM n JOIN files ON id = 1 + i % 10"
        )
    tab.goto(write_report(batch.out, batch.notes, 2).as_uri())
    assert "5000 of 5000" in tab.locator("#count").inner_text()
    painted = tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    assert painted is None or painted < 5000
    measured = tab.evaluate(
        """async () => {
          const tasks = [], step = document.documentElement.scrollHeight / 40;
          new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)))
            .observe({ type: "longtask" });
          let most = 0;
          for (let at = 0; at < 40; at += 1) {
            scrollTo(0, at * step);
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            most = Math.max(most, document.querySelectorAll(".card").length);
          }
          await new Promise((done) => setTimeout(done, 100));
          return { tasks, most, y: scrollY };
        }"""
    )
    assert measured["most"] < 80
    assert max(measured["tasks"], default=0) < 1000
    assert measured["y"] > 100000
    tab.keyboard.press("End")
    last = tab.locator('.card[aria-posinset="5000"]')
    assert last.get_attribute("class") == "card current"
    assert last.locator("img").first.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == SIDE


@pytest.mark.slow
@needs_chromium
@pytest.mark.parametrize(("scheme", "light"), [("light", True), ("dark", False)])
def test_light_and_dark(of_three, tab, tmp_path, scheme, light):
    tab.emulate_media(color_scheme=scheme)
    tab.goto(of_three.write().as_uri())
    tab.wait_for_function("[...document.images].every((image) => image.complete)")
    tab.screenshot(path=tmp_path / "shot.png")
    shot = pyvips.Image.new_from_file(str(tmp_path / "shot.png"))
    assert (shot.width, shot.height) == tuple(SCREEN.values())
    corner = shot.crop(2, 2, 4, 4).avg()
    assert corner > 240 if light else corner < 60
    assert tab.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]
