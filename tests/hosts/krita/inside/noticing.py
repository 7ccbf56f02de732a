"""The cases of scanned negatives: noticed by the docker's preview, and followed without it."""

import array
import json

from common import (
    OUT,
    SRGB,
    U16,
    application,
    button,
    colorize,
    cut_off,
    dialog,
    docker_with_room,
    ended,
    on_a_small_screen,
    opened,
    panel,
    pixels,
    preview_rests,
    seen,
    settled,
    still,
    undo,
    until,
    use,
)
from PyQt5.QtCore import QByteArray, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QCheckBox, QMdiArea, QToolButton
from retouching import at

RIGHT = "Colors of the positive"


def negative(name):
    """The colors of a photograph, then of its negative, set right by the button; retouched; another photograph."""
    document, _ = yield from opened("RGBA", "U8", SRGB, size=(512, 394))
    document.setColorSpace("LABA", "U16", application.profiles("LABA", "U16")[0])
    yield from settled()
    (node,) = document.rootNode().childNodes()
    document.setActiveNode(node)
    yield from settled()
    result = {"errors": [(yield from colorize(document))], "positive": seen(document, f"{name}-positive")}
    yield from undo()
    document.setActiveNode(node)
    change_lightness(document, node, lambda value: 65535 - value)
    result["before"] = seen(document, f"{name}-before")
    window = yield from docker_with_room()
    yield from on_a_small_screen(window)
    yield from until(lambda: button(RIGHT), "the button that sets it right")
    yield from until(preview_rests, "the preview")
    yield from still(window)
    window.grab().save(str(OUT / "krita-negative.png"))
    result["words"], result["cut off"] = panel()._preview._noticed._words.text(), cut_off(panel())
    button(RIGHT).click()
    yield from until(lambda: button(RIGHT) is None, "nothing left to set right")
    yield from until(preview_rests, "the preview of it")
    yield from still(window)
    window.grab().save(str(OUT / "krita-negative-right.png"))
    result["errors"].append((yield from colorize(document)))
    result["after"] = seen(document, f"{name}-after")
    result["followed"] = yield from followed(document, node)
    view = panel()._preview.view
    shown = view._before.copy()
    change_lightness(document, node, lambda value: value * 4 // 5)
    yield from until(lambda: view._before != shown and preview_rests(), "the preview of what was retouched")
    result["retouched"] = panel()._controls.settings.original
    yield from opened(*U16, size=(512, 394))
    yield from until(lambda: panel()._controls.settings.original != result["retouched"], "another photograph's")
    yield from until(preview_rests, "its preview")
    result["another"] = [panel()._controls.settings.original, button(RIGHT) is None]
    panel().findChild(QCheckBox).setChecked(False)
    return result


def followed(document, node):
    """What tools take the photograph for whose colors are those of a negative, though the docker says a print: whether
    the first variant has the same pixels, and what is kept with an object."""
    colors = document.activeNode()
    document.setActiveNode(node)
    panel()._controls.take_original("print")
    use("Variants…")
    yield from until(lambda: dialog("Variants"), "the dialog")
    shown = dialog("Variants")
    yield from until(lambda: "Choose" in shown._status.text() and shown.findChildren(QToolButton), "answers")
    next(each for each in shown.findChildren(QToolButton) if each.objectName() == "0").click()
    button("Insert", shown).click()
    errors = [(yield from ended())]
    same = pixels(document.activeNode()) == pixels(colors) and document.activeNode() != colors
    use("Recolor Object…")
    yield from until(lambda: dialog("Recolor"), "the dialog")
    shown = dialog("Recolor")
    QTest.mouseClick(shown._view, Qt.LeftButton, pos=at(shown._view, 0.5, 0.85))
    yield from until(lambda: button("Apply", shown).isEnabled(), "an object")
    button("Apply", shown).click()
    errors.append((yield from ended()))
    panel()._controls.take_original("negative")
    return [errors, same, stored(document)["original"]]


def not_previewed(_name):
    """A photograph with a negative's colors and another one, in front in turn, with the preview off: what the docker
    says was scanned, and what is kept with colors made at once."""
    panel().findChild(QCheckBox).setChecked(False)
    panel().parentWidget().setVisible(True)
    panel().parentWidget().raise_()
    first, _ = yield from opened(*U16)
    yield from looked_at()
    panel()._controls.take_original("negative")
    yield from settled()
    result = {"errors": [(yield from colorize(first))]}
    second, _ = yield from opened(*U16)
    yield from until(lambda: original() == "print", "what the other one is")
    result["by hand"] = yield from kept_by_hand()
    yield from brought_to_the_front(first)
    yield from until(lambda: original() == "negative", "what the first one was colored as")
    yield from brought_to_the_front(second)
    result["errors"].append((yield from colorize(second)))
    result["at once"] = stored(second)["original"]
    return result


def brought_to_the_front(document):
    """As a click on the document's tab. (`Window.showView` leaves Krita 5.2 with the document it had.)"""
    area = application.activeWindow().qwindow().findChild(QMdiArea)
    for shown in area.subWindowList():
        area.setActiveSubWindow(shown)
        yield 0.5
        if application.activeDocument() == document:
            return
    raise AssertionError("no window shows the document")


def original():
    """What the docker says was scanned."""
    return panel()._controls._originals.currentData()


def kept_by_hand():
    """What the docker says after other looks at a photograph for which the user has chosen a faded print, and taken
    over the settings of an earlier result."""
    panel()._controls.take_original("faded")
    yield from looked_at()
    panel()._controls._history.chosen.emit(panel()._controls.settings._replace(chroma=0.5, original="negative"))
    said = original()
    button("Reset").click()
    yield from settled()
    return said


def looked_at():
    """Yields until the docker has looked at the document in front."""
    looks = []

    def count():
        looks.append(1)

    panel()._target.looked.connect(count)
    yield from until(lambda: len(looks) > 1, "another look at the document")
    panel()._target.looked.disconnect(count)


def stored(document):
    """The settings kept with the selected layer."""
    kept = document.annotation("photochrom/" + document.activeNode().uniqueId().toString())
    return json.loads(bytes(kept))["settings"]


def change_lightness(document, node, changed):
    """Sets L* of a layer in 16-bit Lab to `changed` of it, both 0…65535."""
    bounds = node.bounds().getRect()
    values = array.array("H", bytes(node.pixelData(*bounds)))
    values[::4] = array.array("H", map(changed, values[::4]))
    node.setPixelData(QByteArray(values.tobytes()), *bounds)
    document.refreshProjection()
    document.waitForDone()


CASES = [("negative", negative), ("not_previewed", not_previewed)]
