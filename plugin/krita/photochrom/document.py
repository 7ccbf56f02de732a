"""The document: which layer is to be coloured, its pixels, and how the new layer gets in, in one undo step.

Lab is CIE L*a*b* D50 here as in the engine: it is what Krita's LABA in F32 means (L 0…100).
"""

import json
import struct
from typing import NamedTuple

from krita import Krita

from .icc import matrix_profile
from .qt import QtCore, QtGui

SRGB = "sRGB-elle-V2-srgbtrc.icc"
LINEAR_SRGB = "sRGB-elle-V2-g10.icc"

CHANNELS = {"RGBA": 4, "GRAYA": 2, "LABA": 4, "XYZA": 4, "CMYKA": 5, "YCbCrA": 4}
SAMPLE = {"U8": 1, "U16": 2, "F16": 2, "F32": 4}
"""Bytes of one sample."""


class Unsuitable(Exception):
    """What is selected cannot be coloured; the text says why and what to do instead."""


EMPTY = "The layer is empty: all of it is transparent. Select the photograph's layer."


class Space(NamedTuple):
    """How pixels are stored, in Krita's words."""

    model: str
    depth: str
    profile: str

    @property
    def pixel(self):
        """Bytes of one pixel."""
        return CHANNELS[self.model] * SAMPLE[self.depth]


class Rectangle(NamedTuple):
    x: int
    y: int
    width: int
    height: int


def active():
    """The document in front; None without one."""
    return Krita.instance().activeDocument()


def photograph_of(document):
    """The layer to be coloured: the active one, or, where that holds colours made here, the layer they were made of.

    Raises `Unsuitable`.
    """
    if document is None:
        raise Unsuitable("No document is open. Open the photograph and try again.")
    node = document.activeNode()
    if node is None:
        raise Unsuitable("No layer is selected. Select the layer of the photograph and try again.")
    made = recall(document, node)
    source = made and document.nodeByUniqueID(QtCore.QUuid(made["source"]))
    return source or _checked(node)


def _checked(node):
    if node.type() == "grouplayer":
        raise Unsuitable("A layer group is selected. Select the layer of the photograph inside of it.")
    if node.type().endswith("mask"):
        raise Unsuitable("A mask is selected. Click on the layer that it belongs to.")
    if node.type() != "paintlayer":
        raise Unsuitable("The selected layer has no pixels of its own. Select the layer of the photograph.")
    return node


def check_model(document):
    """Whether the document must become RGB. Raises `Unsuitable` where it holds neither RGB nor gray."""
    model = document.colorModel()
    if model not in {"RGBA", "GRAYA"}:
        raise Unsuitable(
            f"The document is in {model.removesuffix('A')}, which the colours cannot be put into. "
            "Choose Image ▸ Convert Image Color Space… ▸ RGB and try again."
        )
    return model == "GRAYA"


def is_open(document):
    return document in Krita.instance().documents()


def bounds_of(node):
    """Where a layer has pixels. Raises `Unsuitable` for an empty layer."""
    bounds = node.bounds()
    if bounds.isEmpty():
        raise Unsuitable(EMPTY)
    return Rectangle(*bounds.getRect())


def thumbnail(node, width, height):
    """A `QImage` of the layer in 8-bit sRGB, no larger than the given size. Raises `Unsuitable` for an empty layer."""
    bounds = bounds_of(node)
    scale = min(1.0, width / bounds.width, height / bounds.height)
    return node.thumbnail(max(1, round(bounds.width * scale)), max(1, round(bounds.height * scale)))


class Pixels:
    """Pixels in `space`, a copy; `rectangle` is where they are in their document."""

    def __init__(self, data, space, rectangle):
        _expect(data, space, rectangle.width * rectangle.height)
        self._data = data
        self.space = space
        self.rectangle = rectangle

    def rows(self, first, count):
        row = self.rectangle.width * self.space.pixel
        return self._data.mid(first * row, count * row)


def pixels_of(node):
    """A layer's pixels, with what its masks do to them. Raises `Unsuitable` for an empty layer."""
    rectangle = bounds_of(node)
    return Pixels(node.projectionPixelData(*rectangle), _space(node), rectangle)


def pixels_of_picture(picture):
    """Those of a `QImage`, which Krita's own 8-bit sRGB has the order of."""
    picture = picture.convertToFormat(QtGui.QImage.Format.Format_ARGB32)
    data = picture.constBits()
    data.setsize(4 * picture.width() * picture.height())
    rectangle = Rectangle(0, 0, picture.width(), picture.height())
    return Pixels(QtCore.QByteArray(bytes(data)), Space("RGBA", "U8", SRGB), rectangle)


