"""What else there is for the engine, asked for and fetched beside the dialog so that it never waits."""

import threading

from ..engine import connect
from ..errors import Cancelled, EngineError, Unexpected


class Fetcher:
    """Lists models and fetches them, each on a thread of its own.

    `tell` is called on those threads with a dict: {"models": […], "colorizers": […]} of the client, after a listing
    and after every fetch; {"error": EngineError} when there is no listing; and of a fetch {"name": its model's,
    "fraction": 0…1, "message": text}, {"name": …, "error": EngineError} or {"name": …, "cancelled": True}.
    """

    def __init__(self, plugin_folder, tell):
        self._folder = plugin_folder
        self._tell = tell
        self._going_on = {}
        self._closed = threading.Event()

    def list(self):
        """Asks for all models."""
        threading.Thread(target=self._list, name="photochrom-list", daemon=True).start()

    def fetch(self, model):
        """Fetches a model whose license the user has accepted."""
        stop = threading.Event()
        thread = threading.Thread(target=self._fetch, args=(model, stop), name="photochrom-fetch", daemon=True)
        self._going_on[model.name] = thread, stop
        thread.start()

    def stop(self, name):
        """Stops a fetch, the engine's work too."""
        _, stop = self._going_on[name]
        stop.set()

    def close(self):
        """Stops all fetches and waits until they have stopped."""
        self._closed.set()
        for thread, _ in self._going_on.values():
            thread.join(5)

    def _list(self):
        try:
            self._tell_all(connect(self._folder, lambda *_: not self._closed.is_set()))
        except Cancelled:
            pass
        except EngineError as error:
            self._tell({"error": error})
        except Exception as error:  # on a thread nobody would hear of it
            self._tell({"error": Unexpected(error)})

    def _fetch(self, model, stop):
        def go_on(fraction, message):
            if stop.is_set() or self._closed.is_set():
                return False
            self._tell({"name": model.name, "fraction": fraction, "message": message})
            return True

        try:
            engine = connect(self._folder, go_on)
            engine.fetch(model.name, model.license, go_on)
            self._tell_all(engine)
        except Cancelled:
            self._tell({"name": model.name, "cancelled": True})
        except EngineError as error:
            self._tell({"name": model.name, "error": error})
        except Exception as error:
            self._tell({"name": model.name, "error": Unexpected(error)})

    def _tell_all(self, engine):
        self._tell({"models": engine.models(), "colorizers": engine.colorizers()})
