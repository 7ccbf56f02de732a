"""The cases of results that are kept: settings taken over from history, the tint, and one whole story."""

import json
import os
from array import array
from pathlib import Path

from common import (
    GREEN,
    MAGENTA,
    OUT,
    U16,
    application,
    at_work,
    button,
    closed,
    colorize,
    dialog,
    ended,
    mean,
    opened,
    paint,
    panel,
    pixels,
    press,
    redo,
    saved_and_opened,
    seen,
    settled,
    state,
    undo,
    until,
    use,
)
from PyQt5.QtCore import QByteArray
from PyQt5.QtWidgets import QApplication, QCheckBox, QMenu, QScrollArea, QSlider, QToolButton


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


def tint_box():
    return next(each for each in panel().findChildren(QCheckBox) if "tint" in each.text())


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
    result["error"] = yield from colorize(document, "Convert to RGB")
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
    painted.setVisible(False)
    document.refreshProjection()
    result["hinted"] = seen(document, f"{name}-hinted")
    result.update((yield from one_variant()))
    steps = 6  # the conversion, the colors, the hints, new colors and the old ones removed, the variant
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
    use("Variants…")
    yield from until(lambda: dialog("Variants"), "the dialog")
    shown = dialog("Variants")
    yield from until(lambda: "Choose" in shown._status.text() and shown.findChild(QToolButton, "1"), "answers")
    shown.findChild(QToolButton, "1").click()
    button("Insert", shown).click()
    error = yield from ended()
    assert not error, error
    return {"variant": application.activeDocument().activeNode().name()}


CASES = [
    ("history", history),
    ("sepia", sepia),
    ("story", story),
]
