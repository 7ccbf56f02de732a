"""Channels: saved selections, masks, and the selection itself."""

from __future__ import annotations

from .drawables import Drawable
from .handles import attribute, method
from .items import stands_for
from .procedures import pdb

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any, ClassVar

GRAY_IMAGE = 2


@stands_for("channel")
class Channel(Drawable):
    formats: ClassVar[dict[int, str]] = {GRAY_IMAGE: "Y u8"}
    """Coverage, which has no gamma."""

    opacity = attribute("gimp-channel-get-opacity", "gimp-channel-set-opacity")
    color = colour = attribute("gimp-channel-get-color", "gimp-channel-set-color")
    show_masked = attribute("gimp-channel-get-show-masked", "gimp-channel-set-show-masked", bool)

    copy = method("gimp-channel-copy")
    combine_masks = method("gimp-channel-combine-masks", "channel2", "operation", "offset_x", "offset_y")

    def __init__(
        self, image: Any, name: str, width: int, height: int, opacity: float = 100.0, color: Any = (0, 0, 0)
    ) -> None:
        self.ID = pdb.call("gimp-channel-new", (image, width, height, name, opacity, color)).ID
