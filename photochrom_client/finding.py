"""Where an engine is installed: how to start it, whichever way it came onto this computer."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .places import data_folder
from .whole_files import replace_text

COMMAND_FILE = "engine-command.json"
"""Beside an installed plug-in, and in the data folder: {"command": [words]}."""

PROGRAM = "photochrom.exe" if sys.platform == "win32" else "photochrom"

FETCHED = "engine"
"""The folder in the data folder for an engine that a plug-in has fetched."""


def command_of(plugin_folder: str | os.PathLike[str]) -> list[str] | None:
    """The words that start an engine, None if none is found.

    Looked for in this order: `PHOTOCHROM_ENGINE`; what the installation wrote beside the plug-in; an engine that was
    fetched; one that has run before, as those in virtual environments and unpacked folders are found; the usual places.

    Raises:
        OSError, ValueError: the file beside the plug-in cannot be read, or names no command.
    """
    chosen = os.environ.get("PHOTOCHROM_ENGINE")
    if chosen:
        return shlex.split(chosen, posix=os.name != "nt")
    installed = _read(Path(plugin_folder) / COMMAND_FILE)
    if installed is not None and _is_there(installed[0]):
        return installed
    for program in _before_the_usual():
        return program
    for path in _usual_places():
        if os.access(path, os.X_OK) and not path.is_dir():
            return [str(path), "serve"]
    return installed


def remember(command: list[str]) -> None:
    """Notes, for plug-ins without a note of their own, how the engine that runs now is started. A folder that cannot be
    written to is ignored: nothing else depends on it."""
    path = data_folder() / COMMAND_FILE
    with suppress(OSError, ValueError):
        if _read(path) == command:
            return
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_text(path, json.dumps({"command": command}) + "\n")


def fetched_program() -> Path:
    """The program of a fetched engine, whether it is there or not."""
    return data_folder() / FETCHED / PROGRAM


def _before_the_usual() -> Iterator[list[str]]:
    if os.access(fetched_program(), os.X_OK):
        yield [str(fetched_program()), "serve"]
    with suppress(OSError, ValueError):
        remembered = _read(data_folder() / COMMAND_FILE)
        if remembered is not None and _is_there(remembered[0]):
            yield remembered


def _usual_places() -> Iterator[Path]:
    """Of pip and pipx for the user, the archive in the user's home, packages, and whatever is in the PATH."""
    home = Path.home()
    if sys.platform == "win32":
        for variable in ("LOCALAPPDATA", "PROGRAMFILES"):
            programs = os.environ.get(variable)
            if programs:
                yield Path(programs, *(("Programs",) if variable == "LOCALAPPDATA" else ()), "Photochrom", PROGRAM)
    elif sys.platform == "darwin":
        for folder in (home / "Applications", Path("/Applications")):
            yield folder / "Photochrom.app" / "Contents" / "MacOS" / PROGRAM
    for listed in filter(None, os.get_exec_path()):
        yield Path(listed, PROGRAM)
    if sys.platform != "win32":
        yield home / ".local" / "bin" / PROGRAM
        for parent in (home / ".local" / "lib", home / ".local" / "opt", Path("/usr/lib"), Path("/opt")):
            yield parent / "photochrom" / PROGRAM
        yield Path("/usr/local/bin", PROGRAM)
        yield Path("/usr/bin", PROGRAM)


def _read(path: Path) -> list[str] | None:
    """A command file's words; None if there is no such file. Raises OSError, ValueError for anything else."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    command = content.get("command") if isinstance(content, dict) else None
    if not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
        raise ValueError("no list of words")
    return command


def _is_there(program: str) -> bool:
    # As bytes: inside Krita, Python's file system encoding is ASCII, whatever the names of the user's folders.
    return os.access(program.encode("utf-8", "surrogateescape") if os.name != "nt" else program, os.X_OK)
