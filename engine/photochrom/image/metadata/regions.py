"""Faces and other regions marked in XMP, rotated together with the picture.

Two vocabularies locate them in the stored pixels, relative to width and height: that of the Metadata Working Group
(center and size; Guidelines 2.0, 5.9) and Microsoft's (corner and size).
"""

from __future__ import annotations

from typing import Final

from photochrom.image.metadata.facts import Facts
from photochrom.image.metadata.xmp import Element

_AREA: Final = "{http://ns.adobe.com/xmp/sType/Area#}"
_DIMENSIONS: Final = "{http://ns.adobe.com/xap/1.0/sType/Dimensions#}"
_APPLIED: Final = "{http://www.metadataworkinggroup.com/schemas/regions/}AppliedToDimensions"
_RECTANGLE: Final = "{http://ns.microsoft.com/photo/1.2/t/Region#}Rectangle"


def turn(rdf: Element, facts: Facts) -> None:
    """Rotates all regions as the pixels were; malformed ones are left unchanged."""
    for holder in rdf.iter():
        if not isinstance(holder.tag, str):
            continue
        if _get(holder, _AREA + "x") is not None:
            _turn_area(holder, facts.orientation)
        if (rectangle := _get(holder, _RECTANGLE)) is not None:
            _turn_rectangle(holder, rectangle, facts.orientation)
        if facts.on_its_side and holder.tag == _APPLIED:
            _swap_dimensions(holder)


def upright(x: float, y: float, orientation: int) -> tuple[float, float]:
    """Maps a point of the stored picture to the upright one; coordinates are relative to width and height."""
    return {
        1: (x, y),
        2: (1 - x, y),
        3: (1 - x, 1 - y),
        4: (x, 1 - y),
        5: (y, x),
        6: (1 - y, x),
        7: (1 - y, 1 - x),
        8: (y, 1 - x),
    }[orientation]


def _turn_area(holder: Element, orientation: int) -> None:
    try:
        x, y, width, height = (float(_get(holder, _AREA + name) or "0") for name in "xywh")
    except ValueError:
        return
    x, y = upright(x, y, orientation)
    if orientation > 4:
        width, height = height, width
    for name, value in zip("xywh", (x, y, width, height), strict=True):
        _set(holder, _AREA + name, f"{value:.6g}")


def _turn_rectangle(holder: Element, rectangle: str, orientation: int) -> None:
    try:
        x, y, width, height = (float(part) for part in rectangle.split(","))
    except ValueError:
        return
    one, other = upright(x, y, orientation), upright(x + width, y + height, orientation)
    (left, right), (top, bottom) = (sorted((one[axis], other[axis])) for axis in (0, 1))
    values = (left, top, right - left, bottom - top)
    _set(holder, _RECTANGLE, ", ".join(f"{value:.6f}" for value in values))


def _swap_dimensions(holder: Element) -> None:
    for each in (holder, *holder):
        width, height = _get(each, _DIMENSIONS + "w"), _get(each, _DIMENSIONS + "h")
        if width is not None and height is not None:
            _set(each, _DIMENSIONS + "w", height)
            _set(each, _DIMENSIONS + "h", width)


def _get(holder: Element, name: str) -> str | None:
    """A simple field of a structure, stored as an attribute or an element."""
    if name in holder.attrib:
        return str(holder.attrib[name])
    child = holder.find(name)
    return None if child is None else (child.text or "")


def _set(holder: Element, name: str, value: str) -> None:
    if name in holder.attrib:
        holder.set(name, value)
    elif (child := holder.find(name)) is not None:
        child.text = value
