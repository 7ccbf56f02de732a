"""Which files of the inputs are colorized, and what their results are called."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from photochrom.batch.naming import Names
from photochrom.batch.settings import Settings
from photochrom.errors import BadPicture, BadRequest
from photochrom.image.kinds import SUFFIXES, kind_of, result_suffix
from photochrom.image.pages import pictures


@dataclass(frozen=True)
class Planned:
    """One picture to colorize: its file, found below the input `root`, its page (1…; 0: the first), the result's path
    relative to the output folder, and size in bytes and time of change (ns) of the file."""

    source: Path
    root: Path
    page: int
    output: PurePosixPath
    size: int
    changed: int


@dataclass
class Plan:
    """`pictures` to colorize; `others`: files that are no pictures; `unreadable`: why folders were left out."""

    pictures: list[Planned] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Patterns:
    """Which files of a folder are taken: those that match one of `include` (none: all) and none of `exclude`. A pattern
    with a slash is compared with the path below the input, one without with the name; case does not count."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def match(self, path: PurePosixPath) -> bool:
        """Whether the file at this path below the input is taken."""
        included = not self.include or any(_matches(path, each) for each in self.include)
        return included and not any(_matches(path, each) for each in self.exclude)


def plan(
    inputs: Iterable[Path],
    out: Path,
    settings: Settings,
    patterns: Patterns = Patterns(),
    known: Iterable[tuple[Path, int, PurePosixPath]] = (),
) -> Plan:
    """Finds the pictures in `inputs`, files and folders; the results of a folder keep its tree below `out`. With
    several folders each has one of its name in `out`.

    A file takes part by its suffix or its content; hidden ones and `out` itself are left out. `known`: (source, page,
    output) of those planned before, which keep their names.

    Raises:
        BadRequest: an input does not exist, or `out` is one of them.
    """
    inputs = [Path(os.path.abspath(each)) for each in inputs]
    target = out.resolve()
    for each in inputs:
        if not each.exists():
            raise BadRequest(f"There is no file or folder {each}.", "Check the name.")
        if each.resolve() == target:
            raise BadRequest(f"{out} is itself one of the inputs.", "Choose another output folder.")
    before = {(source, page): output for source, page, output in known}
    found, names, seen = Plan(), Names(before.values()), set[Path]()
    folders = Names()
    several = sum(each.is_dir() for each in inputs) > 1
    for root in inputs:
        below = folders.claim_folder(root.name) if several and root.is_dir() else PurePosixPath()
        for source, relative in _files(root, target, patterns, found):
            if source in seen:
                continue
            seen.add(source)
            if not _is_picture(source):
                found.others.append(source)
                continue
            _add(found, source, root, below / relative.parent, names, settings, before)
    return found


def _add(
    found: Plan,
    source: Path,
    root: Path,
    folder: PurePosixPath,
    names: Names,
    settings: Settings,
    before: dict[tuple[Path, int], PurePosixPath],
) -> None:
    state = source.stat()
    for _, number in pictures([source], settings.page, settings.all_pages):
        page = int(number or 0)
        output = before.get((source, page))
        if output is None:
            suffix = f".{settings.format}" if settings.format else result_suffix(source)
            output = names.claim(folder, source, number, suffix)
        found.pictures.append(Planned(source, root, page, output, state.st_size, state.st_mtime_ns))


def _files(root: Path, out: Path, patterns: Patterns, found: Plan) -> Iterator[tuple[Path, PurePosixPath]]:
    """Files below an input, or itself, with their paths below it; in the order of their names."""
    if not root.is_dir():
        yield root, PurePosixPath(root.name)
        return

    def unreadable(error: OSError) -> None:
        found.unreadable.append(f"{error.filename} cannot be read: {error.strerror}.")

    for folder, folders, files in os.walk(root, onerror=unreadable):
        here = Path(folder)
        folders[:] = sorted(each for each in folders if not each.startswith(".") and (here / each).resolve() != out)
        for name in sorted(files):
            relative = PurePosixPath((here / name).relative_to(root).as_posix())
            if not name.startswith(".") and patterns.match(relative) and (here / name).is_file():
                yield here / name, relative


def _is_picture(path: Path) -> bool:
    """By its suffix, so that a damaged scan is not passed over; else by its content."""
    if path.suffix.lower() in SUFFIXES:
        return True
    try:
        kind_of(path)
    except BadPicture:
        return False
    return True


def _matches(path: PurePosixPath, pattern: str) -> bool:
    return fnmatch(str(path if "/" in pattern else path.name).casefold(), pattern.casefold())
