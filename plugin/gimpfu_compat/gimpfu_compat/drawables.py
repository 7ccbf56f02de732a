"""Drawables: what layers, masks and channels have in common."""

from __future__ import annotations

from . import buffers
from .byte_string import raw
from .handles import attribute, method
from .items import Item
from .procedures import pdb
from .regions import PixelRgn
from .tiles import TILE, Tile

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any, ClassVar


class Drawable(Item):
    formats: ClassVar[dict[int, str]] = dict(enumerate(("R'G'B' u8", "R'G'B'A u8", "Y' u8", "Y'A u8")))
    """What regions see, by type."""

    width = attribute("gimp-drawable-width")
    height = attribute("gimp-drawable-height")
    bpp = attribute("gimp-drawable-bpp")
    type = attribute("gimp-drawable-type")
    type_with_alpha = attribute("gimp-drawable-type-with-alpha")
    has_alpha = attribute("gimp-drawable-has-alpha", convert=bool)
    is_rgb = attribute("gimp-drawable-is-rgb", convert=bool)
    is_gray = is_grey = attribute("gimp-drawable-is-gray", convert=bool)
    is_indexed = attribute("gimp-drawable-is-indexed", convert=bool)
    offsets = attribute("gimp-drawable-offsets")

    fill = method("gimp-drawable-fill", fill_type=0)
    offset = method("gimp-drawable-offset", "wrap_around", "fill_type", "offset_x", "offset_y")
    free_shadow = method("gimp-drawable-free-shadow")
    foreground_extract = method("gimp-drawable-foreground-extract", "mode", "mask")

    transform_flip_simple = method("gimp-item-transform-flip-simple", "flip_type", "auto_center", "axis")
    transform_flip = method("gimp-item-transform-flip", "x0", "y0", "x1", "y1")
    transform_rotate_simple = method(
        "gimp-item-transform-rotate-simple", "rotate_type", "auto_center", "center_x", "center_y"
    )
    transform_rotate = method("gimp-item-transform-rotate", "angle", "auto_center", "center_x", "center_y")
    transform_scale = method("gimp-item-transform-scale", "x0", "y0", "x1", "y1")
    transform_shear = method("gimp-item-transform-shear", "shear_type", "magnitude")
    transform_perspective = method("gimp-item-transform-perspective", "x0", "y0", "x1", "y1", "x2", "y2", "x3", "y3")
    transform_2d = method(
        *("gimp-item-transform-2d", "source_x", "source_y", "scale_x", "scale_y", "angle", "dest_x", "dest_y")
    )

    @property
    def mask_bounds(self) -> tuple[int, int, int, int]:
        """x1, y1, x2, y2 of the selected part; all of the drawable where nothing is selected."""
        x1, y1, x2, y2 = pdb.call("gimp-drawable-mask-bounds", (self,))[1:]
        return x1, y1, x2, y2

    @property
    def mask_intersect(self) -> tuple[int, int, int, int] | None:
        """x, y, width, height of the selected part, or None where the selection misses the drawable."""
        some, x, y, width, height = pdb.call("gimp-drawable-mask-intersect", (self,))
        return (x, y, width, height) if some else None

    def update(self, x: int, y: int, width: int, height: int) -> None:
        """Shows what has been written in a rectangle."""
        buffers.flush(self.ID)
        pdb.call("gimp-drawable-update", (self, x, y, width, height))

    def flush(self) -> None:
        """Hands everything written to GIMP."""
        buffers.drop(self.ID)

    def merge_shadow(self, undo: bool = False) -> None:
        """Makes the pixels of the shadow those of the drawable, with an undo step if `undo`. Many scripts merge one
        that they have not used: that changes nothing.
        """
        buffers.drop(self.ID)
        if self.ID in buffers.with_shadow:
            buffers.with_shadow.discard(self.ID)
            pdb.call("gimp-drawable-merge-shadow", (self, bool(undo)))

    def get_pixel_rgn(
        self, x: int, y: int, width: int, height: int, dirty: bool = True, shadow: bool = False
    ) -> PixelRgn:
        """A rectangle of pixels to read and write: `region[x, y]`, `region[x1:x2, y1:y2]`."""
        return PixelRgn(self, x, y, width, height, dirty, shadow)

    def get_tile(self, shadow: bool, row: int, column: int) -> Tile:
        return Tile(self, shadow, row, column)

    def get_tile2(self, shadow: bool, x: int, y: int) -> Tile:
        """The tile that the pixel x, y is in."""
        return Tile(self, shadow, y // TILE, x // TILE)

    def get_pixel(self, x: Any, y: Any = None) -> tuple[int, ...]:
        """One pixel, asked from GIMP itself: slow. Regions are for many. Also takes (x, y)."""
        x, y = (x, y) if y is not None else x
        return tuple(pdb.call("gimp-drawable-get-pixel", (self, x, y))[1])

    def set_pixel(self, x: Any, y: Any, value: Any = None) -> None:
        """Writes one pixel by GIMP itself: slow. Also takes (x, y), value."""
        (x, y), value = ((x, y), value) if value is not None else (x, y)
        data = raw(value)
        pdb.call("gimp-drawable-set-pixel", (self, x, y, len(data), data))
