"""Models that can be installed: listed and downloaded on threads of their own."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

from ..engine import Colorizer, Engine, Model, connect
from ..errors import Cancelled, EngineError, Unexpected
from .background import Background, Failed


class Catalog(NamedTuple):
    """All models known to the engine, and the colorizers that are installed."""

    models: list[Model]
    colorizers: list[Colorizer]


class Downloading(NamedTuple):
    """How far (0…1) the download of the model `name` is."""

    name: str
    fraction: float
    message: str


class DownloadFailed(NamedTuple):
    name: str
    error: EngineError


class DownloadStopped(NamedTuple):
    name: str


Message = Catalog | Downloading | DownloadFailed | DownloadStopped | Failed


class Downloads:
    """Lists models and downloads them.

    `tell` is called on threads: with a `Catalog` after a listing and after every download, `Failed` when there is no
    listing; and during downloads, of which several may run at once, with the other messages.
    """

    def __init__(self, plugin_folder: str | os.PathLike[str], tell: Callable[[Message], object]) -> None:
        self._folder = plugin_folder
        self._tell = tell
        self._listings: list[Background] = []
        self._running: dict[str, Background] = {}

    def list(self) -> None:
        """Asks for the catalog."""

        def work(thread: Background) -> None:
            self._tell(_catalog(connect(self._folder, lambda *_progress: not thread.stopped)))

        self._listings = [each for each in self._listings if each.alive]
        self._listings.append(Background("list", work, self._tell))

    def start(self, model: Model) -> None:
        """Downloads a model whose license the user has accepted."""

        def work(thread: Background) -> None:
            def on_progress(fraction: float, message: str) -> bool:
                if not thread.stopped:
                    self._tell(Downloading(model.name, fraction, message))
                return not thread.stopped

            try:
                engine = connect(self._folder, on_progress)
                engine.fetch(model.name, model.license, on_progress)
                self._tell(_catalog(engine))
            except Cancelled:
                self._tell(DownloadStopped(model.name))
            except EngineError as error:
                self._tell(DownloadFailed(model.name, error))
            except Exception as error:
                self._tell(DownloadFailed(model.name, Unexpected(error)))

        self._running[model.name] = Background("download", work, self._tell)

    def stop(self, name: str) -> None:
        """Stops a download, the engine's work too."""
        self._running[name].stop()

    def close(self) -> None:
        """Stops everything and waits until the downloads have stopped."""
        for thread in (*self._listings, *self._running.values()):
            thread.stop()
        for thread in self._running.values():
            thread.join()


def _catalog(engine: Engine) -> Catalog:
    return Catalog(engine.models(), engine.colorizers())
