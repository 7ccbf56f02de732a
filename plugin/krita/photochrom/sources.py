"""Which layer is colored, which layers hold its colors, and what there is to say about it beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from .errors import Unsuitable
from .origins import fingerprint, recall
from .photochrom_client import translated as _
from .photochrom_client.kit import texts
from .qt import QtCore

if TYPE_CHECKING:
    from krita import Document, Node

HINTS = "Photochrom hints"
"""The layer that colors are painted on. Not translated: it must be found again in another language."""

NO_LAYERS = _(
    "Krita cannot read the layers of this GIMP file: what it shows is empty. Open the file in GIMP, choose "
    "Colors ▸ Photochrom ▸ Export for… and Krita there, and open the file that it writes."
)

WITH_PIXELS = {"paintlayer", "clonelayer", "filelayer"}
"""Types of layers that can be a photograph."""

LIGHTNESS = "Lightness"
"""Krita's name of the channel L*, in every language."""


def photograph_of(document: Document | None) -> Node:
    """The layer to be colored: the active one, or, where that holds colors of ours, the layer that they belong to; of a
    mask its layer. Raises `Unsuitable`.
    """
    if document is None:
        raise Unsuitable(_("No document is open. Open the photograph and try again."))
    if document.fileName().lower().endswith(".xcf") and not document.rootNode().childNodes():
        raise Unsuitable(NO_LAYERS)
    node = document.activeNode()
    while node is not None and node.type().endswith("mask"):
        node = node.parentNode()
    if node is None or node == document.rootNode():
        raise Unsuitable(_("No layer is selected. Select the layer of the photograph and try again."))
    source = source_of(document, node) or _source_of_all(document, node)
    if source is None and node.name() == HINTS:  # not made here: what is colored already, or what is seen below
        others = [each for each in layers_of(document.rootNode()) if each.name() != HINTS]
        source = next(filter(None, (source_of(document, each) for each in others)), None)
        source = source or next((each for each in others if each.type() in WITH_PIXELS and each.visible()), None)
    if source is None and node.name() == HINTS:
        raise Unsuitable(_("There is no layer below the hints. Select the layer of the photograph and try again."))
    return source or _checked(node)


def photograph_or_none(document: Document | None) -> Node | None:
    """As `photograph_of`; None instead of `Unsuitable`."""
    try:
        return photograph_of(document)
    except Unsuitable:
        return None


def layers_of(node: Node) -> Iterator[Node]:
    """All descendants, the topmost first."""
    for child in reversed(node.childNodes()):
        yield child
        yield from layers_of(child)


def colors_of(document: Document, source: Node) -> Iterator[Node]:
    """The layers with colors for `source`, the topmost first."""
    for node in layers_of(document.rootNode()):
        origin = recall(document, node) if node.name() != HINTS else None
        if origin is not None and origin.colors and source_of(document, node) == source:
            yield node


def whole_colors_of(document: Document, source: Node) -> Iterator[Node]:
    """Those that are seen and are for all of it, not for one object."""
    for node in colors_of(document, source):
        origin = recall(document, node)
        if origin is not None and origin.settings.object is None and is_shown(node):
            yield node


def doubts_of(document: Document, source: Node) -> list[Node]:
    """The maps of the doubt about the colors of `source`, the topmost first."""
    found = []
    for node in layers_of(document.rootNode()):
        origin = recall(document, node)
        if origin is not None and origin.doubt and source_of(document, node) == source:
            found.append(node)
    return found


def original_of(document: Document, source: Node) -> str | None:
    """What was scanned, as the newest colors of `source` say: those of all of it that are seen, else any; None without
    colors."""
    colors = next(chain(whole_colors_of(document, source), colors_of(document, source)), None)
    origin = None if colors is None else recall(document, colors)
    return None if origin is None else origin.settings.original


