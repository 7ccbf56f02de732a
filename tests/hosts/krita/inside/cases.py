"""The cases of one test file, one after the other in one Krita; each writes its outcome into a file of its own."""

import json
import os
import signal
import time
import traceback
from pathlib import Path

from common import (
    GRAY,
    LINEAR,
    OUT,
    SRGB,
    application,
    at_work,
    box,
    button,
    choose_style,
    chosen,
    close_all,
    closed,
    colorize,
    ended,
    engine,
    opened,
    panel,
    redo,
    saved_and_opened,
    seen,
    settled,
    state,
    step,
    tell,
    undo,
    until,
)
from following import CASES as FOLLOWING
from hinting import CASES as HINTING
from krita import Selection
from noticing import CASES as NOTICING
from previewing import CASES as PREVIEWING
from PyQt5.QtWidgets import QCheckBox, QMenu, QSlider
from reading import CASES as READING
from results import CASES as RESULTS
from retouching import CASES as RETOUCHING

LINEAR_GRAY = "Gray-D50-elle-V2-g10.icc"
SPACES = {
    "u8": ("RGBA", "U8", SRGB),
    "u16": ("RGBA", "U16", SRGB),
    "u16_linear": ("RGBA", "U16", LINEAR),
    "u16_wide": ("RGBA", "U16", "Rec2020-elle-V4-g10.icc"),
    "float": ("RGBA", "F32", SRGB),
    "float_linear": ("RGBA", "F32", LINEAR),
    "wide": ("RGBA", "F32", "Rec2020-elle-V4-g10.icc"),
}
GRAYS = {"gray_u8": ("GRAYA", "U8", GRAY), "gray_u16_linear": ("GRAYA", "U16", LINEAR_GRAY)}


def main():
    yield from settled()
    panel().findChild(QCheckBox).setChecked(False)  # no case but its own needs the preview's work
    for name, case in chosen(CASES[os.environ["PHOTOCHROM_CASES"]]):
        began = time.monotonic()
        try:
            result = yield from case(name)
        except Exception:
            result = {"traceback": traceback.format_exc()}
        tell(name, {**result, "seconds": time.monotonic() - began})
        if box() is not None:
            box().close()
        close_all()
        yield from settled()


def space(name):
    """Colored, undone, done again."""
    document, _ = yield from opened(*SPACES[name])
    before, last = state(document), step()
    result = {"before": seen(document, f"{name}-before")}
    result["error"] = yield from colorize(document)
    result["after"] = seen(document, f"{name}-after")
    done = state(document)
    result["layers"] = [layer[0] for layer in done["layers"]]
    result["modes"] = [layer[2] for layer in done["layers"]]
    result["active"] = document.activeNode().name()
    result["source_untouched"] = done["layers"][0] == before["layers"][0]
    yield from undo()
    result["undone"] = state(document) == before and step() == last
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
    result["error"] = yield from colorize(document, "Convert to RGB")
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
    document.setActiveNode(mask)  # it stands for its layer
    yield from settled()
    result = {"before": seen(document, f"{name}-before")}
    result["error"] = yield from colorize(document)
    result["after"] = seen(document, f"{name}-after")
    return result


def refused(name):
    """Layers that cannot be colored, and their error messages."""
    document, node = yield from opened(*SPACES["u8"])
    said = {}
    for what in ("group", "empty", "fill"):
        if what == "group":
            other = document.createGroupLayer("Group")
        elif what == "empty":
            other = document.createNode("Empty", "paintlayer")
        else:
            other = document.createNode("Vectors", "vectorlayer")
        document.rootNode().addChildNode(other, node)
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
    """A layer's settings are in the saved document, and are used again."""
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
    """No engine is running, and its command is missing."""
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
    """The engine is killed during the job; the next attempt starts a new one."""
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
    document, _ = yield from opened(*SPACES["u8"], size=(3200, 2400))
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


def menu(_name):
    """The action's menu, and its text from the .action file."""
    yield 0
    action = application.action("photochrom_colorize")
    menus = [widget.title() for widget in action.associatedWidgets() if isinstance(widget, QMenu)]
    return {"text": action.text(), "tool_tip": action.toolTip(), "menus": menus}


CASES = {
    "krita": [
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
        *READING,
        *PREVIEWING,
    ],
    "following": FOLLOWING,
    "noticing": NOTICING,
    "retouching": [*HINTING, *RETOUCHING, *RESULTS],
}
"""By the name of their test file, without `test_`; PHOTOCHROM_CASES says which."""
