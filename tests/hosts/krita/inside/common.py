"""What the scripts inside Krita share: documents made of the photograph, what is seen of them, the docker."""

import array
import json
import os
import time
from pathlib import Path

from krita import Krita
from PyQt5.QtCore import QByteArray, Qt
from PyQt5.QtGui import QColor, QImage
from PyQt5.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QDialog,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QSlider,
    QWidget,
)

OUT = Path(os.environ["PHOTOCHROM_OUT"])
PHOTOGRAPH = os.environ["PHOTOCHROM_PHOTOGRAPH"]
SRGB, LINEAR = "sRGB-elle-V2-srgbtrc.icc", "sRGB-elle-V2-g10.icc"
TYPE = {"U8": "B", "U16": "H", "F32": "f"}
FULL = {"U8": 255, "U16": 65535, "F32": 1.0}
CHANNELS = {"RGBA": 4, "GRAYA": 2, "LABA": 4}
SIZE = 240, 160
U16 = "RGBA", "U16", SRGB
GRAY = "Gray-D50-elle-V2-srgbtrc.icc"
MAGENTA, GREEN = (0xE000, 0x2000, 0xC000), (0x1000, 0xA000, 0x2000)

application = Krita.instance()


def gray(width, height):
    """The photograph as width · height values, 0…1, coded as sRGB."""
    picture = QImage(PHOTOGRAPH).scaled(width, height, transformMode=Qt.SmoothTransformation)
    data = picture.convertToFormat(QImage.Format_RGB888)
    bits = data.constBits()
    bits.setsize(data.bytesPerLine() * height)
    rows = bytes(bits)
    return [value / 255 for y in range(height) for value in rows[y * data.bytesPerLine() :][: 3 * width : 3]]


def coded(value, profile):
    if "-g10" not in profile:
        return value
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def samples(model, depth, profile, size=SIZE, alpha=1.0):
    """The photograph's pixels in that space, as Krita keeps them."""
    full = FULL[depth]
    table = {}
    values = array.array(TYPE[depth])
    opaque = full * alpha if depth == "F32" else round(full * alpha)
    for value in gray(*size):
        if value not in table:
            sample = coded(value, profile) * full
            table[value] = [sample if depth == "F32" else round(sample)] * (CHANNELS[model] - 1) + [opaque]
        values.extend(table[value])
    return QByteArray(values.tobytes())


def opened(model, depth, profile, size=SIZE, offset=(0, 0), document_size=None, alpha=1.0):
    """A document in front with the photograph as a layer, and that layer; yields until it is there."""
    document = application.createDocument(*(document_size or size), "photograph", model, depth, profile, 300.0)
    document.setBatchmode(True)
    for node in document.rootNode().childNodes():
        node.remove()
    node = document.createNode("Photograph", "paintlayer")
    node.setPixelData(samples(model, depth, profile, size, alpha), *offset, *size)
    document.rootNode().addChildNode(node, None)
    application.activeWindow().addView(document)
    application.setActiveDocument(document)
    document.waitForDone()
    yield from settled()
    document.setActiveNode(node)
    yield from until(lambda: document.activeNode() == node, "the layer selected")
    return document, node


def closed(document):
    document.setModified(False)
    document.close()


def close_all():
    """The user's documents. The plug-in's own one, in which it converts, is not the user's to close: Krita would
    crash."""
    for document in application.documents():
        if document.name() != "Photochrom":
            closed(document)


def seen(document, name):
    """Writes the whole picture's pixels, as they are stored, to NAME.raw; returns how."""
    document.waitForDone()
    width, height = document.width(), document.height()
    data = bytes(document.pixelData(0, 0, width, height))
    (OUT / f"{name}.raw").write_bytes(data)
    return {
        "file": f"{name}.raw",
        "width": width,
        "height": height,
        "model": document.colorModel(),
        "depth": document.colorDepth(),
        "profile": document.colorProfile(),
    }


def pixels(node):
    return bytes(node.pixelData(*node.bounds().getRect()))


