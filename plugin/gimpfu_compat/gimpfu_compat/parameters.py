"""Values of the procedure database, between Python and the memory of libgimp."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, Union, c_char_p, c_double, c_int, c_int16, c_int32, c_uint8, c_uint32, c_void_p

from .libraries import allocate_zeros, decode, duplicate_text, encode

# Bytes, colors, parasites and the classes of objects are imported with the first value of that kind.
TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

INT32, INT16, INT8, FLOAT, STRING, INT32ARRAY, INT16ARRAY, INT8ARRAY, FLOATARRAY, STRINGARRAY = range(10)
COLOR, ITEM, DISPLAY, IMAGE, LAYER, CHANNEL, DRAWABLE, SELECTION, COLORARRAY, VECTORS, PARASITE, STATUS = range(10, 22)

ELEMENTS: dict[int, Any] = {
    INT32ARRAY: c_int32,
    INT16ARRAY: c_int16,
    INT8ARRAY: c_uint8,
    FLOATARRAY: c_double,
    STRINGARRAY: c_char_p,
    COLORARRAY: c_double * 4,
}
"""What an array is made of. How many there are is the value before it."""


class Definition(Structure):
    """GimpParamDef: one argument or result of a procedure."""

    _fields_ = (("type", c_int), ("name", c_char_p), ("description", c_char_p))


class ParasiteInMemory(Structure):
    """GimpParasite."""

    _fields_ = (("name", c_void_p), ("flags", c_uint32), ("size", c_uint32), ("data", c_void_p))


class Data(Union):
    """GimpParamData."""

    _fields_ = (
        ("int32", c_int32),
        ("int16", c_int16),
        ("int8", c_uint8),
        ("float", c_double),
        ("pointer", c_void_p),
        ("color", c_double * 4),
        ("parasite", ParasiteInMemory),
    )


class Parameter(Structure):
    """GimpParam: a value with its type."""

    _fields_ = (("type", c_int), ("data", Data))


_WRAPPERS: dict[int, Callable[[int], Any]] = {}
_CLASSES: dict[int, type] = {}


def represents(wrap: Callable[[int], Any], cls: type, *types: int) -> None:
    """Values of these types are objects of `cls` in Python, which `wrap` makes of their number in GIMP."""
    for each in types:
        _WRAPPERS[each], _CLASSES[each] = wrap, cls


def wrapped(kind: int, number: int) -> Any:
    """The object of a type by its number in GIMP; None for -1."""
    if number == -1:
        return None
    _know_objects()
    return _WRAPPERS[kind](number)


def _know_objects() -> None:
    from . import images  # what it imports says which values it represents


def to_memory(kind: int, value: Any, name: str, keep: list[Any]) -> Parameter:
    """`value` as libgimp takes it. What its memory belongs to is put into `keep`, which must outlive the parameter.

    Raises TypeError, naming the argument, where the value is of another kind.
    """
    parameter = Parameter(type=kind)
    try:
        _FILLERS[kind](parameter.data, kind, value, keep)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"argument {name}: {value!r} is not of the right type ({error})") from error
    return parameter


def _fill_number(data: Data, kind: int, value: Any, keep: list[Any]) -> None:
    number = int(value)
    data.int32 = number - (1 << 32) if number >= 1 << 31 else number


def _fill_float(data: Data, kind: int, value: Any, keep: list[Any]) -> None:
    data.float = float(value)


def _fill_text(data: Data, kind: int, value: Any, keep: list[Any]) -> None:
    if value is not None:
        if not isinstance(value, (str, bytes, int, float)):
            raise TypeError("text is needed")
        text = c_char_p(encode(value if isinstance(value, bytes) else str(value)))
        keep.append(text)
        data.pointer = ctypes.cast(text, c_void_p)


def _fill_array(data: Data, kind: int, value: Any, keep: list[Any]) -> None:
    from .byte_string import raw
    from .colors import to_rgb

    element = ELEMENTS[kind]
    values: Sequence[Any]
    if kind == INT8ARRAY:
        values = raw(value)
    elif kind == STRINGARRAY:
        values = [encode(text) for text in value]
    elif kind == COLORARRAY:
        values = [tuple(to_rgb(color).channels) for color in value]
    else:
        values = [float(each) if kind == FLOATARRAY else int(each) for each in value or ()]
    array = (element * max(1, len(values)))(*values)
    keep.append(array)
    data.pointer = ctypes.addressof(array)


def _fill_color(data: Data, kind: int, value: Any, keep: list[Any]) -> None:
    from .colors import to_rgb

    data.color = to_rgb(value).channels


def _fill_parasite(data: Data, kind: int, value: Any, keep: list[Any]) -> None:
    from .parasites import Parasite

    if not isinstance(value, Parasite):
        raise TypeError("a gimp.Parasite is needed")
    name, content = c_char_p(encode(value.name)), ctypes.create_string_buffer(bytes(value.data), len(value.data) or 1)
    keep += (name, content)
    data.parasite = ParasiteInMemory(
        ctypes.cast(name, c_void_p), value.flags, len(value.data), ctypes.cast(content, c_void_p)
    )


def _fill_object(data: Data, kind: int, value: Any, keep: list[Any]) -> None:
    if value is None:
        data.int32 = -1
        return
    if isinstance(value, int):
        data.int32 = value
        return
    _know_objects()
    if isinstance(value, _CLASSES[kind]):
        data.int32 = value.ID  # type: ignore[attr-defined]
    else:
        raise TypeError(f"a gimp.{_CLASSES[kind].__name__} is needed")


_FILLERS: dict[int, Callable[[Data, int, Any, list[Any]], None]] = {
    **dict.fromkeys((INT32, INT16, INT8, STATUS), _fill_number),
    FLOAT: _fill_float,
    STRING: _fill_text,
    **dict.fromkeys(ELEMENTS, _fill_array),
    COLOR: _fill_color,
    PARASITE: _fill_parasite,
    **dict.fromkeys((ITEM, DISPLAY, IMAGE, LAYER, CHANNEL, DRAWABLE, SELECTION, VECTORS), _fill_object),
}


def from_memory(parameters: Any, count: int) -> list[Any]:
    """The values of `count` parameters, copied: the memory may be freed afterwards."""
    values: list[Any] = []
    for index in range(count):
        kind, data = parameters[index].type, parameters[index].data
        values.append(_read_array(kind, data.pointer, values[-1]) if kind in ELEMENTS else _read(kind, data))
    return values


def _read(kind: int, data: Any) -> Any:
    if kind in (INT32, STATUS):
        return data.int32
    if kind == INT16:
        return data.int16
    if kind == INT8:
        return data.int8
    if kind == FLOAT:
        return data.float
    if kind == STRING:
        return decode(ctypes.string_at(data.pointer)) if data.pointer else None
    if kind == COLOR:
        from .colors import RGB

        return RGB(*(float(channel) for channel in data.color))
    if kind == PARASITE:
        from .parasites import Parasite

        found = data.parasite
        name = decode(ctypes.string_at(found.name)) if found.name else ""
        return Parasite(name or "", found.flags, ctypes.string_at(found.data, found.size) if found.data else b"")
    return wrapped(kind, data.int32)


def _read_array(kind: int, pointer: int | None, count: int) -> tuple[Any, ...]:
    if not pointer or count <= 0:
        return ()
    array = (ELEMENTS[kind] * count).from_address(pointer)
    if kind == STRINGARRAY:
        return tuple(decode(text) for text in array)
    if kind == COLORARRAY:
        from .colors import RGB

        return tuple(RGB(*(float(channel) for channel in color)) for color in array)
    return tuple(array)


def returned(status: int, values: Sequence[tuple[int, str, Any]]) -> tuple[Any, int]:
    """Results of a procedure in memory that GIMP's library reads after Python is done: the array and its length.

    `values` are pairs of type and name with the value itself.
    """
    keep: list[Any] = []
    filled = [to_memory(kind, value, name, keep) for kind, name, value in values]
    count = 1 + len(filled)
    array = ctypes.cast(allocate_zeros(ctypes.sizeof(Parameter) * count), POINTER(Parameter))
    array[0].type, array[0].data.int32 = STATUS, status
    for index, parameter in enumerate(filled, 1):
        array[index] = parameter
        if parameter.type == STRING and parameter.data.pointer:
            array[index].data.pointer = duplicate_text(ctypes.string_at(parameter.data.pointer))
    _RETURNED[:] = keep
    return array, count


_RETURNED: list[Any] = []
"""What the arrays among the results of the last run are made of: GIMP's library reads them after the run."""
