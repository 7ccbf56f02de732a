"""GTK 2 and GIMP's own widgets. Loaded for a dialog only: they need a display."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

from ..libraries import Int, Pointer, Text, encode, function, load

UI = load("gimpui-2.0")
WIDGETS = load("gimpwidgets-2.0")
_GTK_NAMES = {"win32": "libgtk-win32-2.0-0.dll", "darwin": "libgtk-quartz-2.0.0.dylib"}
GTK = ctypes.CDLL(_GTK_NAMES.get(sys.platform, "libgtk-x11-2.0.so.0"))

Unsigned = ctypes.c_uint
RESPONSE_OK, RESPONSE_CANCEL, RESPONSE_RESET = -5, -6, 1


@cache
def gtk(name: str, result: Any, *arguments: Any) -> Any:
    return function(GTK, f"gtk_{name}", result, *arguments)


@cache
def gimp_ui(name: str, result: Any, *arguments: Any) -> Any:
    return function(UI, f"gimp_{name}", result, *arguments)


@cache
def gimp_widgets(name: str, result: Any, *arguments: Any) -> Any:
    return function(WIDGETS, f"gimp_{name}", result, *arguments)


def start(name: str) -> None:
    """Starts GTK with GIMP's theme, once."""
    gimp_ui("ui_init", None, Text, Int)(encode(name), 0)


def pack(box: int, widget: int, *, expand: bool = False) -> None:
    gtk("box_pack_start", None, Pointer, Pointer, Int, Int, Unsigned)(box, widget, expand, expand, 0)


def vertical_box(spacing: int) -> int:
    return int(gtk("vbox_new", Pointer, Int, Int)(0, spacing))


def process_events() -> None:
    """Has everything happen that waits to happen, such as the end of a window."""
    while gtk("events_pending", Int)():
        gtk("main_iteration", Int)()
