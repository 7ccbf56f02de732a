"""A cache on disk of networks compiled by OpenVINO, so that a new process need not compile them again.

Each file holds one network; its name is a hash of everything that it was compiled from, and its content begins with its
own SHA-256. If anything is wrong with a file or the folder, the network is compiled again. The folder must be writable
by its user alone. It holds at most `MOST_BYTES`; the least recently used files are removed first.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

log = logging.getLogger(__name__)

MOST_BYTES: Final = 256 << 20
"""Limit for all files together."""

LARGEST: Final = 64 << 20
"""Limit for one network: larger ones take much longer to run than to compile."""

SUFFIX: Final = ".network"
HEAD: Final = b"Photochrom network 1\n"
_DIGEST: Final = hashlib.sha256().digest_size


def folder() -> Path:
    """The cache folder; it may not exist yet. $PHOTOCHROM_CACHE overrides the place of all caches."""
    import platformdirs

    own = os.environ.get("PHOTOCHROM_CACHE")
    return (Path(own) if own else platformdirs.user_cache_path("photochrom", appauthor=False)) / "networks"


def key_of(files: Iterable[Path], *others: str) -> str:
    """The key of a network that is compiled from these files, as they are now, and from other values.

    Raises:
        OSError: a file does not exist.
    """
    states = ((str(path.resolve()), (found := path.stat()).st_size, found.st_mtime_ns) for path in files)
    return hashlib.sha256(repr(([*states], others)).encode()).hexdigest()


def find(core: Any, key: str, hints: dict[str, str]) -> Any | None:
    """The cached network with this key, or None."""
    try:
        place = folder() / f"{key}{SUFFIX}"
        if not _is_private(place.parent) or place.stat().st_size > LARGEST:
            return None
        kept = place.read_bytes()
        start = len(HEAD) + _DIGEST
        network = kept[start:]
        if kept[:start] != HEAD + hashlib.sha256(network).digest():
            raise ValueError("it is damaged")
        found = core.import_model(network, "CPU", hints)
        os.utime(place)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RuntimeError) as error:
        log.info("Compiling network %s again: %s", key, error)
        return None
    return found


def keep(key: str, network: Any) -> None:
    """Caches a compiled network for later processes, if possible."""
    with suppress(OSError, RuntimeError):
        place = folder()
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _is_private(place):
            return
        exported = bytes(network.export_model().getbuffer())
        if len(exported) > LARGEST:
            return
        _make_room(place, len(exported))
        handle, unfinished = tempfile.mkstemp(dir=place)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(HEAD + hashlib.sha256(exported).digest())
                file.write(exported)
            os.replace(unfinished, place / f"{key}{SUFFIX}")
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise


def _is_private(place: Path) -> bool:
    """Whether a folder belongs to the user and is not writable by others. (Windows keeps profiles private itself.)"""
    if os.name == "nt":
        return True
    found = place.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o022


def _make_room(place: Path, needed: int) -> None:
    """Removes the least recently used files, also those of killed processes, until `needed` bytes fit."""
    files = sorted(((found := path.stat()).st_mtime, found.st_size, path) for path in place.iterdir() if path.is_file())
    total = sum(size for _, size, _ in files) + needed
    for _, size, path in files:
        if total <= MOST_BYTES:
            return
        path.unlink(missing_ok=True)
        total -= size
