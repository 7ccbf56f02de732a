"""The colors of a document that a person gave, and how they are known: notes on layers of objects, and on the hints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import hints
from .document import is_open
from .errors import Unsuitable
from .origins import recall, renote
from .photochrom_client import translated as _
from .photochrom_client.given import Given, object_of, tidy
from .photochrom_client.kit.known import SIDE, Where
from .photochrom_client.kit.texts import KNOWN_EXPLAINED
from .photochrom_client.kit.unsuitable import NOT_GIVEN
from .pixels import bounds_of, grays
from .planes import AS_FLOAT
from .qt import QtCore, QtGui, QtWidgets
from .sources import HINTS, colors_of, is_shown, layers_of
from .tool_dialog import ToolDialog

if TYPE_CHECKING:
    from krita import Document, Node

WIDTH = 420
"""Pixels."""


def given(document: Document) -> list[Given]:
    """What a person gave, the topmost layer first."""
    found: list[Given | None] = []
    for node in layers_of(document.rootNode()):
        origin = recall(document, node)
        if node.name() == HINTS and not node.bounds().isEmpty():
            found.append(Given("paint", note=note_of(document, node)))
        elif origin is not None and origin.colors:
            found.append(object_of(origin.settings))
    return [each for each in found if each is not None]


def to_be_noted(document: Document | None) -> Node:
    """The layer that a note is for: that of an object, or the hints layer, also where the colors that were made with it
    are selected. Raises `Unsuitable`."""
    node = None if document is None else document.activeNode()
    while node is not None and node.type().endswith("mask"):
        node = node.parentNode()
    origin = recall(document, node) if document is not None and node is not None else None
    if node is not None and origin is not None and (node.name() == HINTS or origin.settings.object is not None):
        return node
    painted = hints.layer_of(document) if origin is not None else None
    if painted is None or recall(document, painted) is None:
        raise Unsuitable(NOT_GIVEN)
    return painted


def note_of(document: Document, layer: Node) -> str:
    """The note on a layer of ours, "" without one."""
    origin = recall(document, layer)
    return "" if origin is None else tidy(origin.settings.note)


def where(document: Document, source: Node) -> Where | None:
    """Where the colors of a photograph are known; None where nobody has noted that."""
    painted = hints.layer_of(document)
    hinted = painted is not None and not painted.bounds().isEmpty() and bool(note_of(document, painted))
    known = [
        node
        for node in colors_of(document, source)
        if recall(document, node).settings.object is not None and note_of(document, node) and is_shown(node)
    ]
    if not known:
        return Where(1, 1, bytes(4), True) if hinted else None
    over = QtCore.QRect(*bounds_of(source))
    scale = min(1.0, SIDE / max(over.width(), over.height()))
    size = max(1, round(scale * over.width())), max(1, round(scale * over.height()))
    picture = QtGui.QImage(*size, QtGui.QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QtGui.QPainter(picture)
    painter.setRenderHint(QtGui.QPainter.RenderHint.SmoothPixmapTransform)
    for node in known:
        bounds = node.bounds()
        place = QtCore.QRectF(bounds.translated(-over.topLeft()))
        place = QtCore.QRectF(scale * place.x(), scale * place.y(), scale * place.width(), scale * place.height())
        if not bounds.isEmpty():
            small = place.toAlignedRect().size()
            painter.drawImage(place, node.thumbnail(max(1, small.width()), max(1, small.height())))
    painter.end()
    rows = grays(picture.convertToFormat(QtGui.QImage.Format.Format_Alpha8))
    return Where(*size, b"".join(AS_FLOAT[value] for row in rows for value in row), hinted)


class KnownDialog(ToolDialog):
    """Asks how the color of an object, or of the hints, is known, and keeps the answer with the layer."""

    def __init__(self, parent, document: Document, layer: Node):
        text = _("About “{name}”.").format(name=layer.name())
        super().__init__(parent, _("Photochrom: Known Color"), text, _("Note"))
        self._field = field(note_of(document, layer))
        explained = QtWidgets.QLabel(KNOWN_EXPLAINED)
        explained.setWordWrap(True)
        explained.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        line = QtWidgets.QFormLayout()
        line.addRow(_("Known from:"), self._field)
        box = QtWidgets.QVBoxLayout(self)
        box.addWidget(self._status)
        box.addLayout(line)
        box.addWidget(explained)
        box.addLayout(self._buttons())
        self._give.setEnabled(True)
        self._give.setDefault(True)
        self.setMinimumWidth(WIDTH)
        self.given.connect(lambda: self._keep(document, layer))

    def _keep(self, document: Document, layer: Node) -> None:
        if is_open(document):
            renote(document, layer, tidy(self._field.text()))


def field(note=""):
    """An entry for a note."""
    entry = QtWidgets.QLineEdit(note)
    entry.setPlaceholderText(_("green: letter of 1943"))
    return entry
