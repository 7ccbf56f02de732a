"""The dialog that recolors objects one after the other, which clicks on and off them show, or boxes around them."""

from typing import Any, NamedTuple

from krita import Selection

from . import document, origins, sources
from .known import field
from .object_view import IGNORE, SMOOTH, ObjectView
from .photochrom_client import translated as _
from .photochrom_client.given import tidy
from .photochrom_client.kit.swatches import PLAIN, srgb_of
from .photochrom_client.prompt import Prompt
from .photochrom_client.settings import SELECTED
from .pixels import ab_of, bounds_of, thumbnail
from .planes import grays
from .qt import QtCore, QtGui, QtWidgets
from .tool_dialog import ToolDialog

SWATCH = 28
COLUMNS = 8
SHOWN = 1024
"""Long side in pixels of the picture that is shown."""


class Chosen(NamedTuple):
    """An object, its color, and how that is known: as in `Settings`."""

    object: Any
    color: Any
    note: str


class RecolorDialog(ToolDialog):
    """For objects of the layer `source` in the document `now`, which is `bare` where it has no colors yet. `changed` is
    emitted for another object or color (`object` and `color` as in `Settings`), `given` when the user accepts."""

    changed = QtCore.pyqtSignal()

    def __init__(self, parent, now, source, has_selection, bare):
        text = _("Click on the object in the picture, or drag a box around it.")
        super().__init__(parent, _("Photochrom: Recolor Object"), text, _("Apply"))
        self.source = source
        self.object = SELECTED if has_selection else None
        self.color = None
        """None for the most probable one."""
        self._now = now
        self._prompt = Prompt()
        self._mask = None
        self._suggested = []
        self._kept: list[Chosen] = []
        self._displayed, self._colored = displayed(now, source), None
        self._view = ObjectView(self._displayed)
        self._view.clicked.connect(lambda x, y, away: self._show_by(self._prompt.clicked(x, y, away)))
        self._view.boxed.connect(lambda *corners: self._show_by(self._prompt.boxed(*corners)))
        self._view.picked.connect(self._picked)
        self._selected = _button(_("Use the selection"), lambda: self._take(SELECTED))
        self._swatches = QtWidgets.QGridLayout()
        self._foreground = _button(_("Krita's foreground color"), lambda: self._choose(ab_of(document.foreground())))
        self._pick = _toggle(_("Pick from the picture"), "", lambda on: setattr(self._view, "picking", on))
        self._select = _button(_("Select the object"), self._make_selection)
        self._select.setToolTip(_("For a mask or other tools: the document's selection becomes the object"))
        self._select.setEnabled(False)
        self._known = field()
        self._rest = QtWidgets.QCheckBox(_("Color the rest of the photograph, too"))
        self._rest.setChecked(bare)
        self._rest.toggled.connect(lambda _on: self._show_ground())
        self._next = _button(_("Next Object"), self._keep)
        self._next.setToolTip(_("Keeps this object in its color, and goes on with another one"))
        self._next.setEnabled(False)
        self._lay_out()

    @property
    def chosen(self):
        """The object that is shown now, if any."""
        return Chosen(self.object, self.color, tidy(self._known.text()))

    @property
    def objects(self):
        """All that are to be recolored, in the order in which they were chosen."""
        return [*self._kept, *([self.chosen] if self.object is not None else [])]

    @property
    def rest(self):
        """Whether the photograph is to get colors around them, too."""
        return self._rest.isChecked()

    def show_colors(self, picture):
        """Takes the whole photograph in color, a `QImage`; None where it is not known."""
        self._colored = picture
        self._show_ground()

    def offer(self, picture, suggestions):
        """Shows the object, a `QImage` with alpha, and offers the client's suggestions for it."""
        if self.object is None:  # it was taken back meanwhile
            return
        self._mask = picture
        self._view.show_object(picture)
        self._status.setText(
            _("Too little: click on what is missing. Too much: right click on it. Then choose its color.")
        )
        for each in (self._give, self._next, self._select):
            each.setEnabled(True)
        if suggestions == self._suggested:
            return
        self._suggested = suggestions
        while self._swatches.count():
            self._swatches.takeAt(0).widget().deleteLater()
        for at, each in enumerate(suggestions):
            swatch = self._swatch(each.rgb, f"{100 * each.probability:.0f} %", (each.a, each.b))
            self._swatches.addWidget(swatch, at // COLUMNS, at % COLUMNS)

    def fail(self, text):
        """Shows why the object cannot be recolored."""
        self._status.setText(text)
        self._give.setEnabled(self.object is None and bool(self._kept))
        for each in (self._next, self._select):
            each.setEnabled(False)

    def _keep(self):
        """Goes on with another object."""
        self._kept.append(self.chosen)
        self._view.keep_object()
        self._known.clear()
        self._show_by(Prompt())

    def _show_ground(self):
        """With colors around the objects, if they will get them."""
        self._view.show_picture(self._displayed if self._colored is None or not self.rest else self._colored)

    def _show_by(self, prompt):
        """Takes another prompt. The color stays while the object is corrected, and is chosen anew for a new one."""
        corrected = self._prompt.shows_object and prompt.shows_object and prompt.clicks
        self._prompt = prompt
        if prompt.shows_object:
            self._take(prompt, self.color if corrected else None)
            return
        self.object = None
        self._view.show_object(None)
        self.fail(_("Click on the object in the picture, or drag a box around it."))

    def _take(self, object_, color=None):
        self.object = object_
        self._choose(color)

    def _choose(self, color):
        self.color = color
        if self.object is not None:
            self.changed.emit()

    def _picked(self, color):
        self._pick.setChecked(False)
        self._choose(ab_of((color.redF(), color.greenF(), color.blueF())))

    def _make_selection(self):
        """Selects the object, as it is previewed, in the document."""
        bounds = bounds_of(self.source)
        size = QtCore.QSize(bounds.width, bounds.height)
        mask = self._mask.convertToFormat(QtGui.QImage.Format.Format_Alpha8).scaled(size, IGNORE, SMOOTH)
        selection = Selection()
        selection.select(*bounds, 255)  # without it, Krita shows no marching ants
        rows = grays(mask.convertToFormat(QtGui.QImage.Format.Format_Alpha8))
        selection.setPixelData(QtCore.QByteArray(b"".join(rows)), *bounds)
        self._now.setSelection(selection)
        self._status.setText(_("The object is selected."))

    def _swatch(self, rgb, tip, color):
        pixmap = QtGui.QPixmap(SWATCH, SWATCH)
        pixmap.fill(QtGui.QColor.fromRgbF(*(min(1.0, max(0.0, each)) for each in rgb)))
        button = QtWidgets.QToolButton()
        button.setIcon(QtGui.QIcon(pixmap))
        button.setIconSize(pixmap.size())
        button.setToolTip(tip)
        button.clicked.connect(lambda: self._choose(color))
        return button

    def _lay_out(self):
        columns = QtWidgets.QHBoxLayout(self)
        left, right = QtWidgets.QVBoxLayout(), QtWidgets.QVBoxLayout()
        columns.addLayout(left, 1)
        columns.addLayout(right)
        left.addWidget(self._view, 1)
        corrections = QtWidgets.QHBoxLayout()
        off = _("The left button clicks on what does not belong to the object")
        for each in (
            _button(_("Larger"), lambda: self._show_by(self._prompt.resized(1))),
            _button(_("Smaller"), lambda: self._show_by(self._prompt.resized(-1))),
            _toggle(_("Subtract"), off, lambda on: setattr(self._view, "subtracting", on)),
            _button(_("Undo click"), lambda: self._show_by(self._prompt.undone())),
            _button(_("New object"), lambda: self._show_by(Prompt())),
        ):
            corrections.addWidget(each)
        left.addLayout(corrections)
        left.addWidget(self._status)
        right.addWidget(self._selected)
        right.addWidget(QtWidgets.QLabel(_("Suggested colors, the most probable first:")))
        right.addLayout(self._swatches)
        right.addWidget(QtWidgets.QLabel(_("Plain colors:")))
        plain = QtWidgets.QGridLayout()
        for at, (name, color) in enumerate(PLAIN):
            plain.addWidget(self._swatch(srgb_of(*color), name, color), at // COLUMNS, at % COLUMNS)
        right.addLayout(plain)
        right.addWidget(self._pick)
        right.addWidget(self._foreground)
        used = used_colors(self._now)
        if used:
            right.addWidget(QtWidgets.QLabel(_("Colors of this image's objects:")))
            grid = QtWidgets.QGridLayout()
            for at, each in enumerate(used):
                swatch = self._swatch(srgb_of(*each), _("Used in this image"), each)
                grid.addWidget(swatch, at // COLUMNS, at % COLUMNS)
            right.addLayout(grid)
        right.addWidget(QtWidgets.QLabel(_("Known from:")))
        right.addWidget(self._known)
        right.addWidget(self._select)
        right.addWidget(self._rest)
        right.addStretch(1)
        buttons = self._buttons()
        buttons.insertWidget(0, self._next)
        right.addLayout(buttons)


def displayed(now, source):
    """The layer's part of the document as it is displayed, with all that lies over it; a `QImage`."""
    bounds = bounds_of(source)
    scale = min(1.0, SHOWN / max(bounds.width, bounds.height))
    shown = thumbnail(source, round(scale * bounds.width) or 1, round(scale * bounds.height) or 1)
    shown = shown.convertToFormat(QtGui.QImage.Format.Format_ARGB32_Premultiplied)
    width, height = max(1, round(scale * now.width())), max(1, round(scale * now.height()))
    painter = QtGui.QPainter(shown)
    painter.drawImage(round(-scale * bounds.x), round(-scale * bounds.y), now.thumbnail(width, height))
    painter.end()
    return shown


def used_colors(now):
    """The colors (a, b) that objects in a document were given, the topmost first, each once."""
    recalled = (origins.recall(now, layer) for layer in sources.layers_of(now.rootNode()))
    colors = (origin.settings.color for origin in recalled if origin is not None)
    return list(dict.fromkeys(color for color in colors if color is not None))


def _button(label, clicked):
    button = QtWidgets.QPushButton(label)
    button.clicked.connect(lambda _checked: clicked())
    return button


def _toggle(label, tip, toggled):
    button = QtWidgets.QPushButton(label)
    button.setCheckable(True)
    button.setToolTip(tip)
    button.toggled.connect(toggled)
    return button
