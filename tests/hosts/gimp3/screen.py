"""A display that a GIMP with windows is on: keys go in, pictures come out. And patience: busy machines are slow."""

import json
import subprocess
import time
from contextlib import contextmanager

import numpy as np
import pytest
from patience import patience
from PIL import Image

from .conftest import ARTIFACTS, end, where
from .editor import HERE, PHOTOGRAPH

driven = pytest.mark.flaky(reruns=1, only_rerun=["NotInTime"])
"""Once more for tests that keys and clicks did not reach in time. What is wrong when it is there fails at once."""


_running = []
"""The editors that tests wait for."""


class NotInTime(AssertionError):
    """What was waited for has not come."""


def wait_for(condition, seconds, what, most=None):
    """What the condition gives as soon as it is true. `what` is text, or gives it when the time is over; patience ends
    after `most` seconds."""
    began = time.monotonic()
    while time.monotonic() - began < min(patience(seconds), most or np.inf):
        found = condition()
        if found:
            return found
        for editor in _running:
            assert editor.poll() is None, f"{what() if callable(what) else what}: GIMP ended: {editor.stdout.read()}"
        time.sleep(0.05)
    raise NotInTime(f"{what() if callable(what) else what}: not within {time.monotonic() - began:.0f} seconds")


def insist(act, happened, what, seconds=10):
    """Acts until it has happened: a window that is just being raised misses keys."""
    for _ in range(3):
        try:
            act()
            return wait_for(happened, seconds, what, 3 * seconds)
        except NotInTime:
            continue
    return wait_for(happened, seconds, what)


def read_when_there(path, seconds=120):
    wait_for(path.exists, seconds, path.name)
    return json.loads(path.read_text(encoding="utf-8"))


def told_now(out):
    """The state of the document, from a script inside GIMP that tells it when asked."""
    (out / "dialog-now.json").unlink(missing_ok=True)
    (out / "ask").touch()
    return read_when_there(out / "dialog-now.json")


@contextmanager
def running(gimp, out, script, display, **environment):
    """GIMP with windows and the photograph, in which a script of inside/ runs; dialogs tell what they show."""
    watching = {"PYTHONPATH": str(HERE / "inside" / "watching")}
    started = gimp.window(script, display, PHOTOGRAPH, **where(out), **watching, **environment)
    _running.append(started)
    try:
        yield started
    finally:
        _running.remove(started)
        (out / "stop").touch()
        end(started)


class Screen:
    def __init__(self, gimp, display):
        self._gimp, self._display = gimp, display

    def run(self, *words):
        command = self._gimp.command(*words, DISPLAY=self._display)
        return subprocess.run(command, capture_output=True, text=True, timeout=patience(30), check=False).stdout.split()

    def find(self, title):
        return self.run("xdotool", "search", "--onlyvisible", "--name", title)

    def key(self, window, key):
        """Presses a key in a window, once keys go there."""

        def focused():
            self.run("xdotool", "windowfocus", window)
            return window in self.run("xdotool", "getwindowfocus", "-f", "getwindowfocus")

        wait_for(focused, 10, "the window that keys go to")
        self.run("xdotool", "key", key)

    def leave(self, window, title, key):
        """Presses a key that ends the dialog in this window."""
        insist(lambda: self.key(window, key), lambda: window not in self.find(title), f"the end of {title} by {key}")

    def step(self, key, out, wanted, what):
        """Presses a key in the image's window that takes the document to `wanted` at once.

        Windows miss keys while they are being raised, menus know only a moment later that there is something to redo,
        and tips have the image's name, too. So it is pressed again as long as nothing has changed.
        """

        def now():
            told = told_now(out)
            return {name: told[name] for name in ("type", "layers", "selection", "said")}

        wanted = {name: wanted[name] for name in ("type", "layers", "selection", "said")}
        before = now()
        assert before != wanted, f"{what}: so it was before {key} was pressed"
        for attempt in range(6):
            windows = self.find(f"{PHOTOGRAPH.stem}.*GIMP")
            try:
                self.key(windows[(-1 - attempt) % len(windows)], key)
                after = wait_for(lambda: (told := now()) != before and told, 10, what)
            except NotInTime:
                continue
            assert after == wanted, what
            return
        raise NotInTime(f"{what}: nothing changed by {key} in any of {windows}")

    def click(self, window, place):
        """Presses the button at this place in a window."""
        self.run("xdotool", "mousemove", "--sync", "--window", window, *map(str, place), "click", "1")

    def drag(self, window, place, other):
        """Moves from one place in a window to another with the button held."""
        between = tuple((one + two) // 2 for one, two in zip(place, other, strict=True))
        self.run("xdotool", "mousemove", "--sync", "--window", window, *map(str, place), "mousedown", "1")
        for each in (between, other):
            self.run("xdotool", "mousemove", "--sync", "--window", window, *map(str, each))
        self.run("xdotool", "mouseup", "1")

    def after(self, window):
        """RGB (0…255) of a part of “after” in a dialog's window, with sky and hut."""
        path = self._gimp.home.parent / "window.png"
        self.run("import", "-window", window, str(path))
        with Image.open(path) as opened:
            rgb = np.asarray(opened.convert("RGB"), float)
        height, width, _ = rgb.shape
        return rgb[height // 20 : height * 45 // 100, width * 33 // 100 : width // 2]

    def chroma(self, window):
        """Mean difference between red and blue in `after`."""
        after = self.after(window)
        return float(np.abs(after[..., 0] - after[..., 2]).mean())

    def taken(self):
        """The picture of the display, as a file."""
        path = self._gimp.home.parent / "display.png"
        self.run("import", "-window", "root", str(path))
        return path

    def settled(self):
        """The same once nothing moves any more."""
        last = b""

        def at_rest():
            nonlocal last
            with Image.open(self.taken()) as opened:
                before, last = last, opened.tobytes()
            return last == before

        wait_for(at_rest, 30, "a display at rest")
        return self._gimp.home.parent / "display.png"

    def picture(self, name, *, moving=False):
        """Keeps a picture of the display in artifacts/, once it is at rest if nothing in it is to be `moving`."""
        ARTIFACTS.mkdir(exist_ok=True)
        (ARTIFACTS / f"{name}.png").write_bytes((self.taken() if moving else self.settled()).read_bytes())
