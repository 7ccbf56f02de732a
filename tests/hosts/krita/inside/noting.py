"""Runs inside Krita: the metadata of documents and files about their colors, a case each; test_notes.py has the
assertions."""

import os
import traceback

from common import (
    LINEAR,
    OUT,
    SRGB,
    U16,
    application,
    button,
    chosen,
    close_all,
    colorize,
    dialog,
    docker_with_room,
    ended,
    mean,
    opened,
    paint,
    panel,
    redo,
    saved_and_opened,
    settled,
    state,
    still,
    tell,
    undo,
    until,
    use,
)
from krita import InfoObject
from PyQt5.QtCore import Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QCheckBox, QLabel
from retouching import at

FILES = OUT / "files"
"""What is exported: pictures in OUT itself are kept as artifacts."""


def export(document, name, *suffixes):
    """With all metadata, as the export dialogs offer it."""
    for suffix in suffixes or ("png", "webp", "jpg", "tif"):
        wanted = InfoObject()
        for option in ("storeMetaData", "exif", "iptc", "xmp"):
            wanted.setProperty(option, True)
        assert document.exportImage(str(FILES / f"{name}.{suffix}"), wanted), suffix


def noted():
    """The box that is ticked where notes are wanted."""
    return next(each for each in panel().findChildren(QCheckBox) if "metadata" in each.accessibleName())


def comes_and_goes(name):
    document, _ = yield from opened("RGBA", "U8", SRGB)
    before = state(document)
    error = yield from colorize(document)
    done = state(document)
    export(document, f"{name}-done")
    export(document, f"{name}-done", "kra", "ora", "psd", "jxl", "exr")  # whatever it holds, nothing may fail
    yield from undo()
    undone = state(document) == before
    export(document, f"{name}-undone")
    yield from redo()
    redone = state(document) == done
    export(document, f"{name}-redone")
    again = yield from colorize(document)
    export(document, f"{name}-twice")
    document.activeNode().remove()
    yield 0.3
    return {
        "errors": [error, again],
        "undone": undone,
        "redone": redone,
        "layers": [each[5] for each in done["layers"]],
    }


def deep(name):
    document, _ = yield from opened("RGBA", "F32", LINEAR, offset=(30, 20), document_size=(300, 200))
    error = yield from colorize(document)
    export(document, name)
    return {"error": error, "layers": [each[5] for each in state(document)["layers"]]}


def archived(name):
    """A photograph that comes with metadata of its own, which must stay."""
    document = application.openDocument(os.environ["PHOTOCHROM_ARCHIVED"])
    document.setBatchmode(True)
    application.activeWindow().addView(document)
    application.setActiveDocument(document)
    yield 0.7
    error = yield from colorize(document)
    export(document, name, "png")
    return {"error": error}


def offered(name):
    """Saved as JPEG and TIFF, the docker offers to write the note."""
    document, _ = yield from opened("RGBA", "U8", SRGB)
    window = yield from docker_with_room()
    error = yield from colorize(document)
    result = {"error": error, "before": button("Write Note") is not None, "texts": []}
    for suffix in ("jpg", "tif"):
        file = str(FILES / f"{name}.{suffix}")
        assert document.saveAs(file)
        yield from until(lambda: button("Write Note"), "the offer")
        said = next(each for each in panel().findChildren(QLabel) if suffix in each.text())
        result["texts"].append(said.text())
        yield 0.3
        window.grab().save(str(OUT / f"krita-export-{suffix}.png"))
        button("Write Note").click()
        yield from until(lambda: button("Close"), "the note written")
        result["texts"].append(said.text())
        window.grab().save(str(OUT / f"krita-noted-{suffix}.png"))
        button("Close").click()
        assert document.saveAs(str(FILES / f"{name}-not-now.{suffix}"))
        yield from until(lambda: button("Not now"), "another offer")
        button("Not now").click()
        yield 0.2
    result["after"] = button("Write Note") is not None
    return result


