"""The pictures of docs/architecture.md: the one of imports is that of the code, and nothing in it runs in a circle."""

import runpy
import shutil
import subprocess

import pytest

from docs.pages import REPOSITORY

DOCS = REPOSITORY / "docs"
drawing = runpy.run_path(str(DOCS / "draw_imports.py"))


def test_no_package_imports_one_that_imports_it():
    assert drawing["circles"](drawing["imports"]()) == []


def test_the_client_imports_nothing_of_the_engine():
    assert drawing["imports"]()["photochrom_client"] == set()


def test_the_picture_is_that_of_the_code():
    drawn = (DOCS / "imports.dot").read_text(encoding="utf-8")
    assert drawn == drawing["dot"](drawing["imports"]()), "run docs/draw"
    picture = (DOCS / "imports.svg").read_text(encoding="utf-8")
    assert picture.count('class="edge"') == drawn.count(" -> ") - drawn.count("style=invis")


def test_circles_are_detected():
    assert drawing["circles"]({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert drawing["circles"]({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
    assert drawing["needed"]({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"a": {"b"}, "b": {"c"}, "c": set()}


@pytest.mark.skipif(not shutil.which("dot"), reason="needs Graphviz")
def test_both_pictures_are_drawn_from_their_text(tmp_path):
    for name in ("imports", "pipeline"):
        made = subprocess.run(["dot", "-Tplain", DOCS / f"{name}.dot"], capture_output=True, text=True, check=True)
        nodes = [line.split()[1] for line in made.stdout.splitlines() if line.startswith("node ")]
        picture = (DOCS / f"{name}.svg").read_text(encoding="utf-8")
        assert sorted(nodes) == sorted(node for node in nodes if f"<title>{node}</title>" in picture)
