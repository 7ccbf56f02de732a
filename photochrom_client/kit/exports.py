"""Files that an editor has exported: checked and marked on threads, so that its windows never wait."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..engine import Engine, connect
from ..note import Maker, colorizers
from .background import Background, Failed

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".ora")
"""Of the files that can be marked."""


class Marked(NamedTuple):
    """Whether the metadata of `file` say that an algorithm made its colors."""

    file: str
    marked: bool


class MarkFailed(NamedTuple):
    """The file could not be checked or marked."""

    file: str
    error: Exception


Message = Marked | MarkFailed


class Exported:
    """One file with colors by `makers`, but for those `given` by a person (`given.written`). `tell` is called on a
    thread with `Marked` or `MarkFailed`."""

    def __init__(
        self,
        plugin_folder: str | os.PathLike[str],
        file: str,
        makers: Sequence[Maker],
        tell: Callable[[Message], object],
        given: str = "",
    ) -> None:
        self._given = given
        self.file = file
        self._folder = plugin_folder
        self._makers = makers
        self._tell = tell

    def check(self) -> None:
        """Tells whether it is marked."""
        self._begin(lambda engine: engine.is_marked(self.file, self._given))

    def mark(self) -> None:
        """Marks it."""

        def mark(engine: Engine) -> bool:
            engine.mark(self.file, colorizers(self._makers), self._given)
            return True

        self._begin(mark)

    def _begin(self, what: Callable[[Engine], bool]) -> None:
        def fail(failed: Failed) -> None:
            self._tell(MarkFailed(self.file, failed.error))

        Background("export", lambda _thread: self._tell(Marked(self.file, what(connect(self._folder)))), fail)
