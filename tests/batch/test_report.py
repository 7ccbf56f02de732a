"""The report of a batch: complete without a server, and safe whatever files are called."""

from __future__ import annotations

import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
import pyvips
from photochrom.batch.report import NAME, write_report
from photochrom.batch.report_thumbnails import FOLDER, SIDE, reduced
from photochrom.errors import OutputFailed

from .report_data import HOSTILE, data_of


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


def test_a_deleted_result_is_left_out(of_three):
    (of_three.out / "sure.png").unlink()
    pictures = {each["name"]: each for each in data_of(of_three.write())["pictures"]}
    assert pictures["sure.png"]["after"] is None
    assert pictures["doubtful.png"]["after"]


def test_photographs_that_are_out_of_reach_are_left_out(of_three):
    shutil.rmtree(of_three.box)
    of_three.box.write_text("a file where the folder was")
    pictures = data_of(write_report(of_three.out, of_three.notes, 2))["pictures"]
    assert {(each["before"], bool(each["after"])) for each in pictures} == {(None, True)}


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


def test_failures_and_totals_are_listed(of_three):
    text = of_three.write().read_text("utf-8")
    assert "broken.jpg</th><td>It is damaged. Scan it again.</td>" in text
    assert "<li><strong>4</strong> photographs</li><li><strong>3</strong> colorized</li>" in text
    assert "<li><strong>1</strong> failed</li>" in text
