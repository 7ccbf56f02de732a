"""Runs inside Krita with a portrait open: gives the dress one color and the wall another by clicks of the mouse alone,
as docs/eight-clicks.md says, and tells how many they were. Nothing else touches Krita until the last one."""

import os
import subprocess

from common import OUT, application, closed, docker_with_room, ended, panel, seen, settled, still, tell, undo, until
from common import button as button_named
from common import dialog as dialog_named
from PyQt5.QtCore import QPoint
from PyQt5.QtWidgets import QToolButton

clicked = []
"""What was clicked on, in order."""


def click(what, widget, place=None):
    """Presses the left button of the mouse over a widget's place, or its middle; yields until that is done."""
    point = widget.mapToGlobal(widget.rect().center() if place is None else place)
    mouse = subprocess.Popen(["xdotool", "mousemove", "--sync", str(point.x()), str(point.y()), "click", "1"])
    clicked.append(what)
    yield from until(lambda: mouse.poll() is not None, f"the mouse over {what}")
    assert mouse.returncode == 0, what
    yield 0.3


def on_picture(view, name):
    """The place in the dialog's view of a place in the photograph, 0…1 across and down."""
    x, y = (float(each) for each in os.environ[name].split(","))
    place = view._place()
    return QPoint(place.x() + round(x * place.width()), place.y() + round(y * place.height()))


def clicks():
    tools = panel()._tools
    yield from click("Tools", tools)
    yield from until(lambda: tools.menu().isVisible(), "the menu of tools")
    entry = next(each for each in tools.menu().actions() if each.objectName() == "photochrom_recolor")
    yield from click("Recolor Object…", tools.menu(), tools.menu().actionGeometry(entry).center())
    yield from until(lambda: dialog_named("Recolor"), "the dialog")
    shown = dialog_named("Recolor")
    yield from still(shown)
    for place, color, accept in (
        ("PHOTOCHROM_DRESS", "blue", "Next Object"),
        ("PHOTOCHROM_WALL", "green", "Apply"),
    ):
        yield from click(place, shown._view, on_picture(shown._view, place))
        yield from until(shown._next.isEnabled, "an object")
        yield from still(shown)
        before = shown._mask
        swatch = next(each for each in shown.findChildren(QToolButton) if each.toolTip() == color)
        yield from click(color, swatch)
        yield from until(lambda: shown._mask is not before, "the object in its color")  # noqa: B023
        yield from still(shown)
        application.activeWindow().qwindow().screen().grabWindow(0).save(str(OUT / f"krita-eight-clicks-{color}.png"))
        yield from click(accept, button_named(accept, shown))


def main():
    yield from until(application.activeDocument, "the portrait")
    document = application.activeDocument()
    document.setBatchmode(True)
    window = yield from docker_with_room()
    window.setGeometry(application.activeWindow().qwindow().screen().geometry())
    yield from until(lambda: panel()._preview._status.text().startswith("Colored by"), "a preview")
    yield from still(window)
    layers = [node.name() for node in document.rootNode().childNodes()]
    before = seen(document, "before")
    yield from clicks()
    error = yield from ended()
    yield from settled()
    after = seen(document, "after")
    window.screen().grabWindow(0).save(str(OUT / "krita-eight-clicks.png"))
    yield from undo()
    undone = seen(document, "undone")
    tell(
        "clicking",
        {
            "clicked": clicked,
            "error": error,
            "before": before,
            "after": after,
            "undone": undone,
            "layers": [layers, [node.name() for node in document.rootNode().childNodes()]],
        },
    )
    closed(document)
