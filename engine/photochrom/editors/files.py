"""The plug-ins' files: copied into an editor's folders, and removed from them."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from photochrom import __version__
from photochrom.errors import OutputFailed

NAME: Final = "photochrom"
"""Of the plug-in's folder and, in GIMP, of its script: GIMP ignores a plug-in whose script is named otherwise."""

COMMAND_FILE: Final = "engine-command.json"
VERSION_FILE: Final = "version.txt"


def source() -> Path:
    """The folder of the plug-ins' files: inside the installed package, or `plugin` of a source tree."""
    from importlib.resources import files

    installed = Path(str(files("photochrom"))) / "_plugin"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "plugin"


def copy(editor: str, folder: Path, place: Path, prepare: Callable[[Path], None] | None = None) -> None:
    """Installs the plug-in of `editor` as the folder `place`, together with the client and how to start the engine.

    It is assembled in `folder`, the editor's configuration folder, and moved to its place, so that a failure leaves
    an older plug-in as it was. `prepare` is called with the assembled folder before the move.

    Raises:
        OutputFailed: a folder cannot be written to.
    """
    import photochrom_client  # Not at startup of the command line: its imports take a tenth of a second.

    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # Not inside the plug-ins folder: an editor that is just starting would find it there.
        with tempfile.TemporaryDirectory(prefix=".photochrom-", dir=folder) as temporary:
            fresh = Path(temporary) / NAME
            ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(source() / editor / NAME, fresh, ignore=ignore)
            client = Path(photochrom_client.__file__).parent
            shutil.copytree(client, fresh / client.name, ignore=ignore)
            _compile_catalogs(fresh / client.name / "locale")
            command = {"command": [sys.executable, "-m", "photochrom", "serve"]}
            (fresh / COMMAND_FILE).write_text(json.dumps(command, indent=2) + "\n", encoding="utf-8")
            (fresh / VERSION_FILE).write_text(__version__ + "\n", encoding="utf-8")
            if prepare is not None:
                prepare(fresh)
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


def _compile_catalogs(folder: Path) -> None:
    """Compiles the translations to the form that gettext reads."""
    import polib

    for catalog in folder.glob(f"*/LC_MESSAGES/{NAME}.po"):
        polib.pofile(str(catalog)).save_as_mofile(str(catalog.with_suffix(".mo")))
