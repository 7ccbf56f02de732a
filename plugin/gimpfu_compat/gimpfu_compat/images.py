"""Images and the windows that show them."""

from __future__ import annotations

from .byte_string import ByteString, raw
from .handles import Handle, WithParasites, attribute, method
from .items import listed
from .layers import NORMAL, Layer
from .parameters import DISPLAY, IMAGE, represents
from .procedures import pdb

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any

TRANSPARENT, ABOVE_THE_ACTIVE = 3, -1


class Image(WithParasites):
    """An image; a new one has no layers and no window."""

    _sort = "image"
    width = attribute("gimp-image-width")
    height = attribute("gimp-image-height")
    base_type = attribute("gimp-image-base-type")
    precision = attribute("gimp-image-get-precision")
    name = attribute("gimp-image-get-name")
    uri = attribute("gimp-image-get-uri")
    filename = attribute("gimp-image-get-filename", "gimp-image-set-filename")
    active_layer = attribute("gimp-image-get-active-layer", "gimp-image-set-active-layer")
    active_drawable = attribute("gimp-image-get-active-drawable")
    active_channel = attribute("gimp-image-get-active-channel", "gimp-image-set-active-channel")
    active_vectors = attribute("gimp-image-get-active-vectors", "gimp-image-set-active-vectors")
    selection = attribute("gimp-image-get-selection")
    floating_selection = attribute("gimp-image-get-floating-sel")
    floating_sel_attached_to = attribute("gimp-image-floating-sel-attached-to")
    dirty = attribute("gimp-image-is-dirty", convert=bool)
    unit = attribute("gimp-image-get-unit", "gimp-image-set-unit")
    tattoo_state = attribute("gimp-image-get-tattoo-state", "gimp-image-set-tattoo-state")

    insert_layer = method("gimp-image-insert-layer", "layer", parent=None, position=ABOVE_THE_ACTIVE)
    insert_channel = method("gimp-image-insert-channel", "channel", parent=None, position=ABOVE_THE_ACTIVE)
    insert_vectors = method("gimp-image-insert-vectors", "vectors", parent=None, position=ABOVE_THE_ACTIVE)
    remove_layer = method("gimp-image-remove-layer", "layer")
    remove_channel = method("gimp-image-remove-channel", "channel")
    remove_vectors = method("gimp-image-remove-vectors", "vectors")
    raise_layer = raise_channel = raise_vectors = method("gimp-image-raise-item", "item")
    lower_layer = lower_channel = lower_vectors = method("gimp-image-lower-item", "item")
    raise_layer_to_top = raise_vectors_to_top = method("gimp-image-raise-item-to-top", "item")
    lower_layer_to_bottom = lower_vectors_to_bottom = method("gimp-image-lower-item-to-bottom", "item")
    get_layer_by_tattoo = method("gimp-image-get-layer-by-tattoo", "tattoo")
    get_channel_by_tattoo = method("gimp-image-get-channel-by-tattoo", "tattoo")
    get_vectors_by_tattoo = method("gimp-image-get-vectors-by-tattoo", "tattoo")
    unset_active_channel = method("gimp-image-unset-active-channel")
    pick_correlate_layer = method("gimp-image-pick-correlate-layer", "x", "y")

    flatten = method("gimp-image-flatten")
    duplicate = method("gimp-image-duplicate")
    merge_visible_layers = method("gimp-image-merge-visible-layers", merge_type=0)
    merge_down = method("gimp-image-merge-down", "layer", merge_type=0)
    resize = method("gimp-image-resize", "new_width", "new_height", offset_x=0, offset_y=0)
    resize_to_layers = method("gimp-image-resize-to-layers")
    scale = method("gimp-image-scale", "new_width", "new_height")
    crop = method("gimp-image-crop", "new_width", "new_height", offset_x=0, offset_y=0)
    clean_all = method("gimp-image-clean-all")
    free_shadow = method("gimp-image-free-shadow")

    undo_group_start = method("gimp-image-undo-group-start")
    undo_group_end = method("gimp-image-undo-group-end")
    disable_undo = undo_disable = method("gimp-image-undo-disable")
    enable_undo = undo_enable = method("gimp-image-undo-enable")
    undo_freeze = method("gimp-image-undo-freeze")
    undo_thaw = method("gimp-image-undo-thaw")
    undo_is_enabled = method("gimp-image-undo-is-enabled")

    add_hguide = method("gimp-image-add-hguide", "y_position")
    add_vguide = method("gimp-image-add-vguide", "x_position")
    delete_guide = method("gimp-image-delete-guide", "guide")
    find_next_guide = method("gimp-image-find-next-guide", guide=0)
    get_guide_position = method("gimp-image-get-guide-position", "guide")
    get_guide_orientation = method("gimp-image-get-guide-orientation", "guide")

    get_component_active = method("gimp-image-get-component-active", "component")
    set_component_active = method("gimp-image-set-component-active", "component", "active")
    get_component_visible = method("gimp-image-get-component-visible", "component")
    set_component_visible = method("gimp-image-set-component-visible", "component", "visible")

    def __init__(self, width: int, height: int, type: int = 0) -> None:
        self.ID = pdb.call("gimp-image-new", (width, height, type)).ID

    def is_valid(self) -> bool:
        return bool(pdb.call("gimp-image-is-valid", (self,)))

    @property
    def layers(self) -> list[Any]:
        """The layers that are in no group, the topmost first."""
        return listed(pdb.call("gimp-image-get-layers", (self,))[1])

    @property
    def channels(self) -> list[Any]:
        return listed(pdb.call("gimp-image-get-channels", (self,))[1])

    @property
    def vectors(self) -> list[Any]:
        return listed(pdb.call("gimp-image-get-vectors", (self,))[1])

    @property
    def resolution(self) -> tuple[float, float]:
        """Pixels an inch, across and down."""
        x, y = pdb.call("gimp-image-get-resolution", (self,))
        return x, y

    @resolution.setter
    def resolution(self, value: tuple[float, float]) -> None:
        pdb.call("gimp-image-set-resolution", (self, *value))

    @property
    def colormap(self) -> ByteString:
        """The colors of an indexed image, three bytes each."""
        return ByteString(raw(pdb.call("gimp-image-get-colormap", (self,))[1]))

    @colormap.setter
    def colormap(self, value: Any) -> None:
        data = raw(value)
        pdb.call("gimp-image-set-colormap", (self, len(data), data))

    cmap = colormap

    def set_cmap(self, value: Any) -> None:
        self.colormap = value

    def add_layer(self, layer: Any, position: int = ABOVE_THE_ACTIVE) -> None:
        self.insert_layer(layer, None, position)

    def add_channel(self, channel: Any, position: int = ABOVE_THE_ACTIVE) -> None:
        self.insert_channel(channel, None, position)

    def add_vectors(self, vectors: Any, position: int = ABOVE_THE_ACTIVE) -> None:
        self.insert_vectors(vectors, None, position)

    def new_layer(
        self,
        name: str = "New Layer",
        width: int | None = None,
        height: int | None = None,
        offset_x: int = 0,
        offset_y: int = 0,
        alpha: bool = True,
        pos: int = ABOVE_THE_ACTIVE,
        opacity: float = 100.0,
        mode: int = NORMAL,
        fill_mode: int = TRANSPARENT,
    ) -> Layer:
        """A layer of the image's size and kind, filled and put into the image."""
        kind = self.base_type * 2 + bool(alpha)
        layer = Layer(self, name, width or self.width, height or self.height, kind, opacity, mode)
        layer.fill(fill_mode)
        layer.set_offsets(offset_x, offset_y)
        self.add_layer(layer, pos)
        return layer


class Display(Handle):
    """A window onto an image."""

    _sort = "display"

    def __init__(self, image: Image) -> None:
        self.ID = pdb.call("gimp-display-new", (image,)).ID


represents(Image.of, Image, IMAGE)
represents(Display.of, Display, DISPLAY)
