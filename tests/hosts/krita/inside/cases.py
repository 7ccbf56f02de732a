"""All cases of test_krita.py, one after the other in one Krita; each tells in a file of its own what came of it."""

import json
import os
import signal
import time
import traceback
from pathlib import Path

from common import (
    LINEAR,
    OUT,
    SRGB,
    application,
    at_work,
    box,
    button,
    closed,
    coded,
    colorize,
    docker_with_room,
    ended,
    engine,
    opened,
    panel,
    redo,
    saved_and_opened,
    seen,
    settled,
    state,
    still,
    tell,
    undo,
    until,
)
from krita import Selection
from PyQt5.QtCore import QByteArray, Qt
from PyQt5.QtTest import QTest
from PyQt5.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QMenu, QSlider
from retouching import CASES as RETOUCHING

GRAY, LINEAR_GRAY = "Gray-D50-elle-V2-srgbtrc.icc", "Gray-D50-elle-V2-g10.icc"
SPACES = {
    "u8": ("RGBA", "U8", SRGB),
    "u16": ("RGBA", "U16", SRGB),
    "u16_linear": ("RGBA", "U16", LINEAR),
    "float": ("RGBA", "F32", SRGB),
    "float_linear": ("RGBA", "F32", LINEAR),
    "wide": ("RGBA", "F32", "Rec2020-elle-V4-g10.icc"),
}
GRAYS = {"gray_u8": ("GRAYA", "U8", GRAY), "gray_u16_linear": ("GRAYA", "U16", LINEAR_GRAY)}


def main():
    yield from settled()
    panel().findChild(QCheckBox).setChecked(False)  # no case but its own needs the preview's work
    for name, case in CASES:
        began = time.monotonic()
        try:
            result = yield from case(name)
        except Exception:
            result = {"traceback": traceback.format_exc()}
        tell(name, {**result, "seconds": time.monotonic() - began})
        if box() is not None:
            box().close()
        for document in application.documents():
            closed(document)
        yield from settled()


def space(name):
    """Colored, undone, done again."""
    document, _ = yield from opened(*SPACES[name])
    before = state(document)
    result = {"before": seen(document, f"{name}-before")}
    result["error"] = yield from colorize(document)
    result["after"] = seen(document, f"{name}-after")
    done = state(document)
    result["layers"] = [layer[0] for layer in done["layers"]]
    result["modes"] = [layer[2] for layer in done["layers"]]
    result["active"] = document.activeNode().name()
    result["source_untouched"] = done["layers"][0] == before["layers"][0]
    yield from undo()
    result["undone"] = state(document) == before
    yield from redo()
    result["redone"] = state(document) == done
    result["redone_picture"] = seen(document, f"{name}-redone")
    return result


def gray(name):
    document, _ = yield from opened(*GRAYS[name])
    before = state(document)
    result = {"before": seen(document, f"{name}-before")}
    application.action("photochrom_colorize").trigger()
    yield from until(box, "the question")
    result["question"] = f"{box().text()}\n{box().informativeText()}"
    button("Cancel", box()).click()
    yield from settled()
    result["untouched_by_cancel"] = state(document) == before and not at_work()
    result["error"] = yield from colorize(document, "Convert and Colorize")
    result["after"] = seen(document, f"{name}-after")
    yield from undo()
    result["undone_once"] = state(document)["space"], len(state(document)["layers"])
    yield from undo()
    result["undone_twice"] = state(document) == before
    return result


def selection(name):
    document, _ = yield from opened(*SPACES["u8"])
    chosen = Selection()
    chosen.select(40, 30, 100, 80, 255)
    document.setSelection(chosen)
    yield from settled()
    before = state(document)
    result = {"before": seen(document, f"{name}-before")}
    result["error"] = yield from colorize(document)
    result["after"] = seen(document, f"{name}-after")
    result["masks"] = [child.type() for child in document.activeNode().childNodes()]
    yield from undo()
    result["undone"] = state(document) == before
    yield from redo()
    chosen = Selection()
    chosen.select(0, 0, 10, 10, 255)
    document.setSelection(chosen)
    yield from settled()
    result["redone_picture"] = seen(document, f"{name}-redone")
    return result


