"""Runs inside a Krita of another language: reports all texts of the docker, and saves a picture."""

from common import OUT, docker_with_room, opened, panel, still, tell, until
from PyQt5.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget

U16 = ("RGBA", "U16", "sRGB-elle-V2-srgbtrc.icc")


def main():
    yield from opened(*U16, size=(720, 480))
    window = yield from docker_with_room()
    status = panel()._preview._status
    yield from until(lambda: "%" in status.text(), "a preview")
    yield from still(window)
    window.grab().save(str(OUT / "krita-german.png"))
    widgets = panel().findChildren(QWidget)
    tell(
        "spoken",
        {
            "title": panel().parentWidget().windowTitle(),
            "labels": [each.text() for each in widgets if isinstance(each, QLabel)],
            "buttons": [each.text() for each in widgets if isinstance(each, QAbstractButton)],
            "rows": [
                each.itemText(at) for each in widgets if isinstance(each, QComboBox) for at in range(each.count())
            ],
            "tips": [each.toolTip() for each in widgets],
        },
    )