def stale_colors_of(document: Document, source: Node) -> list[Node]:
    """Those that are seen and hold the lightness that the photograph had before it was changed, the topmost first."""
    now, found = "", []
    for node in colors_of(document, source):
        origin = recall(document, node)
        if origin is None or not is_shown(node) or follows(node):
            continue
        now = now or fingerprint(source)
        if origin.live or (origin.seen and origin.seen != now):
            found.append(node)
    return found


def follows(node: Node) -> bool:
    """Whether a layer of colors takes its lightness from what is below it, exactly or nearly."""
    return node.blendingMode() == "color" or is_live(node)


def is_live(node: Node) -> bool:
    """Whether a layer has colors alone: its lightness is switched off, which only Lab has."""
    if node.colorModel() != "LABA":
        return False
    return any(channel.name() == LIGHTNESS and not channel.visible() for channel in node.channels())


def place_for(document: Document, source: Node) -> Node:
    """The layer above which new colors are inserted, so that they are visible: the selected colors, else `top_of`."""
    active = document.activeNode()
    if active is not None and active in list(colors_of(document, source)):
        return active
    return top_of(document, source)


def top_of(document: Document, source: Node) -> Node:
    """The topmost layer of a photograph's colors beside it, or the group that they are in; else `source` itself."""
    for node in colors_of(document, source):
        sibling: Node | None = node
        while sibling is not None and sibling.parentNode() != source.parentNode():
            sibling = sibling.parentNode()
        if sibling is not None:
            return sibling
    return source


def source_of(document: Document, node: Node) -> Node | None:
    """The photograph that a layer of ours belongs to; None for other layers."""
    origin = recall(document, node)
    return document.nodeByUniqueID(QtCore.QUuid(origin.source)) if origin else None


def _source_of_all(document: Document, group: Node) -> Node | None:
    """The photograph that a group of variants belongs to."""
    inside = group.childNodes() if group.type() == "grouplayer" else []
    found = [source_of(document, each) for each in inside]
    return found[0] if found and all(each is not None for each in found) else None


def _checked(node: Node) -> Node:
    if node.type() == "grouplayer":
        raise Unsuitable(_("A layer group is selected. Select the layer of the photograph inside it."))
    if node.type() not in WITH_PIXELS:
        raise Unsuitable(_("The selected layer has no pixels of its own. Select the layer of the photograph."))
    return node


def check_place(document: Document, source: Node) -> None:
    """Raises `Unsuitable` where the layer is outside the canvas, or the selection beside the layer."""
    bounds = source.bounds()
    if not bounds.isEmpty() and not bounds.intersects(QtCore.QRect(0, 0, document.width(), document.height())):
        raise Unsuitable(
            _("“{name}” lies outside of the image: move it back, or select another layer.").format(name=source.name())
        )
    selection = document.selection()
    if selection is None:
        return
    chosen = QtCore.QRect(selection.x(), selection.y(), selection.width(), selection.height())
    if not chosen.isEmpty() and not bounds.isEmpty() and not chosen.intersects(bounds):
        raise Unsuitable(
            _("The selection lies beside “{name}”: select a part of it, or nothing (Select ▸ Deselect).").format(
                name=source.name()
            )
        )


def remarks(document: Document, source: Node, is_color: bool) -> list[str]:
    """What the docker says before: which layer gets colors, and what may surprise about it, a sentence each."""
    name = source.name()
    said = [_("Colors “{name}”.").format(name=name)]
    if document.colorModel() == "LABA":
        said.append(_("Colors follow your retouching."))
    if document.selection() is not None:
        said.append(_("The selection becomes the mask of the new layer."))
    said += texts.remarks(name, is_hidden=not is_shown(source), is_color=is_color)
    if source.animated():
        said.append(_("“{name}” is animated: one layer of colors lies over all its frames.").format(name=name))
    return said


def is_shown(node: Node | None) -> bool:
    """Whether a layer and all groups around it are visible."""
    while node is not None:
        if not node.visible():
            return False
        node = node.parentNode()
    return True
