"""Runs inside a Krita of another language, on a small screen: reports all texts of the docker and of the dialog that
recolors, which of them are cut off, and saves pictures."""

from common import OUT, cut_off, docker_with_room, on_a_small_screen, opened, panel, still, tell, until, use
from PyQt5.QtWidgets import QAbstractButton, QComboBox, QDialog, QLabel, QWidget

U16 = ("RGBA", "U16", "sRGB-elle-V2-srgbtrc.icc")


def main():
    yield from opened(*U16, size=(720, 480))
    window = yield from docker_with_room()
    yield from on_a_small_screen(window)
    status = panel()._preview._status
    yield from until(lambda: "%" in status.text(), "a preview")
    panel()._preview._noticed.show_for("faded")  # as an engine would have it: the docker has little room
    yield from still(window)
    window.grab().save(str(OUT / "krita-german.png"))
    docker = spoken(panel())
    entries = panel()._tools.menu().actions()
    use(next(each.text() for each in entries if each.objectName() == "photochrom_recolor"))
    yield from until(dialog, "the dialog")
    yield from still(dialog())
    dialog().grab().save(str(OUT / "krita-german-recolor.png"))
    frame = dialog().frameGeometry()
    recolor = spoken(dialog()) | {"size": [frame.width(), frame.height()]}
    dialog().reject()
    tell("spoken", docker | {"entries": [each.text() for each in entries], "recolor": recolor})


def dialog():
    return next((each for each in panel().findChildren(QDialog) if each.isVisible()), None)


def spoken(widget):
    widgets = widget.findChildren(QWidget)
    combos = [each for each in widgets if isinstance(each, QComboBox)]
    return {
        "labels": [each.text() for each in widgets if isinstance(each, QLabel)],
        "buttons": [each.text() for each in widgets if isinstance(each, QAbstractButton)],
        "rows": [each.itemText(at) for each in combos for at in range(each.count())],
        "tips": [each.toolTip() for each in widgets],
        "cut off": cut_off(widget),
    }
