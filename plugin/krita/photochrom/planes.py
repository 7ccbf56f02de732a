"""Pictures as the engine's planes, and the engine's pictures as Qt's. Generators are steps of a `task.Task`."""

from array import array

from .coloring import PIXEL, rows_of_band
from .photochrom_client import tint
from .pixels import grays, pixels_of_picture
from .qt import QtCore, QtGui

AS_FLOAT = [array("f", [value / 255]).tobytes() for value in range(256)]


def lab_of(picture, converter, first=0, count=None):
    """Steps; returns a `QImage` as "CIE Lab alpha float", transparent but for the `count` rows from `first` on."""
    pixels = pixels_of_picture(picture)
    width, height = picture.width(), picture.height()
    end = height if count is None else first + count
    parts = [bytes(PIXEL * width * first)]
    rows = rows_of_band(width)
    for y in range(first, end, rows):
        band = min(rows, end - y)
        parts.append(converter.to_lab(pixels.rows(y, band), pixels.space, width, band))
        yield 0
    return b"".join([*parts, bytes(PIXEL * width * (height - end))])


def opaque(lab_alpha):
    """ "CIE Lab alpha float" without its alpha."""
    values = memoryview(lab_alpha).cast("f")
    lab = array("f", bytes(12 * (len(values) // 4)))
    for channel in range(3):
        lab[channel::3] = array("f", values[channel::4])
    return lab.tobytes()


def tint_of(picture, converter):
    """Steps; returns the (a, b) of the paper that a photograph, a reduced `QImage`, was printed on; (0, 0) for a gray
    one."""
    if max(picture.width(), picture.height()) > tint.SIDE:
        picture = picture.scaled(
            tint.SIDE,
            tint.SIDE,
            QtCore.Qt.AspectRatioMode.KeepAspectRatio,
            QtCore.Qt.TransformationMode.SmoothTransformation,
        )
    lab = yield from lab_of(picture, converter)
    return tint.tint_of(opaque(lab))


def bands_of(picture, rectangle, space, converter):
    """Steps; returns a `QImage`, scaled to `rectangle`, as the bands of a layer in `space`."""
    picture = picture.scaled(
        rectangle.width,
        rectangle.height,
        QtCore.Qt.AspectRatioMode.IgnoreAspectRatio,
        QtCore.Qt.TransformationMode.SmoothTransformation,
    )
    pixels = pixels_of_picture(picture)
    rows = rows_of_band(rectangle.width)
    bands = []
    for first in range(0, rectangle.height, rows):
        count = min(rows, rectangle.height - first)
        data = converter.convert(pixels.rows(first, count), pixels.space, space, rectangle.width, count)
        bands.append((first, count, data))
        yield 0
    return bands


def picture_of(preview):
    """The client's `Preview` as a `QImage`."""
    kinds = {3: QtGui.QImage.Format.Format_RGB888, 4: QtGui.QImage.Format.Format_RGBA8888}
    width = preview.width
    picture = QtGui.QImage(preview.rgb, width, preview.height, preview.bands * width, kinds[preview.bands])
    return picture.copy()  # it has its own pixels


def selected(data, rectangle, most):
    """A selection for the engine, from its bytes over `rectangle`: (width, height, float32 0…1), at most `most` on the
    long side."""
    size = rectangle.width, rectangle.height
    gray = QtGui.QImage(data, *size, rectangle.width, QtGui.QImage.Format.Format_Grayscale8)
    scale = min(1.0, most / max(size))
    small = gray.scaled(
        max(1, round(scale * size[0])),
        max(1, round(scale * size[1])),
        QtCore.Qt.AspectRatioMode.IgnoreAspectRatio,
        QtCore.Qt.TransformationMode.SmoothTransformation,
    ).convertToFormat(QtGui.QImage.Format.Format_Grayscale8)
    rows = grays(small)
    return small.width(), small.height(), b"".join(AS_FLOAT[value] for row in rows for value in row)
