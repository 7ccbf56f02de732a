"""The cases of the retoucher's tools: hints, variants, doubt, a reference, objects, and one whole story."""

import json
import os
from array import array
from pathlib import Path

from common import (
    OUT,
    PHOTOGRAPH,
    SRGB,
    application,
    at_work,
    box,
    button,
    closed,
    colorize,
    ended,
    opened,
    panel,
    preview_rests,
    redo,
    saved_and_opened,
    seen,
    settled,
    state,
    still,
    undo,
    until,
)
from krita import Selection
from PyQt5.QtCore import QByteArray, QPoint, Qt
from PyQt5.QtGui import QColor, QImage
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QApplication, QCheckBox, QComboBox, QDialog, QMenu, QScrollArea, QSlider, QToolButton

U8, U16 = ("RGBA", "U8", SRGB), ("RGBA", "U16", SRGB)
HINTS = "Photochrom hints"
MAGENTA, GREEN = (0xE000, 0x2000, 0xC000), (0x1000, 0xA000, 0x2000)


def press(text):
    button(text).click()
    return (yield from ended())


def dialog(words):
    return next(
        (each for each in panel().findChildren(QDialog) if words in each.windowTitle() and each.isVisible()), None
    )


def paint(node, color, x, y, width, height):
    """What a brush of Krita's leaves on a 16-bit layer."""
    red, green, blue = color
    pixel = b"".join(value.to_bytes(2, "little") for value in (blue, green, red, 0xFFFF))
    node.setPixelData(QByteArray(pixel * (width * height)), x, y, width, height)


def pixels(node):
    return bytes(node.pixelData(*node.bounds().getRect()))


def mean(picture, columns, rows):
    """Mean red, green, blue of a part (0…1) of a QImage."""
    xs = range(int(columns[0] * picture.width()), int(columns[1] * picture.width()), 2)
    ys = range(int(rows[0] * picture.height()), int(rows[1] * picture.height()), 2)
    found = [QColor(picture.pixel(x, y)).getRgb()[:3] for x in xs for y in ys]
    return [sum(channel) / len(found) for channel in zip(*found, strict=True)]


def hints(name):
    """Made by the button, painted, seen live in the preview, heeded by Colorize; the source is as it was."""
    document, source = yield from opened(*U16)
    panel().parentWidget().setVisible(True)
    panel().parentWidget().raise_()
    panel().findChild(QCheckBox).setChecked(True)
    status, view = panel()._preview._status, panel()._preview.view
    yield from until(lambda: status.text().startswith("Colored by"), "a preview")
    before = state(document)
    result = {"error": (yield from press("Hints Layer"))}
    result["layers"] = [node.name() for node in document.rootNode().childNodes()]
    result["active"] = document.activeNode().name()
    layer = document.activeNode()
    yield from until(preview_rests, "a preview at rest")
    yield from settled()
    was = view._after.copy()
    sent = panel()._preview._source._previewer
    paint(layer, MAGENTA, 20, 20, 60, 60)
    document.refreshProjection()
    yield from until(lambda: view._after is not None and view._after != was, "the stroke in the preview")
    yield from until(lambda: status.text().startswith("Colored by"), "the end of it")
    part = (0.1, 0.3), (0.15, 0.45)
    result["preview"] = [mean(was, *part), mean(view._after, *part)]
    result["sent_once"] = panel()._preview._source._previewer is sent
    # Erased, they are forgotten.
    layer.setPixelData(QByteArray(bytes(8 * 3600)), 20, 20, 60, 60)
    document.refreshProjection()
    yield from until(lambda: view._after == was, "the preview without hints")
    paint(layer, MAGENTA, 20, 20, 60, 60)
    document.refreshProjection()
    result["error"] += yield from colorize(document)
    result["hidden"] = not layer.visible()
    result["order"] = [node.name() for node in document.rootNode().childNodes()]
    result["before"] = before["layers"][0] == state(document)["layers"][0]
    source.setVisible(True)
    result["after"] = seen(document, f"{name}-after")
    made = document.activeNode()
    result["error"] += yield from press("Run Again")
    result["same"] = pixels(document.activeNode()) == pixels(made) and document.activeNode() != made
    document.setActiveNode(source)
    yield from settled()
    for node in document.rootNode().childNodes()[1:]:
        node.setVisible(False)
    panel().findChild(QCheckBox).setChecked(False)
    layer.remove()
    yield from settled()
    result["error"] += yield from colorize(document)
    result["without"] = seen(document, f"{name}-without")
    return result


