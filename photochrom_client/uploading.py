"""The body of a layer's upload."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .events import Ask
from .lookup import KINDS, form_of, looked_up
from .protocol import CHANNEL_BYTES, SAMPLE_BYTES
from .translation import translated as _


class Part(NamedTuple):
    """A part of the body: its `name` for errors, its size in bytes, and the pieces that add up to it."""

    name: str
    size: int
    pieces: Iterable[bytes]


class Upload:
    """A layer as it is sent (see `Engine.upload`). Raises ValueError for a table of another length."""

    def __init__(
        self,
        width: int,
        height: int,
        lightness: Iterable[bytes],
        alpha: Iterable[bytes] | None,
        table: array[float] | None,
    ) -> None:
        form = "lightness" if table is None else form_of(table)
        self.query: dict[str, int | str] = {"width": width, "height": height, "alpha": int(alpha is not None)}
        self._parts = [Part("lightness", SAMPLE_BYTES[form] * width * height, lightness)]
        if table is not None:  # older engines do not know this
            self.query["samples"] = form
            self._parts.insert(0, Part("table", CHANNEL_BYTES * len(table), [table.tobytes()]))
        if alpha is not None:
            self._parts.append(Part("alpha", CHANNEL_BYTES * width * height, alpha))
        self.size = sum(part.size for part in self._parts)

    def body(self, ask: Ask) -> Iterator[bytes]:
        """The pieces, one after the other. Raises ValueError where there are too few bytes, or too many."""
        sent = 0
        for part in self._parts:
            end = sent + part.size
            for piece in part.pieces:
                view = memoryview(piece).cast("B")
                sent += len(view)
                if sent > end:
                    raise ValueError(f"{part.name} has more than {part.size} bytes")
                yield view  # type: ignore[misc]  # http.client takes any bytes-like object
                if sent < self.size:  # then the engine has the layer, and its number must be known to give it up
                    ask(sent / self.size, _("Sending the layer"))
            if sent != end:
                raise ValueError(f"{part.name} has {part.size - (end - sent)} bytes instead of {part.size}")


def expanded(samples: Iterable[bytes], table: array[float]) -> Iterator[bytes]:
    """Samples as the lightness that they stand for, for an engine that does not know them yet."""
    kind = KINDS[form_of(table)]
    return (looked_up(table, array(kind, bytes(piece))) for piece in samples)
