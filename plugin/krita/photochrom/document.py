"""The document: its color space, and how new layers are inserted, in one undo step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from krita import Krita

from .errors import Unsuitable
from .photochrom_client import Cancelled
from .photochrom_client import translated as _
from .photochrom_client.kit.unsuitable import TURNED
from .pixels import (
    LINEAR_SRGB,
    SRGB,
    Foreign,
    Rectangle,
    Space,
    bounds_of,
    expect_bytes,
    foreign_layer,
    grays,
    lab_space,
    space_of,
    thumbnail,
)
from .qt import QtGui
from .sources import LIGHTNESS

if TYPE_CHECKING:
    from krita import Document, Node

SETTLED = 0.1
"""Seconds after which Krita has mostly noticed a new layer."""

LOOK = 48
"""Pixels on the long side of the picture that tells whether a photograph was turned."""

ANNOUNCED = 8000
"""Milliseconds that a text is shown over the canvas."""

PLAIN = ("normal", 255)
"""Mode and opacity of a layer as Krita creates it."""

TRIES = 20
"""How often it is selected then: on a busy machine it takes longer."""


def active() -> Document | None:
    """The document in front; None without one."""
    return Krita.instance().activeDocument()


def check_model(document: Document) -> None:
    """Raises `Unsuitable` where the document is neither in Lab nor RGB nor gray."""
    model = document.colorModel()
    if model not in {"LABA", "RGBA", "GRAYA"}:
        raise Unsuitable(
            _(
                "The document is in {model}, which cannot hold the colors. "
                "Choose Image ▸ Convert Image Color Space… ▸ RGB or L*a*b* and try again."
            ).format(model=model.removesuffix("A"))
        )


def is_open(document: Document) -> bool:
    return document in Krita.instance().documents()


def check_present(document: Document, *layers: Node) -> None:
    """Raises `Cancelled` where the document was closed, `Unsuitable` where a layer was removed."""
    if not is_open(document):
        raise Cancelled("The document was closed.", code="cancelled")
    if any(layer.parentNode() is None for layer in layers):
        raise Unsuitable(_("The layer was removed while it was being colored. Nothing was changed."))


class Frame(NamedTuple):
    """Where a photograph is in its document, and what it looks like."""

    canvas: tuple[int, int]
    bounds: Rectangle
    look: QtGui.QImage


def frame_of(document: Document, source: Node) -> Frame:
    """Raises `Unsuitable` for an empty layer."""
    bounds = bounds_of(source)
    return Frame((document.width(), document.height()), bounds, thumbnail(source, LOOK, LOOK))


def check_frame(document: Document, source: Node, before: Frame) -> None:
    """Raises `Unsuitable` where the photograph is in another place than before, mirrored or turned."""
    now = frame_of(document, source)
    if now[:2] == before[:2]:
        if now.look == before.look:
            return
        difference = _difference(now.look, before.look)  # it may have been retouched: then it lies where it was
        if not any(_difference(now.look, turned) < difference for turned in _turned(before.look)):
            return
    raise Unsuitable(TURNED)


def _turned(look: QtGui.QImage) -> Iterator[QtGui.QImage]:
    for across, down in ((True, False), (False, True), (True, True)):
        yield look.mirrored(across, down)
    if look.width() == look.height():
        for angle in (90, 270):
            yield look.transformed(QtGui.QTransform().rotate(angle))


def _difference(one: QtGui.QImage, other: QtGui.QImage) -> int:
    planes = (b"".join(grays(each.convertToFormat(QtGui.QImage.Format.Format_Grayscale8))) for each in (one, other))
    return sum(abs(a - b) for a, b in zip(*planes, strict=True))


def name_of(document: Document) -> str:
    """The name of its file; of an unsaved document its own."""
    return document.fileName().rpartition("/")[2] or document.name()


def outline_selection(document: Document) -> None:
    """Makes Krita draw the outline of a selection that was set by its pixels: smoothing it, an undo step, looks at
    them, while `Selection.setPixelData` leaves the outline as it was."""
    if document == active():
        Krita.instance().action("smoothselection").trigger()


def announce(text: str) -> None:
    """Shows a text over the canvas for some seconds."""
    Krita.instance().activeWindow().activeView().showFloatingMessage(text, QtGui.QIcon(), ANNOUNCED, 1)


def foreground() -> tuple[float, ...]:
    """Krita's foreground color in sRGB, 0…1 each."""
    color = Krita.instance().activeWindow().activeView().foregroundColor()
    color.setColorSpace("RGBA", "F32", SRGB)
    return tuple(min(1.0, max(0.0, value)) for value in color.componentsOrdered()[:3])


def space_for(document: Document, model: str = "RGBA") -> Space:
    """The space of new layers, to which the document is converted: its own in Lab, and in RGB unless `model`
    is LABA."""
    if document.colorModel() in {"LABA", model}:
        return space_of(document)
    depth = document.colorDepth()
    if model == "LABA":
        return lab_space("F32" if depth in {"F16", "F32"} else "U16")
    return Space("RGBA", depth, LINEAR_SRGB if "-g10" in document.colorProfile() else SRGB)


