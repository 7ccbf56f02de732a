"""Items: layers, channels and paths, found by their number."""

from __future__ import annotations

from .handles import Handle, WithParasites, attribute, method
from .libraries import GIMP, Int, function
from .parameters import CHANNEL, DRAWABLE, ITEM, LAYER, SELECTION, VECTORS, represents
from .procedures import pdb

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any

_is_valid = function(GIMP, "gimp_item_is_valid", Int, Int)
_CLASSES: dict[str, type[Item]] = {}
_TESTS = {kind: function(GIMP, f"gimp_item_is_{kind}", Int, Int) for kind in ("group", "layer", "channel", "vectors")}


def is_a(kind: str) -> Any:
    """A method and a property of old scripts alike: whether the item is of this kind."""
    return property(lambda self: bool(pdb.call(f"gimp-item-is-{kind}", (self,))))


class Item(WithParasites):
    """What layers, channels and paths have in common."""

    _sort = "item"
    name = attribute("gimp-item-get-name", "gimp-item-set-name")
    visible = attribute("gimp-item-get-visible", "gimp-item-set-visible", bool)
    linked = attribute("gimp-item-get-linked", "gimp-item-set-linked", bool)
    lock_content = attribute("gimp-item-get-lock-content", "gimp-item-set-lock-content", bool)
    lock_position = attribute("gimp-item-get-lock-position", "gimp-item-set-lock-position", bool)
    color_tag = attribute("gimp-item-get-color-tag", "gimp-item-set-color-tag")
    tattoo = attribute("gimp-item-get-tattoo", "gimp-item-set-tattoo")
    image = attribute("gimp-item-get-image")
    parent = attribute("gimp-item-get-parent")
    is_group = is_a("group")
    is_layer = is_a("layer")
    is_text_layer = is_a("text-layer")
    is_channel = is_a("channel")
    is_drawable = is_a("drawable")
    is_layer_mask = is_a("layer-mask")
    is_selection = is_a("selection")
    is_vectors = is_a("vectors")

    @property
    def children(self) -> list[Any]:
        """The items in a group, the topmost first; empty for anything else."""
        return listed(pdb.call("gimp-item-get-children", (self,))[1]) if self.is_group else []

    def is_valid(self) -> bool:
        return bool(_is_valid(self.ID))

    @staticmethod
    def from_id(number: int) -> Any:
        """The item of this number as what it is, or None."""
        return of_number(number)

    transform_translate = method("gimp-item-transform-translate", "off_x", "off_y")


def stands_for(kind: str) -> Any:
    """A decorator: items of this kind are objects of the class."""

    def remember(cls: type[Item]) -> type[Item]:
        _CLASSES[kind] = cls
        return cls

    return remember


def of_number(number: int) -> Any:
    """The item of this number as what it is. None for the numbers that are none.

    gimp_item_is_*() would show the user an error box for those: the first test is whether there is such an item.
    """
    if number <= 0 or not _is_valid(number):
        return None
    from . import channels, layers, paths  # they need this module themselves

    kind = next((kind for kind, test in _TESTS.items() if test(number)), None)
    return _CLASSES[kind].of(number) if kind else Item.of(number)


def listed(numbers: Any) -> list[Any]:
    return [of_number(number) for number in numbers]


represents(of_number, Item, ITEM, LAYER, CHANNEL, DRAWABLE, SELECTION, VECTORS)


def delete(thing: Handle) -> None:
    """`gimp.delete`: an image, a display, or an item that is in no image."""
    pdb.call(f"gimp-{thing._sort}-delete", (thing,))
