"""The dialog in a real GIMP 3 with windows, driven by keys as a person would; what is seen is kept in artefacts/."""

import re
import subprocess
import time

import numpy as np
import pytest
from PIL import Image

from .conftest import ARTEFACTS, end, where
from .editor import HERE, PHOTOGRAPH
from .test_gimp import read_when_there, wait_for

pytestmark = pytest.mark.host

TITLE = "Photochrom: colorize"
AUTOMATIC = re.compile(r"Automatic \((\w+), (0\.\d\d|1\.00)\)")
STATUS = "Coloured by "


def open_dialog(gimp, out, display, **environment):
    """GIMP with the photograph and the plug-in's dialog, which tells what it shows (see `shown`)."""
    watching = {"PYTHONPATH": str(HERE / "inside" / "watching")}
    return gimp.window("dialog.py", display, PHOTOGRAPH, **where(out), **watching, **environment)


def shown(out):
    """What the dialog shows now: the text of the colorizers' box, all its rows, and the line under the preview."""
    told = read_when_there(out / "dialog-shown.json")
    status = next((label for label in told["labels"] if label.startswith(STATUS)), "")
    return {"chosen": told["chosen"][0], "rows": told["rows"][0], "status": status}


def jobs_begun(gimp):
    """How many the engines of this user have begun so far."""
    log = gimp.home / ".local" / "state" / "photochrom" / "engine.log"
    return log.read_text(encoding="utf-8").count("/jobs 201") if log.exists() else 0


class Screen:
    """A display that GIMP is on: keys go in, pictures come out."""

    def __init__(self, gimp, display):
        self._gimp, self._display = gimp, display

    def run(self, *words):
        command = self._gimp.command(*words, DISPLAY=self._display)
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout.split()

    def find(self, title):
        return self.run("xdotool", "search", "--onlyvisible", "--name", title)

    def key(self, window, key):
        self.run("xdotool", "windowfocus", "--sync", window)
        time.sleep(0.3)
        self.run("xdotool", "key", key)

    def click(self, window, place):
        """Presses the button at this place in a window."""
        self.run("xdotool", "mousemove", "--sync", "--window", window, *map(str, place), "click", "1")

    def chroma(self, window):
        """Mean difference between red and blue (8 bit) in a window where the upper half of “after” is."""
        path = self._gimp.home.parent / "window.png"
        self.run("import", "-window", window, str(path))
        with Image.open(path) as opened:
            rgb = np.asarray(opened.convert("RGB"), float)
        height, width, _ = rgb.shape
        after = rgb[height // 20 : height // 3, width * 33 // 100 : width * 5 // 10]
        return float(np.abs(after[..., 0] - after[..., 2]).mean())

    def picture(self, name):
        """Keeps a picture of the display in artefacts/."""
        ARTEFACTS.mkdir(exist_ok=True)
        picture = self._gimp.home.parent / f"{name}.png"
        self.run("import", "-window", "root", str(picture))
        (ARTEFACTS / picture.name).write_bytes(picture.read_bytes())


def test_dialog_colours_a_gray_photograph_in_one_undo_step(gimp, out, display):
    screen = Screen(gimp, display)
    started = open_dialog(gimp, out, display)
    try:
        before = read_when_there(out / "dialog-before.json")
        assert before["type"] == "gray"
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: screen.chroma(dialog) > 5, 60, "a coloured preview")
        time.sleep(0.5)
        screen.picture("gimp3-dialog")
        automatic = AUTOMATIC.fullmatch(shown(out)["chosen"])
        assert automatic, shown(out)
        screen.key(dialog, "Return")
        result = read_when_there(out / "dialog-result.json")
        assert result["status"] == "success", result["error"]
        coloured = result["document"]
        assert coloured["type"] == "rgb"
        assert [layer["mode"] for layer in coloured["layers"]] == ["lch-color", "normal"]
        assert coloured["layers"][0]["name"] == f"Photochrom ({automatic[1]})"
        time.sleep(1)
        screen.picture("gimp3-result")

        def is_now(document):
            now = read_when_there(out / "dialog-now.json")
            return (now["type"], now["layers"]) == (document["type"], document["layers"])

        main = screen.find(f"{PHOTOGRAPH.stem}.*GIMP")[-1]
        screen.key(main, "ctrl+z")
        wait_for(lambda: is_now(before), 15, "all undone in one step")
        screen.key(main, "ctrl+y")
        wait_for(lambda: is_now(coloured), 15, "all redone in one step")
    finally:
        (out / "stop").touch()
        end(started)


def test_automatic_choice_is_named_and_another_can_be_made(gimp, out, display):
    screen = Screen(gimp, display)
    begun = jobs_begun(gimp)
    started = open_dialog(gimp, out, display)
    try:
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: shown(out)["status"], 60, "a preview")
        time.sleep(1)  # long enough for a preview that nobody asked for
        first = shown(out)
        automatic = AUTOMATIC.fullmatch(first["chosen"])
        assert automatic, first
        shares = re.findall(r"(\w+) (\d\.\d\d)[,.]", first["status"])
        assert shares[0] == automatic.groups()
        assert all(float(share) >= 0.05 for _, share in shares)
        assert jobs_begun(gimp) == begun + 1

        screen.key(dialog, "alt+l")
        screen.run("xdotool", "key", "Down")
        name = first["rows"][1].split(":")[0]
        wait_for(lambda: shown(out)["status"].startswith(f"{STATUS}{name}. "), 15, f"a preview by {name}")
        time.sleep(1)
        second = shown(out)
        assert second["chosen"] == first["rows"][1]
        assert second["rows"] == first["rows"]
        assert jobs_begun(gimp) == begun + 2

        screen.key(dialog, "alt+r")
        time.sleep(1)  # the menu grows open; its first entry resets to what the dialog came with
        screen.run("xdotool", "key", "Return")
        wait_for(lambda: shown(out) == first, 15, "the automatic choice again")
        assert jobs_begun(gimp) == begun + 3
        screen.key(dialog, "Escape")
        assert read_when_there(out / "dialog-result.json")["status"] == "cancel"
    finally:
        (out / "stop").touch()
        end(started)


def test_preview_shows_the_colours_and_follows_the_strength(gimp, out, display):
    screen = Screen(gimp, display)
    started = open_dialog(gimp, out, display)
    try:
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: screen.chroma(dialog) > 5, 60, "a coloured preview")
        screen.key(dialog, "alt+g")
        screen.run("xdotool", "type", "--delay", "50", "0")
        screen.run("xdotool", "key", "Tab")
        wait_for(lambda: screen.chroma(dialog) < 1, 15, "a gray preview")
        screen.key(dialog, "Escape")
        assert read_when_there(out / "dialog-result.json")["status"] == "cancel"
    finally:
        (out / "stop").touch()
        end(started)


def test_cancelled_dialog_leaves_the_document_alone(gimp, out, display):
    screen = Screen(gimp, display)
    started = open_dialog(gimp, out, display)
    try:
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        time.sleep(1)
        screen.key(dialog, "Escape")
        result = read_when_there(out / "dialog-result.json")
        assert result["status"] == "cancel"
        assert result["document"] == read_when_there(out / "dialog-before.json")
    finally:
        (out / "stop").touch()
        end(started)
