"""The document: which layer is colored, and how new layers are inserted, in one undo step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from krita import Krita

from .errors import Unsuitable
from .photochrom_client import Cancelled
from .photochrom_client import translated as _
from .photochrom_client.note import Maker
from .photochrom_client.settings import Settings
from .pixels import LINEAR_SRGB, SRGB, Rectangle, Space, expect_bytes, space_of
from .qt import QtCore

if TYPE_CHECKING:
    from krita import Document, Node

SETTLED = 0.1
"""Seconds after which Krita has mostly noticed a new layer."""

TRIES = 20
"""How often it is selected then: on a busy machine it takes longer."""

HINTS = "Photochrom hints"
"""The layer that colors are painted on. Not translated: it must be found again in another language."""


def active() -> Document | None:
    """The document in front; None without one."""
    return Krita.instance().activeDocument()


def photograph_of(document: Document | None) -> Node:
    """The layer to be colored: the active one, or, where that holds colors of ours, the layer that they belong to.

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


def layers_of(node: Node) -> Iterator[Node]:
    """All descendants, the topmost first."""
    for child in reversed(node.childNodes()):
        yield child
        yield from layers_of(child)


def colors_of(document: Document, source: Node) -> Iterator[Node]:
    """The layers with colors for `source`, the topmost first."""
    for node in layers_of(document.rootNode()):
        if node.name() != HINTS and _source_of(document, node) == source:
            yield node


def place_for(document: Document, source: Node) -> Node:
    """The layer above which new colors are inserted, so that they are visible: the selected colors, else the topmost,
    else `source` itself."""
    active = document.activeNode()
    if active is not None and active.name() != HINTS and _source_of(document, active) is not None:
        return active
    for node in colors_of(document, source):
        sibling: Node | None = node
        while sibling is not None and sibling.parentNode() != source.parentNode():
            sibling = sibling.parentNode()
        if sibling is not None:
            return sibling
    return source


def _source_of(document: Document, node: Node) -> Node | None:
    origin = recall(document, node)
    return document.nodeByUniqueID(QtCore.QUuid(origin.source)) if origin else None


def _checked(node: Node) -> Node:
    if node.type() == "grouplayer":
        raise Unsuitable(_("A layer group is selected. Select the layer of the photograph inside it."))
    if node.type().endswith("mask"):
        raise Unsuitable(_("A mask is selected. Click on the layer that it belongs to."))
    if node.type() != "paintlayer":
        raise Unsuitable(_("The selected layer has no pixels of its own. Select the layer of the photograph."))
    return node


def check_model(document: Document) -> bool:
    """Whether the document must be converted to RGB. Raises `Unsuitable` where it is neither RGB nor gray."""
    model = document.colorModel()
    if model not in {"RGBA", "GRAYA"}:
        raise Unsuitable(
            _(
                "The document is in {model}, which cannot hold the colors. "
                "Choose Image ▸ Convert Image Color Space… ▸ RGB and try again."
            ).format(model=model.removesuffix("A"))
        )
    return model == "GRAYA"


def is_open(document: Document) -> bool:
    return document in Krita.instance().documents()


def check_present(document: Document, *layers: Node) -> None:
    """Raises `Cancelled` where the document was closed, `Unsuitable` where a layer was removed."""
    if not is_open(document):
        raise Cancelled("The document was closed.", code="cancelled")
    if any(layer.parentNode() is None for layer in layers):
        raise Unsuitable(_("The layer was removed while it was being colored. Nothing was changed."))


def name_of(document: Document) -> str:
    """The name of its file; of an unsaved document its own."""
    return document.fileName().rpartition("/")[2] or document.name()


def foreground() -> tuple[float, ...]:
    """Krita's foreground color in sRGB, 0…1 each."""
    color = Krita.instance().activeWindow().activeView().foregroundColor()
    color.setColorSpace("RGBA", "F32", SRGB)
    return tuple(min(1.0, max(0.0, value)) for value in color.componentsOrdered()[:3])


