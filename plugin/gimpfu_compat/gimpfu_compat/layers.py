"""Layers and groups of layers."""

from __future__ import annotations

from .drawables import Drawable
from .handles import attribute, method
from .items import stands_for
from .procedures import pdb

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any

NORMAL, RGB_IMAGE, WHITE_MASK = 28, 0, 0


@stands_for("layer")
class Layer(Drawable):
    """A layer; text layers are layers too. A new one is in no image until `image.insert_layer`."""

    opacity = attribute("gimp-layer-get-opacity", "gimp-layer-set-opacity")
    mode = attribute("gimp-layer-get-mode", "gimp-layer-set-mode")
    lock_alpha = preserve_trans = attribute("gimp-layer-get-lock-alpha", "gimp-layer-set-lock-alpha", bool)
    mask = attribute("gimp-layer-get-mask")
    apply_mask = attribute("gimp-layer-get-apply-mask", "gimp-layer-set-apply-mask", bool)
    edit_mask = attribute("gimp-layer-get-edit-mask", "gimp-layer-set-edit-mask", bool)
    show_mask = attribute("gimp-layer-get-show-mask", "gimp-layer-set-show-mask", bool)
    is_floating_sel = attribute("gimp-layer-is-floating-sel", convert=bool)
    composite_space = attribute("gimp-layer-get-composite-space", "gimp-layer-set-composite-space")
    composite_mode = attribute("gimp-layer-get-composite-mode", "gimp-layer-set-composite-mode")
    blend_space = attribute("gimp-layer-get-blend-space", "gimp-layer-set-blend-space")

    copy = method("gimp-layer-copy", add_alpha=False)
    scale = method("gimp-layer-scale", "new_width", "new_height", local_origin=False)
    resize = method("gimp-layer-resize", "new_width", "new_height", offset_x=0, offset_y=0)
    resize_to_image_size = method("gimp-layer-resize-to-image-size")
    translate = method("gimp-layer-translate", "offset_x", "offset_y")
    set_offsets = method("gimp-layer-set-offsets", "offset_x", "offset_y")
    add_alpha = method("gimp-layer-add-alpha")
    flatten = method("gimp-layer-flatten")
    create_mask = method("gimp-layer-create-mask", type=WHITE_MASK)
    add_mask = method("gimp-layer-add-mask", "mask")
    remove_mask = method("gimp-layer-remove-mask", "mode")

    def __init__(
        self,
        image: Any,
        name: str,
        width: int,
        height: int,
        type: int = RGB_IMAGE,
        opacity: float = 100.0,
        mode: int = NORMAL,
    ) -> None:
        self.ID = pdb.call("gimp-layer-new", (image, width, height, type, name, opacity, mode)).ID


@stands_for("group")
class GroupLayer(Layer):
    def __init__(self, image: Any, name: str | None = None, opacity: float = 100.0, mode: int = NORMAL) -> None:
        self.ID = pdb.call("gimp-layer-group-new", (image,)).ID
        if name is not None:
            self.name = name
        self.opacity = opacity
        self.mode = mode

    @property
    def layers(self) -> list[Any]:
        return self.children
