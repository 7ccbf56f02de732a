"""GIMP 2.10 with its windows on a display: keys go in, pictures come out."""

import io
import json
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from patience import patience
from PIL import Image

from .editor import REPOSITORY, scheme_text

ARTIFACTS = REPOSITORY / "artifacts"


class NotInTime(AssertionError):
    """What was waited for has not come."""


def wait_for(condition, seconds, what):
    """What the condition gives as soon as it is true; longer on a busy machine."""
    began = time.monotonic()
    while time.monotonic() - began < patience(seconds):
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise NotInTime(f"{what}: not within {seconds} seconds and more")


@contextmanager
def running(gimp, display, procedure, out, *more):
    """GIMP with its windows, in which a test's procedure runs. It is killed: ended, it would keep images to rescue."""
    started = gimp.window(display, f"({procedure} 1 {scheme_text(out)} {' '.join(more)})")
    try:
        yield Screen(display)
    finally:
        started.kill()
        said = started.communicate()[0]
        (out / "said.txt").write_text(said, encoding="utf-8")


class Screen:
    def __init__(self, display):
        self._environment = {"PATH": "/usr/bin:/bin", "DISPLAY": display}

    def _run(self, *words):
        return subprocess.run(words, env=self._environment, capture_output=True, text=True, check=False).stdout

    def window(self, title):
        """The window of this title, when it is there and has had a second to take keys."""

        def find():
            return self._run("xdotool", "search", "--onlyvisible", "--name", title).split()

        found = wait_for(find, 60, title)[0]
        time.sleep(1)
        return found

    def windows(self, title):
        """The windows of this title that there are now."""
        return self._run("xdotool", "search", "--onlyvisible", "--name", title).split()

    def command(self, window):
        """The command line of the process that shows a window."""
        process = self._run("xdotool", "getwindowpid", window).strip()
        return Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")

    def window_rgb(self, window):
        """What a window shows, 0…255."""
        picture = subprocess.run(
            ["import", "-window", window, "png:-"], env=self._environment, capture_output=True, check=False
        ).stdout
        with Image.open(io.BytesIO(picture)) as opened:
            return np.asarray(opened.convert("RGB"), float)

    def keys(self, window, *keys):
        self._run("xdotool", "windowfocus", "--sync", window, "key", "--delay", "60", *keys)

    def key(self, *keys):
        """Presses keys where they go now."""
        self._run("xdotool", "key", "--delay", "200", *keys)

    def click(self, window, x, y):
        """Clicks at a place in a window."""
        self._run("xdotool", "mousemove", "--sync", "--window", window, str(x), str(y), "click", "1")

    def right_click(self, window, x, y):
        self._run("xdotool", "mousemove", "--sync", "--window", window, str(x), str(y), "click", "3")

    def resize(self, window, width, height):
        """Gives a window another size, in the corner where all of it is on the screen."""
        self._run("xdotool", "windowmove", "--sync", window, "0", "0")
        self._run("xdotool", "windowsize", window, str(width), str(height))

    def drag(self, window, start, end):
        """Drags the mouse between two places in a window, with a stop in between."""
        middle = [(one + other) // 2 for one, other in zip(start, end, strict=True)]
        for place, *then in ((start, "mousedown", "1"), (middle,), (end, "mouseup", "1")):
            self._run("xdotool", "mousemove", "--sync", "--window", window, *map(str, place), *then)

    def leave(self, window, title, *keys):
        """Presses keys until the window is gone."""
        for _ in range(4):
            self.keys(window, *keys)
            try:
                return wait_for(lambda: window not in self.windows(title), 8, f"the end of {title} by {keys}")
            except NotInTime:
                continue
        raise NotInTime(f"{keys} do not end {title}")

    def write(self, window, text):
        self._run("xdotool", "type", "--delay", "60", text)

    def picture(self, window, name):
        """Keeps a picture of a window among the artifacts, without a tooltip."""
        self._run("xdotool", "mousemove", "1", "1", "sleep", "1")
        ARTIFACTS.mkdir(exist_ok=True)
        self._run("import", "-window", window, str(ARTIFACTS / name))
        return ARTIFACTS / name


def insist(act, condition, what):
    """Acts until the condition is true: a window that has just appeared misses keys and clicks."""
    for _ in range(4):
        act()
        try:
            return wait_for(condition, 20, what)
        except NotInTime:
            continue
    raise NotInTime(f"{what}: not after several tries")


def told_in_time(path, seconds=60):
    wait_for(path.exists, seconds, path.name)
    return json.loads(path.read_text(encoding="utf-8"))
