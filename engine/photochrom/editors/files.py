"""The plug-ins' files: copied into an editor's folders, and removed from them."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from photochrom import frozen
from photochrom.editors.assembly import COMMAND_FILE, NAME, assemble, list_contents
from photochrom.errors import OutputFailed


def copy(editor: str, folder: Path, place: Path, prepare: Callable[[Path], None] | None = None) -> None:
    """Installs the plug-in of `editor` as the folder `place`, together with the client and how to start the engine.

    It is assembled in `folder`, the editor's configuration folder, and moved to its place, so that a failure leaves
    an older plug-in as it was. `prepare` is called with the assembled folder before the move.

    Raises:
        OutputFailed: a folder cannot be written to.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # Not inside the plug-ins folder: an editor that is just starting would find it there.
        with tempfile.TemporaryDirectory(prefix=".photochrom-", dir=folder) as temporary:
            fresh = Path(temporary) / NAME
            assemble(editor, fresh)
            if prepare is not None:
                prepare(fresh)
            list_contents(fresh)
            command = {"command": frozen.engine_command()}
            (fresh / COMMAND_FILE).write_text(json.dumps(command, indent=2) + "\n", encoding="utf-8")
            if present(place):
                place.rename(Path(temporary) / "older")
            fresh.rename(place)
    except OSError as error:
        raise unwritable(place, error) from error


def remove(path: Path) -> None:
    """Removes a file or a folder; of a link, only the link and never its target. Raises OutputFailed."""
    try:
        if path.is_symlink() or not path.is_dir():
            path.unlink()
        else:
            shutil.rmtree(path)
    except OSError as error:
        raise unwritable(path, error) from error


def remove_empty(folder: Path) -> None:
    """Removes a folder, if it is empty, and those around it that are empty then, as far as the home."""
    for each in (folder, *folder.parents):
        if Path.home() not in each.parents:
            return
        try:
            each.rmdir()
        except OSError:
            return


def present(path: Path) -> bool:
    """Whether there is anything at `path`, be it a broken link."""
    return path.exists() or path.is_symlink()


def read(path: Path) -> str:
    """The stripped text of a file, "" if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def unwritable(path: Path, error: OSError) -> OutputFailed:
    """The error to raise where an editor's folders cannot be changed."""
    return OutputFailed(
        f"{path} cannot be changed: {error.strerror or error}.", "Check the owner and permissions of the folder."
    )


def app_data() -> Path:
    """The folder of applications' settings on Windows."""
    return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
