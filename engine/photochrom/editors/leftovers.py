"""What stays when the plug-ins are removed: the user's settings and history, and what the engine has put down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from photochrom.editors import files
from photochrom.editors.host import Action


class Leftover(NamedTuple):
    """What `paths`, all in one folder, are for people."""

    what: str
    paths: list[Path]

    @property
    def folder(self) -> Path:
        return self.paths[0].parent

    def remove(self) -> None:
        """Removes them, and the folders named after Photochrom that are empty then, with those in the home that are
        empty without it. Raises OutputFailed."""
        for path in self.paths:
            files.remove(path)
        for folder in self.paths[0].parents:
            if any(folder.iterdir()):
                return
            files.remove(folder)
            if folder.name == "photochrom":
                files.remove_empty(folder.parent)
                return


def of_engine() -> Iterator[Leftover]:
    """The engine's logs, caches and runtime files, as far as they exist. Downloaded models are none of them.

    File by file, since some of the folders can be chosen by the user, who may keep other things in them.
    """
    from photochrom.runtime import compiled_networks
    from photochrom_client.places import data_folder, log_path, recent_batches_path, runtime_folder, spool_folder

    for what, folder, pattern in (
        ("logs", log_path().parent, "engine*.log*"),
        ("list of batches", recent_batches_path().parent, recent_batches_path().name),
        ("cache", compiled_networks.folder(), f"*{compiled_networks.SUFFIX}"),
        ("cache", spool_folder().parent, spool_folder().name),
        ("runtime files", runtime_folder(), "engine.*"),
        ("own copy, fetched by a plug-in, or a note of its place", data_folder(), "engine*"),
    ):
        paths = sorted(folder.glob(pattern))
        if paths:
            yield Leftover(f"the engine's {what}", paths)


def models() -> Iterator[Action]:
    """Says which models were fetched or imported, and how to remove them. They stay: some were hard to get."""
    from photochrom.models import store, store_folder

    names = store.names()
    if names:
        size = sum(path.stat().st_size for path in store_folder().rglob("*") if path.is_file())
        how = "remove them with: photochrom models remove NAME"
        yield Action(f"keep {', '.join(names)} ({size / 1e6:.0f} MB) in {store_folder()}; {how}", store_folder())
