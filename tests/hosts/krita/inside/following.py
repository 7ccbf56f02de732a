"""The cases of colors that follow the photograph, and of what the docker says about it before."""

from common import (
    GRAY,
    OUT,
    SRGB,
    U16,
    application,
    at_work,
    box,
    button,
    colorize,
    ended,
    opened,
    panel,
    pixels,
    press,
    redo,
    samples,
    saved_and_opened,
    seen,
    settled,
    state,
    step,
    undo,
    until,
)
from krita import Selection
from PyQt5.QtCore import QByteArray

LAB = {"lab_u8": "U8", "lab_u16": "U16", "lab_float": "F32"}
BYTES = {"U8": 1, "U16": 2, "F32": 4}


def in_lab(name):
    """A document in Lab: colored, undone, done again, retouched, two variants, saved."""
    document, _ = yield from opened("RGBA", "U8", SRGB)
    document.setColorSpace("LABA", LAB[name], application.profiles("LABA", LAB[name])[0])
    yield from settled()
    document.setActiveNode(document.rootNode().childNodes()[0])
    yield from settled()
    before = state(document)
    result = {"before": seen(document, f"{name}-before")}
    result["error"] = yield from colorize(document)
    made = document.activeNode()
    result["layer"] = [made.name(), made.type(), made.blendingMode(), switched_off(made)]
    result["after"] = seen(document, f"{name}-after")
    done = state(document)
    yield from undo()
    result["undone"] = state(document) == before
    yield from redo()
    result["redone"] = state(document) == done
    result["redone_picture"] = seen(document, f"{name}-redone")
    document.setActiveNode(document.rootNode().childNodes()[0])
    yield from settled()
    result["remarks"] = yield from said("follow your retouching")
    burn(document, document.rootNode().childNodes()[0])
    result["burned"] = seen(document, f"{name}-burned")
    result["offered"] = panel()._target._refresh.isVisibleTo(panel())
    document.rootNode().childNodes()[1].setVisible(False)
    document.refreshProjection()
    result["burned_alone"] = seen(document, f"{name}-burned-alone")
    document.rootNode().childNodes()[1].setVisible(True)
    document = yield from saved_and_opened(document, str(OUT / f"{name}.kra"))
    result["kept"] = switched_off(document.rootNode().childNodes()[1])
    result["opened"] = seen(document, f"{name}-opened")
    return result


def lab_variants(name):
    """Two colorings in one group: colors alone need what is below it."""
    document, _ = yield from opened("RGBA", "U8", SRGB)
    panel()._layer._choices.chosen.emit("lab")
    settings = panel()._controls.settings
    wishes = [settings, settings._replace(chroma=0.5)]
    panel()._commands.on_photograph(lambda target: panel()._commands.color(target, wishes))
    yield from until(box, "the question")
    result = {"question": f"{box().text()}\n{box().informativeText()}"}
    before = state(document)
    button("Cancel", box()).click()
    yield from settled()
    result["untouched_by_cancel"] = state(document) == before and not at_work()
    panel()._commands.on_photograph(lambda target: panel()._commands.color(target, wishes))
    result["error"] = yield from ended("Convert to Lab 16 Bit")
    result["space"] = state(document)["space"]
    result["after"] = seen(document, f"{name}-after")
    document.rootNode().childNodes()[-1].setVisible(False)
    document.refreshProjection()
    result["before"] = seen(document, f"{name}-before")
    document.rootNode().childNodes()[-1].setVisible(True)
    panel()._layer._choices.chosen.emit("exact")
    # Converted back, Krita forgets the switch: said, and refreshed.
    document.setColorSpace(*U16)
    yield from settled()
    result["converted"] = yield from said("no longer in Lab")
    result["error"] += yield from press("Refresh Colors")
    yield from said("no longer in Lab", gone=True)
    result["refreshed"] = seen(document, f"{name}-refreshed")
    return result


