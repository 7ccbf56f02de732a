"""Whether a layer is still what was sent, when what was made for it comes back: its size, how its image keeps colors,
and a few of its pixels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .unsuitable import CONVERTED, TURNED, Unsuitable

PARTS = 7
"""The places that are looked at divide a side into so many: odd, so that none is its own mirror image."""

Look = Sequence[Sequence[bytes]]
"""Pixels in the layer's own format, row by row."""


class Frame(NamedTuple):
    """A layer's width and height; its image's type, precision and profile, as the editor names them; and its `look`."""

    size: tuple[int, int]
    form: tuple[Any, ...]
    look: Look

    @classmethod
    def of(cls, size: tuple[int, int], form: tuple[Any, ...], pixel: Callable[[int, int], bytes]) -> Frame:
        """`pixel(x, y)` reads a single one: reading all of a large layer smaller takes GIMP a second."""
        across, down = map(_places, size)
        return cls(size, form, [[pixel(x, y) for x in across] for y in down])

    def check(self, before: Frame) -> None:
        """Raises `Unsuitable` where the layer was cropped, scaled, turned or converted since. It may have been moved or
        retouched."""
        if self.form != before.form:
            raise Unsuitable(CONVERTED)
        if self.size != before.size or _is_turned(self.look, before.look):
            raise Unsuitable(TURNED)


def _places(length: int) -> list[int]:
    """Along a side: the same from either end."""
    half = [length * part // PARTS for part in range(1, PARTS // 2 + 1)]
    return [*half, *(length - 1 - place for place in reversed(half))]


def _is_turned(now: Look, before: Look) -> bool:
    """Whether most pixels are where mirroring or a turn brings them, and fewer where they were."""
    most = max(_alike(now, before), len(now) ** 2 // 2)
    turned = before
    for _quarter in range(4):
        turned = [row[::-1] for row in zip(*turned, strict=True)]
        if _alike(now, turned) > most or _alike(now, turned[::-1]) > most:
            return True
    return False


def _alike(one: Look, other: Look) -> int:
    return sum(a == b for rows in zip(one, other, strict=True) for a, b in zip(*rows, strict=True))
