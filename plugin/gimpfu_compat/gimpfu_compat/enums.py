"""The constants of `gimpenums`, asked from libgimp's own types."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_size_t, c_uint, c_uint32

from .libraries import GIMP, GLIB, GOBJECT, Text, function, version


class Value(Structure):
    """GEnumValue."""

    _fields_ = (("value", c_int), ("name", c_char_p), ("nick", c_char_p))


class EnumClass(Structure):
    """GEnumClass."""

    _fields_ = (
        ("type", c_size_t),
        ("minimum", c_int),
        ("maximum", c_int),
        ("count", c_uint),
        ("values", POINTER(Value)),
    )


OLD_NAMES = b"gimp-compat-enum"
"""The key under which a type keeps another one with the names it had before 2.10."""

NOT_OF_A_TYPE = {
    "TRUE": 1,
    "FALSE": 0,
    "UNIT_PIXEL": 0,
    "UNIT_INCH": 1,
    "UNIT_MM": 2,
    "UNIT_POINT": 3,
    "UNIT_PICA": 4,
    "MIN_IMAGE_SIZE": 1,
    "MAX_IMAGE_SIZE": 524288,
    "PARASITE_PERSISTENT": 1,
    "PARASITE_UNDOABLE": 2,
    "PARASITE_ATTACH_PARENT": 128,
    "PARASITE_PARENT_PERSISTENT": 128,
    "PARASITE_ATTACH_GRANDPARENT": 32768,
    "PIXEL_FETCHER_EDGE_NONE": 0,
    "PIXEL_FETCHER_EDGE_WRAP": 1,
    "PIXEL_FETCHER_EDGE_SMEAR": 2,
    "PIXEL_FETCHER_EDGE_BLACK": 3,
    "PIXEL_FETCHER_EDGE_BACKGROUND": 4,
}
"""Constants of C that no type of libgimp's lists."""


def constants() -> dict[str, int]:
    """Each constant's name, without GIMP_, and its value: as `install` has noted them of this version of GIMP, since
    asking takes two milliseconds, or `asked`."""
    try:
        from .noted_constants import CONSTANTS, VERSION  # type: ignore[import-not-found]
    except ImportError:
        return asked()
    return dict(CONSTANTS) if version() == VERSION else asked()


def noted() -> str:
    """The text of the module `noted_constants`."""
    return f"VERSION = {version()!r}\nCONSTANTS = {asked()!r}\n"


def asked() -> dict[str, int]:
    """The same from libgimp's own types. Old names come last and stand where two types share one."""
    function(GIMP, "gimp_enums_init", None)()
    names_of_types = function(GIMP, "gimp_enums_get_type_names", POINTER(Text), POINTER(c_int))
    type_named = function(GOBJECT, "g_type_from_name", c_size_t, Text)
    data_of = function(GOBJECT, "g_type_get_qdata", c_size_t, c_size_t, c_uint32)
    key = function(GLIB, "g_quark_from_string", c_uint32, Text)(OLD_NAMES)
    function(GIMP, "gimp_layer_mode_effects_get_type", c_size_t)()
    count = c_int()
    names = names_of_types(byref(count))
    types = [type_named(names[index]) for index in range(count.value)]
    types.append(type_named(b"GimpLayerModeEffects"))
    found = dict(NOT_OF_A_TYPE)
    for each in (*types, *(data_of(each, key) for each in types if each)):
        if each:
            found.update(_members(each))
    return found


def _members(kind: int) -> dict[str, int]:
    listed = function(GOBJECT, "g_type_class_ref", POINTER(EnumClass), c_size_t)(kind).contents
    values = ctypes.cast(listed.values, POINTER(Value * listed.count)).contents
    return {each.name.decode().removeprefix("GIMP_"): each.value for each in values}
