"""`gimpshelf`: values that GIMP keeps for scripts until it is closed.

They are kept as Python literals, which are read without running anything: numbers, text, bytes, tuples, lists,
dictionaries, sets, colors, parasites and the objects of `gimp`.
"""

from __future__ import annotations

import ctypes

from .colors import CMYK, HSL, HSV, RGB, Color
from .errors import error
from .handles import Handle
from .images import Display, Image
from .items import Item, of_number
from .libraries import GIMP, Int, Pointer, Text, encode, function
from .parasites import Parasite

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any

_get = function(GIMP, "gimp_procedural_db_get_data", Int, Text, Pointer)
_size = function(GIMP, "gimp_procedural_db_get_data_size", Int, Text)
_set = function(GIMP, "gimp_procedural_db_set_data", Int, Text, Pointer, ctypes.c_uint32)

_TAG = "\0gimp"
_DELETED = b"\0"
"""GIMP forgets nothing that it was once given to keep."""

_COLORS: dict[str, type[Color]] = {"RGB": RGB, "HSV": HSV, "HSL": HSL, "CMYK": CMYK}


def get_data(key: str) -> bytes:
    """The bytes that some plug-in left under this key. Raises error where there are none."""
    size = _size(encode(key))
    if not size:
        raise error(f"nothing is kept under {key!r}")
    memory = ctypes.create_string_buffer(size)
    _get(encode(key), memory)
    return memory.raw


def set_data(key: str, data: bytes | str) -> None:
    kept = data.encode("latin-1") if isinstance(data, str) else bytes(data)
    _set(encode(key), ctypes.cast(ctypes.c_char_p(kept), Pointer), len(kept))


class Shelf:
    """A dictionary that outlives the script. A value is copied when it is put in: change it, and put it in again."""

    def __getitem__(self, key: str) -> Any:
        if key not in self:
            raise KeyError(key)
        from ast import literal_eval  # slow to import, and few need it

        return _unpacked(literal_eval(get_data(key).decode("utf-8")))

    def __setitem__(self, key: str, value: Any) -> None:
        """Raises TypeError for what is no literal."""
        set_data(key, repr(_packed(value)).encode("utf-8"))

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        set_data(key, _DELETED)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and _size(encode(key)) > 0 and get_data(key) != _DELETED

    has_key = __contains__

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else default  # noqa: SIM401  this is what `get` is


shelf = Shelf()


def _packed(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, bytes):
        return bytes(value)  # a ByteString has another repr
    if isinstance(value, (int, float, str)):
        return next(kind(value) for kind in (int, float, str) if isinstance(value, kind))
    if isinstance(value, dict):
        return {_packed(key): _packed(each) for key, each in value.items()}
    for group in (list, tuple, set):
        if isinstance(value, group):
            return group(map(_packed, value))
    if isinstance(value, Color):
        return (_TAG, type(value).__name__, *(float(channel) for channel in value.channels))
    if isinstance(value, Parasite):
        return (_TAG, "Parasite", value.name, value.flags, bytes(value.data))
    if isinstance(value, (Image, Item, Display)):
        return (_TAG, value._sort, value.ID)
    raise TypeError(f"gimpshelf keeps numbers, text, lists and the like, not {type(value).__name__}: {value!r}")


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        return {_unpacked(key): _unpacked(each) for key, each in value.items()}
    if isinstance(value, tuple) and value[:1] == (_TAG,):
        return _object(*value[1:])
    if isinstance(value, (list, tuple, set)):
        return type(value)(map(_unpacked, value))
    return value


def _object(kind: str, *parts: Any) -> Color | Parasite | Handle | None:
    if kind in _COLORS:
        return _COLORS[kind](*parts)
    if kind == "Parasite":
        return Parasite(*parts)
    if kind == "item":
        found: Handle | None = of_number(*parts)
        return found
    return (Image if kind == "image" else Display).of(*parts)
