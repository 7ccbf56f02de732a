"""Why what is selected cannot be colored, in words for the user."""

from ..translation import translated as _


class Unsuitable(Exception):
    """What is selected cannot be colored; the text says why and what to do instead."""


EMPTY = _("The layer is empty: all of it is transparent. Select the photograph's layer.")
NO_LAYER = _("No layer is selected. Select the layer of the photograph and try again.")
MASK = _("A layer mask is selected. Click on the layer's own picture in the Layers dialog.")
CHANNEL = _("A channel is selected. Select the layer of the photograph in the Layers dialog.")
GROUP = _("A layer group is selected. Select the layer of the photograph inside it.")
FLOATING = _("The image has a floating selection. Anchor it (Layer ▸ Anchor Layer) and try again.")
CLOSED = _("The image was closed in the meantime. No colors were made.")
GONE = _("The layer was removed in the meantime. No colors were made.")
TURNED = _(
    "The photograph was cropped, turned or moved while it was being colored. Nothing was changed. Color it once more."
)
CONVERTED = _(
    "The image was converted while it was being colored. Nothing was changed. Color the photograph once more."
)
NOT_OURS = _("Select a layer that Photochrom made: its settings are used again.")
NOT_ADJUSTABLE = _("Select a layer that Photochrom made: its colors are adjusted.")
OF_AN_OBJECT = _("This layer colors one object: give it another color with “Recolor Object…”.")
NOT_GIVEN = _("Select the layer of a recolored object, or the hints layer: the note says how its color is known.")
NO_COLORS = _("There are no colors in this image that Photochrom made.")
NOTHING_VISIBLE = _("Nothing is visible in this image.")
A_WINDOW = _("This is a window: it is not for scripts. Run “photochrom doctor” instead.")
NAMELESS = _("Name the file to write.")
NOTHING_BELOW = _("There is no layer below the hints. Select the layer of the photograph and try again.")
OUTSIDE = _("The point is outside of the photograph's layer.")


def text_layer(name: str) -> str:
    return _("“{name}” is a text layer. Select the layer of the photograph.").format(name=name)


def outside(name: str) -> str:
    return _("“{name}” lies outside of the image: move it back, or select another layer.").format(name=name)


def beside(name: str) -> str:
    """Of a selection that has nothing of the layer `name`."""
    return _("The selection lies beside “{name}”: select a part of it, or nothing (Select ▸ None).").format(name=name)


def photograph_gone(name: str) -> str:
    """Of the layer `name`, which has its colors."""
    return _("The photograph of “{name}” is no longer in this image. Select another layer.").format(name=name)


def no_hints(name: str) -> str:
    """`name`: of the layer that is painted on."""
    return _(
        "There are no hints: paint colors on the layer “{name}” first (Colors ▸ Photochrom ▸ Hints Layer)."
    ).format(name=name)


def other_size(name: str) -> str:
    return _("“{name}” no longer has its photograph's size.").format(name=name)


def locked(name: str) -> str:
    return _("The pixels of “{name}” are locked.").format(name=name)
