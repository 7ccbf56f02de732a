"""The cases of hints: painted, erased, moved, saved."""

from common import (
    GRAY,
    GREEN,
    MAGENTA,
    OUT,
    U16,
    box,
    button,
    colorize,
    ended,
    mean,
    opened,
    paint,
    panel,
    pixels,
    press,
    preview_rests,
    saved_and_opened,
    seen,
    settled,
    state,
    until,
    use,
)
from PyQt5.QtCore import QByteArray
from PyQt5.QtWidgets import QCheckBox


def hints(name):
    """Created by the button, painted on, shown in the preview, used by Colorize; the source is unchanged."""
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
    result["kept"] = [layer.visible(), document.activeNode() == layer]
    result["order"] = [node.name() for node in document.rootNode().childNodes()]
    layer.setVisible(False)
    document.refreshProjection()
    result["before"] = before["layers"][0] == state(document)["layers"][0]
    result["after"] = seen(document, f"{name}-after")
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


def hints_kept(name):
    """More paint refreshes the colors; it is erased, moved, and read back from a file."""
    document, _ = yield from opened(*U16)
    result = {"error": (yield from press("Hints Layer"))}
    layer = document.activeNode()
    paint(layer, MAGENTA, 20, 20, 60, 60)
    result["error"] += yield from colorize(document)
    first = colors(document)
    paint(layer, GREEN, 170, 100, 40, 40)
    document.refreshProjection()
    result["error"] += yield from colorize(document)
    result["order"] = [node.name() for node in document.rootNode().childNodes()]
    result["changed"] = colors(document) != first
    layer.setPixelData(QByteArray(bytes(8 * 1600)), 170, 100, 40, 40)
    document.refreshProjection()
    result["error"] += yield from colorize(document)
    result["erased"] = colors(document) == first
    document = yield from saved_and_opened(document, str(OUT / "hints.kra"))
    layer = document.nodeByName("Photochrom hints")
    document.setActiveNode(layer)
    yield from settled()
    result["error"] += yield from press("Run Again")
    result["same"] = colors(document) == first
    layer.move(100, 60)
    result["error"] += yield from colorize(document)
    layer.setVisible(False)
    document.refreshProjection()
    result["moved"] = seen(document, f"{name}-moved")
    return result


def colors(document):
    """The pixels of the layer above the photograph."""
    return pixels(document.rootNode().childNodes()[1])


def gray_hints(_name):
    """A gray document cannot hold their color."""
    document, _ = yield from opened("GRAYA", "U8", GRAY)
    use("Hints Layer")
    yield from until(box, "the question")
    question = f"{box().text()}\n{box().informativeText()}"
    button("Convert to RGB", box()).click()
    error = yield from ended()
    return {
        "question": question,
        "error": error,
        "model": document.colorModel(),
        "active": document.activeNode().name(),
    }


CASES = [("hints", hints), ("hints_kept", hints_kept), ("gray_hints", gray_hints)]