def gray_to_lab(name):
    document, _ = yield from opened("GRAYA", "U8", GRAY)
    result = {"before": seen(document, f"{name}-before")}
    before = state(document)
    result["error"] = yield from colorize(document, "Convert to Lab 16 Bit")
    result["space"] = state(document)["space"]
    result["layer"] = switched_off(document.activeNode())
    result["after"] = seen(document, f"{name}-after")
    yield from undo()
    yield from undo()
    result["undone_twice"] = state(document) == before
    return result


def mode_color(name):
    """In RGB, mode Color: follows the burning, nearly."""
    document, source = yield from opened(*U16)
    panel()._layer._choices.chosen.emit("color")
    last = step()
    result = {"before": seen(document, f"{name}-before"), "error": (yield from colorize(document))}
    panel()._layer._choices.chosen.emit("exact")
    result["mode"] = document.activeNode().blendingMode()
    burn(document, source)
    result["after"] = seen(document, f"{name}-after")
    document.activeNode().setVisible(False)
    document.refreshProjection()
    result["burned"] = seen(document, f"{name}-burned")
    yield from undo()
    result["undone"] = step() == last and len(document.rootNode().childNodes()) == 1
    return result


def stale(name):
    """In RGB the docker notices that the photograph was burned, and refreshes the layer and its mask."""
    document, source = yield from opened(*U16)
    chosen = Selection()
    chosen.select(0, 0, 200, 160, 255)
    document.setSelection(chosen)
    yield from settled()
    result = {"error": (yield from colorize(document))}
    made = document.activeNode()
    made.setOpacity(200)
    result["fresh"] = yield from said("Photograph")
    document.setSelection(None)
    burn(document, source)
    result["stale"] = yield from said("has changed since")
    before, last = state(document), step()
    result["before"] = seen(document, f"{name}-before")
    result["error"] += yield from press("Refresh Colors")
    yield from said("has changed since", gone=True)
    nodes = document.rootNode().childNodes()
    result["layers"] = [[each.name(), each.opacity(), len(each.childNodes())] for each in nodes]
    result["after"] = seen(document, f"{name}-after")
    for node in nodes[1:]:
        node.setOpacity(255)
        for child in node.childNodes():
            child.setVisible(False)
    document.refreshProjection()
    result["opaque"] = seen(document, f"{name}-opaque")
    nodes[1].setVisible(False)
    document.refreshProjection()
    result["burned"] = seen(document, f"{name}-burned")
    for node in nodes[1:]:
        node.setOpacity(200)
        node.setVisible(True)
        for child in node.childNodes():
            child.setVisible(True)
    yield from undo()
    yield from undo()
    result["undone_twice"] = state(document) == before
    result["all_undone"] = step() == last
    return result


def moved(_name):
    """The photograph is cropped, turned or moved while it is colored."""
    said = {}
    for what in ("cropped", "turned", "mirrored", "moved", "burned"):
        document, node = yield from opened(*U16)
        application.action("photochrom_colorize").trigger()
        for _look in range(6000):  # more often than `until` looks: a small layer is soon done
            if panel()._bar.value() >= 200:
                break
            yield 0.01
        if what == "cropped":
            document.crop(20, 10, 200, 140)
        elif what == "turned":
            document.rotateImage(3.141592653589793)
        elif what == "mirrored":
            data = bytes(node.pixelData(0, 0, 240, 160))
            flipped = b"".join(data[row * 1920 :][:1920] for row in reversed(range(160)))
            node.setPixelData(QByteArray(flipped), 0, 0, 240, 160)
        elif what == "moved":
            node.move(7, 5)
        else:
            burn(document, node)
        document.waitForDone()
        error = yield from ended()
        said[what] = [error, len(document.rootNode().childNodes())]
        if what == "burned":
            said["told"] = yield from _told("has changed since")
        document.setModified(False)
        document.close()
        yield from settled()
    return said


