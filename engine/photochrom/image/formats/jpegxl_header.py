"""The header of a JPEG XL codestream: size, orientation, bit depth, channels (ISO/IEC 18181-1, annexes B and D)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_RATIOS: Final = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_ALPHA, _SPOT, _CFA = 0, 2, 5
"""Types of extra channels."""


@dataclass(frozen=True)
class Header:
    """`width` and `height` are those of the upright picture. `others`: there are channels that are neither color nor
    alpha. `gray` is None if only the profile tells."""

    width: int
    height: int
    bits: int
    floating: bool
    alpha: bool
    premultiplied: bool
    others: bool
    animated: bool
    gray: bool | None


class _Bits:
    """A bit reader, lowest bit of each byte first."""

    def __init__(self, data: bytes) -> None:
        self._data = int.from_bytes(data[:8192], "little")
        self._place, self._end = 0, 8 * min(len(data), 8192)

    def take(self, count: int) -> int:
        """The next `count` bits as a number."""
        if self._place + count > self._end:
            raise ValueError("it ends too early")
        value = (self._data >> self._place) & ((1 << count) - 1)
        self._place += count
        return value

    def flag(self) -> bool:
        """The next bit."""
        return bool(self.take(1))

    def number(self, *choices: tuple[int, int]) -> int:
        """A number in one of four encodings: (bits, offset) each."""
        bits, offset = choices[self.take(2)]
        return self.take(bits) + offset

    def name(self) -> int:
        """An enumerated value."""
        return self.number((0, 0), (0, 1), (4, 2), (6, 18))


def read(codestream: bytes) -> Header:
    """Parses the start of a codestream; raises ValueError or IndexError if it is malformed."""
    if codestream[:2] != b"\xff\x0a":
        raise ValueError("no codestream")
    bits = _Bits(codestream[2:])
    width, height = _size(bits)
    if bits.flag():  # all defaults: 8 bits of sRGB
        return Header(width, height, 8, False, False, False, False, False, False)
    orientation, animated = 1, False
    if bits.flag():
        orientation = 1 + bits.take(3)
        if bits.flag():
            _size(bits)
        if bits.flag():
            _preview(bits)
        if animated := bits.flag():
            _animation(bits)
    depth, floating = _depth(bits)
    bits.flag()
    kinds = [_extra_channel(bits) for _ in range(bits.number((0, 0), (0, 1), (4, 2), (12, 1)))]
    bits.flag()  # whether it is stored as XYB, which is up to the decoder
    alphas = [associated for kind, associated in kinds if kind == _ALPHA]
    return Header(
        *((height, width) if orientation > 4 else (width, height)),
        bits=depth,
        floating=floating,
        alpha=bool(alphas),
        premultiplied=any(alphas),
        others=len(kinds) > min(len(alphas), 1),
        animated=animated,
        gray=_gray(bits),
    )


def _size(bits: _Bits) -> tuple[int, int]:
    small = bits.flag()

    def side() -> int:
        return 8 * (bits.take(5) + 1) if small else bits.number((9, 1), (13, 1), (18, 1), (30, 1))

    height = side()
    ratio = bits.take(3)
    if not ratio:
        return side(), height
    over, under = _RATIOS[ratio]
    return height * over // under, height


def _preview(bits: _Bits) -> None:
    small = bits.flag()
    choices = ((0, 16), (0, 32), (5, 1), (9, 33)) if small else ((6, 1), (8, 65), (10, 321), (12, 1345))
    bits.number(*choices)
    if not bits.take(3):
        bits.number(*choices)


def _animation(bits: _Bits) -> None:
    bits.number((0, 100), (0, 1000), (10, 1), (30, 1))
    bits.number((0, 1), (0, 1001), (8, 1), (10, 1))
    bits.number((0, 0), (3, 0), (16, 0), (32, 0))
    bits.flag()


def _depth(bits: _Bits) -> tuple[int, bool]:
    """Bits per sample, and whether samples are floating-point."""
    if bits.flag():
        depth = bits.number((0, 32), (0, 16), (0, 24), (6, 1))
        bits.take(4)
        return depth, True
    return bits.number((0, 8), (0, 10), (0, 12), (6, 1)), False


def _extra_channel(bits: _Bits) -> tuple[int, bool]:
    """The type of an extra channel, and whether color is premultiplied by it."""
    if bits.flag():
        return _ALPHA, False
    kind = bits.name()
    _depth(bits)
    bits.number((0, 0), (0, 3), (0, 4), (3, 1))
    bits.take(8 * bits.number((0, 0), (4, 0), (5, 16), (10, 48)))
    if kind == _ALPHA:
        return kind, bits.flag()
    if kind == _SPOT:
        bits.take(4 * 16)
    elif kind == _CFA:
        bits.number((0, 1), (2, 0), (4, 3), (8, 19))
    return kind, False


def _gray(bits: _Bits) -> bool | None:
    """Whether the color encoding is gray; all default is sRGB."""
    if bits.flag():
        return False
    from_profile = bits.flag()
    space = bits.name()
    return None if from_profile and space not in (0, 1) else space == 1
