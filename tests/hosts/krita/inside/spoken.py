"""Runs inside a Krita of another language: tells all that the docker says, above and below, and keeps a picture."""

from common import OUT, opened, panel, tell, until
from PyQt5.QtCore import Qt
from PyQt5.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLabel, QScrollArea, QWidget

U16 = ("RGBA", "U16", "sRGB-elle-V2-srgbtrc.icc")


def main():
    yield from opened(*U16, size=(720, 480))
    panel().findChild(QCheckBox).setChecked(True)
    docker = panel().parentWidget()
    docker.setVisible(True)
    docker.raise_()
    yield 0.3
    docker.parentWidget().resizeDocks([docker], [700], Qt.Vertical)
    status = panel()._status
    yield from until(lambda: "lite" in status.text() or "auto" in status.text(), "a preview")
    yield 1
    panel().grab().save(str(OUT / "krita-german.png"))
    scroll = panel().findChild(QScrollArea).verticalScrollBar()
    scroll.setValue(scroll.maximum())
    yield 0.3
    panel().grab().save(str(OUT / "krita-german-below.png"))
    widgets = panel().findChildren(QWidget)
    tell(
        "spoken",
        {
            "title": docker.windowTitle(),
            "labels": [each.text() for each in widgets if isinstance(each, QLabel)],
            "buttons": [each.text() for each in widgets if isinstance(each, QAbstractButton)],
            "rows": [each.itemText(0) for each in widgets if isinstance(each, QComboBox)],
            "tips": [each.toolTip() for each in widgets],
        },
    )
