"""A plug-in put together in a folder: the editor's own files, the client, translations, version, and a list of hashes.

What `photochrom plugin install` copies and what the archives for the editors' own importers hold is made here alike.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from photochrom import __version__

NAME: Final = "photochrom"
"""Of the plug-in's folder and, in GIMP, of its script: GIMP ignores a plug-in whose script is named otherwise."""

VERSION_FILE: Final = "version.txt"
COMMAND_FILE: Final = "engine-command.json"
CONTENTS_FILE: Final = "contents.sha256"
"""Hashes of the files, as `sha256sum --check` reads them."""

_NOT_LISTED: Final = {VERSION_FILE, COMMAND_FILE, CONTENTS_FILE}
"""Checked in other ways."""


def source() -> Path:
    """The folder of the plug-ins' files: inside the installed package, or `plugin` of a source tree."""
    from importlib.resources import files

    installed = Path(str(files("photochrom"))) / "_plugin"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "plugin"


def assemble(editor: str, folder: Path) -> None:
    """Puts the plug-in of `editor` together in `folder`, which must not exist yet. Raises OSError."""
    import photochrom_client  # Not at startup of the command line: its imports take a tenth of a second.

    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(source() / editor / NAME, folder, ignore=ignore)
    client = Path(photochrom_client.__file__).parent
    shutil.copytree(client, folder / client.name, ignore=ignore)
    _compile_catalogs(folder / client.name / "locale")
    if editor == "gimp210":
        _add_gimpfu(folder, ignore)
    (folder / VERSION_FILE).write_text(__version__ + "\n", encoding="utf-8")


def _add_gimpfu(folder: Path, ignore: Callable[[Any, list[str]], set[str]]) -> None:
    """Gives the plug-in of GIMP 2.10 the modules that it talks with GIMP by. Raises OSError."""
    package = source() / "gimpfu_compat"
    shutil.copytree(package / package.name, folder / package.name, ignore=ignore)
    for module in package.glob("gimp*.py"):
        shutil.copyfile(module, folder / module.name)


def list_contents(folder: Path) -> None:
    """Writes the list of hashes, once all else is as it will be. Raises OSError."""
    lines = (f"{_hash(path)}  {path.relative_to(folder).as_posix()}\n" for path in _listed(folder))
    (folder / CONTENTS_FILE).write_text("".join(lines), encoding="utf-8")


def damage(folder: Path) -> str:
    """What is wrong with an installed plug-in's files, in words; "" if all are there and as they were written."""
    try:
        lines = (folder / CONTENTS_FILE).read_text(encoding="utf-8").splitlines()
        listed = [(name, said, _hash(folder / name)) for said, name in (line.split("  ", 1) for line in lines)]
    except (OSError, ValueError) as error:
        return f"{folder / CONTENTS_FILE} cannot be read ({error})"
    missing = [name for name, _, found in listed if not found]
    changed = [name for name, said, found in listed if found and found != said]
    parts = (("missing", missing), ("changed", changed))
    return "; ".join(f"{state}: {', '.join(names)}" for state, names in parts if names)


def _hash(path: Path) -> str:
    """ "" for a file that is not there."""
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _listed(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in _NOT_LISTED and "__pycache__" not in path.parts:
            yield path


def _compile_catalogs(folder: Path) -> None:
    """Compiles the translations to the form that gettext reads."""
    import polib

    for catalog in folder.glob(f"*/LC_MESSAGES/{NAME}.po"):
        polib.pofile(str(catalog)).save_as_mofile(str(catalog.with_suffix(".mo")))
