"""The models in memory: colorizers, segmenters, the router, the encoder; asked for by kind and name.

Each is loaded once and shared by all threads. Together they keep to a budget: when another model is loaded, the least
recently used ones are dropped. `clear` drops them all, and with them the answers and embeddings that they cache.
"""

from __future__ import annotations

import gc
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final, TypeVar

from photochrom import allocator
from photochrom.progress import Progress, silent

BUDGET: Final = 4 << 30
"""Bytes of weights that stay loaded: the largest segmenter together with the largest colorizer."""

PATIENCE: Final = 0.2
"""Seconds between two reports while another thread loads a model."""

Model = TypeVar("Model")


class LoadedModels:
    """What is loaded, of at most `budget` bytes; a single larger model is loaded all the same."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._models: dict[tuple[str, str], tuple[Any, int]] = {}
        """By kind and name, the least recently used first: each with its bytes."""
        self._lock = threading.Lock()
        self._loading: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        """By kind: models of one kind are loaded one after the other."""

    def get(self, kind: str, name: str, load: Callable[[], tuple[Model, int]], progress: Progress = silent) -> Model:
        """The model of this kind and name. If it is not in memory, `load` returns it and the bytes of its weights.

        Raises:
            Cancelled: from `progress`, which is called while another thread loads a model of this kind.
            Whatever `load` raises.
        """
        key = kind, name
        with self._lock:
            if key in self._models:
                model: Model = self._used(key)
                return model
            loading = self._loading[kind]
        while not loading.acquire(timeout=PATIENCE):
            progress(0.0, "Waiting for another job that loads a model")
        try:
            with self._lock:
                if key in self._models:
                    model = self._used(key)
                    return model
            model, size = load()
            with self._lock:
                self._make_room(size)
                self._models[key] = model, size
            return model
        finally:
            loading.release()

    def names(self, kind: str) -> list[str]:
        """The names of the loaded models of a kind, the least recently used first."""
        with self._lock:
            return [name for each, name in self._models if each == kind]

    def clear(self, kind: str | None = None) -> None:
        """Drops all models, or those of one kind, and returns their memory to the system."""
        with self._lock:
            self._models = {key: model for key, model in self._models.items() if kind not in {None, key[0]}}
        gc.collect()
        allocator.return_freed()

    def _used(self, key: tuple[str, str]) -> Any:
        self._models[key] = self._models.pop(key)
        return self._models[key][0]

    def _make_room(self, size: int) -> None:
        total = size + sum(each for _, each in self._models.values())
        for key, (_, each) in list(self._models.items()):
            if total <= self._budget:
                return
            del self._models[key]
            total -= each


LOADED: Final = LoadedModels()
"""Those of this process."""
