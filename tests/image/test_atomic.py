"""Atomic output, and what a killed process left."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from photochrom.errors import OutputFailed
from photochrom.image import atomic
from photochrom.image.atomic import replacing


@pytest.fixture
def out(tmp_path):
    atomic._clear_leftovers.cache_clear()
    return tmp_path / "result.png"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def write(out: Path, text: str, **how: bool) -> None:
    with replacing(out, **how) as unfinished:
        unfinished.write_text(text)


def test_a_file_is_replaced_when_it_is_complete(out):
    out.write_text("old")
    with pytest.raises(RuntimeError), replacing(out) as unfinished:
        unfinished.write_text("half")
        raise RuntimeError
    assert out.read_text() == "old"
    write(out, "new")
    assert out.read_text() == "new"
    assert names(out.parent) == {"result.png"}


def test_a_file_that_appears_meanwhile_stays(out):
    with pytest.raises(OutputFailed, match="already exists"), replacing(out, overwrite=False) as unfinished:
        unfinished.write_text("ours")
        out.write_text("theirs")
    assert out.read_text() == "theirs"
    assert names(out.parent) == {"result.png"}


@pytest.mark.parametrize("links", [True, False])
def test_a_new_name_is_taken(out, links, monkeypatch):
    def no_links(*_):
        raise PermissionError(1, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", no_links)
    write(out, "ours", overwrite=False)
    assert out.read_text() == "ours"
    with pytest.raises(OutputFailed, match="already exists"):
        write(out, "again", overwrite=False)
    assert out.read_text() == "ours"
    assert names(out.parent) == {"result.png"}


@pytest.mark.skipif(sys.platform == "win32", reason="leftovers stay there")
def test_what_a_killed_process_left_is_removed_by_the_next(out):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for process in (dead.pid, os.getpid()):
        (out.parent / f"{atomic._prefix(process)}abc.png").write_text("half")
        (out.parent / f"{atomic._prefix(process)}folder").mkdir()
        (out.parent / f"{atomic._prefix(process)}folder" / "source.png").write_text("half")
    (out.parent / ".photochrom-ffffff-1-other-computer.png").write_text("half")
    (out.parent / ".photochrom-batch.sqlite").write_text("a journal")
    write(out, "new")
    assert {name for name in names(out.parent) if str(dead.pid) in name.split("-")} == set()
    own = {f"{atomic._prefix()}abc.png", f"{atomic._prefix()}folder"}
    assert names(out.parent) == {
        "result.png",
        ".photochrom-ffffff-1-other-computer.png",
        ".photochrom-batch.sqlite",
        *own,
    }
