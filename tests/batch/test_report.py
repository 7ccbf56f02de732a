"""The report of a batch: complete without a server, safe whatever files are called, and used in a real browser."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest
import pyvips
from photochrom.batch import journal, publishing
from photochrom.batch.plan import Planned
from photochrom.batch.report import NAME, write_report
from photochrom.batch.report_thumbnails import FOLDER, SIDE, reduced
from photochrom.batch.settings import Settings
from photochrom.errors import OutputFailed

from .report_data import data_of

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian package chromium)")
HOSTILE = "<img src=x onerror=alert(1)>&amp;'\"</script><script>alert(2)</script>"
SCREEN = {"width": 1366, "height": 768}


class Batch:
    """A batch in a folder whose name is not plain, of photographs that were never really colorized."""

    def __init__(self, folder: Path, small: pyvips.Image) -> None:
        self.out = folder / "Größe & Öl #1 100%"
        (self.out / publishing.HIDDEN).mkdir(parents=True)
        self.box, self._small = folder / "box", small
        self.box.mkdir()
        self.notes = journal.create(publishing.journal_path(self.out), Settings(), datetime(2026, 11, 29, tzinfo=UTC))

    def add(self, name: str, doubt: float | None = 0.5, files: int | None = None, seconds: float = 1.0) -> None:
        """A picture that is done. `files`: the number of the files that it has; by default its own."""
        number = sum(self.notes.counts().values()) if files is None else files
        source, output = self.box / f"{number}.jpg", PurePosixPath(name)
        result = self.out / f"{number}.png" if files is not None else self.out / output
        if not source.exists():
            source.parent.mkdir(exist_ok=True)
            gray = self._small.resize(10)
            gray.cast("uchar").copy(interpretation="b-w").write_to_file(str(source))
            result.parent.mkdir(parents=True, exist_ok=True)
            toned = gray.bandjoin([gray * 0.7, gray * (0.3 + 0.01 * number)])
            result.write_bytes(toned.cast("uchar").copy(interpretation="srgb").pngsave_buffer())
        self.notes.add([Planned(self.box / name, self.box, 0, output, 1, 1)])
        entry = self.notes.next()
        if files is not None and not (self.out / name).exists():
            os.link(result, self.out / name)
        self.notes.written(
            entry.id, "x", colorizer="auto", shares='{"people": 0.62, "lite": 0.38}', uncertainty=doubt,
            seconds=seconds, width=640, height=490, source_sha256=digest(source), result_sha256=digest(result),
            result_bytes=1000, notes="[]",
        )  # fmt: skip
        self.notes.done(entry.id)

    def fail(self, name: str, reason: str) -> None:
        self.notes.add([Planned(self.box / name, self.box, 0, PurePosixPath(name), 1, 1)])
        self.notes.failed(self.notes.next().id, reason, "Scan it again.")

    def write(self) -> Path:
        # The photographs are where the journal says only under their numbers: the others are linked there.
        for entry in self.notes.entries("done"):
            if not entry.source.exists():
                entry.source.parent.mkdir(parents=True, exist_ok=True)
                match = next(path for path in self.box.glob("*.jpg") if digest(path) == entry.source_sha256)
                os.link(match, entry.source)
        return write_report(self.out, self.notes, 2)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def batch(tmp_path, small) -> Iterator[Batch]:
    made = Batch(tmp_path, small)
    yield made
    made.notes.close()


@pytest.fixture
def of_three(batch) -> Batch:
    for name, doubt in (("sure.png", 0.1), ("doubtful.png", 0.9), ("roll/between.png", 0.4)):
        batch.add(name, doubt)
    batch.fail("broken.jpg", "It is damaged.")
    return batch


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_small_pictures_are_beside_the_page(of_three):
    page = of_three.write()
    assert page == of_three.out / NAME
    for picture in data_of(page)["pictures"]:
        for address in (picture["before"], picture["after"]):
            shown = pyvips.Image.new_from_file(str(page.parent / address))
            assert max(shown.width, shown.height) == SIDE


def test_small_pictures_are_kept_and_stale_ones_removed(of_three):
    page = of_three.write()
    before = {path: path.stat().st_mtime_ns for path in (page.parent / FOLDER).rglob("*.jpg")}
    assert len(before) == 4  # one photograph, three results
    theirs = page.parent / FOLDER / "aa" / "holiday.jpg"
    stale = page.parent / FOLDER / "aa" / "0123456789abcd-after.jpg"
    theirs.parent.mkdir(exist_ok=True)
    for path in (theirs, stale):
        path.write_bytes(b"")
    of_three.write()
    assert not stale.exists()
    assert theirs.exists()
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at open files as Linux shows them")
def test_no_file_stays_open(of_three):
    of_three.write()
    opened = {str(path.resolve()) for path in Path("/proc/self/fd").iterdir()}
    assert not {path for path in opened if path.endswith((".png", ".jpg")) and str(of_three.out.parent) in path}


def test_a_result_that_is_gone_is_left_out(of_three):
    (of_three.out / "sure.png").unlink()
    pictures = {each["name"]: each for each in data_of(of_three.write())["pictures"]}
    assert pictures["sure.png"]["after"] is None
    assert pictures["doubtful.png"]["after"]


@pytest.mark.parametrize("name", ["a[page=3].tif", "b.ora", "c.ppm", "deep.tif", "d.heic"])
def test_pictures_of_every_kind_are_reduced(tmp_path, small, name):
    path = tmp_path / name
    rgb = small.resize(12).bandjoin([small.resize(12) * 0.5, small.resize(12) * 0.5]).cast("uchar")
    rgb = rgb.copy(interpretation="srgb")
    if name == "b.ora":
        import zipfile

        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mergedimage.png", rgb.pngsave_buffer())
    elif name == "d.heic":
        pillow_heif = pytest.importorskip("pillow_heif")
        from PIL import Image

        pillow_heif.register_heif_opener()
        Image.fromarray(rgb.numpy()).save(path)
    elif name == "deep.tif":
        (rgb.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16").tiffsave(str(path))
    elif name == "c.ppm":
        path.write_bytes(b"P6 %d %d 255\n" % (rgb.width, rgb.height) + rgb.write_to_memory())
    else:
        path.write_bytes(rgb.tiffsave_buffer())
    made = reduced(path, 0)
    assert (max(made.width, made.height), made.bands, made.format) == (SIDE, 3, "uchar")
    assert made.avg() == pytest.approx(rgb.avg(), abs=3)


def test_another_page_is_not_replaced(of_three):
    (of_three.out / NAME).write_text("<h1>My holidays</h1>")
    with pytest.raises(OutputFailed, match="not a report"):
        of_three.write()
    assert (of_three.out / NAME).read_text() == "<h1>My holidays</h1>"


def test_hostile_names_stay_text(batch):
    name = HOSTILE.replace("/", "\N{FRACTION SLASH}")
    batch.add(f"{name}.png", files=0)
    batch.add("javascript:alert(1).png", files=0)
    batch.fail(f"{name}.jpg", HOSTILE)
    text = batch.write().read_text("utf-8")
    tags = Elements(text).tags
    assert [tag for tag, _ in tags].count("script") == 2
    assert "img" not in [tag for tag, _ in tags]
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert {each["result"] for each in data_of(batch.out / NAME)["pictures"]} >= {"./javascript%3Aalert%281%29.png"}


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_not_text(batch):
    batch.add(os.fsdecode(b"caf\xe9.png"), files=0)
    (picture,) = data_of(batch.write())["pictures"]
    assert picture["result"] == "./caf%E9.png"
    assert os.fsencode(picture["name"]) == b"caf\xe9.png"


def test_nothing_comes_from_the_network(of_three):
    text = of_three.write().read_text("utf-8")
    assert not re.search(r"https?:|@import|url\(", text)
    assert not [each for _, each in Elements(text).tags if {"src", "href", "srcset", "action"} & set(each)]


def test_failures_and_totals_are_told(of_three):
    text = of_three.write().read_text("utf-8")
    assert "broken.jpg</th><td>It is damaged. Scan it again.</td>" in text
    assert "<li><strong>4</strong> photographs</li><li><strong>3</strong> colorized</li>" in text
    assert "<li><strong>1</strong> failed</li>" in text


# ---- In a browser


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
