"""Runs inside Krita: starts a batch, pauses it, closes the dialog, and finds the batch again; then Krita is killed from
outside."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from batch_window import button, dialog, fields, folder, opened, picture, press, says, shown, typed, until
from common import tell


def main():
    yield from opened()
    yield from until(says("Choose a folder of photographs"))
    tell("empty", shown())
    photographs, results = fields()
    typed(photographs, folder("PHOTOCHROM_SCANS"))
    typed(results, folder("PHOTOCHROM_COLORED"))
    yield from until(lambda: button("Start").isEnabled())
    tell("typed", shown())
    press("Start")
    yield from until(lambda: button("Pause"))
    yield from until(lambda: shown()["bars"][0][:2] not in {"", "0 "})
    tell("running", shown())
    yield from picture("krita-batch")
    press("Pause")
    yield from until(lambda: button("Continue"))
    tell("paused", shown())
    press("Close")
    yield from until(lambda: dialog() is None)
    yield from opened()
    yield from until(says("Paused."))
    tell("again", shown())
    press("Continue")
    yield from until(lambda: button("Pause"))
    tell("goes-on", shown())
    yield 600.0  # until it is killed
