"""The small pictures of a report: photograph and result, side by side in its folder.

They are made at the end, from the files, not while the batch runs: so a report can be written for any batch, also one
that was resumed or moved, and it costs the batch itself nothing. Their names come from the content that they show, so
those that are there are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from photochrom.batch import stores
from photochrom.batch.urls import Source
from photochrom.errors import PhotochromError
from photochrom.image.kinds import kind_of

if TYPE_CHECKING:
    import pyvips

    from photochrom.batch.journal import Entry

FOLDER: Final = "report_files"
"""Beside the page."""

SIDE: Final = 480
"""Their longer side in pixels."""

QUALITY: Final = 78
"""Of their JPEG."""

_NAME: Final = re.compile(r"[0-9a-f]{14}-(before-\d+|after)\.jpg")


class Thumbnails:
    """Those of the batch in the folder `out`, whose results are in `place`."""

    def __init__(self, out: Path, place: Source) -> None:
        self._out, self._place = out, place
        self._there: set[PurePosixPath] = set()

    def make(self, entries: Iterable[Entry], jobs: int, stopping: Callable[[], bool]) -> None:
        """Makes those that are not there yet, `jobs` at a time, and removes those of no entry. A photograph or a result
        that cannot be read any more has none.

        Raises:
            OSError: the folder cannot be written.
        """
        import pyvips

        (self._out / FOLDER).mkdir(exist_ok=True)
        wanted: dict[PurePosixPath, tuple[Source, int]] = {}
        for entry in entries:
            if entry.source_sha256:
                wanted.setdefault(_before(entry), (entry.source, entry.page))
            if entry.result_sha256:
                wanted.setdefault(_after(entry), (self._place / entry.output, 0))
        kept = pyvips.cache_get_max()
        pyvips.cache_set_max(0)  # libvips' cache of operations keeps their files open
        try:
            _run_all([partial(self._make, name, *source, stopping) for name, source in wanted.items()], jobs)
        finally:
            pyvips.cache_set_max(kept)
        self._there = {name for name in wanted if (self._out / name).is_file()}
        self._clear()

    def before(self, entry: Entry) -> str | None:
        """Address of the photograph, relative to the page; None where there is no picture of it."""
        return self._address(_before(entry)) if entry.source_sha256 else None

    def after(self, entry: Entry) -> str | None:
        """Address of the result."""
        return self._address(_after(entry)) if entry.result_sha256 else None

    def _address(self, name: PurePosixPath) -> str | None:
        return str(name) if name in self._there else None

    def _make(self, name: PurePosixPath, source: Source, page: int, stopping: Callable[[], bool]) -> None:
        import pyvips

        final = self._out / name
        if final.is_file() or stopping():
            return
        try:
            with stores.local(source) as path:
                data = reduced(path, page).jpegsave_buffer(Q=QUALITY, keep="none")
        except (pyvips.Error, PhotochromError, BadZipFile, KeyError, OSError):
            return
        final.parent.mkdir(exist_ok=True)
        draft = final.with_suffix(".part")
        draft.write_bytes(data)
        draft.replace(final)

    def _clear(self) -> None:
        for path in (self._out / FOLDER).glob("*/*.jpg"):
            name = PurePosixPath(FOLDER, path.parent.name, path.name)
            if name not in self._there and _NAME.fullmatch(path.name):
                with suppress(OSError):
                    path.unlink()


def _run_all(tasks: list[Callable[[], None]], jobs: int) -> None:
    """So many at a time; the first that raises ends it."""
    with ThreadPoolExecutor(jobs) as threads:
        waiting = [threads.submit(task) for task in tasks]
        try:
            for each in waiting:
                each.result()
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise


def reduced(path: Path, page: int, side: int = SIDE) -> pyvips.Image:
    """The picture in a file (its page, 1…; 0: the first) as people see it, in 8-bit sRGB, no side over `side`.

    Raises:
        pyvips.Error, PhotochromError, BadZipFile, KeyError, OSError: it cannot be read.
    """
    import pyvips

    size = {"height": side, "size": "down"}
    if path.suffix.lower() == ".ora":
        with ZipFile(path) as archive:
            image = pyvips.Image.thumbnail_buffer(archive.read("mergedimage.png"), side, **size)
    elif page <= 1 and not kind_of(path).reader:
        # By its descriptor: libvips takes brackets in a name for options. It reads a JPEG at a fraction of its size.
        with path.open("rb") as file:
            source = pyvips.Source.new_from_descriptor(file.fileno())
            image = pyvips.Image.thumbnail_source(source, side, export_profile="srgb", **size).copy_memory()
    else:
        image = _by_us(path, page, side)
    if image.hasalpha():
        image = image.flatten(background=255)
    return image.colourspace("srgb").cast("uchar")


def _by_us(path: Path, page: int, side: int) -> pyvips.Image:
    """Of a kind that libvips does not read."""
    from photochrom.image.color_spaces import LARGEST
    from photochrom.image.picture import open_picture

    picture = open_picture(path, page or None)
    with picture.reading():
        pixels = picture.pixels()
        if not picture.plain:
            pixels = picture.as_srgb(pixels, "uchar")
        else:
            pixels = (picture.color_of(pixels) * (255 / LARGEST[picture.format])).cast("uchar")
        pixels = pixels.copy(interpretation="b-w" if pixels.bands < 3 else "srgb")
        return pixels.thumbnail_image(side, height=side, size="down").copy_memory()


def _before(entry: Entry) -> PurePosixPath:
    digest = entry.source_sha256 or ""
    return PurePosixPath(FOLDER, digest[:2], f"{digest[2:16]}-before-{entry.page}.jpg")


def _after(entry: Entry) -> PurePosixPath:
    digest = entry.result_sha256 or ""
    return PurePosixPath(FOLDER, digest[:2], f"{digest[2:16]}-after.jpg")
