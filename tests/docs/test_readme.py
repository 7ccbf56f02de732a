"""Every command that the README prints runs, in the order and with the files that it speaks of."""

import json
import os
import shlex
import shutil
from glob import glob

import pyvips

from docs.pages import REPOSITORY, commands

PHOTOGRAPH = REPOSITORY / "examples" / "dust-bowl-home.jpg"
FIRST = (
    "python3 -m venv .venv && .venv/bin/pip install . && "
    ".venv/bin/photochrom colorize examples/dust-bowl-home.jpg -o color.jpg"
)
LAST = "tests/run"


def desk(folder):
    """The files that the README's commands name."""
    small = pyvips.Image.thumbnail(str(PHOTOGRAPH), 160).copy_memory()
    (folder / "scans").mkdir()
    for name in ("scans/1.tif", "scans/2.tif", "scan.png", "scan.jpg", "exported.jpg", "exported.tif"):
        small.write_to_file(str(folder / name))
    pages = small.join(small, "vertical").copy()
    pages.set_type(pyvips.GValue.gint_type, "page-height", small.height)
    pages.write_to_file(str(folder / "album.tif"))
    (folder / "archive" / "1932").mkdir(parents=True)
    small.write_to_file(str(folder / "archive" / "1932" / "1.jpg"))
    marks = [{"folder": str(folder / "colored")}, {"result": "1932/1.jpg", "mark": "redo", "style": "calm"}]
    (folder / "photochrom-marks.jsonl").write_text("\n".join(map(json.dumps, marks)))
    (folder / "GIMP" / "3.0").mkdir(parents=True)
    (folder / "examples").mkdir()
    shutil.copy(PHOTOGRAPH, folder / "examples")


def test_two_commands_install_and_test_everything():
    lines = commands(REPOSITORY / "README.md")
    assert (lines[0], lines[-1]) == (FIRST, LAST)
    assert os.access(REPOSITORY / LAST, os.X_OK)


def test_every_command_runs(tmp_path, monkeypatch, run):
    desk(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    lines = [line.rpartition(" && ")[2].removeprefix(".venv/bin/") for line in commands(REPOSITORY / "README.md")]
    ours = [shlex.split(line)[1:] for line in lines if line.startswith("photochrom ")]
    assert len(ours) > 10
    for words in ours:
        done = run(*(name for word in words for name in (sorted(glob(word)) or [word])))
        assert done.code == 0, (words, done.err)
    assert (tmp_path / "GIMP" / "3.0" / "plug-ins" / "photochrom" / "photochrom.py").is_file()
    written = {
        "color.jpg",
        "out.webp",
        "out.png",
        "out.jpg",
        "scan.ora",
        "sheet.jpg",
        "color",
        "album-page-2-color.tif",
    }
    assert written <= {path.name for path in tmp_path.iterdir()}
