"""Alpha and strips while they are streamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator

from ..engine import Strip
from ..protocol import PixelForm


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
    """Strips in a temporary file, which can be iterated repeatedly. A context manager that frees the disk space."""

    def __init__(self, strips: Iterable[Strip], folder: str | os.PathLike[str]) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (closed by __exit__)
        self._strips: list[tuple[int, int, int, PixelForm]] = []
        try:
            for strip in strips:
                self._file.write(strip.data)
                self._strips.append((strip.y, strip.rows, len(strip.data), strip.form))
        except BaseException:
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