def space_for(document: Document) -> Space:
    """The space of new layers, to which a gray document is converted."""
    if document.colorModel() == "RGBA":
        return space_of(document)
    return Space("RGBA", document.colorDepth(), LINEAR_SRGB if "-g10" in document.colorProfile() else SRGB)


class NewLayer(NamedTuple):
    """A layer to be added: `bands` are (first row, rows, bytes in the space of `space_for`)."""

    name: str
    bands: list[tuple[int, int, bytes]]
    masked: bool = True
    opacity: int = 255


def make_rgb(document: Document) -> None:
    """Converts a gray document, in an undo step of its own. Raises `Unsuitable`."""
    space = space_for(document)
    if document.colorModel() != "RGBA" and not document.setColorSpace(*space):
        raise Unsuitable(
            _("Krita could not convert the document to {profile}. It is as it was.").format(profile=space.profile)
        )


def add(
    document: Document,
    below: Node,
    space: Space,
    rectangle: Rectangle,
    new: list[NewLayer],
    group: str = "",
    first: Node | None = None,
) -> list[Node]:
    """Inserts layers above `below`, several of them in a group of that name with only the first visible: one undo step
    if the document is RGB already. Returns the layers.

    A selection becomes the transparency mask of those that are `masked`. `first`: an empty
    detached layer in `space` that becomes the first one; None: a new one.
    """
    for each in new:
        for _first, rows, data in each.bands:
            expect_bytes(data, space, rectangle.width * rows)
    make_rgb(document)
    if space_of(document) != space:
        raise Unsuitable(_("The document's color space changed while it was being colored. Try again."))
    # Attached when it is complete: what is done to an attached layer is undone apart from it, or not at all.
    empty = [first or document.createNode("", "paintlayer")]
    empty += [document.createNode("", "paintlayer") for _each in new[1:]]
    layers = [_filled(document, layer, rectangle, each) for layer, each in zip(empty, new, strict=True)]
    top: Node = layers[0]
    if len(layers) > 1:
        top = document.createGroupLayer(group)
        for layer in reversed(layers):
            layer.setVisible(layer is layers[0])
            top.addChildNode(layer, None)
    below.parentNode().addChildNode(top, below)
    return layers


def _filled(document: Document, layer: Node, rectangle: Rectangle, new: NewLayer) -> Node:
    layer.setName(new.name)
    layer.setOpacity(new.opacity)
    for first, rows, data in new.bands:
        layer.setPixelData(data, rectangle.x, rectangle.y + first, rectangle.width, rows)
    selection = document.selection()
    if new.masked and selection is not None:
        mask = document.createTransparencyMask(_("Selection"))
        mask.setSelection(selection.duplicate())  # else the mask would follow the user's next selection
        layer.addChildNode(mask, None)
    return layer


def select(document: Document, layer: Node) -> Iterator[float]:
    """Steps of a `task.Task` that select a new layer: Krita ignores the request until it has noticed the layer."""
    for _try in range(TRIES):
        yield SETTLED
        if not is_open(document) or document.activeNode() == layer:
            break
        document.setActiveNode(layer)


class Origin(NamedTuple):
    """Where a layer of ours comes from: the id of the photograph's layer, the settings, and who made the colors."""

    source: str
    settings: Settings
    made_by: Maker


def remember(document: Document, layer: Node, source: Node, settings: Settings, made_by: Maker | None = None) -> None:
    """Stores the origin of `layer` in the document."""
    stored = {"source": source.uniqueId().toString(), "settings": settings._asdict(), "made_by": made_by}
    document.setAnnotation(_key(layer), "What made this layer", QtCore.QByteArray(json.dumps(stored).encode()))


def recall(document: Document, layer: Node) -> Origin | None:
    """What `remember` stored; None for a layer that is not ours."""
    if _key(layer) not in document.annotationTypes():
        return None
    try:
        stored = json.loads(document.annotation(_key(layer)).data())
        settings = Settings.from_dict(dict(stored["settings"]))
        return Origin(str(stored["source"]), settings, Maker.of(stored.get("made_by")))
    except (ValueError, LookupError, TypeError):
        return None


def _key(layer: Node) -> str:
    return "photochrom/" + layer.uniqueId().toString()
