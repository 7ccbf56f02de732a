"""Named data that GIMP keeps with an image, with an item, or for itself."""

from __future__ import annotations

from .byte_string import ByteString, raw

TYPE_CHECKING = False  # typing itself is slow to import
if TYPE_CHECKING:
    from typing import Any

PERSISTENT, UNDOABLE = 1, 2


class Parasite:
    """`name`, `flags` (PARASITE_PERSISTENT, PARASITE_UNDOABLE) and `data`, which indexes as in Python 2."""

    def __init__(self, name: str, flags: int = 0, data: Any = b"") -> None:
        self.name = name
        self.flags = int(flags)
        self.data = ByteString(data.encode("utf-8", "surrogateescape") if isinstance(data, str) else raw(data))

    @property
    def is_persistent(self) -> bool:
        return bool(self.flags & PERSISTENT)

    @property
    def is_undoable(self) -> bool:
        return bool(self.flags & UNDOABLE)

    def copy(self) -> Parasite:
        return Parasite(self.name, self.flags, self.data)

    def is_type(self, name: str) -> bool:
        return self.name == name

    def has_flag(self, flag: int) -> bool:
        return bool(self.flags & flag)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parasite) and (self.name, self.flags, self.data) == (
            other.name,
            other.flags,
            other.data,
        )

    __hash__ = None  # type: ignore[assignment]  # its attributes may change

    def __repr__(self) -> str:
        return f"<gimp.Parasite '{self.name}'>"
