"""The cases of the retoucher's tools: variants, doubt, a reference, and objects."""

from common import (
    OUT,
    PHOTOGRAPH,
    U16,
    application,
    button,
    colorize,
    dialog,
    ended,
    mean,
    opened,
    panel,
    pixels,
    press,
    redo,
    settled,
    state,
    step,
    still,
    undo,
    until,
    use,
)
from krita import Selection
from PyQt5.QtCore import QPoint, Qt
from PyQt5.QtGui import QColor, QImage
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QCheckBox, QComboBox, QToolButton


def variants(name):
    document, _ = yield from opened(*U16)
    before = state(document)
    use("Variants…")
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
    before, last = state(document), step()
    result = {"error": (yield from press("Show Uncertainty"))}
    result["selected_still"] = document.activeNode() == source
    layer = document.rootNode().childNodes()[-1]
    result["layer"] = [layer.name(), layer.opacity(), list(layer.bounds().getRect())]
    picture = layer.thumbnail(120, 80)
    result["colors"] = len({picture.pixel(x, y) for x in range(0, 120, 5) for y in range(0, 80, 5)})
    yield from undo()
    result["undone"] = state(document) == before and step() == last
    yield from redo()
    result["error"] += yield from shown_again(document, layer, result)
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


def shown_again(document, layer, result):
    """Another map, asked for on the one before: as of a negative, below a layer of the retoucher's own."""
    own = document.createNode("Dust", "paintlayer")
    document.rootNode().addChildNode(own, layer)
    yield from settled()
    document.setActiveNode(layer)
    yield from until(lambda: document.activeNode() == layer, "the map selected")
    before, was, last = state(document), pixels(layer), step()
    panel()._original.look()  # the docker may have seen the new layer selected, and follows the photograph again
    panel()._controls.take_original("negative")
    yield from settled()
    error = yield from press("Show Uncertainty")
    panel()._controls.take_original("print")
    result["once"] = [node.name() for node in document.rootNode().childNodes()]
    result["other"] = pixels(document.rootNode().childNodes()[1]) != was
    result["selected_instead"] = document.activeNode().name()
    yield from undo()
    yield from undo()
    result["undone_twice"] = state(document) == before and step() == last
    own.remove()
    return error


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
    use("Color Like…")
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
    use("Color Like…")
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
    """An object shown by clicks and corrected, in a suggested color and in Krita's own; then selected, and found in a
    selection; then shown by a box, with its color from the one before."""
    document, source = yield from opened(*U16)
    before = state(document)
    panel().parentWidget().setVisible(True)
    panel().parentWidget().raise_()
    panel().findChild(QCheckBox).setChecked(True)
    status = panel()._preview._status
    yield from until(lambda: status.text().startswith("Colored by"), "a preview")
    use("Recolor Object…")
    yield from until(lambda: dialog("Recolor"), "the dialog")
    shown = dialog("Recolor")
    view = shown._view
    QTest.mouseClick(view, Qt.LeftButton, pos=at(view, 0.5, 0.5))
    yield from until(lambda: button("Apply", shown).isEnabled(), "an object")
    result = yield from corrected(shown, view)
    swatches = [each for each in shown.findChildren(QToolButton) if each.toolTip().endswith(" %")]
    result["suggestions"] = [each.toolTip() for each in swatches]
    swatches[-1].click()
    yield from still(shown)
    shown.grab().save(str(OUT / "krita-recolor.png"))
    button("Krita's foreground color", shown).click()
    yield from still(shown)
    button("Select the object", shown).click()
    selection = document.selection()
    result["selection"] = sum(value > 127 for (value,) in selection.pixelData(0, 0, 240, 160)) / (240 * 160)
    document.setSelection(None)
    button("Apply", shown).click()
    result["error"] = yield from ended()
    layer = document.activeNode()
    alpha = pixels(layer)[7::8]
    result["layer"] = layer.name()
    result["share"] = sum(value > 127 for value in alpha) / (240 * 160)
    result["boxed"] = yield from boxed(document, source)
    yield from undo()
    yield from undo()
    result["undone"] = state(document) == before
    document.setActiveNode(source)
    chosen = Selection()
    chosen.select(60, 40, 100, 80, 255)
    document.setSelection(chosen)
    yield from settled()
    use("Recolor Object…")
    yield from until(lambda: dialog("Recolor") and button("Apply", dialog("Recolor")).isEnabled(), "the selection")
    button("Apply", dialog("Recolor")).click()
    result["error"] += yield from ended()
    result["selected"] = [document.activeNode().name(), [child.type() for child in document.activeNode().childNodes()]]
    panel().findChild(QCheckBox).setChecked(False)
    return result


def corrected(shown, view):
    """The object made larger, then smaller by a right click at its upper end, which is taken back."""
    masks = [shown._mask]
    for correct in (
        lambda: button("Larger", shown).click(),
        lambda: QTest.mouseClick(view, Qt.RightButton, pos=at(view, 0.5, 0.1)),
        lambda: button("Undo click", shown).click(),
    ):
        correct()
        yield from until(lambda: shown._mask is not masks[-1], "a corrected object")
        masks.append(shown._mask)
    sky = [each.pixelColor(each.width() // 2, each.height() // 10).alpha() for each in masks]
    return {"shares": [share_of(each) for each in masks], "sky": sky, "clicks": len(shown._prompt.clicks)}


def boxed(document, source):
    """Another object, in a box, with the color of the one before; then one picked from the picture."""
    document.setActiveNode(source)
    yield from settled()
    use("Recolor Object…")
    yield from until(lambda: dialog("Recolor"), "the dialog")
    shown = dialog("Recolor")
    view = shown._view
    QTest.mousePress(view, Qt.LeftButton, pos=at(view, 0.2, 0.3))
    QTest.mouseMove(view, at(view, 0.5, 0.5))
    QTest.mouseRelease(view, Qt.LeftButton, pos=at(view, 0.6, 0.9))
    yield from until(lambda: button("Apply", shown).isEnabled(), "an object")
    mask = shown._mask
    outside = [mask.pixelColor(mask.width() * x // 20, mask.height() // 10).alpha() for x in range(20)]
    used = [each for each in shown.findChildren(QToolButton) if each.toolTip() == "Used in this image"]
    used[0].click()
    color = shown.color
    button("Pick from the picture", shown).click()
    QTest.mouseClick(view, Qt.LeftButton, pos=at(view, 0.1, 0.1))
    yield from still(shown)
    shown.grab().save(str(OUT / "krita-recolor-boxed.png"))
    result = {"outside": max(outside), "used": len(used), "color": color, "picked": shown.color}
    button("Apply", shown).click()
    result["error"] = yield from ended()
    return result


def at(view, x, y):
    """The place in a view of a place in its picture."""
    place = view._place()
    return QPoint(place.x() + round(x * place.width()), place.y() + round(y * place.height()))


def share_of(mask):
    """How much of a `QImage` is opaque."""
    width, height = mask.width(), mask.height()
    return sum(mask.pixelColor(x, y).alpha() > 127 for x in range(width) for y in range(height)) / (width * height)


CASES = [
    ("variants", variants),
    ("doubt", doubt),
    ("like", like),
    ("recolor", recolor),
]
