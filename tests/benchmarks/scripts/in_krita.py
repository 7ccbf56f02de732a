"""Runs inside Krita: colors the files that PHOTOCHROM_FILES names as the menu entry does, with a small document before
to warm up; writes, by file, seconds, the processor seconds of Krita and of the engine, and each stage's seconds."""

import json
import os
import time
from pathlib import Path

from common import (
    U16,
    application,
    at_work,
    box,
    button,
    closed,
    colorize,
    engine,
    opened,
    panel,
    settled,
    tell,
    until,
)
from PyQt5.QtWidgets import QCheckBox

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 900


def processor():
    """Of Krita, and of the engine."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in ("self", engine()["pid"])]
    return [sum(map(int, each[11:13])) / TICKS for each in fields]


class Stages:
    """What the docker says while it works, and for how long."""

    def __init__(self):
        self.seconds = {}
        self._said = None
        panel()._commands.progressed.connect(self._hear)

    def begin(self, said):
        self.seconds = {}
        self._said, self._since = said, time.perf_counter()

    def end(self):
        self._hear(1.0, None)
        return self.seconds

    def _hear(self, _fraction, said):
        if self._said is not None and said != self._said:
            now = time.perf_counter()
            self.seconds[self._said] = self.seconds.get(self._said, 0.0) + now - self._since
            self._said, self._since = said, now


def shown(file):
    document = application.openDocument(file)
    document.setBatchmode(True)
    application.activeWindow().addView(document)
    application.setActiveDocument(document)
    document.waitForDone()
    yield from settled()
    return document


def measured(file, stages):
    document = yield from shown(file)
    begin = application.action("photochrom_colorize").trigger
    if document.colorModel() == "GRAYA":
        begin()
        yield from until(box, "the question")
        # The version before asked in other words.
        begin = (button("Convert to RGB", box()) or button("Convert and Colorize", box())).click
    started, used = time.perf_counter(), processor()
    stages.begin("Reading the layer")
    begin()
    yield from until(at_work, "the begin of the work")
    yield from until(lambda: not at_work() or box(), "the end of the work", PATIENCE)
    seconds = time.perf_counter() - started
    assert box() is None, box().text()
    krita, itself = (now - before for now, before in zip(processor(), used, strict=True))
    layers = [node.name() for node in document.rootNode().childNodes()]
    closed(document)
    yield from settled()
    return {
        "layers": layers,
        "seconds": seconds,
        "krita": krita,
        "engine": itself,
        "stages": stages.end(),
    }


def main():
    yield from settled()
    panel().findChild(QCheckBox).setChecked(False)
    document, _ = yield from opened(*U16)
    assert not (yield from colorize(document))
    closed(document)
    stages, told = Stages(), {}
    for file in json.loads(os.environ["PHOTOCHROM_FILES"]):
        told[Path(file).stem] = yield from measured(file, stages)
    tell("told", told)
