"""GIMP 2.10's shared libraries and the types of their functions.

Every function is declared with its types: without them ctypes cuts pointers to 32 bits.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import c_char_p, c_double, c_int, c_void_p

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any

_BINDING = getattr(os, "RTLD_LAZY", ctypes.DEFAULT_MODE)
"""Symbols are bound when they are first called, as for a plug-in in C: GIMP's libraries have thousands."""

Int, Double, Text, Pointer = c_int, c_double, c_char_p, c_void_p


def load(name: str, version: str = "0") -> ctypes.CDLL:
    """A library of GIMP's by its name without prefix and ending, such as `gimp-2.0`.

    Raises ImportError where it is not installed.
    """
    pattern = {"win32": "lib{0}-{1}.dll", "darwin": "lib{0}.{1}.dylib"}.get(sys.platform, "lib{0}.so.{1}")
    try:
        return ctypes.CDLL(pattern.format(name, version), mode=_BINDING)
    except OSError as error:
        raise ImportError(f"GIMP 2.10 is not installed here, or not completely: {error}") from error


def function(library: ctypes.CDLL, name: str, result: Any, *arguments: Any) -> Any:
    """A function of a library with its types declared."""
    found = getattr(library, name)
    found.restype, found.argtypes = result, arguments
    return found


GIMP = load("gimp-2.0")
BASE = load("gimpbase-2.0")
COLOR = load("gimpcolor-2.0")
GLIB = load("glib-2.0")
GOBJECT = load("gobject-2.0")

allocate_zeros = function(GLIB, "g_malloc0", Pointer, ctypes.c_size_t)
duplicate_text = function(GLIB, "g_strdup", Pointer, Text)
free = function(GLIB, "g_free", None, Pointer)
unref = function(GOBJECT, "g_object_unref", None, Pointer)


def version() -> tuple[int, ...]:
    """That of GIMP, such as (2, 10, 34)."""
    return tuple(ctypes.c_uint.in_dll(BASE, f"gimp_{part}_version").value for part in ("major", "minor", "micro"))


def encode(text: str | bytes) -> bytes:
    """Text as GIMP keeps it: UTF-8. Bytes are handed through, as old scripts have them."""
    return text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogateescape")


def decode(data: bytes | None) -> str | None:
    return None if data is None else data.decode("utf-8", "surrogateescape")


def taken(pointer: int | None) -> str | None:
    """The text that the caller of a C function has to free, freed."""
    if not pointer:
        return None
    text = decode(ctypes.string_at(pointer))
    free(pointer)
    return text
