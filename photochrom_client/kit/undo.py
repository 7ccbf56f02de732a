"""Changes of a document of GIMP's that Undo takes back at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Image(Protocol):
    """An image as both the Python of GIMP 2.10 and that of GIMP 3 have it."""

    def undo_group_start(self) -> object: ...

    def undo_group_end(self) -> object: ...


@contextmanager
def one_step(image: Image) -> Iterator[None]:
    """Changes inside are one undo step. Not for long work: GIMP may kill the plug-in in the middle of it."""
    image.undo_group_start()
    try:
        yield
    finally:
        image.undo_group_end()
