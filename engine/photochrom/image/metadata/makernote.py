"""Maker notes in EXIF (tag 37500), whose offsets most cameras count from the start of the file.

A note survives in another file only if it keeps its offset, or counts from its own start.
"""

from __future__ import annotations

from typing import Final

TAG: Final = 37500

MOVED: Final = 59933
"""Microsoft's tag: by how many bytes the note was moved. It is meaningless without the note."""

FARTHEST: Final = 1 << 20
"""Maximum offset at which a note is kept in place."""

_COUNT_FROM_THEMSELVES: Final = (
    b"Nikon\0\x02",
    b"OLYMPUS\0",
    b"OM SYSTEM\0",
    b"FUJIFILM",
    b"GENERALE",
    b"Apple iOS\0",
    b"PENTAX \0",
    b"KDK",
    b"<",
    b"{",
)
"""Prefixes of notes whose offsets count from their own start, or that have none."""


def movable(note: bytes) -> bool:
    """Whether a note is valid at any offset."""
    return note.startswith(_COUNT_FROM_THEMSELVES)