def gray_hints(_name):
    """A gray document cannot hold their color."""
    document, _ = yield from opened("GRAYA", "U8", "Gray-D50-elle-V2-srgbtrc.icc")
    button("Hints Layer").click()
    yield from until(box, "the question")
    question = f"{box().text()}\n{box().informativeText()}"
    button("Convert", box()).click()
    error = yield from ended()
    return {
        "question": question,
        "error": error,
        "model": document.colorModel(),
        "active": document.activeNode().name(),
    }


def variants(name):
    document, _ = yield from opened(*U16)
    before = state(document)
    button("Variants…").click()
    yield from until(lambda: dialog("Variants"), "the dialog")
    shown = dialog("Variants")
    yield from until(lambda: len(shown.findChildren(QToolButton)) >= 4 and "Choose" in shown._status.text(), "answers")
    yield from still(shown)
    shown.grab().save(str(OUT / "krita-variants.png"))
    buttons = {each.objectName(): each for each in shown.findChildren(QToolButton)}
    result = {"keys": list(buttons), "titles": [each.toolTip() for each in buttons.values()]}
    result["enabled_first"] = button("Insert", shown).isEnabled()
    for key in ("muted", "0", "1"):
        buttons[key].click()
    button("Insert", shown).click()
    result["error"] = yield from ended()
    group = document.rootNode().childNodes()[-1]
    result["group"] = [group.name(), group.type()]
    children = group.childNodes()
    result["children"] = [[child.name(), child.visible()] for child in reversed(children)]
    result["different"] = len({pixels(child) for child in children}) == 3
    done = state(document)
    yield from undo()
    result["undone"] = state(document) == before
    yield from redo()
    result["redone"] = state(document) == done
    return result


def doubt(name):
    document, source = yield from opened(*U16)
    before = state(document)
    result = {"error": (yield from press("Show Doubt"))}
    layer = document.activeNode()
    result["layer"] = [layer.name(), layer.opacity(), list(layer.bounds().getRect())]
    picture = layer.thumbnail(120, 80)
    result["colors"] = len({picture.pixel(x, y) for x in range(0, 120, 5) for y in range(0, 80, 5)})
    yield from undo()
    result["undone"] = state(document) == before
    document.setActiveNode(source)
    yield from settled()
    result["error"] += yield from press("Paint Here First")
    selection = document.selection()
    result["selected"] = selection is not None
    if selection is not None:
        data = bytes(selection.pixelData(0, 0, 240, 160))
        result["share"] = sum(value > 127 for value in data) / len(data)
    result["active"] = document.activeNode().name()
    return result


def like(name):
    """The palette of a file, then region by region an open document: the same scene in red."""
    picture = QImage(PHOTOGRAPH).scaled(240, 160).convertToFormat(QImage.Format_RGB32)
    for y in range(160):
        for x in range(240):
            value = picture.pixel(x, y) & 255
            picture.setPixel(x, y, QColor(min(255, value + 50), round(0.6 * value), round(0.5 * value)).rgb())
    file = str(OUT / "reference.jpg")
    picture.save(file)
    other = application.openDocument(file)
    other.setBatchmode(True)
    document, source = yield from opened(*U16)
    result = {"error": (yield from colorize(document))}
    plain = document.activeNode().thumbnail(120, 80)
    button("Color Like…").click()
    yield from until(lambda: dialog("Color Like"), "the dialog")
    shown = dialog("Color Like")
    shown.follow_file(str(OUT / "nothing.jpg"))
    yield from until(lambda: "cannot be opened" in shown._status.text(), "an error")
    result["missing"] = shown._status.text()
    shown.follow_file(file)
    yield from until(lambda: shown.picture is not None, "the picture")
    shown.grab().save(str(OUT / "krita-color-like.png"))
    button("Colorize", shown).click()
    result["error"] += yield from ended()
    followed = document.activeNode()
    result["plain"], result["followed"] = (mean(each, (0, 1), (0, 1)) for each in (plain, followed.thumbnail(120, 80)))
    result["error"] += yield from press("Run Again")
    result["same"] = pixels(document.activeNode()) == pixels(followed)
    button("Color Like…").click()
    yield from until(lambda: dialog("Color Like"), "the dialog")
    shown = dialog("Color Like")
    combos = shown.findChildren(QComboBox)
    combos[0].setCurrentIndex(1)
    combos[0].activated[int].emit(1)
    combos[1].setCurrentIndex(1)
    yield from until(lambda: shown.picture is not None, "the document's picture")
    button("Colorize", shown).click()
    result["error"] += yield from ended()
    result["of_document"] = mean(document.activeNode().thumbnail(120, 80), (0, 1), (0, 1))
    result["source"] = source.name()
    return result


