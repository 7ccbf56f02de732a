"""The batch dialog inside Krita: opened by its action, its buttons pressed, and what it shows."""

import os
from pathlib import Path

from krita import Krita
from PyQt5 import QtCore, QtTest, QtWidgets

TITLE = "Photochrom: Batch"


def dialog():
    every = QtWidgets.QApplication.topLevelWidgets()
    return next((each for each in every if each.windowTitle() == TITLE and each.isVisible()), None)


def inside(kind):
    return [each for each in dialog().findChildren(kind) if each.isVisible()]


def fields():
    """Those of the photographs' and the results' folders."""
    return [each for each in inside(QtWidgets.QLineEdit) if not isinstance(each.parent(), QtWidgets.QAbstractSpinBox)]


def button(label):
    return next((each for each in inside(QtWidgets.QPushButton) if each.text() == label), None)


def press(label):
    QtTest.QTest.mouseClick(button(label), QtCore.Qt.MouseButton.LeftButton)


def tick(label):
    (box,) = (each for each in inside(QtWidgets.QCheckBox) if each.text().startswith(label))
    # on its square: the box is as wide as the dialog
    QtTest.QTest.mouseClick(box, QtCore.Qt.MouseButton.LeftButton, pos=QtCore.QPoint(8, box.height() // 2))


def shown():
    return {
        "ticked": [box.text() for box in inside(QtWidgets.QCheckBox) if box.isChecked()],
        "labels": [label.text() for label in inside(QtWidgets.QLabel)],
        "buttons": [each.text() for each in inside(QtWidgets.QPushButton) if each.isEnabled()],
        "bars": [bar.format() for bar in inside(QtWidgets.QProgressBar)],
        "fields": [field.text() for field in fields()],
        "size": [dialog().frameGeometry().width(), dialog().frameGeometry().height()],
    }


def until(condition, seconds=240):
    """Steps that wait until it is true."""
    for _ in range(round(seconds / 0.1)):
        if condition():
            return
        yield 0.1
    raise AssertionError(f"never: {shown() if dialog() else 'no dialog'}")


def opened():
    Krita.instance().action("photochrom_batch").trigger()
    yield from until(dialog)


def says(*parts):
    return lambda: any(all(part in label for part in parts) for label in shown()["labels"])


def folder(name):
    """The path in an environment variable: Krita's Python takes names for ASCII."""
    return os.environb[name.encode()].decode("utf-8")


def typed(field, text):
    field.setFocus()
    field.clear()
    field.insert(text)  # as if pasted: QTest has ASCII keys alone
    QtTest.QTest.keyClick(field, QtCore.Qt.Key.Key_Return)


def picture(name):
    """The screen as it is seen, Krita's window behind the dialog."""
    yield 0.5
    screen = QtWidgets.QApplication.primaryScreen()
    screen.grabWindow(0).save(str(Path(os.environ["PHOTOCHROM_OUT"], f"{name}.png")))
