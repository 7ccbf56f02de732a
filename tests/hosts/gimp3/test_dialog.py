"""The dialog in a real GIMP 3 with windows, driven by keys as a person would; what is seen is kept in artefacts/."""

import subprocess
import time

import numpy as np
import pytest
from PIL import Image

from .conftest import ARTEFACTS, end, where
from .editor import PHOTOGRAPH
from .test_gimp import read_when_there, wait_for

pytestmark = pytest.mark.host

TITLE = "Photochrom: colorize"


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

    def chroma(self, window):
        """Mean difference between red and blue (8 bit) in the upper right quarter of a window: where “after” is."""
        path = self._gimp.home.parent / "window.png"
        self.run("import", "-window", window, str(path))
        with Image.open(path) as opened:
            rgb = np.asarray(opened.convert("RGB"), float)
        height, width, _ = rgb.shape
        after = rgb[height // 20 : height // 3, width * 6 // 10 : width * 9 // 10]
        return float(np.abs(after[..., 0] - after[..., 2]).mean())

    def picture(self, name):
        """Keeps a picture of the display in artefacts/."""
        ARTEFACTS.mkdir(exist_ok=True)
        picture = self._gimp.home.parent / f"{name}.png"
        self.run("import", "-window", "root", str(picture))
        (ARTEFACTS / picture.name).write_bytes(picture.read_bytes())


def test_dialog_colours_a_gray_photograph_in_one_undo_step(gimp, out, display):
    screen = Screen(gimp, display)
    started = gimp.window("dialog.py", display, PHOTOGRAPH, **where(out))
    try:
        before = read_when_there(out / "dialog-before.json")
        assert before["type"] == "gray"
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: screen.chroma(dialog) > 5, 60, "a coloured preview")
        time.sleep(0.5)
        screen.picture("gimp3-dialog")
        screen.key(dialog, "Return")
        result = read_when_there(out / "dialog-result.json")
        assert result["status"] == "success", result["error"]
        coloured = result["document"]
        assert coloured["type"] == "rgb"
        assert [layer["mode"] for layer in coloured["layers"]] == ["lch-color", "normal"]
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


def test_preview_shows_the_colours_and_follows_the_strength(gimp, out, display):
    screen = Screen(gimp, display)
    started = gimp.window("dialog.py", display, PHOTOGRAPH, **where(out))
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
    started = gimp.window("dialog.py", display, PHOTOGRAPH, **where(out))
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