def recolor(name):
    """An object that is clicked at, in a suggested color and in Krita's own; then one that is selected."""
    document, source = yield from opened(*U16)
    before = state(document)
    panel().parentWidget().setVisible(True)
    panel().parentWidget().raise_()
    panel().findChild(QCheckBox).setChecked(True)
    status, view = panel()._preview._status, panel()._preview.view
    yield from until(lambda: status.text().startswith("Colored by"), "a preview")
    button("Recolor Object…").click()
    yield from until(lambda: dialog("Recolor"), "the dialog")
    shown = dialog("Recolor")
    place = view._place()
    QTest.mouseClick(view, Qt.LeftButton, pos=QPoint(place.x() + place.width() // 2, place.y() + place.height() // 2))
    yield from until(lambda: button("Apply", shown).isEnabled(), "an object")
    swatches = shown.findChildren(QToolButton)
    result = {"suggestions": [each.toolTip() for each in swatches], "pointing": view._pointing}
    swatches[-1].click()
    yield from still(shown)
    shown.grab().save(str(OUT / "krita-recolor.png"))
    button("Krita's foreground color", shown).click()
    yield from still(shown)
    button("Apply", shown).click()
    result["error"] = yield from ended()
    layer = document.activeNode()
    alpha = pixels(layer)[7::8]
    result["layer"] = layer.name()
    result["share"] = sum(value > 127 for value in alpha) / (240 * 160)
    yield from undo()
    result["undone"] = state(document) == before
    document.setActiveNode(source)
    chosen = Selection()
    chosen.select(60, 40, 100, 80, 255)
    document.setSelection(chosen)
    yield from settled()
    button("Recolor Object…").click()
    yield from until(lambda: dialog("Recolor") and button("Apply", dialog("Recolor")).isEnabled(), "the selection")
    button("Apply", dialog("Recolor")).click()
    result["error"] += yield from ended()
    result["selected"] = [document.activeNode().name(), [child.type() for child in document.activeNode().childNodes()]]
    result["pointing_after"] = view._pointing
    panel().findChild(QCheckBox).setChecked(False)
    return result


def history(_name):
    """Two results; the settings of the older one are taken over, and give its pixels again."""
    file = Path(os.environ["HOME"], ".local/share/krita/photochrom-history.json")
    file.unlink(missing_ok=True)
    document, source = yield from opened(*U16)
    sliders = panel()._controls.findChildren(QSlider)
    result = {"none": (yield from earlier())[0]}
    sliders[0].setValue(60)
    yield from settled()
    result["error"] = yield from colorize(document)
    first = document.activeNode()
    document.setActiveNode(source)
    button("Reset").click()
    yield from settled()
    result["reset"] = sliders[0].value()
    result["error"] += yield from colorize(document)
    second = document.activeNode()
    yield from until(lambda: file.exists() and len(json.loads(file.read_text(encoding="utf-8"))) == 2, "the file")
    result["kept"] = json.loads(file.read_text(encoding="utf-8"))
    result["titles"], menu = yield from earlier()
    menu.grab().save(str(OUT / "krita-earlier-results.png"))
    menu.actions()[1].trigger()
    menu.close()
    yield from settled()
    result["taken"] = sliders[0].value()
    result["names"] = [second.name(), first.name()]
    document.setActiveNode(source)
    yield from settled()
    result["error"] += yield from colorize(document)
    result["same"] = pixels(document.activeNode()) == pixels(first) != pixels(second)
    button("Reset").click()
    yield from settled()
    return result


def tint_box():
    return next(each for each in panel().findChildren(QCheckBox) if "tint" in each.text())


def earlier():
    """What the menu of the earlier results has, and the menu, which is open."""
    button("Earlier results…").click()

    def menu():
        return next(
            (each for each in QApplication.topLevelWidgets() if isinstance(each, QMenu) and each.isVisible()), 0
        )

    yield from until(menu, "the menu")
    found = menu()
    titles = [action.text() for action in found.actions()]
    if not found.actions()[0].isEnabled():
        found.close()
        yield from settled()
    return titles, found


def sepia(name):
    """A toned photograph keeps its tint where that is asked for: in the preview, in the layer, and run again."""
    document, source = yield from opened(*U16)
    data = pixels(source)
    values = memoryview(bytearray(data)).cast("H")
    for channel, share in ((0, 0.72), (1, 0.88)):  # blue and green
        values[channel::4] = array("H", [round(share * value) for value in values[channel::4]])
    source.setPixelData(QByteArray(values.tobytes()), 0, 0, 240, 160)
    document.refreshProjection()
    yield from settled()
    result = {"before": seen(document, f"{name}-before")}
    panel()._controls.findChildren(QSlider)[0].setValue(0)
    yield from settled()
    result["error"] = yield from colorize(document)
    result["away"] = seen(document, f"{name}-away")
    document.setActiveNode(source)
    tint_box().click()
    yield from settled()
    result["error"] += yield from colorize(document)
    made = document.activeNode()
    result["kept"] = seen(document, f"{name}-kept")
    stored = json.loads(bytes(document.annotation("photochrom/" + made.uniqueId().toString())))
    result["tint"] = stored["settings"]["tint"]
    result["saved"] = json.loads(application.readSetting("photochrom", "settings", ""))["tint"]
    button("Reset").click()
    yield from settled()
    result["error"] += yield from press("Run Again")
    result["same"] = pixels(document.activeNode()) == pixels(made) and document.activeNode() != made
    result["checked"] = tint_box().isChecked()
    document.setActiveNode(source)
    result["preview"] = yield from previews_with_and_without_tint()
    closed(document)
    document, _ = yield from opened(*U16)
    tint_box().click()
    yield from settled()
    result["error"] += yield from colorize(document)
    result["of_gray"] = seen(document, f"{name}-of-gray")
    button("Reset").click()
    yield from settled()
    return result


def previews_with_and_without_tint():
    panel().parentWidget().setVisible(True)
    panel().parentWidget().raise_()
    panel().findChild(QCheckBox).setChecked(True)
    status, view = panel()._preview._status, panel()._preview.view
    yield from until(lambda: status.text().startswith("Colored by"), "a preview")
    yield from settled()
    found = [mean(view._after, (0, 1), (0, 1))]
    scroll = panel().findChild(QScrollArea).verticalScrollBar()
    scroll.setValue(scroll.maximum())
    panel().grab().save(str(OUT / "krita-controls.png"))
    scroll.setValue(0)
    tint_box().click()
    was = view._after.copy()
    yield from until(lambda: view._after != was, "the preview without the tint")
    found.append(mean(view._after, (0, 1), (0, 1)))
    panel().findChild(QCheckBox).setChecked(False)
    return found


def story(name):
    """A scan's whole way: colored, hinted, a variant chosen, all undone, all done again, saved, opened, run again."""
    document, _ = yield from opened("GRAYA", "U16", "Gray-D50-elle-V2-srgbtrc.icc")
    start = state(document)
    result = {"before": seen(document, f"{name}-before")}
    result["error"] = yield from colorize(document, "Convert and Colorize")
    result["colored"] = seen(document, f"{name}-colored")
    result["error"] += yield from press("Hints Layer")
    # What a script paints on an attached layer cannot be undone, so the layer comes in with the paint on it.
    painted = document.activeNode().duplicate()
    paint(painted, MAGENTA, 20, 20, 40, 40)
    paint(painted, GREEN, 170, 100, 40, 40)
    yield from undo()
    document.rootNode().addChildNode(painted, None)
    yield from settled()
    document.setActiveNode(painted)
    yield from settled()
    result["hints"] = document.activeNode().name()
    result["error"] += yield from colorize(document)
    result["hinted"] = seen(document, f"{name}-hinted")
    result.update((yield from one_variant()))
    steps = 5  # the conversion, the colors, the hints, the colors that heed them, the variant
    end = state(document)
    result["end"] = seen(document, f"{name}-end")
    for _ in range(steps):
        yield from undo()
    result["undone"] = state(document) == start
    result["undone_picture"] = seen(document, f"{name}-undone")
    for _ in range(steps):
        yield from redo()
    result["redone"] = state(document) == end
    result["redone_picture"] = seen(document, f"{name}-redone")
    document = yield from saved_and_opened(document, str(OUT / "story.kra"))
    made = document.nodeByName(result["variant"])
    document.setActiveNode(made)
    yield from settled()
    result["error"] += yield from press("Run Again")
    again = document.activeNode()
    result["new"] = again != made and not at_work()
    result["same"] = pixels(again) == pixels(made)
    result["end_again"] = seen(document, f"{name}-again")
    result["layers"] = [node.name() for node in document.rootNode().childNodes()]
    return result


def one_variant():
    button("Variants…").click()
    yield from until(lambda: dialog("Variants"), "the dialog")
    shown = dialog("Variants")
    yield from until(lambda: "Choose" in shown._status.text() and shown.findChild(QToolButton, "1"), "answers")
    shown.findChild(QToolButton, "1").click()
    button("Insert", shown).click()
    error = yield from ended()
    assert not error, error
    return {"variant": application.activeDocument().activeNode().name()}


CASES = [
    ("hints", hints),
    ("gray_hints", gray_hints),
    ("variants", variants),
    ("doubt", doubt),
    ("like", like),
    ("recolor", recolor),
    ("history", history),
    ("sepia", sepia),
    ("story", story),
]
