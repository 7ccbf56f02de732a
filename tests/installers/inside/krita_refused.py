"""Runs inside a Krita that is too old: asks for colors by the menu, and tells what the docker says instead.

Such a Krita has less of its scripting interface, so not all of `common` works in it.
"""

from common import OUT, SIZE, SRGB, application, still, tell
from PyQt5.QtWidgets import QDockWidget


def main():
    document = application.createDocument(*SIZE, "photograph", "RGBA", "U8", SRGB, 300.0)
    document.setBatchmode(True)
    application.activeWindow().addView(document)
    window = application.activeWindow().qwindow()
    before = len(document.rootNode().childNodes())
    application.action("photochrom_colorize").trigger()
    yield from still(window)
    window.grab().save(str(OUT / "krita-refused.png"))
    label = window.findChild(QDockWidget, "photochrom_docker").widget()
    new = len(document.rootNode().childNodes()) - before
    tell("krita", {"said": label.text(), "visible": label.isVisible(), "new": new})