class Converter:
    """Lets Krita convert pixels between colour spaces; a context manager.

    In a document of its own that is never shown: a conversion, of a detached layer too, is an undo step of the
    document that the layer was created for.
    """

    def __init__(self):
        self._lab = Space("LABA", "F32", Krita.instance().profiles("LABA", "F32")[0])

    def __enter__(self):
        self._scratch = Krita.instance().createDocument(1, 1, "Photochrom", "RGBA", "U8", SRGB, 72.0)
        self._scratch.setBatchmode(True)
        return self

    def __exit__(self, *_reason):
        self._scratch.setModified(False)
        self._scratch.close()

    def to_lab(self, data, space, width, rows):
        """CIE Lab alpha float, 16 bytes a pixel."""
        return self._converted(data, space, self._lab, width, rows)

    def from_lab(self, data, space, width, rows):
        """Pixels in `space`."""
        return self._converted(data, self._lab, space, width, rows)

    def gamut(self, profile):
        """The ICC profile of an RGB space; None for one whose gamut is sRGB's."""
        if profile in {SRGB, LINEAR_SRGB}:
            return None
        primaries = QtCore.QByteArray(_floats(1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1))
        lab = memoryview(self.to_lab(primaries, Space("RGBA", "F32", profile), 3, 1)).cast("f")
        return matrix_profile([tuple(lab[at : at + 3]) for at in (0, 4, 8)])

    def _converted(self, data, source, target, width, rows):
        _expect(data, source, width * rows)
        node = self._scratch.createNode("", "paintlayer")
        _set_space(node, source)
        node.setPixelData(data, 0, 0, width, rows)
        _set_space(node, target)
        data = node.pixelData(0, 0, width, rows)
        _expect(data, target, width * rows)
        return bytes(data)


def space_for(document):
    """The space of the colours' layer, which a gray document is converted to."""
    if document.colorModel() == "RGBA":
        return _space(document)
    return Space("RGBA", document.colorDepth(), LINEAR_SRGB if "-g10" in document.colorProfile() else SRGB)


def add(document, below, name, space, rectangle, bands):
    """Puts a layer with these pixels above `below` and returns it: one undo step, where the document is RGB already.

    `bands` is a list of (first row, rows, bytes in `space`). A selection becomes the layer's transparency mask.
    """
    for _, rows, data in bands:
        _expect(data, space, rectangle.width * rows)
    if document.colorModel() != "RGBA" and not document.setColorSpace(*space):
        raise Unsuitable(f"Krita could not convert the document to {space.profile}. It is as it was.")
    if _space(document) != space:
        raise Unsuitable("The document's colour space changed while its colours were made. Try again.")
    # Attached when it is complete: what is done to an attached layer is undone apart from it, or not at all.
    layer = document.createNode(name, "paintlayer")
    for first, rows, data in bands:
        layer.setPixelData(data, rectangle.x, rectangle.y + first, rectangle.width, rows)
    selection = document.selection()
    if selection is not None:
        mask = document.createTransparencyMask("Selection")
        mask.setSelection(selection.duplicate())  # else the mask would follow the user's next selection
        layer.addChildNode(mask, None)
    below.parentNode().addChildNode(layer, below)
    return layer


def select(document, layer):
    """Krita must have caught up with a new layer before."""
    document.setActiveNode(layer)


def remember(document, layer, source, settings):
    """Keeps with the document what made `layer`."""
    made = {"source": source.uniqueId().toString(), "settings": settings.wish()}
    document.setAnnotation(_key(layer), "What made this layer", QtCore.QByteArray(json.dumps(made).encode()))


def recall(document, layer):
    """What made `layer`: {"source": id of the layer, "settings": {…}}; None for layers that were not made here."""
    if _key(layer) not in document.annotationTypes():
        return None
    try:
        made = json.loads(bytes(document.annotation(_key(layer))))
        return {"source": str(made["source"]), "settings": dict(made["settings"])}
    except (ValueError, LookupError, TypeError):
        return None


def saved(name, default):
    """A setting of the user's."""
    return Krita.instance().readSetting("photochrom", name, default)


def save(name, value):
    Krita.instance().writeSetting("photochrom", name, value)


def _key(layer):
    return "photochrom/" + layer.uniqueId().toString()


def _space(holder):
    """That of a document or of a layer."""
    return Space(holder.colorModel(), holder.colorDepth(), holder.colorProfile())


def _set_space(node, space):
    before = _space(node)
    if before == space:
        return
    node.setColorSpace(*space)
    if _space(node) != space:
        raise Unsuitable(
            f"Krita could not convert from {before.profile} to {space.profile}. The document is as it was."
        )


def _expect(data, space, pixels):
    """Krita reads past the end of what is too short."""
    if len(data) != pixels * space.pixel:
        raise Unsuitable(
            f"Krita gave {len(data)} bytes of pixels instead of {pixels * space.pixel}. The document is as it was. "
            "Save it, open it anew and try again."
        )


def _floats(*values):
    return struct.pack(f"{len(values)}f", *values)
