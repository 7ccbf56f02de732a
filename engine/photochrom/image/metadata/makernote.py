"""A camera's own notes in EXIF (tag 37500), which point at places in the file that most cameras count from its start.

Only a note that stays at its place, or counts from its own start, is still whole in another file.
"""

from __future__ import annotations

from typing import Final

TAG: Final = 37500

MOVED: Final = 59933
"""Microsoft's tag: by how many bytes the note was moved. It means nothing without the note."""

FARTHEST: Final = 1 << 20
"""A note that stands further on in its file is not followed there."""

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
"""How the notes begin whose offsets count from their own start, or that have none."""


def movable(note: bytes) -> bool:
    """Whether a note is as good at any other place."""
    return note.startswith(_COUNT_FROM_THEMSELVES)
