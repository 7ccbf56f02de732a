"""Runs inside Krita: writes a colored Lab document into every file that could hand it on, then opens every file of a
folder, and tells what is in it and what is seen."""

import os
import traceback
from pathlib import Path

from common import (
    LINEAR,
    OUT,
    SRGB,
    application,
    at_work,
    box,
    closed,
    colorize,
    docker_with_room,
    ended,
    opened,
    panel,
    press,
    settled,
    state,
    tell,
    until,
    use,
)
from krita import InfoObject
from PyQt5.QtWidgets import QCheckBox, QFileDialog, QLabel, QLineEdit

FILES = Path(os.environ["PHOTOCHROM_FILES"])


def lab(document, name):
    """Writes what is seen as CIE Lab, four floats a pixel; changes the document."""
    document.flatten()
    document.waitForDone()
    document.setColorSpace("LABA", "F32", application.profiles("LABA", "F32")[0])
    document.waitForDone()
    (OUT / f"{name}.lab").write_bytes(bytes(document.pixelData(0, 0, document.width(), document.height())))


def exported(document, name, program):
    """As a user does, by the docker's menu and the dialog; returns the text of the error box."""
    application.setActiveDocument(document)
    use("Export for…")
    yield from until(lambda: panel().findChild(QFileDialog), "the dialog")
    dialog = panel().findChild(QFileDialog)
    words = next(each for each in dialog.nameFilters() if program in each)
    dialog.selectNameFilter(words)
    dialog.filterSelected.emit(words)  # as Qt does when it is chosen by hand
    yield from settled()
    dialog.grab().save(str(OUT / f"krita-export-{program}.png"))
    proposed = dialog.selectedFiles()
    dialog.findChild(QLineEdit).setText(str(FILES / name.rpartition(".")[0]))
    dialog.accept()
    yield from until(lambda: box() or ((FILES / name).exists() and not at_work()), "the file")
    error = yield from ended()
    return error, proposed


def krita_rgb():
    """Floats in linear light, and a map of uncertainty that is no part of the picture."""
    document, _source = yield from opened("RGBA", "F32", LINEAR)
    error = yield from colorize(document)
    error += yield from press("Show Uncertainty")
    before = state(document)
    error += (yield from exported(document, "krita-rgb-export.ora", "GIMP"))[0]
    unchanged = state(document) == before
    next(node for node in document.rootNode().childNodes() if "Uncertainty" in node.name()).remove()
    document.waitForDone()
    lab(document, "krita-rgb")
    closed(document)
    return {"error": error, "unchanged": unchanged}


def explained():
    """What the docker says of a file whose layers Krita does not read, and what comes of coloring it."""
    document = application.openDocument(str(FILES / "gimp3.xcf"))
    document.setBatchmode(True)
    application.activeWindow().addView(document)
    application.setActiveDocument(document)
    window = yield from docker_with_room()
    panel()._target.look()
    yield from settled()
    window.grab().save(str(OUT / "krita-empty-xcf.png"))
    said = [label.text() for label in panel().findChildren(QLabel) if label.isVisible()]
    error = yield from colorize(document)
    nothing = yield from press("Export for…")
    closed(document)
    return {"said": said, "error": error, "nothing": nothing}


def krita_lab():
    document, source = yield from opened("RGBA", "U8", SRGB)
    document.setColorSpace("LABA", "U16", application.profiles("LABA", "U16")[0])
    document.setActiveNode(source)
    yield 0.5
    error = yield from colorize(document)
    result = {"error": error, "layers": [node.name() for node in document.rootNode().childNodes()]}
    before = state(document)
    for program, suffix in (("GIMP", "ora"), ("Photoshop", "psd"), ("archive", "tif")):
        error, proposed = yield from exported(document, f"krita-lab-export.{suffix}", program)
        result["error"] += error
        result[program] = proposed
    result["unchanged"] = state(document) == before
    for suffix in ("kra", "psd", "tif", "png"):
        assert document.exportImage(str(FILES / f"krita-lab.{suffix}"), InfoObject()), suffix
    lab(document, "krita-lab")
    closed(document)
    return result


def told(path):
    document = application.openDocument(str(path))
    if document is None:
        return {"opened": False}
    document.setBatchmode(True)
    document.waitForDone()
    result = {
        "opened": True,
        "layers": [
            [node.name(), node.type(), node.blendingMode(), node.visible(), not node.bounds().isEmpty()]
            for node in document.rootNode().childNodes()
        ],
    }
    lab(document, path.name)
    closed(document)
    return result


def main():
    yield 0.5
    panel().findChild(QCheckBox).setChecked(False)  # the preview's work
    try:
        for case in (explained, krita_lab, krita_rgb):
            tell(case.__name__, (yield from case()))
        application.setBatchmode(True)  # else a box says what cannot be opened, and waits
        for path in sorted(FILES.iterdir()):
            tell(path.name, told(path))
            yield 0.1
    except Exception:
        tell("failed", {"traceback": traceback.format_exc()})
