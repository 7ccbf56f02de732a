"""The document: which layer is to be colored, its pixels, and how the new layer gets in, in one undo step.

Lab is CIE L*a*b* D50 here as in the engine: it is what Krita's LABA in F32 means (L 0…100).
"""

import json
import struct
from typing import NamedTuple

from krita import Krita

from .icc import matrix_profile
from .photochrom_client import Cancelled
from .photochrom_client import translated as _
from .qt import QtCore, QtGui

SRGB = "sRGB-elle-V2-srgbtrc.icc"
LINEAR_SRGB = "sRGB-elle-V2-g10.icc"

CHANNELS = {"RGBA": 4, "GRAYA": 2, "LABA": 4, "XYZA": 4, "CMYKA": 5, "YCbCrA": 4}
SAMPLE = {"U8": 1, "U16": 2, "F16": 2, "F32": 4}
"""Bytes of one sample."""


SETTLED = 0.1
"""Seconds after which Krita mostly knows a new layer."""

TRIES = 20
"""How often it is selected then: on a busy machine it is known later."""

HINTS = "Photochrom hints"
"""The layer that colors are painted on. Not translated: it must be found again in another language."""


class Unsuitable(Exception):
    """What is selected cannot be colored; the text says why and what to do instead."""


EMPTY = _("The layer is empty: all of it is transparent. Select the photograph's layer.")


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
    """The layer to be colored: the active one, or, where that holds colors made here, the layer they were made of.

    Raises `Unsuitable`.
    """
    if document is None:
        raise Unsuitable(_("No document is open. Open the photograph and try again."))
    node = document.activeNode()
    if node is None:
        raise Unsuitable(_("No layer is selected. Select the layer of the photograph and try again."))
    source = _source_of(document, node)
    if source is None and node.name() == HINTS:  # not made here: what is colored already, or what is seen below
        others = [each for each in layers_of(document.rootNode()) if each.name() != HINTS]
        source = next(filter(None, (_source_of(document, each) for each in others)), None)
        source = source or next((each for each in others if each.type() == "paintlayer" and each.visible()), None)
    if source is None and node.name() == HINTS:
        raise Unsuitable(_("There is no layer below the hints. Select the layer of the photograph and try again."))
    return source or _checked(node)


def layers_of(node):
    """All that is in it, the topmost first."""
    for child in reversed(node.childNodes()):
        yield child
        yield from layers_of(child)


def colors_of(document, source):
    """The layers that were made of `source`, the topmost first."""
    for node in layers_of(document.rootNode()):
        if node.name() != HINTS and _source_of(document, node) == source:
            yield node


def place_for(document, source):
    """What the next layer of colors comes above, so that it is seen: the selected colors, else the topmost, else
    `source` itself."""
    active = document.activeNode()
    if active is not None and active.name() != HINTS and _source_of(document, active) is not None:
        return active
    for node in colors_of(document, source):
        beside = node
        while beside is not None and beside.parentNode() != source.parentNode():
            beside = beside.parentNode()
        if beside is not None:
            return beside
    return source


def _source_of(document, node):
    made = recall(document, node)
    return document.nodeByUniqueID(QtCore.QUuid(made["source"])) if made else None


def _checked(node):
    if node.type() == "grouplayer":
        raise Unsuitable(_("A layer group is selected. Select the layer of the photograph inside of it."))
    if node.type().endswith("mask"):
        raise Unsuitable(_("A mask is selected. Click on the layer that it belongs to."))
    if node.type() != "paintlayer":
        raise Unsuitable(_("The selected layer has no pixels of its own. Select the layer of the photograph."))
    return node


def check_model(document):
    """Whether the document must become RGB. Raises `Unsuitable` where it holds neither RGB nor gray."""
    model = document.colorModel()
    if model not in {"RGBA", "GRAYA"}:
        raise Unsuitable(
            _(
                "The document is in {model}, which the colors cannot be put into. "
                "Choose Image ▸ Convert Image Color Space… ▸ RGB and try again."
            ).format(model=model.removesuffix("A"))
        )
    return model == "GRAYA"


def is_open(document):
    return document in Krita.instance().documents()


def check_there(document, *layers):
    """Raises `Cancelled` where the document was closed, `Unsuitable` where a layer was removed."""
    if not is_open(document):
        raise Cancelled("The document was closed.", code="cancelled")
    if any(layer.parentNode() is None for layer in layers):
        raise Unsuitable(_("The layer was removed while its colors were made. Nothing was changed."))


def name_of(document):
    """What people call a document: its file's name."""
    return document.fileName().rpartition("/")[2] or document.name()


def foreground():
    """Krita's foreground color in sRGB, 0…1 each."""
    color = Krita.instance().activeWindow().activeView().foregroundColor()
    color.setColorSpace("RGBA", "F32", SRGB)
    return tuple(min(1.0, max(0.0, value)) for value in color.componentsOrdered()[:3])


