"""What the engine heeds beside the photograph: hints, a selection, a picture to follow. Functions that yield, yield as
`steps.Steps` wants; pictures are given as (width, height, bytes)."""

import threading

from . import hints
from .coloring import LOOK
from .document import Unsuitable
from .photochrom_client import translated as _
from .planes import lab_of, opaque, selected
from .qt import QtCore, QtGui

MOST_SELECTED, MOST_REFERENCE = 1024, 768
"""Pixels on the long side of what the engine takes."""


def beside(now, rectangle, wishes, converter, reference=None):
    """Yields; returns what the `Settings` in `wishes` go by, as `Errand` wants it. `reference`: the picture to follow;
    without it the one in the settings' file is read. Raises `Unsuitable`."""
    given = {}
    painted = yield from hints.painted(now, rectangle, converter)
    if painted is not None:
        given["hints"] = painted
    if any(wish.object and wish.object.get("selection") for wish in wishes):
        given["selection"] = selection_over(now, rectangle)
    follows = next((wish for wish in wishes if wish.reference), None)
    if follows is not None:
        if reference is None:
            reference = yield from reference_of((yield from picture_in(follows.reference_file)), converter)
        given["reference"] = reference
    return given


def selection_over(now, rectangle):
    """The document's selection. Raises `Unsuitable` if there is none."""
    selection = now.selection()
    if selection is None:
        raise Unsuitable(_("Nothing is selected. Select the object, roughly, or click on it in the preview."))
    return selected(selection, rectangle, MOST_SELECTED)


def reference_of(picture, converter):
    """Yields; returns a color picture, a `QImage` of at most `MOST_REFERENCE`, for the engine."""
    lab = yield from lab_of(picture, converter)
    return picture.width(), picture.height(), opaque(lab)


def picture_in(path):
    """Yields; returns a file's picture as a `QImage` in sRGB, reduced. Raises `Unsuitable`."""
    if not path:
        raise Unsuitable(_("There is no picture to take the colors from. Choose one in “Color Like…”."))
    found = []
    thread = threading.Thread(target=lambda: found.append(_read(path)), name="photochrom-reference", daemon=True)
    thread.start()
    while thread.is_alive():
        yield LOOK
    if not found or found[0][0].isNull():
        why = found[0][1] if found else _("the file cannot be read")
        raise Unsuitable(
            _(
                "The picture whose colors are to be followed cannot be opened: {why} ({path}). "
                "Open it in Krita and choose it in “Color Like…” as an open document, or choose another file."
            ).format(why=why, path=path)
        )
    return found[0][0]


def picture_of_document(other):
    """An open document as it is seen, reduced, as a `QImage` in sRGB."""
    scale = min(1.0, MOST_REFERENCE / max(other.width(), other.height()))
    return other.thumbnail(max(1, round(scale * other.width())), max(1, round(scale * other.height())))


def _read(path):
    reader = QtGui.QImageReader(path)
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > MOST_REFERENCE:
        most = QtCore.QSize(MOST_REFERENCE, MOST_REFERENCE)
        reader.setScaledSize(size.scaled(most, QtCore.Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    if picture.isNull():
        return picture, reader.errorString()
    if picture.colorSpace().isValid():
        picture.convertToColorSpace(QtGui.QColorSpace(QtGui.QColorSpace.NamedColorSpace.SRgb))
    if max(picture.width(), picture.height()) > MOST_REFERENCE:
        picture = picture.scaled(
            MOST_REFERENCE,
            MOST_REFERENCE,
            QtCore.Qt.AspectRatioMode.KeepAspectRatio,
            QtCore.Qt.TransformationMode.SmoothTransformation,
        )
    return picture, ""
