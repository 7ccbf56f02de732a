"""Small copies of photographs and results, which browsers and IIIF viewers can show whatever the formats of the files.

They are kept beside the journal under names made of the hashes of what they show, so that a deposit that was
interrupted, or is made again, makes only those that are new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, as_completed, wait
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from zipfile import BadZipFile

from photochrom.batch import stores
from photochrom.batch.deposit.payload import link
from photochrom.batch.publishing import sha256
from photochrom.batch.report_thumbnails import reduced
from photochrom.errors import PhotochromError

if TYPE_CHECKING:
    from photochrom.batch.deposit.payload import Payload
    from photochrom.batch.journal import Entry
    from photochrom.batch.urls import Source
    from photochrom.progress import Progress

SIDE: Final = 2048
"""The longer side in pixels, at most."""

QUALITY: Final = 85
"""Of their JPEG."""

AHEAD: Final = 4
"""So many copies for each job are under way: the next one is there when one is finished."""

_FOLDER: Final = "access"


class _Original(NamedTuple):
    """A file, its page (1…; 0: the first), and the hash that it had."""

    place: Source
    page: int
    sha256: str | None


class Copies:
    """Those of the batch in `out`, kept in its folder `hidden`."""

    def __init__(self, hidden: Path, out: Path) -> None:
        self._folder, self._out = hidden / _FOLDER, out
        self._entries: list[Entry] = []
        self.missing = 0
        """How many photographs could not be copied from: gone, changed, or unreadable."""

    def make(self, entries: Sequence[Entry], jobs: int, progress: Progress) -> None:
        """Makes those that are not there yet, `jobs` at a time.

        Raises:
            OSError: the disk is full or gone. Cancelled: by `progress`.
        """
        import pyvips

        self._entries = list(entries)
        # Several files with the same content have one copy, of whichever is there.
        wanted = defaultdict[Path, list[_Original]](list)
        for entry in entries:
            wanted[self._photograph(entry)].append(_Original(entry.source, entry.page, entry.source_sha256))
            wanted[self._color(entry)].append(_Original(self._out / entry.output, 0, entry.result_sha256))
        kept = pyvips.cache_get_max()
        pyvips.cache_set_max(0)  # libvips' cache of operations keeps their files open
        threads = ThreadPoolExecutor(jobs)
        try:
            for number, _ in enumerate(_made(threads, wanted, AHEAD * jobs), 1):
                progress(number / len(wanted), "Making copies to look at")
        finally:
            threads.shutdown(cancel_futures=True)
            pyvips.cache_set_max(kept)

    def link(self, draft: Path, payload: Payload) -> None:
        """Puts them into the bag."""
        for entry in self._entries:
            for copy, place, there in (
                (self._photograph(entry), payload.photograph(entry), payload.photographs),
                (self._color(entry), payload.color(entry), payload.colored),
            ):
                if copy.is_file():
                    link(copy, draft / place)
                    there.add(entry.id)
        self.missing = len(self._entries) - len(payload.photographs)

    def _photograph(self, entry: Entry) -> Path:
        return self._copy(entry.source_sha256, f"photograph-{entry.page}")

    def _color(self, entry: Entry) -> Path:
        return self._copy(entry.result_sha256, "color")

    def _copy(self, digest: str | None, what: str) -> Path:
        assert digest is not None  # of a file that is done
        return self._folder / digest[:2] / f"{digest[2:]}-{what}.jpg"


def _made(threads: Executor, wanted: Mapping[Path, Sequence[_Original]], most: int) -> Iterator[None]:
    """Makes all copies, and says so after each. No more than `most` are handed out at a time: a hundred thousand that
    wait take much memory.

    Raises:
        OSError: a copy cannot be written.
    """
    waiting = set[Future[None]]()
    for copy, originals in wanted.items():
        waiting.add(threads.submit(_make, copy, originals))
        while len(waiting) >= most:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for each in done:
                yield each.result()
    for each in as_completed(waiting):
        yield each.result()


def _make(copy: Path, originals: Sequence[_Original]) -> None:
    """Makes the small copy of the first of some files that still is what it was; none where none is.

    Raises:
        OSError: the copy cannot be written.
    """
    if copy.is_file():
        return
    data = next(filter(None, map(_reduced, originals)), None)
    if data is not None:
        copy.parent.mkdir(parents=True, exist_ok=True)
        draft = copy.with_suffix(".part")
        draft.write_bytes(data)
        draft.replace(copy)


def _reduced(original: _Original) -> bytes | None:
    """As JPEG; None where the file is gone, has changed or cannot be read."""
    import pyvips

    try:
        with stores.local(original.place) as path:
            if sha256(path) != original.sha256:
                return None
            return bytes(reduced(path, original.page, SIDE).jpegsave_buffer(Q=QUALITY, keep="none"))
    except (pyvips.Error, PhotochromError, BadZipFile, KeyError, OSError):
        return None
