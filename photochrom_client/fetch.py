"""Fetches a bundle of the engine and unpacks it into the user's data folder. Interrupted, it continues where it was."""

from __future__ import annotations

import errno
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from . import lock
from .errors import Cancelled
from .finding import FETCHED, PROGRAM, fetched_program
from .places import data_folder
from .release import Bundle, FetchFailed, opened
from .start import environment
from .translation import translated as _
from .unpacking import Refused, unpack

Progress = Callable[[float, str], object]
"""Called with a fraction 0…1 and the current step. Returning False, or raising, stops the work."""

BLOCK = 256 * 1024
"""Bytes between two calls of `Progress`."""

DOWNLOADING = 0.9
"""Share of the progress; the rest is unpacking."""

LOCK = f"{FETCHED}-fetch.lock"
"""In the data folder: locked by the one fetch that is going on, whichever editor's it is."""

UNPACKING = ".unpacking"
"""How the names of folders end in which bundles are unpacked."""


def part_of(bundle: Bundle) -> Path:
    """The downloaded beginning of a bundle. Its name has the hash: no other bundle's bytes are added to it."""
    return data_folder() / f"{FETCHED}-{bundle.sha256[:16]}.part"


def fetch(bundle: Bundle, on_progress: Progress) -> Path:
    """Downloads, verifies and unpacks; an older fetched engine is replaced in one step. Returns the program.

    Raises:
        FetchFailed: no way to the server, no room, not the published bundle, a bundle that does not run here, or
            another fetch is going on.
        Cancelled: `on_progress` returned False. What has arrived is kept.
    """
    part = part_of(bundle)
    try:
        part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(part.parent):
            _forget_others(part)
            _check_room(part, bundle)
            _download(bundle, part, on_progress)
            _verify(bundle, part)
            _say(on_progress, DOWNLOADING, _("Unpacking"))
            _install(bundle, part, lambda at: _say(on_progress, DOWNLOADING + (1 - DOWNLOADING) * at, _("Unpacking")))
            part.unlink()
    except OSError as error:
        raise _failed_on_disk(part, error) from error
    return fetched_program()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps others from fetching meanwhile: two would write to one file, and remove what the other has unpacked."""
    with (folder / LOCK).open("ab") as file:
        if not lock.take(file.fileno()):
            raise FetchFailed(
                _("The engine is being fetched already, by another window or editor."),
                _("Wait until that is done, then close this window and open it again."),
            )
        yield


def _download(bundle: Bundle, part: Path, on_progress: Progress) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have < bundle.size:
        with opened(bundle.address, {"Range": f"bytes={have}-"} if have else {}) as answer:
            continued = answer.status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
            if not continued:
                have = 0  # a server without ranges begins anew
            with part.open("ab" if continued else "wb") as file:
                while block := answer.read(min(BLOCK, bundle.size + 1 - have)):
                    file.write(block)
                    have += len(block)
                    _say(on_progress, DOWNLOADING * min(1.0, have / bundle.size), _megabytes(have, bundle.size))
    if have < bundle.size:
        raise FetchFailed(
            _("The connection ended after {done}.").format(done=_megabytes(have, bundle.size)),
            _("Try again: the download continues."),
        )


def _verify(bundle: Bundle, part: Path) -> None:
    digest = sha256()
    with part.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    if digest.hexdigest() != bundle.sha256:
        part.unlink()
        raise FetchFailed(
            _("{address} is not the published file: its SHA-256 is {found}.").format(
                address=bundle.address, found=digest.hexdigest()
            ),
            _("It was removed. Try again later, or from another network."),
        )


def _install(bundle: Bundle, archive: Path, on_progress: Callable[[float], object]) -> None:
    """Unpacks beside the place, tries the program, and puts the folder into its place."""
    place = fetched_program().parent
    with tempfile.TemporaryDirectory(UNPACKING, f"{FETCHED}-", data_folder()) as temporary:
        fresh = Path(temporary) / "fresh"
        try:
            unpack(archive, fresh, most=bundle.unpacked + bundle.unpacked // 10, on_progress=on_progress)
        except Refused as error:
            raise FetchFailed(str(error), _("Install Photochrom by hand, as its README says.")) from error
        _try(fresh / PROGRAM)
        if place.exists():
            place.rename(Path(temporary) / "older")
        fresh.rename(place)


def _try(program: Path) -> None:
    """Raises `FetchFailed` where the program does not start on this computer."""
    try:
        done = subprocess.run([program, "--version"], env=environment(), capture_output=True, timeout=120, check=False)
        said = (done.stdout + done.stderr).decode("utf-8", "replace").strip()
        if done.returncode == 0:
            return
    except (OSError, subprocess.SubprocessError) as error:
        said = str(error)
    raise FetchFailed(
        _("The fetched engine does not run on this computer: {said}").format(said=said[-500:]),
        _("Install it with Python instead: pip install photochrom"),
    )


def _forget_others(part: Path) -> None:
    """Beginnings of other bundles, which are older releases; and what was unpacked when a fetch was killed."""
    for other in part.parent.glob(f"{FETCHED}-*.part"):
        if other != part:
            other.unlink()
    for folder in part.parent.glob(f"{FETCHED}-*{UNPACKING}"):
        shutil.rmtree(folder, ignore_errors=True)


def _check_room(part: Path, bundle: Bundle) -> None:
    have = part.stat().st_size if part.exists() else 0
    missing = bundle.size - have + bundle.unpacked - shutil.disk_usage(part.parent).free
    if missing > 0:
        raise _no_room(part.parent, f"{missing / 1e6:.0f} MB")


def _failed_on_disk(part: Path, error: OSError) -> FetchFailed:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _no_room(part.parent, _("some more"))
    return FetchFailed(
        _("{path} cannot be written: {error}.").format(path=error.filename or part, error=error.strerror or error),
        _("Check the owner and permissions of the folder."),
    )


def _no_room(folder: Path, missing: str) -> FetchFailed:
    return FetchFailed(
        _("The disk of {folder} is full: {missing} must be free.").format(folder=folder, missing=missing),
        _("Free some space and try again: the download continues."),
    )


def _say(on_progress: Progress, fraction: float, message: str) -> None:
    if on_progress(fraction, message) is False:
        raise Cancelled("Cancelled.", code="cancelled")


def _megabytes(done: int, size: int) -> str:
    return _("{done} of {size} MB").format(done=f"{done / 1e6:.0f}", size=f"{size / 1e6:.0f}")
