"""Pixels by number: samples of 8 or 16 bits, and a table with what each of them means."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from .protocol import TABLE_ENTRIES, LayerForm

KINDS: dict[LayerForm, str] = {"u8": "B", "u16": "H"}
"""Samples as `array` names them."""


def form_of(table: Sequence[float]) -> LayerForm:
    """What a table of this length is for. Raises ValueError for any other length."""
    for form in KINDS:
        if TABLE_ENTRIES[form] == len(table):
            return form
    raise ValueError(f"a table has 256 or 65536 entries, not {len(table)}")


def srgb_lightness(kind: str) -> array[float]:
    """CIE L* of every gray sample with the curve of sRGB (IEC 61966-2-1; CIE 15 for L*). `kind` as in `KINDS`."""
    most = 0xFF if kind == "B" else 0xFFFF
    linear = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (sample / most for sample in range(most + 1))
    )
    return array("f", (116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27 for y in linear))


def looked_up(table: Sequence[float], samples: array[int]) -> bytes:
    """What a table says of each sample, as float32."""
    if len(samples) and samples.count(samples[0]) == len(samples):  # alpha mostly
        return array("f", [table[samples[0]]]).tobytes() * len(samples)
    if samples.itemsize == 1:
        return _translated(table, samples.tobytes())
    return array("f", [table[sample] for sample in samples]).tobytes()


def _translated(table: Sequence[float], samples: bytes) -> bytes:
    """Four times as fast for bytes as one by one: each byte of the floats has a table of its own."""
    floats = array("f", table).tobytes()
    found = bytearray(4 * len(samples))
    for byte in range(4):
        found[byte::4] = samples.translate(floats[byte::4])
    return bytes(found)
