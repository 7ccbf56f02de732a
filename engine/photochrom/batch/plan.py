"""Which files of the inputs are colorized, and what their results are called."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from photochrom.batch import stores
from photochrom.batch.naming import Names
from photochrom.batch.settings import Settings
from photochrom.batch.urls import Source, Url
from photochrom.errors import BadPicture, BadRequest
from photochrom.image.kinds import SUFFIXES, kind_of, result_suffix, result_suffix_by_name
from photochrom.image.pages import pictures


@dataclass(frozen=True)
class Planned:
    """One picture to colorize: its file, found below the input `root`, its page (1…; 0: the first), the result's path
    relative to the folder of results, and size in bytes and time of change (ns) of the file; 0 where a server does not
    say."""

    source: Source
    root: Source
    page: int
    output: PurePosixPath
    size: int
    changed: int


@dataclass
class Plan:
    """`pictures` to colorize; `others`: files that are no pictures; `unreadable`: why folders were left out, and links
    to nothing."""

    pictures: list[Planned] = field(default_factory=list)
    others: list[Source] = field(default_factory=list)
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


class _Found(NamedTuple):
    """A file, and its path below the input."""

    source: Source
    relative: PurePosixPath
    size: int
    changed: int


def plan(
    inputs: Iterable[Source],
    out: Path,
    settings: Settings,
    patterns: Patterns = Patterns(),
    known: Iterable[tuple[Source, int, PurePosixPath]] = (),
) -> Plan:
    """Finds the pictures in `inputs`, files and folders; the results of a folder keep its tree. With several folders
    each has one of its name.

    A file takes part by its suffix or its content, one in a store by its suffix; hidden ones, `out` itself and the
    store of the results are left out. `known`: (source, page, output) of those planned before, which keep their names.

    Raises:
        BadRequest: an input does not exist, or is where results go. BadPicture: an input's store cannot be reached.
            ExtraMissing: a package for it is not installed.
    """
    roots = [each if isinstance(each, Url) else Path(os.path.abspath(each)) for each in inputs]
    are_folders = [_is_folder(each, out, settings) for each in roots]
    before = {(source, page): output for source, page, output in known}
    found, names, seen = Plan(), Names(before.values()), set[Source]()
    folders = Names()
    several = sum(are_folders) > 1
    for root, is_folder in zip(roots, are_folders, strict=True):
        below = folders.claim_folder(root.name) if several and is_folder else PurePosixPath()
        for each in _files(root, out, settings, patterns, found) if is_folder else _itself(root):
            if each.source in seen:
                continue
            seen.add(each.source)
            if not _is_picture(each.source):
                found.others.append(each.source)
                continue
            _add(found, each, root, below / each.relative.parent, names, settings, before)
    return found


def _is_folder(root: Source, out: Path, settings: Settings) -> bool:
    """Whether an input is a folder, not a file; checks it."""
    if isinstance(root, Url):
        if root == settings.store:
            raise BadRequest(f"{root} is itself one of the inputs.", "Choose another place for the results.")
        return stores.is_folder(root)
    if not root.exists():
        raise BadRequest(f"There is no file or folder {root}.", "Check the name.")
    if root.resolve() == out.resolve():
        raise BadRequest(f"{out} is itself one of the inputs.", "Choose another output folder.")
    return root.is_dir()


def _add(
    found: Plan,
    file: _Found,
    root: Source,
    folder: PurePosixPath,
    names: Names,
    settings: Settings,
    before: dict[tuple[Source, int], PurePosixPath],
) -> None:
    for number in _pages(file.source, settings):
        page = int(number or 0)
        output = before.get((file.source, page))
        if output is None:
            suffix = f".{settings.format}" if settings.format else _result_suffix(file.source)
            output = names.claim(folder, file.source, number, suffix)
        found.pictures.append(Planned(file.source, root, page, output, file.size, file.changed))


def _pages(source: Source, settings: Settings) -> list[str]:
    """The pages to take, as `pages.pictures` numbers them. To count those of a file in a store, it is fetched."""
    if isinstance(source, Url) and not settings.all_pages:
        return [str(settings.page or "")]
    with stores.local(source) as path:
        return [number for _, number in pictures([path], settings.page, settings.all_pages)]


def _itself(root: Source) -> Iterator[_Found]:
    state = root.stat() if isinstance(root, Path) else None
    relative = PurePosixPath(root.name)
    yield _Found(root, relative, state.st_size, state.st_mtime_ns) if state else _Found(root, relative, 0, 0)


def _files(root: Source, out: Path, settings: Settings, patterns: Patterns, found: Plan) -> Iterator[_Found]:
    """Files below an input that is a folder, in the order of their names."""
    if isinstance(root, Url):
        for each in stores.below(root, settings.store, found.unreadable.append):
            if patterns.match(each.relative):
                yield _Found(*each)
        return
    target = out.resolve()

    def unreadable(error: OSError) -> None:
        found.unreadable.append(f"{error.filename} cannot be read: {error.strerror}.")

    for folder, folders, files in os.walk(root, onerror=unreadable):
        here = Path(folder)
        folders[:] = sorted(each for each in folders if not each.startswith(".") and (here / each).resolve() != target)
        for name in sorted(files):
            relative = PurePosixPath((here / name).relative_to(root).as_posix())
            if name.startswith(".") or not patterns.match(relative):
                continue
            if (here / name).is_file():
                state = (here / name).stat()
                yield _Found(here / name, relative, state.st_size, state.st_mtime_ns)
            elif (here / name).is_symlink() and not (here / name).exists() and relative.suffix.lower() in SUFFIXES:
                found.unreadable.append(f"{here / name} is a link to what is not there: {os.readlink(here / name)}.")


def _is_picture(path: Source) -> bool:
    """By its suffix, so that a damaged scan is not passed over; else by its content, but for a file in a store: looking
    into each of a million takes hours."""
    if path.suffix.lower() in SUFFIXES:
        return True
    if isinstance(path, Url):
        return False
    try:
        kind_of(path)
    except BadPicture:
        return False
    return True


def _result_suffix(source: Source) -> str:
    return result_suffix(source) if isinstance(source, Path) else result_suffix_by_name(source.suffix)


def _matches(path: PurePosixPath, pattern: str) -> bool:
    return fnmatch(str(path if "/" in pattern else path.name).casefold(), pattern.casefold())
