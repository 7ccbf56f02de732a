"""Paths (vectors) and their strokes."""

from __future__ import annotations

from .items import Item, stands_for
from .procedures import pdb

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeVar

    S = TypeVar("S", bound="VectorsStroke")

REPLACE, BEZIER = 2, 0


@stands_for("vectors")
class Vectors(Item):
    """A path. A new one is in no image until `pdb.gimp_image_insert_vectors`."""

    def __init__(self, image: Any, name: str) -> None:
        self.ID = pdb.call("gimp-vectors-new", (image, name)).ID

    @property
    def strokes(self) -> list[VectorsBezierStroke]:
        return [VectorsBezierStroke.of(self, number) for number in pdb.call("gimp-vectors-get-strokes", (self,))[1]]

    def remove_stroke(self, stroke: VectorsStroke) -> None:
        pdb.call("gimp-vectors-remove-stroke", (self, stroke.ID))

    def copy(self) -> Any:
        return pdb.call("gimp-vectors-copy", (self,))

    def to_selection(
        self,
        operation: int = REPLACE,
        antialias: bool = True,
        feather: bool = False,
        feather_radius_x: float = 0.0,
        feather_radius_y: float = 0.0,
    ) -> None:
        arguments = (self.image, operation, self)
        pdb.call("gimp-context-push", ())
        try:
            pdb.call("gimp-context-set-antialias", (antialias,))
            pdb.call("gimp-context-set-feather", (feather,))
            pdb.call("gimp-context-set-feather-radius", (feather_radius_x, feather_radius_y))
            pdb.call("gimp-image-select-item", arguments)
        finally:
            pdb.call("gimp-context-pop", ())

    def bezier_stroke_new_moveto(self, x0: float, y0: float) -> VectorsBezierStroke:
        return VectorsBezierStroke.of(self, pdb.call("gimp-vectors-bezier-stroke-new-moveto", (self, x0, y0)))

    def bezier_stroke_new_ellipse(
        self, x0: float, y0: float, radius_x: float, radius_y: float, angle: float
    ) -> VectorsBezierStroke:
        arguments = (self, x0, y0, radius_x, radius_y, angle)
        return VectorsBezierStroke.of(self, pdb.call("gimp-vectors-bezier-stroke-new-ellipse", arguments))


class VectorsStroke:
    """A stroke of a path, by its number in the path. Lengths and positions are in pixels."""

    def __init__(self, vectors: Vectors, stroke: int) -> None:
        self.vectors, self.ID = vectors, stroke

    @classmethod
    def of(cls: type[S], vectors: Vectors, number: int) -> S:
        stroke = cls.__new__(cls)
        stroke.vectors, stroke.ID = vectors, number
        return stroke

    @property
    def vectors_ID(self) -> int:
        return self.vectors.ID

    @property
    def points(self) -> tuple[list[float], bool]:
        """The control points, x and y in turn, and whether the stroke is closed."""
        _, _, points, closed = self._call("get-points")
        return list(points), bool(closed)

    def get_length(self, precision: float = 1.0) -> float:
        return float(self._call("get-length", precision))

    def get_point_at_dist(self, dist: float, precision: float = 1.0) -> tuple[float, float, float, bool]:
        """x, y, slope, and whether the stroke is that long."""
        x, y, slope, valid = self._call("get-point-at-dist", dist, precision)
        return x, y, slope, bool(valid)

    def interpolate(self, precision: float = 1.0) -> tuple[list[float], bool]:
        """Points on the stroke, x and y in turn, and whether it is closed."""
        _, points, closed = self._call("interpolate", precision)
        return list(points), bool(closed)

    def close(self) -> None:
        self._call("close")

    def translate(self, off_x: float, off_y: float) -> None:
        self._call("translate", off_x, off_y)

    def scale(self, scale_x: float, scale_y: float) -> None:
        self._call("scale", scale_x, scale_y)

    def rotate(self, center_x: float, center_y: float, angle: float) -> None:
        self._call("rotate", center_x, center_y, angle)

    def flip(self, flip_type: int, axis: float) -> None:
        self._call("flip", flip_type, axis)

    def flip_free(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self._call("flip-free", x1, y1, x2, y2)

    def _call(self, what: str, *arguments: Any) -> Any:
        return pdb.call(f"gimp-vectors-stroke-{what}", (self.vectors, self.ID, *arguments))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VectorsStroke) and (self.vectors, self.ID) == (other.vectors, other.ID)

    def __hash__(self) -> int:
        return hash((self.vectors, self.ID))


class VectorsBezierStroke(VectorsStroke):
    """A new one is made of its control points: three for each anchor, x and y in turn."""

    def __init__(self, vectors: Vectors, controlpoints: Sequence[float], closed: bool = False) -> None:
        arguments = (vectors, BEZIER, len(controlpoints), controlpoints, closed)
        super().__init__(vectors, pdb.call("gimp-vectors-stroke-new-from-points", arguments))

    def lineto(self, x0: float, y0: float) -> None:
        self._extend("lineto", x0, y0)

    def conicto(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._extend("conicto", x0, y0, x1, y1)

    def cubicto(self, x0: float, y0: float, x1: float, y1: float, x2: float, y2: float) -> None:
        self._extend("cubicto", x0, y0, x1, y1, x2, y2)

    def _extend(self, how: str, *coordinates: float) -> None:
        pdb.call(f"gimp-vectors-bezier-stroke-{how}", (self.vectors, self.ID, *coordinates))
