"""Runs inside Krita: finds the batch that another Krita began, done; opens its report; stops and resumes another, an
album."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from batch_window import button, dialog, fields, folder, opened, picture, press, says, shown, tick, typed, until
from common import OUT, tell


def main():
    yield from opened()
    yield from until(says("photographs are done"))
    tell("done", shown())
    press("Open Report")
    yield from until((OUT / "opened").exists)
    yield from picture("krita-batch-done")
    photographs, results = fields()  # Krita keeps preferences when it ends, and it was killed
    typed(photographs, folder("PHOTOCHROM_SCANS"))
    typed(results, folder("PHOTOCHROM_COLORED") + " again")
    yield from until(lambda: button("Start").isEnabled())
    tick("Album")
    press("Start")
    yield from until(says("Looking at the photographs of the album first"))
    tell("looking", shown())
    yield from picture("krita-batch-album")
    yield from until(says("the batch goes on"))
    press("Pause")
    yield from until(lambda: button("Continue"))
    press("Stop")
    yield from until(says("photographs are left"))
    tell("stopped", shown())
    press("Resume")
    yield from until(says("photographs are done"))
    tell("resumed", shown())
    press("Close")
    yield from until(lambda: dialog() is None)
    yield from opened()
    tell("kept", shown())
    press("Close")