def offset(name):
    """A layer that begins outside the canvas, half transparent."""
    document, node = yield from opened(*SPACES["u16"], offset=(-30, 50), document_size=(300, 260), alpha=0.5)
    result = {"before": seen(document, f"{name}-before"), "source": list(node.bounds().getRect())}
    alpha = bytes(node.pixelData(*node.bounds().getRect()))[6::8]
    result["error"] = yield from colorize(document)
    layer = document.activeNode()
    result["layer"] = list(layer.bounds().getRect())
    result["same_alpha"] = bytes(layer.pixelData(*layer.bounds().getRect()))[6::8] == alpha
    node.setVisible(False)
    document.refreshProjection()
    result["after"] = seen(document, f"{name}-after")
    return result


def masked(name):
    """A transparency mask of the photograph's own holds for its colors too."""
    document, node = yield from opened(*SPACES["u8"])
    half = Selection()
    half.select(0, 0, 120, 160, 255)
    mask = document.createTransparencyMask("Half")
    mask.setSelection(half)
    node.addChildNode(mask, None)
    yield from settled()
    document.setActiveNode(node)
    yield from settled()
    result = {"before": seen(document, f"{name}-before")}
    result["error"] = yield from colorize(document)
    result["after"] = seen(document, f"{name}-after")
    return result


def refused(name):
    """What cannot be colored, and what is said about it."""
    document, node = yield from opened(*SPACES["u8"])
    said = {}
    for what in ("group", "mask", "empty", "fill"):
        if what == "group":
            other = document.createGroupLayer("Group")
        elif what == "mask":
            other = document.createTransparencyMask("Mask")
        elif what == "empty":
            other = document.createNode("Empty", "paintlayer")
        else:
            other = document.createNode("Vectors", "vectorlayer")
        (node if what == "mask" else document.rootNode()).addChildNode(other, None if what == "mask" else node)
        yield from settled()
        document.setActiveNode(other)
        yield from settled()
        before = state(document)
        said[what] = yield from colorize(document)
        assert state(document) == before, what
    closed(document)
    yield from settled()
    said["nothing"] = yield from colorize(None)
    cmyk = application.createDocument(40, 30, "cmyk", "CMYKA", "U8", application.profiles("CMYKA", "U8")[0], 72.0)
    application.activeWindow().addView(cmyk)
    yield from settled()
    cmyk.setActiveNode(cmyk.rootNode().childNodes()[0])
    yield from settled()
    said["cmyk"] = yield from colorize(cmyk)
    return {"said": said}


def again(name):
    """The settings that made a layer are in the saved document, and are used again."""
    document, _ = yield from opened(*SPACES["u16"])
    sliders = panel()._controls.findChildren(QSlider)
    sliders[0].setValue(60)
    sliders[1].setValue(25)
    sliders[4].setValue(20)
    choose_style("calm")
    yield from settled()
    result = {"error": (yield from colorize(document))}
    result["first"] = seen(document, f"{name}-first")
    document = yield from saved_and_opened(document, str(OUT / "again.kra"))
    document.setActiveNode(document.rootNode().childNodes()[-1])
    yield from settled()
    button("Reset").click()
    yield from settled()
    button("Run Again").click()
    result["error"] += yield from ended()
    result["second"] = seen(document, f"{name}-second")
    values = [slider.value() for slider in (*sliders[:2], sliders[4])]
    result["shown"] = [*values, panel()._controls._styles.currentText()]
    result["saved"] = json.loads(application.readSetting("photochrom", "settings", ""))
    nodes = document.rootNode().childNodes()
    result["layers"] = [node.name() for node in nodes]
    result["same"] = bytes(nodes[-1].pixelData(0, 0, 240, 160)) == bytes(nodes[-2].pixelData(0, 0, 240, 160))
    document.setActiveNode(nodes[0])
    yield from settled()
    button("Run Again").click()
    result["of_the_photograph"] = yield from ended()
    button("Reset").click()
    yield from settled()
    return result


