"""Guidance inputs: hints, a selection, a picture to follow. Generators are steps of a `task.Task`."""

from . import hints
from .document import Unsuitable
from .photochrom_client import translated as _
from .photochrom_client.kit.guidance import (
    NO_REFERENCE,
    NOTHING_SELECTED,
    Guidance,
    needs_selection,
    reference_file,
)
from .photochrom_client.protocol import MAX_GUIDANCE_SIDE, REFERENCE_SIDE
from .pixels import alpha_of
from .planes import lab_of, opaque, selected
from .qt import QtCore, QtGui
from .task import in_thread


def collect(now, rectangle, wishes, converter, reference=None, replaced=None):
    """Steps; returns the `Guidance` for the `Settings` in `wishes`. `reference`: the picture to follow; without it the
    one in the settings' file is read. `replaced`: the layer whose selected object is meant once more, instead of what
    is selected now. Raises `Unsuitable`."""
    painted = yield from hints.painted(now, rectangle, converter)
    selection = None
    if needs_selection(wishes):
        selection = selection_over(now, rectangle) if replaced is None else _object_of(replaced, rectangle)
    path = reference_file(wishes)
    if path is None:
        reference = None
    elif reference is None:
        reference = yield from reference_of((yield from picture_in(path)), converter)
    return Guidance(painted, selection, reference)


def selection_over(now, rectangle):
    """The document's selection. Raises `Unsuitable` if there is none."""
    selection = now.selection()
    if selection is None:
        raise Unsuitable(NOTHING_SELECTED)
    return selected(bytes(selection.pixelData(*rectangle)), rectangle, MAX_GUIDANCE_SIDE)


def _object_of(layer, rectangle):
    return selected(alpha_of(layer, rectangle), rectangle, MAX_GUIDANCE_SIDE)


def reference_of(picture, converter):
    """Steps; returns a color picture, a `QImage` of at most `REFERENCE_SIDE`, for the engine."""
    lab = yield from lab_of(picture, converter)
    return picture.width(), picture.height(), opaque(lab)


def picture_in(path):
    """Steps; returns a file's picture as a `QImage` in sRGB, reduced. Raises `Unsuitable`."""
    if not path:
        raise Unsuitable(NO_REFERENCE)
    return (yield from in_thread(read_picture, path))


def picture_of_document(other):
    """The projection of an open document, reduced, as a `QImage` in sRGB."""
    scale = min(1.0, REFERENCE_SIDE / max(other.width(), other.height()))
    return other.thumbnail(max(1, round(scale * other.width())), max(1, round(scale * other.height())))


def read_picture(path):
    """On any thread. Raises `Unsuitable`."""
    reader = QtGui.QImageReader(path)
    reader.setAutoTransform(True)
    reader.setDecideFormatFromContent(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > REFERENCE_SIDE:
        bounds = QtCore.QSize(REFERENCE_SIDE, REFERENCE_SIDE)
        reader.setScaledSize(size.scaled(bounds, QtCore.Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    if picture.isNull():
        raise Unsuitable(
            _(
                "The reference picture cannot be opened: {why} ({path}). "
                "Open it in Krita and choose it in “Color Like…” as an open document, or choose another file."
            ).format(why=reader.errorString(), path=path)
        )
    if picture.colorSpace().isValid():
        picture.convertToColorSpace(QtGui.QColorSpace(QtGui.QColorSpace.NamedColorSpace.SRgb))
    if max(picture.width(), picture.height()) > REFERENCE_SIDE:
        picture = picture.scaled(
            REFERENCE_SIDE,
            REFERENCE_SIDE,
            QtCore.Qt.AspectRatioMode.KeepAspectRatio,
            QtCore.Qt.TransformationMode.SmoothTransformation,
        )
    return picture
