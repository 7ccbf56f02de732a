"""Runs inside a Krita without the plug-in: imports the archive as Tools ▸ Scripts does, answering what Krita asks."""

import os

from common import application, box, tell
from PyQt5.QtCore import QTimer
from PyQt5.QtWidgets import QMessageBox


class QtChooser:
    """In place of Qt's dialog for files, which Krita 5.2's importer opens."""

    @staticmethod
    def getOpenFileName(*_where):  # noqa: N802  (Qt's name)
        return os.environ["PHOTOCHROM_ARCHIVE"], ""


class KritaChooser:
    """In place of Krita's own, which 5.3's importer opens: gives the path alone."""

    @staticmethod
    def getOpenFileName(*_where):  # noqa: N802  (Qt's name)
        return os.environ["PHOTOCHROM_ARCHIVE"]


def main():
    from plugin_importer import plugin_importer_extension

    if hasattr(plugin_importer_extension, "QFileDialog"):
        plugin_importer_extension.QFileDialog = QtChooser
    else:
        plugin_importer_extension.FileDialog = KritaChooser
    asked = []

    def answer():
        if box() is not None:
            asked.append(box().text())
            box().button(QMessageBox.Yes).click()

    timer = QTimer()
    timer.timeout.connect(answer)
    timer.start(100)
    application.action("plugin_importer_file").trigger()  # returns once everything is answered
    yield 0.5
    on = application.readSetting("python", "enable_photochrom", "")
    tell("imported", {"messages": len(asked), "message": "".join(asked), "on": on})
