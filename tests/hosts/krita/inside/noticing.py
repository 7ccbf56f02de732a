"""The case of a scanned negative, which the docker's preview notices."""

import array

from common import (
    OUT,
    SRGB,
    U16,
    application,
    button,
    colorize,
    cut_off,
    docker_with_room,
    on_a_small_screen,
    opened,
    panel,
    preview_rests,
    seen,
    settled,
    still,
    undo,
    until,
)
from PyQt5.QtCore import QByteArray
from PyQt5.QtWidgets import QCheckBox

RIGHT = "Colors of the positive"


def negative(name):
    """The colors of a photograph, then of its negative, set right by the button; retouched; another photograph."""
    document, _ = yield from opened("RGBA", "U8", SRGB, size=(512, 394))
    document.setColorSpace("LABA", "U16", application.profiles("LABA", "U16")[0])
    yield from settled()
    (node,) = document.rootNode().childNodes()
    document.setActiveNode(node)
    yield from settled()
    result = {"errors": [(yield from colorize(document))], "positive": seen(document, f"{name}-positive")}
    yield from undo()
    document.setActiveNode(node)
    change_lightness(document, node, lambda value: 65535 - value)
    result["before"] = seen(document, f"{name}-before")
    window = yield from docker_with_room()
    yield from on_a_small_screen(window)
    yield from until(lambda: button(RIGHT), "the button that sets it right")
    yield from until(preview_rests, "the preview")
    yield from still(window)
    window.grab().save(str(OUT / "krita-negative.png"))
    result["words"], result["cut off"] = panel()._preview._noticed._words.text(), cut_off(panel())
    button(RIGHT).click()
    yield from until(lambda: button(RIGHT) is None, "nothing left to set right")
    yield from until(preview_rests, "the preview of it")
    yield from still(window)
    window.grab().save(str(OUT / "krita-negative-right.png"))
    result["errors"].append((yield from colorize(document)))
    result["after"] = seen(document, f"{name}-after")
    view = panel()._preview.view
    shown = view._before.copy()
    change_lightness(document, node, lambda value: value * 4 // 5)
    yield from until(lambda: view._before != shown and preview_rests(), "the preview of what was retouched")
    result["retouched"] = panel()._controls.settings.original
    yield from opened(*U16, size=(512, 394))
    yield from until(lambda: panel()._controls.settings.original != result["retouched"], "another photograph's")
    yield from until(preview_rests, "its preview")
    result["another"] = [panel()._controls.settings.original, button(RIGHT) is None]
    panel().findChild(QCheckBox).setChecked(False)
    return result


def change_lightness(document, node, changed):
    """Sets L* of a layer in 16-bit Lab to `changed` of it, both 0…65535."""
    bounds = node.bounds().getRect()
    values = array.array("H", bytes(node.pixelData(*bounds)))
    values[::4] = array.array("H", map(changed, values[::4]))
    node.setPixelData(QByteArray(values.tobytes()), *bounds)
    document.refreshProjection()
    document.waitForDone()


CASES = [("negative", negative)]
