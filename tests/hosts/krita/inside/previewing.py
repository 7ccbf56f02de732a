"""The docker as a user sees it: its live preview, and the offers of more colorizers."""

from common import (
    LINEAR,
    OUT,
    application,
    button,
    choose_style,
    coded,
    colorize,
    cut_off,
    docker_with_room,
    ended,
    on_a_small_screen,
    opened,
    panel,
    preview_rests,
    settled,
    still,
    undo,
    until,
    use,
)
from PyQt5.QtCore import QByteArray, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QSlider


def preview(name):
    """The docker as a user sees it."""
    document, _ = yield from opened("RGBA", "U16", LINEAR, size=(720, 480))
    window = yield from docker_with_room()
    status = panel()._preview._status
    yield from until(lambda: status.text().startswith("Colored by"), "a preview")
    yield 1
    result = {"status": status.text(), "rows": [], "documents": len(application.documents())}
    combo = panel().findChild(QComboBox)
    result["rows"] = [combo.itemText(at) for at in range(combo.count())]
    view = panel()._preview.view
    grabbed = view.grab().toImage()
    result["picture"] = shades(grabbed)
    yield from with_hints(document)
    result["cut off"] = yield from pictured(window)
    yield from undo()  # the hints layer
    document.setActiveNode(document.rootNode().childNodes()[0])
    yield from until(lambda: panel()._preview._source._guidance.hints is None, "no hints")
    yield from until(lambda: status.text().startswith("Colored by"), "the preview without them")
    yield 0.5
    QTest.keyClick(view, Qt.Key_Left)
    QTest.mouseClick(view, Qt.LeftButton, pos=view.rect().center() / 2)
    yield 0.3
    result["moved"] = shades(view.grab().toImage())
    panel()._preview._doubt.setValue(100)
    plain = view.grab().toImage()
    yield from until(lambda: view._doubt is not None, "the doubt")
    result["doubtful"] = changed(plain, view.grab().toImage())
    window.grab().save(str(OUT / "krita-doubt.png"))
    panel()._preview._doubt.setValue(0)
    result["sure"] = changed(plain, view.grab().toImage())
    result["calmer"] = yield from calmed(window)
    sliders = panel()._controls.findChildren(QSlider)
    sliders[0].setValue(0)
    yield from until(lambda: shades(view.grab().toImage())["right"] < 2, "a gray preview")
    button("Reset").click()
    yield from until(lambda: shades(view.grab().toImage())["right"] > 3, "a colored preview")
    # A stroke on the layer is seen without being told of.
    before = view._before.copy()
    document.activeNode().setPixelData(QByteArray(bytes([0, 128, 0, 128, 0, 128, 255, 255]) * 40000), 0, 0, 200, 200)
    document.refreshProjection()
    yield from until(lambda: view._before != before, "the stroke in the preview")
    yield from until(lambda: status.text().startswith("Colored by"), "the next preview")
    result.update((yield from offers()))
    result["error"] = yield from colorize(document)
    yield 1
    window.grab().save(str(OUT / "krita-result.png"))
    panel().findChild(QCheckBox).setChecked(False)
    return result


def pictured(window):
    """Keeps a picture of Krita on a small screen; returns what does not fit into the docker there."""
    roomy = window.size()
    yield from on_a_small_screen(window)
    yield from until(preview_rests, "the preview that follows them")
    yield from still(window)
    window.grab().save(str(OUT / "krita-docker.png"))
    found = cut_off(panel())
    window.resize(roomy)
    yield from still(window)
    return found


def with_hints(document):
    """Strokes on the hints layer, for the sky and both walls, and the preview that follows them."""
    use("Hints Layer")
    yield from ended()
    layer = document.activeNode()
    for color, place in (
        ((0x5000, 0x9000, 0xE000), (160, 40, 120, 14)),
        ((0x7800, 0x3800, 0x3000), (400, 216, 40, 10)),
        ((0x7800, 0x3800, 0x3000), (520, 191, 150, 8)),
        ((0x7800, 0x3800, 0x3000), (520, 262, 150, 8)),
    ):
        pixel = b"".join(round(coded(value / 65535, LINEAR) * 65535).to_bytes(2, "little") for value in color[::-1])
        layer.setPixelData(QByteArray((pixel + b"\xff\xff") * (place[2] * place[3])), *place)
    document.refreshProjection()
    yield from until(lambda: panel()._preview._source._guidance.hints, "the hints sent")
    yield 3


def offers():
    """The list of models that are not installed, and the question before a download."""
    button("More…").click()
    dialog = next(each for each in panel().findChildren(QDialog) if "More" in each.windowTitle())
    yield from until(lambda: button("Get…", dialog), "offers")
    yield from still(dialog)
    dialog.grab().save(str(OUT / "krita-more-colorizers.png"))
    labels = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    button("Get…", dialog).click()
    yield from settled()
    license = [label.text() for label in dialog.findChildren(QLabel) if " is licensed under " in label.text()]
    button("Not now", dialog).click()
    dialog.close()
    return {"offers": labels, "license": license}


def calmed(window):
    """How much calm colors change the preview, which is restored at the end."""
    view = panel()._preview.view
    vivid = view.grab().toImage()
    choose_style("calm")
    yield from until(lambda: changed(vivid, view.grab().toImage()) > 0, "another preview")
    yield 0.5
    found = changed(vivid, view.grab().toImage())
    window.grab().save(str(OUT / "krita-calm.png"))
    button("Reset").click()
    yield from until(lambda: changed(vivid, view.grab().toImage()) == 0, "the vivid preview")
    return found


def changed(before, after):
    """Mean difference of green in two `QImage`s."""
    places = [(x, y) for x in range(0, before.width(), 5) for y in range(0, before.height(), 5)]
    greens = [[picture.pixel(*place) >> 8 & 255 for place in places] for picture in (before, after)]
    return sum(abs(one - other) for one, other in zip(*greens, strict=True)) / len(places)


def shades(picture):
    """Mean difference of red and blue left and right of the middle of a `QImage`."""
    means = {}
    width, height = picture.width(), picture.height()
    for name, columns in (("left", range(20, width // 2 - 20, 5)), ("right", range(width // 2 + 20, width - 20, 5))):
        found = [
            abs((picture.pixel(x, y) >> 16 & 255) - (picture.pixel(x, y) & 255))
            for x in columns
            for y in range(height // 3, 2 * height // 3, 5)
        ]
        means[name] = sum(found) / len(found)
    return means


CASES = [("preview", preview)]