def told_before(_name):
    """What the docker says about what is selected, and what is refused."""
    document, node = yield from opened(*U16)
    result = {"plain": (yield from said("Photograph"))}
    chosen = Selection()
    chosen.select(10, 10, 50, 50, 255)
    document.setSelection(chosen)
    result["selection"] = yield from said("mask")
    document.setSelection(None)
    node.setVisible(False)
    result["hidden"] = yield from said("is hidden")
    node.setVisible(True)
    green = (0x1000).to_bytes(2, "little") + (0xA000).to_bytes(2, "little") + (0x1000).to_bytes(2, "little")
    node.setPixelData(QByteArray((green + b"\xff\xff") * (120 * 160)), 0, 0, 120, 160)
    document.refreshProjection()
    result["color"] = yield from said("in color already")
    node.setPixelData(samples(*U16), 0, 0, 240, 160)
    document.resizeImage(0, 0, 400, 160)
    chosen = Selection()
    chosen.select(300, 10, 50, 50, 255)
    document.setSelection(chosen)
    result["beside"] = yield from said("beside")
    result["refused_beside"] = yield from colorize(document)
    document.setSelection(None)
    node.move(500, 0)
    document.refreshProjection()
    result["outside"] = yield from said("outside")
    result["refused_outside"] = yield from colorize(document)
    node.move(0, 0)
    node.enableAnimation()
    result["animated"] = yield from said("animated")
    result["layers"] = len(document.rootNode().childNodes())
    return result


def other_layers(name):
    """Clone layers and masks."""
    document, node = yield from opened(*U16)
    clone = document.createCloneLayer("Clone", node)
    document.rootNode().addChildNode(clone, node)
    yield from settled()
    document.setActiveNode(clone)
    yield from settled()
    result = {"before": seen(document, f"{name}-before"), "error": (yield from colorize(document))}
    result["after"] = seen(document, f"{name}-after")
    result["order"] = [each.name() for each in document.rootNode().childNodes()]
    return result


def first_hint(_name):
    """Paint Here First adds to the selection, whose outline is drawn, and says what to do."""
    document, _ = yield from opened(*U16)
    chosen = Selection()
    chosen.select(0, 0, 30, 30, 255)
    document.setSelection(chosen)
    yield from settled()
    told = []
    panel()._commands.told.connect(told.append)
    error = yield from press("Paint Here First")
    panel()._commands.told.disconnect(told.append)
    yield 0.5
    application.activeWindow().qwindow().grab().save(str(OUT / "krita-paint-first.png"))
    selection = document.selection()
    data = bytes(selection.pixelData(0, 0, 240, 160))
    return {
        "error": error,
        "told": told,
        "kept": data[10 * 240 + 10],
        "share": sum(each > 127 for each in data) / len(data),
    }


def switched_off(node):
    return [channel.name() for channel in node.channels() if not channel.visible()]


def burn(document, node):
    """All of a layer's pixels darker by a fifth, as a script does it."""
    import array

    kind = {"U8": "B", "U16": "H", "F32": "f"}[node.colorDepth()]
    values = array.array(kind, pixels(node))
    for channel in range(1 if node.colorModel() == "LABA" else 3):
        darker = (0.8 * value for value in values[channel::4])
        values[channel::4] = array.array(kind, darker if kind == "f" else map(round, darker))
    node.setPixelData(QByteArray(values.tobytes()), *node.bounds().getRect())
    document.refreshProjection()
    document.waitForDone()


def said(words, gone=False):
    """The docker's lines once they hold these words, or no longer."""
    panel().parentWidget().setVisible(True)
    panel().parentWidget().raise_()
    return (yield from _told(words, gone))


def _told(words, gone=False):
    target = panel()._target

    def lines():
        return f"{target._text.text()} {target._stale.text()}"

    yield from until(lambda: (words in lines()) != gone, f"“{words}” in the docker")
    return lines()


CASES = [
    *((name, in_lab) for name in LAB),
    ("lab_variants", lab_variants),
    ("gray_to_lab", gray_to_lab),
    ("mode_color", mode_color),
    ("stale", stale),
    ("moved", moved),
    ("told_before", told_before),
    ("other_layers", other_layers),
    ("first_hint", first_hint),
]