def mean(picture, columns, rows):
    """Mean red, green, blue of a part (0…1) of a QImage."""
    xs = range(int(columns[0] * picture.width()), int(columns[1] * picture.width()), 2)
    ys = range(int(rows[0] * picture.height()), int(rows[1] * picture.height()), 2)
    found = [QColor(picture.pixel(x, y)).getRgb()[:3] for x in xs for y in ys]
    return [sum(channel) / len(found) for channel in zip(*found, strict=True)]


def paint(node, color, x, y, width, height):
    """What a brush of Krita's leaves on a 16-bit layer."""
    red, green, blue = color
    pixel = b"".join(value.to_bytes(2, "little") for value in (blue, green, red, 0xFFFF))
    node.setPixelData(QByteArray(pixel * (width * height)), x, y, width, height)


def state(document):
    """All that a user would see changed: the layers with their contents, and the color space."""

    def of(node):
        bounds = node.bounds()
        if node.type() == "selectionmask":  # Krita does not always know how far it goes
            return [node.name(), hash(bytes(document.selection().pixelData(0, 0, *SIZE)))]
        pixels = hash(bytes(node.pixelData(*bounds.getRect()))) if node.type() == "paintlayer" else 0
        return [
            *(node.name(), node.type(), node.blendingMode(), node.opacity(), node.visible()),
            *(list(bounds.getRect()), pixels, [of(child) for child in node.childNodes()]),
        ]

    return {
        "space": [document.colorModel(), document.colorDepth(), document.colorProfile()],
        "layers": [of(node) for node in document.rootNode().childNodes()],
    }


def panel():
    docker = next(each for each in application.activeWindow().dockers() if each.objectName() == "photochrom_docker")
    return docker.widget()


def docker_with_room():
    """Shows the docker large, with its preview; returns the window."""
    window = application.activeWindow().qwindow()
    window.resize(1380, 980)
    panel().findChild(QCheckBox).setChecked(True)
    for docker in application.activeWindow().dockers():
        if docker.objectName() in {"ColorSelectorNg", "PresetDocker", "sharedtooldocker"}:
            docker.setVisible(False)
    docker = panel().parentWidget()
    docker.setVisible(True)
    docker.raise_()
    yield from settled()
    window.resizeDocks([docker], [680], Qt.Vertical)
    return window


def on_a_small_screen(window):
    """Yields until Krita's window is as large as a small laptop's screen."""
    window.resize(1366, 768)
    yield from still(window)


def cut_off(inside):
    """The texts in a widget that do not fit where they are. A text that shortens itself counts where no tool tip has
    all of it."""
    found = []
    for each in inside.findChildren(QWidget):
        if not each.isVisible() or not isinstance(each, (QLabel, QAbstractButton)):
            continue
        need, room = each.minimumSizeHint(), each.size()
        wraps = isinstance(each, QLabel) and each.wordWrap()
        high = each.heightForWidth(room.width()) if wraps else need.height()
        seen = each.visibleRegion().boundingRect()
        if need.width() > room.width() or high > room.height() or 0 < seen.width() < room.width():
            found.append(each.text())
    return found


def button(text, inside=None):
    """The button with this label that can be seen."""
    found = [each for each in (inside or panel()).findChildren(QPushButton) if each.text().replace("&", "") == text]
    return next((each for each in found if each.isVisible()), None)


def use(label):
    """As a click on the entry of the docker's menu of tools, or on the button."""
    entry = next((each for each in panel()._tools.menu().actions() if each.text() == label), None)
    if entry is not None:
        entry.trigger()
    else:
        button(label).click()


def dialog(words):
    return next(
        (each for each in panel().findChildren(QDialog) if words in each.windowTitle() and each.isVisible()), None
    )


def choose_style(name):
    """As a click on its row in the docker."""
    styles = panel()._controls._styles
    styles.setCurrentIndex(styles.findData(name))
    styles.activated.emit(styles.currentIndex())


def at_work():
    return any(bar.isVisible() for bar in panel().findChildren(QProgressBar))


def box():
    """The message box that is open; None without one."""
    boxes = [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox)]
    return next((each for each in boxes if each.isVisible()), None)


