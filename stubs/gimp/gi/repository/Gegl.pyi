from enum import IntEnum
from typing import Any

from gi.repository import Babl, GLib, GObject

def init(argv: list[str] | None) -> Any: ...

class AbyssPolicy(IntEnum):
    NONE = 0
    CLAMP = 1

class Rectangle:
    x: int
    y: int
    width: int
    height: int
    @staticmethod
    def new(x: int, y: int, width: int, height: int) -> Rectangle: ...

class Buffer(GObject.Object):
    @staticmethod
    def new(format_name: str, x: int, y: int, width: int, height: int) -> Buffer: ...
    def get(self, rectangle: Rectangle, scale: float, format_name: str | None, repeat_mode: AbyssPolicy) -> bytes: ...
    def set(self, rectangle: Rectangle, format_name: str, source: bytes) -> None: ...
    def flush(self) -> None: ...

class Color(GObject.Object):
    @staticmethod
    def new(string: str) -> Color: ...
    def get_bytes(self, format: Babl.Object) -> GLib.Bytes: ...
    def set_bytes(self, format: Babl.Object, bytes: GLib.Bytes) -> None: ...
