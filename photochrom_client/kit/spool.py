"""Alpha and strips while they are streamed."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from ..engine import Strip
from ..errors import EngineError
from ..protocol import PixelForm
from ..translation import translated as _


class Coverage:
    """Passes bands of alpha on; then `anything` says whether any of them was not fully transparent."""

    def __init__(self, bands: Iterable[bytes]) -> None:
        self._bands = bands
        self.anything = False

    def __iter__(self) -> Iterator[bytes]:
        for band in self._bands:
            self.anything = self.anything or band.count(0) != len(band)
            yield band


class SpooledStrips:
    """Strips in a temporary file, which can be iterated repeatedly. A context manager that frees the disk space. Raises
    `EngineError` where they cannot be written."""

    def __init__(self, strips: Iterable[Strip], folder: str | os.PathLike[str]) -> None:
        with _writing(folder):
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (closed by __exit__)
        self._strips: list[tuple[int, int, int, PixelForm]] = []
        try:
            for strip in strips:
                with _writing(folder):
                    self._file.write(strip.data)
                    self._file.flush()
                self._strips.append((strip.y, strip.rows, len(strip.data), strip.form))
        except BaseException:
            with suppress(OSError):  # it tries to write the rest
                self._file.close()
            raise

    def __iter__(self) -> Iterator[Strip]:
        self._file.seek(0)
        for y, rows, size, form in self._strips:
            yield Strip(y, rows, self._file.read(size), form)

    def __enter__(self) -> SpooledStrips:
        return self

    def __exit__(self, *_reason: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()


@contextmanager
def _writing(folder: str | os.PathLike[str]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            full = _("The disk has no room for the colors: {folder}.").format(folder=folder)
            raise EngineError(full, _("Free some space on it, then try again."), "disk-full") from error
        raise EngineError(
            _("{path} cannot be written: {error}.").format(path=folder, error=error.strerror or error),
            _("Check the owner and permissions of the folder."),
            "disk",
        ) from error