def not_installed(name):
    """No engine runs, and nothing says where it is."""
    command = Path(os.environ["HOME"], ".local/share/krita/pykrita/photochrom/engine-command.json")
    aside = command.rename(OUT / "aside.json")
    try:
        document, _ = yield from opened(*SPACES["u8"])
        before = state(document)
        error = yield from colorize(document)
        return {"error": error, "unchanged": state(document) == before, "engine": engine()}
    finally:
        aside.rename(command)


def killed(name):
    """The engine is killed in the middle; the next try starts it anew."""
    document, _ = yield from opened(*SPACES["u8"], size=(1600, 1200))
    before = state(document)
    longest, last, ticks = 0.0, time.monotonic(), 0
    application.action("photochrom_colorize").trigger()
    began = time.monotonic()
    # The loop of the windows turns all the while: how long it stood still at most is measured here.
    bar = panel().findChild(type(panel()._bar))
    while bar.value() < 550 and box() is None:
        now = time.monotonic()
        longest, last, ticks = max(longest, now - last), now, ticks + 1
        assert now - began < 600, "it never got there"
        yield 0.01
    os.kill(engine()["pid"], signal.SIGKILL)
    error = yield from ended()
    unchanged = state(document) == before
    return {
        "error": error,
        "unchanged": unchanged,
        "longest_pause": longest,
        "turns": ticks,
        "error_of_next": (yield from colorize(document)),
        "layers_after_next": len(document.rootNode().childNodes()),
    }


def cancelled(name):
    document, _ = yield from opened(*SPACES["u8"], size=(1600, 1200))
    before = state(document)
    result = {}
    for when, value in (("reading", 50), ("engine", 300), ("strips", 700)):
        application.action("photochrom_colorize").trigger()
        yield from until(lambda value=value: panel()._bar.value() >= value, when)
        button("Cancel").click()
        yield from until(lambda: not at_work(), "the end")
        yield from settled()
        result[when] = [state(document) == before, box() and box().text()]
    result["documents"] = len(application.documents())
    return result


def preview(name):
    """The docker as a user sees it."""
    document, _ = yield from opened(*SPACES["u16_linear"], size=(720, 480))
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
    window.grab().save(str(OUT / "krita-docker.png"))
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


def with_hints(document):
    """Two strokes on the hints layer, and the preview that follows them."""
    button("Hints Layer").click()
    yield from ended()
    layer = document.activeNode()
    for color, place in (
        ((0x5000, 0x9000, 0xE000), (160, 40, 120, 14)),
        ((0xA000, 0x2800, 0x2000), (560, 200, 14, 70)),
    ):
        pixel = b"".join(round(coded(value / 65535, LINEAR) * 65535).to_bytes(2, "little") for value in color[::-1])
        layer.setPixelData(QByteArray((pixel + b"\xff\xff") * (place[2] * place[3])), *place)
    document.refreshProjection()
    yield from until(lambda: panel()._preview._source._guidance.hints, "the hints sent")
    yield 3


def offers():
    """The list of what is not installed, and what is asked before one is fetched."""
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


def choose_style(name):
    """As a click on its row in the docker."""
    styles = panel()._controls._styles
    styles.setCurrentIndex(styles.findData(name))
    styles.activated.emit(styles.currentIndex())


def calmed(window):
    """How much calm colors change the preview, which is as it was in the end."""
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


def menu(_name):
    """Where the action is, and what its file says of it."""
    yield 0
    action = application.action("photochrom_colorize")
    menus = [widget.title() for widget in action.associatedWidgets() if isinstance(widget, QMenu)]
    return {"text": action.text(), "tool_tip": action.toolTip(), "menus": menus}


CASES = [
    ("menu", menu),
    ("not_installed", not_installed),
    *((name, space) for name in SPACES),
    *((name, gray) for name in GRAYS),
    ("selection", selection),
    ("offset", offset),
    ("masked", masked),
    ("refused", refused),
    ("again", again),
    ("killed", killed),
    ("cancelled", cancelled),
    ("preview", preview),
    *RETOUCHING,
]

if os.environ.get("PHOTOCHROM_ONLY"):
    CASES = [case for case in CASES if case[0] in os.environ["PHOTOCHROM_ONLY"].split(",")]
