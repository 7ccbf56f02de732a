"""Bytes that behave as the strings of Python 2 did, for pixels and parasites."""

from __future__ import annotations

import ctypes

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any


def raw(value: Any) -> bytes:
    """Pixel data as a script may give it: bytes, text of one character a byte, an array, or numbers of 0…255.

    Raises TypeError for anything else, ValueError for what does not fit a byte.
    """
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("latin-1")
    if isinstance(value, (tuple, list)):
        return b"".join(bytes((item,)) if isinstance(item, int) else raw(item) for item in value)
    return bytes(memoryview(value).cast("B"))


class ByteString(bytes):
    """`p[0]` and the items of a loop are one byte long, so `ord(p[0])` is a number and `p[0] + chr(1)` two bytes.

    Text is taken wherever bytes are, as one byte a character: `p == "abc"`, `p.split(",")`, `"#" + p`.
    """

    def __getitem__(self, key: Any) -> ByteString:  # type: ignore[override]
        if not isinstance(key, slice):
            key = range(len(self))[key]  # raises IndexError as a string does
            key = slice(key, key + 1)
        return ByteString(super().__getitem__(key))

    def __iter__(self) -> Iterator[ByteString]:  # type: ignore[override]
        return (self[index] for index in range(len(self)))

    def __contains__(self, part: Any) -> bool:
        return super().__contains__(part if isinstance(part, int) else raw(part))

    def __eq__(self, other: object) -> bool:
        return bytes.__eq__(self, other.encode("latin-1", "replace") if isinstance(other, str) else other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = bytes.__hash__
    __slots__ = ()

    def __add__(self, other: Any) -> ByteString:
        return ByteString(super().__add__(raw(other)))

    def __radd__(self, other: Any) -> ByteString:
        return ByteString(raw(other) + bytes(self))

    def __mul__(self, times: Any) -> ByteString:
        return ByteString(super().__mul__(times))

    __rmul__ = __mul__

    def __str__(self) -> str:
        return self.decode("latin-1")

    def join(self, parts: Iterable[Any]) -> ByteString:
        return ByteString(super().join(raw(part) for part in parts))


_allocate = ctypes.pythonapi._PyObject_GC_NewVar
_allocate.restype, _allocate.argtypes = ctypes.py_object, (ctypes.py_object, ctypes.c_ssize_t)
_DATA = bytes.__basicsize__ - 1
"""Where the data of bytes begin. The hash is before them: -1 until it is known. A zero is behind them."""


def to_be_filled(size: int) -> tuple[ByteString, int]:
    """A new one and the address of its data, to be filled before anything else sees it. Copying a band of pixels
    would cost a third of the time that reading it takes, and clearing its memory first a twentieth.
    """
    new: ByteString = _allocate(ByteString, size)
    data = id(new) + _DATA
    ctypes.c_ssize_t.from_address(data - ctypes.sizeof(ctypes.c_ssize_t)).value = -1
    ctypes.c_char.from_address(data + size).value = b"\0"
    return new, data


def _taking_text(name: str) -> Callable[..., Any]:
    of_bytes = getattr(bytes, name)

    def method(self: ByteString, *arguments: Any, **named: Any) -> Any:
        result = of_bytes(self, *(raw(each) if isinstance(each, str) else each for each in arguments), **named)
        if isinstance(result, bytes):
            return ByteString(result)
        if isinstance(result, (list, tuple)):
            return type(result)(map(ByteString, result))
        return result

    method.__name__ = name
    return method


for _name in (
    *(
        "count",
        "endswith",
        "find",
        "index",
        "lstrip",
        "partition",
        "replace",
        "rfind",
        "rindex",
        "rpartition",
        "rsplit",
    ),
    *("rstrip", "split", "startswith", "strip", "lower", "upper", "splitlines", "ljust", "rjust", "center", "zfill"),
):
    setattr(ByteString, _name, _taking_text(_name))