def until(condition, what, seconds=90):
    """Yields until it is true."""
    began = time.monotonic()
    while not condition():
        # As tests/patience.py, which Krita cannot import: the more there is to be done, the more patience.
        if time.monotonic() - began > seconds * max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1)):
            raise AssertionError(f"{what}: not within {time.monotonic() - began:.0f} s")
        yield 0.1


def settled(look=None):
    """Yields until two looks in a row see the same: the main loop has done what it was asked for.

    `look` gives what is looked at; without it, that is what documents, docker and boxes say.
    """
    before, now = None, (look or outline)()
    while now != before:
        yield 0.1
        before, now = now, (look or outline)()


def outline():
    """The open documents, their layers, the selection, and the texts of the docker and a message box."""

    def of(node):
        return [node.uniqueId().toString(), node.name(), node.visible(), [of(child) for child in node.childNodes()]]

    now = application.activeDocument()
    active = now and now.activeNode()
    said = box()
    return [
        [of(document.rootNode()) for document in application.documents()],
        active and active.uniqueId().toString(),
        now is not None and now.selection() is not None,
        [label.text() for label in panel().findChildren(QLabel)],
        [slider.value() for slider in panel().findChildren(QSlider)],
        said and said.text(),
        at_work(),
    ]


def still(widget):
    """Yields until nothing moves in a widget."""
    yield from settled(lambda: widget.grab().toImage())


def preview_rests():
    """Whether the docker shows a preview, and looks at nothing new."""
    shown = panel()._preview
    return shown._source.settled and shown._status.text().startswith("Colored by")


def colorize(document, answer=None):
    """Triggers the action and waits until all is over; returns the text of the error box, "" without one.

    `answer` is pressed in the question that comes before.
    """
    application.setActiveDocument(document)
    application.action("photochrom_colorize").trigger()
    return (yield from ended(answer))


def press(text):
    use(text)
    return (yield from ended())


def ended(answer=None):
    yield from settled(lambda: (at_work(), box()))
    if answer is not None:
        yield from until(box, "a question")
        button(answer, box()).click()
        yield from settled()
    yield from until(lambda: box() is not None or not at_work(), "the end of the work")
    yield from settled()
    shown = box()
    if shown is None:
        return ""
    text = f"{shown.text()}\n{shown.informativeText()}"
    shown.close()
    yield from settled()
    return text


def step():
    """What would be undone next: some steps of Krita's change nothing that `state` sees."""
    return application.action("edit_undo").text()


def undo():
    yield from _stepped("edit_undo")


def redo():
    yield from _stepped("edit_redo")


def _stepped(action):
    document = application.activeDocument()
    # Krita ignores an action that is disabled, as undoing is while the image is busy.
    document.waitForDone()
    yield from until(application.action(action).isEnabled, f"{action}, enabled")
    before = state(document)
    application.action(action).trigger()
    yield from until(lambda: state(document) != before, f"a change by {action}")
    document.waitForDone()
    yield from settled(lambda: state(document))


def engine():
    """The contents of the engine's runtime file; None if no engine is alive."""
    try:
        said = json.loads(Path(os.environ["PHOTOCHROM_RUNTIME_DIR"], "engine.json").read_text(encoding="utf-8"))
        os.kill(said["pid"], 0)
    except (OSError, ValueError):
        return None
    return said


def chosen(cases):
    """Of these pairs of a name and a function, those that PHOTOCHROM_ONLY names, with commas between them; all without
    it."""
    only = os.environ.get("PHOTOCHROM_ONLY")
    return [case for case in cases if not only or case[0] in only.split(",")]


def tell(name, result):
    (OUT / f"{name}.json").write_text(json.dumps(result), encoding="utf-8")


def saved_and_opened(document, file):
    """The document as it is opened again from a file."""
    assert document.saveAs(file)
    closed(document)
    document = application.openDocument(file)
    document.setBatchmode(True)
    application.activeWindow().addView(document)
    application.setActiveDocument(document)
    yield from until(lambda: application.activeDocument() == document, "the document in front")
    document.waitForDone()
    yield from settled()
    return document
