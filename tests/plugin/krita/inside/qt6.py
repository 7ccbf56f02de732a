"""Runs the installed Krita plug-in on PyQt6, as Krita 6 will, in a process without Krita: a stand-in for what Krita's
own module says there has no document. Prints what the tests look at, as JSON.

Arguments: the folder that the plug-in is in, and where to put a picture of the docker.
"""

import json
import sys
import time
import types
from pathlib import Path

sys.modules["PyQt5"] = None  # as in Krita 6, where it may not be loaded
from PyQt6 import QtCore, QtGui, QtTest, QtWidgets  # noqa: E402

PLUGINS, PICTURE = sys.argv[1:]
errors, dockers, settings = [], [], {}


def heard(kind, error, where):
    """What fails in a slot gets nowhere else."""
    errors.append(f"{kind.__name__}: {error}")
    sys.__excepthook__(kind, error, where)


sys.excepthook = heard
application = QtWidgets.QApplication([])


class Krita:
    def version(self):
        return "6.0.0"

    def readSetting(self, _group, name, default):  # noqa: N802  (Krita's names)
        return settings.get(name, default)

    def writeSetting(self, _group, name, value):  # noqa: N802
        settings[name] = value

    def activeDocument(self):  # noqa: N802
        return None

    def documents(self):
        return []

    def notifier(self):
        return notifier

    def addExtension(self, extension):  # noqa: N802
        self.extension = extension

    def addDockWidgetFactory(self, factory):  # noqa: N802
        dockers.append(factory)


class Notifier(QtCore.QObject):
    imageSaved = QtCore.pyqtSignal(str)  # noqa: N815  (Krita's name)

    def setActive(self, _on):  # noqa: N802
        pass


only, notifier = Krita(), Notifier()
krita = types.ModuleType("krita")
krita.Krita = type("Krita", (), {"instance": staticmethod(lambda: only)})
krita.DockWidget = QtWidgets.QDockWidget
krita.Extension = type(
    "Extension", (QtCore.QObject,), {"__init__": lambda self, _parent: QtCore.QObject.__init__(self)}
)
krita.InfoObject = type("InfoObject", (), {})
krita.Selection = type("Selection", (), {})
krita.DockWidgetFactoryBase = type("DockWidgetFactoryBase", (), {"DockRight": 1})
krita.DockWidgetFactory = lambda name, where, docker: docker
sys.modules["krita"] = krita
sys.path.insert(0, PLUGINS)


def until(condition, what, seconds=60):
    """Turns the main loop until it is true."""
    end_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end_at, what
        application.processEvents()
        time.sleep(0.01)


def settled():
    """Turns the main loop until two looks at all windows see the same."""
    before, now = None, looked_at()
    while now != before:
        for _ in range(10):
            application.processEvents()
            time.sleep(0.01)
        before, now = now, looked_at()


def looked_at():
    return [(each, each.grab().toImage()) for each in application.topLevelWidgets() if each.isVisible()]


def inside(widget, kind):
    return [each for each in widget.findChildren(kind) if each.isVisible()]


import photochrom  # noqa: E402, F401  (the plug-in registers itself)
from photochrom import pixels, planes  # noqa: E402
from photochrom.photochrom_client import Preview  # noqa: E402

docker = dockers[0]()
docker.resize(340, 760)
docker.show()
settled()
told = {"labels": [label.text() for label in inside(docker, QtWidgets.QLabel)]}

view = docker.findChildren(QtWidgets.QWidget, options=QtCore.Qt.FindChildOption.FindChildrenRecursively)
view = next(each for each in view if type(each).__name__ == "BeforeAfter")
red, blue = bytes([200, 30, 30]) * 64 * 48, bytes([30, 30, 200]) * 64 * 48
view.show_before(planes.picture_of(Preview(64, 48, rgb=red, bands=3)))
view.show_after(planes.picture_of(Preview(64, 48, rgb=blue, bands=3)))
settled()
docker.grab().save(PICTURE)


def blue_share():
    """How much of the view's middle row is “after”."""
    picture = view.grab().toImage()
    row = [QtGui.QColor(picture.pixel(x, picture.height() // 2)) for x in range(picture.width())]
    of_picture = [each for each in row if abs(each.red() - each.blue()) > 100]
    return sum(each.blue() > each.red() for each in of_picture) / len(of_picture)


told["at first"] = blue_share()
middle = view.height() // 2
QtTest.QTest.mouseClick(
    view, QtCore.Qt.MouseButton.LeftButton, pos=QtCore.QPoint(view.width() // 2 - view.width() // 8, middle)
)
told["after a click left of the middle"] = blue_share()
for _ in range(4):
    QtTest.QTest.keyClick(view, QtCore.Qt.Key.Key_Right)
told["after the arrow key"] = blue_share()

doubt, slider = inside(docker, QtWidgets.QSlider)[:2]
view.show_doubt(planes.picture_of(Preview(64, 48, rgb=bytes([30, 200, 30, 255]) * 64 * 48, bands=4)))
told["greens"] = []
for percent in (0, 50, 100):
    doubt.setValue(percent)
    picture = view.grab().toImage()
    right = QtGui.QColor(picture.pixel(picture.width() - 10, picture.height() // 2))
    left = QtGui.QColor(picture.pixel(10, picture.height() // 2))
    told["greens"].append([left.green(), right.green()])
kept = dict(settings)
slider.setValue(40)
until(lambda: settings != kept, "the settings kept")
told["settings"] = json.loads(settings["settings"])

told["boxes"] = {}
tools = next(each for each in inside(docker, QtWidgets.QPushButton) if each.menu()).menu().actions()
for button in [*inside(docker, QtWidgets.QPushButton), *tools]:
    name = button.text()
    if isinstance(button, QtGui.QAction):
        button.trigger()
    elif button.menu() is None:
        button.click()
    settled()
    for box in application.topLevelWidgets():
        if isinstance(box, QtWidgets.QMessageBox) and box.isVisible():
            told["boxes"][name] = box.text()
            box.close()
        elif isinstance(box, QtWidgets.QDialog | QtWidgets.QMenu) and box.isVisible():
            told["boxes"][name] = type(box).__name__
            box.close()
    settled()

read = pixels.pixels_of_picture(
    planes.picture_of(Preview(2, 1, rgb=bytes([10, 20, 30, 255, 40, 50, 60, 255]), bands=4))
)
told["pixels"] = list(bytes(read.rows(0, 1)))
told["selection"] = [*planes.selected(bytes([0, 255, 255, 0]), pixels.Rectangle(0, 0, 2, 2), 2)[:2]]
told["errors"] = errors
Path(PICTURE).with_suffix(".json").write_text(json.dumps(told))
