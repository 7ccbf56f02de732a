"""Unpacks an archive that came over the network: nothing of it can land outside of its folder.

`tarfile` itself has filters for this, but not in every Python that editors bring.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from .translation import translated as _


class Refused(Exception):
    """The archive is damaged, too large, or has something in it that does not belong there."""


def unpack(archive: Path, folder: Path, *, most: int, on_progress: Callable[[float], object]) -> None:
    """Unpacks what is in the archive's one outermost folder into `folder`, which is made.

    `most`: bytes of all files together. `on_progress` gets 0…1 and may raise. Raises `Refused`, OSError.
    """
    written = 0
    links: list[tuple[Path, str]] = []
    folder.mkdir()
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                name = _inner(member.name)
                if name is None:
                    continue
                target = folder / name
                if member.isdir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                if member.issym():
                    links.append((target, member.linkname))
                    continue
                source = tar.extractfile(member) if member.isreg() else None
                if source is None:
                    raise Refused(_("The archive has {name} in it, which is no file.").format(name=member.name))
                written += member.size
                if written > most:
                    raise Refused(_("The archive is larger than it was said to be."))
                with target.open("xb") as file:
                    shutil.copyfileobj(source, file)
                target.chmod(0o755 if member.mode & 0o100 else 0o644)
                on_progress(min(1.0, written / most))
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise Refused(_("The archive is damaged: {error}.").format(error=error)) from error
    # Last: no file can be written through a link.
    for target, to in links:
        _link(folder, target, to)


def _inner(name: str) -> PurePosixPath | None:
    """A member's path below the outermost folder; None for that folder itself."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise Refused(_("The archive has {name} in it, which is no file.").format(name=name))
    inner = PurePosixPath(*path.parts[1:])
    return inner if inner.parts else None


def _link(folder: Path, target: Path, to: str) -> None:
    """A link to what is inside `folder`."""
    end = os.path.normpath(os.path.join(target.parent, to))
    # Normal already, so that ".." only leads: behind another link it would lead elsewhere than it says.
    if os.path.isabs(to) or os.path.normpath(to) != to or os.path.commonpath([end, folder]) != str(folder):
        raise Refused(_("The archive has {name} in it, which is no file.").format(name=to))
    target.symlink_to(to)