def marked_already(name):
    """A PNG has the note from Krita itself: nothing is offered."""
    document, _ = yield from opened("RGBA", "U8", SRGB)
    yield from docker_with_room()
    error = yield from colorize(document)
    assert document.saveAs(str(FILES / f"{name}.png"))
    yield 5
    return {"error": error, "offered": button("Write Note") is not None}


def switched_off(name):
    document, _ = yield from opened("RGBA", "U8", SRGB)
    yield from docker_with_room()
    noted().setChecked(False)
    kept = application.readSetting("photochrom", "note", "")
    error = yield from colorize(document)
    export(document, name)
    assert document.saveAs(str(FILES / f"{name}-saved.jpg"))
    yield 5
    offered = button("Write Note") is not None
    noted().setChecked(True)
    return {"error": error, "kept": kept, "offered": offered}


def selected_again(document, layer, file):
    """Saves a document, opens it again, and selects this layer of it, which is in a group."""
    path = layer.parentNode().name(), layer.name()  # 5.3 knows no parent once the document is closed
    again = yield from saved_and_opened(document, file)
    node = again.rootNode()
    for name in path:
        node = next(each for each in node.childNodes() if each.name() == name)
    again.setActiveNode(node)
    yield from settled()


def known(name):
    """An object whose color somebody knows: noted in its dialog, then on the hints; saved, and written into the
    file."""
    document, _ = yield from opened(*U16)
    window = yield from docker_with_room()
    use("Known Color…")
    refused = yield from ended()
    use("Recolor Object…")
    yield from until(lambda: dialog("Recolor"), "the dialog")
    shown = dialog("Recolor")
    QTest.mouseClick(shown._view, Qt.LeftButton, pos=at(shown._view, 0.5, 0.85))  # the ground
    yield from until(lambda: button("Apply", shown).isEnabled(), "an object")
    button("Krita's foreground color", shown).click()
    yield from still(shown)
    QTest.keyClicks(shown._known, "green: letter; of 1943")
    yield 0.2
    shown.grab().save(str(OUT / "krita-recolor-known.png"))
    button("Apply", shown).click()
    errors = [(yield from ended())]
    layer = document.activeNode()
    use("Show Uncertainty")
    errors.append((yield from ended()))
    heat = document.rootNode().childNodes()[-1]
    middle = mean(heat.thumbnail(100, 100), (0.48, 0.52), (0.83, 0.87))
    export(document, f"{name}-krita", "png")
    use("Hints Layer")
    errors.append((yield from ended()))
    hints = document.activeNode()
    paint(hints, (65535, 0, 0), 10, 10, 20, 20)
    yield from settled()
    use("Known Color…")
    yield from until(lambda: dialog("Known"), "the dialog of the note")
    QTest.keyClicks(dialog("Known")._field, "sky: a postcard")
    yield from still(dialog("Known"))
    dialog("Known").grab().save(str(OUT / "krita-known.png"))
    button("Note", dialog("Known")).click()
    yield from until(lambda: not dialog("Known"), "its end")
    files = [str(FILES / f"{name}.{suffix}") for suffix in ("png", "jpg")]
    for file in files:
        assert document.saveAs(file)
        yield from until(lambda: button("Write Note"), "the offer")
        button("Write Note").click()
        yield from until(lambda: button("Close"), "the note written")
        button("Close").click()
    window.grab().save(str(OUT / "krita-known-docker.png"))
    yield from selected_again(document, layer, str(FILES / f"{name}.kra"))
    use("Known Color…")
    yield from until(lambda: dialog("Known"), "the dialog of the note, reopened")
    kept = dialog("Known")._field.text()
    dialog("Known").reject()
    return {"refused": refused, "errors": errors, "heat": heat.name(), "middle": middle, "kept": kept}


def main():
    yield 0.5
    FILES.mkdir()
    panel().findChild(QCheckBox).setChecked(False)  # the preview's work
    cases = comes_and_goes, deep, archived, offered, marked_already, switched_off, known
    for name, case in chosen([(case.__name__, case) for case in cases]):
        try:
            result = yield from case(name)
        except Exception:
            result = {"traceback": traceback.format_exc()}
        tell(name, result)
        close_all()
        yield 0.2
