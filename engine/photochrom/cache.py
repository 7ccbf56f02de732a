"""An LRU cache."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")


class LRUCache:
    """Keeps the `capacity` values that were asked for last. For one thread at a time."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._values: dict[Hashable, Any] = {}

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The value cached under `key`, computed if there is none; the least recently used value makes room for it."""
        value: Value = self._values.pop(key) if key in self._values else compute()
        if len(self._values) >= self._capacity:
            del self._values[next(iter(self._values))]
        self._values[key] = value
        return value

    def clear(self) -> None:
        """Drops all values."""
        self._values.clear()