class NewLayer(NamedTuple):
    """A layer to be added: `bands` are (first row, rows, bytes in the space of `space_for`). With `colors` it is a live
    layer in Lab: it has colors alone, and its lightness is what is below it."""

    name: str
    bands: list[tuple[int, int, bytes]]
    masked: bool = True
    opacity: int = 255
    mode: str = "normal"
    colors: bool = True


def convert(document: Document, space: Space) -> None:
    """Converts a document, in an undo step of its own; nothing happens to one in that model. Raises `Unsuitable`."""
    if document.colorModel() != space.model and not document.setColorSpace(*space):
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
    first: Foreign | None = None,
    alternatives: bool = True,
) -> list[Node]:
    """Inserts layers above `below`, several of them in a group of that name: one undo step if the document is in
    `space` already. Returns the layers. Of `alternatives` only the first is visible.

    A selection becomes the transparency mask of those that are `masked`. `first`: an empty
    detached layer in `space` that becomes the first one; None: a new one.
    """
    _prepare(document, space, rectangle, new)
    with ExitStack() as scratch:
        # Attached when it is complete: what is done to an attached layer is undone apart from it, or not at all.
        layers = [
            _filled(document, _empty(document, space, each, first if at == 0 else None, scratch), rectangle, each)
            for at, each in enumerate(new)
        ]
        for layer, each in zip(layers, new, strict=True):
            _mask(document, layer, each)
        _attach(document, below, layers, group, alternatives)
    return layers


def _attach(document: Document, below: Node, layers: list[Node], group: str, alternatives: bool) -> None:
    top: Node = layers[0]
    if len(layers) > 1:
        together = document.createGroupLayer(group)
        # Colors alone need what is below the group.
        together.setPassThroughMode(document.colorModel() == "LABA" or layers[0].blendingMode() != "normal")
        top = together
        for layer in reversed(layers):
            layer.setVisible(layer is layers[0] or not alternatives)
            top.addChildNode(layer, None)
    below.parentNode().addChildNode(top, below)
    if top is not layers[0]:
        document.refreshProjection()  # Krita shows a group as empty that was filled before


def put_in_place(
    document: Document, old: Node, space: Space, rectangle: Rectangle, new: NewLayer, first: Foreign | None = None
) -> Node:
    """Replaces a layer by a new one that keeps its masks, opacity and mode, and returns it. `first` as in `add`.

    Two undo steps: Krita has no way for plug-ins to add and remove in one.
    """
    _prepare(document, space, rectangle, [new])
    mode = "normal" if space.model == "LABA" else old.blendingMode()
    new = new._replace(opacity=old.opacity(), mode=mode)
    with ExitStack() as scratch:
        layer = _filled(document, _empty(document, space, new, first, scratch), rectangle, new)
        for mask in old.childNodes():
            layer.addChildNode(mask.duplicate(), None)
        old.parentNode().addChildNode(layer, old)
    old.remove()
    return layer


def _prepare(document: Document, space: Space, rectangle: Rectangle, new: list[NewLayer]) -> None:
    for each in new:
        for _first, rows, data in each.bands:
            expect_bytes(data, space, rectangle.width * rows)
    convert(document, space)
    if space_of(document) != space:
        raise Unsuitable(_("The document's color space changed while it was being colored. Try again."))


def _empty(document: Document, space: Space, new: NewLayer, first: Foreign | None, scratch: ExitStack) -> Node:
    """A detached layer with the mode and opacity of `new`: `first`, or a new one.

    Setting them is an undo step of the document that a layer was created for, detached or not. So a layer that needs it
    is created for another document, which `scratch` closes.
    """
    if first is None and (new.mode, new.opacity) == PLAIN:
        return document.createNode("", "paintlayer")
    layer, other = first or scratch.enter_context(foreign_layer(space))
    if (new.mode, new.opacity) != PLAIN:
        layer.setOpacity(new.opacity)
        layer.setBlendingMode(new.mode)
        other.waitForDone()
    return layer


def _filled(document: Document, layer: Node, rectangle: Rectangle, new: NewLayer) -> Node:
    layer.setName(new.name)
    for first, rows, data in new.bands:
        layer.setPixelData(data, rectangle.x, rectangle.y + first, rectangle.width, rows)
    if new.colors and document.colorModel() == "LABA":
        for channel in layer.channels():
            channel.setVisible(channel.name() != LIGHTNESS)
    return layer


def _mask(document: Document, layer: Node, new: NewLayer) -> None:
    selection = document.selection()
    if new.masked and selection is not None:
        mask = document.createTransparencyMask(_("Selection"))
        mask.setSelection(selection.duplicate())  # else the mask would follow the user's next selection
        layer.addChildNode(mask, None)


def select(document: Document, layer: Node) -> Iterator[float]:
    """Steps of a `task.Task` that select a new layer: Krita ignores the request until it has noticed the layer."""
    for _try in range(TRIES):
        yield SETTLED
        if not is_open(document) or document.activeNode() == layer:
            break
        document.setActiveNode(layer)