def ab_of(rgb):
    """CIE a*, b* D50 of a color in sRGB, 0…1 each."""
    with Converter() as converter:
        pixel = QtCore.QByteArray(_floats(*rgb, 1))
        _, a, b, _ = memoryview(converter.to_lab(pixel, Space("RGBA", "F32", SRGB), 1, 1)).cast("f")
    return a, b


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
    """Lets Krita convert pixels between color spaces; a context manager.

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
        return self.convert(data, space, self._lab, width, rows)

    def from_lab(self, data, space, width, rows):
        """Pixels in `space`."""
        return self.convert(data, self._lab, space, width, rows)

    def gamut(self, profile):
        """The ICC profile of an RGB space; None for one whose gamut is sRGB's."""
        if profile in {SRGB, LINEAR_SRGB}:
            return None
        primaries = QtCore.QByteArray(_floats(1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1))
        lab = memoryview(self.to_lab(primaries, Space("RGBA", "F32", profile), 3, 1)).cast("f")
        return matrix_profile([tuple(lab[at : at + 3]) for at in (0, 4, 8)])

    def convert(self, data, source, target, width, rows):
        """Pixels in `source` as pixels in `target`."""
        _expect(data, source, width * rows)
        node = self._scratch.createNode("", "paintlayer")
        _set_space(node, source)
        node.setPixelData(data, 0, 0, width, rows)
        _set_space(node, target)
        data = node.pixelData(0, 0, width, rows)
        _expect(data, target, width * rows)
        return bytes(data)


def space_for(document):
    """The space of the colors' layer, which a gray document is converted to."""
    if document.colorModel() == "RGBA":
        return _space(document)
    return Space("RGBA", document.colorDepth(), LINEAR_SRGB if "-g10" in document.colorProfile() else SRGB)


class Made(NamedTuple):
    """A layer to be: `bands` is a list of (first row, rows, bytes in the space of the colors' layers)."""

    name: str
    bands: list
    masked: bool = True
    opacity: int = 255


def make_rgb(document):
    """An undo step of its own, where the document is gray. Raises `Unsuitable`."""
    space = space_for(document)
    if document.colorModel() != "RGBA" and not document.setColorSpace(*space):
        raise Unsuitable(
            _("Krita could not convert the document to {profile}. It is as it was.").format(profile=space.profile)
        )


def add(document, below, space, rectangle, made, group="", first=None):
    """Puts layers above `below`, several of them in a group of that name with the first one shown: one undo step, where
    the document is RGB already. Returns the layers.

    `made` is a list of `Made`. A selection becomes the transparency mask of those that are `masked`. `first`: an empty
    detached layer in `space` that becomes the first one; None: a new one.
    """
    for each in made:
        for _first, rows, data in each.bands:
            _expect(data, space, rectangle.width * rows)
    make_rgb(document)
    if _space(document) != space:
        raise Unsuitable(_("The document's color space changed while its colors were made. Try again."))
    # Attached when it is complete: what is done to an attached layer is undone apart from it, or not at all.
    empty = [first or document.createNode("", "paintlayer")]
    empty += [document.createNode("", "paintlayer") for _each in made[1:]]
    layers = [_filled(document, layer, space, rectangle, each) for layer, each in zip(empty, made, strict=True)]
    top = layers[0]
    if len(layers) > 1:
        top = document.createGroupLayer(group)
        for layer in reversed(layers):
            layer.setVisible(layer is layers[0])
            top.addChildNode(layer, None)
    below.parentNode().addChildNode(top, below)
    return layers


def _filled(document, layer, space, rectangle, made):
    layer.setName(made.name)
    layer.setOpacity(made.opacity)
    for first, rows, data in made.bands:
        layer.setPixelData(data, rectangle.x, rectangle.y + first, rectangle.width, rows)
    selection = document.selection()
    if made.masked and selection is not None:
        mask = document.createTransparencyMask(_("Selection"))
        mask.setSelection(selection.duplicate())  # else the mask would follow the user's next selection
        layer.addChildNode(mask, None)
    return layer


def select(document, layer):
    """Yields as `Steps` wants until a new layer is selected, which Krita does only once it knows it."""
    for _try in range(TRIES):
        yield SETTLED
        if not is_open(document) or document.activeNode() == layer:
            break
        document.setActiveNode(layer)


def remember(document, layer, source, settings, made_by=None):
    """Keeps with the document what made `layer`, and the client's `Maker` of its colors."""
    made = {"source": source.uniqueId().toString(), "settings": settings._asdict(), "made_by": made_by}
    document.setAnnotation(_key(layer), "What made this layer", QtCore.QByteArray(json.dumps(made).encode()))


def recall(document, layer):
    """What made `layer`: {"source": id of the layer, "settings": {…}, "made_by": as remembered}; None for layers that
    were not made here."""
    if _key(layer) not in document.annotationTypes():
        return None
    try:
        made = json.loads(bytes(document.annotation(_key(layer))))
        return {"source": str(made["source"]), "settings": dict(made["settings"]), "made_by": made.get("made_by")}
    except (ValueError, LookupError, TypeError):
        return None


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
            _("Krita could not convert from {before} to {after}. The document is as it was.").format(
                before=before.profile, after=space.profile
            )
        )


def _expect(data, space, pixels):
    """Krita reads past the end of what is too short."""
    if len(data) != pixels * space.pixel:
        raise Unsuitable(
            _(
                "Krita gave {count} bytes of pixels instead of {expected}. The document is as it was. "
                "Save it, open it anew and try again."
            ).format(count=len(data), expected=pixels * space.pixel)
        )


def _floats(*values):
    return struct.pack(f"{len(values)}f", *values)
