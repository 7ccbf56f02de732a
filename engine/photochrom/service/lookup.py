"""A layer's lightness that comes as samples of 8 or 16 bits, with a table of their L*."""

from __future__ import annotations

from typing import Final

from photochrom_client.protocol import CHANNEL_BYTES, SAMPLE_BYTES, TABLE_ENTRIES, LayerForm

AT_ONCE: Final = 1 << 18
"""Samples looked up at once: their L* stay in the processor's cache until they are written."""


class Lookup:
    """Takes a body in pieces of any size: the table, the samples of `pixels` pixels, then the rest, which it
    passes on."""

    def __init__(self, samples: LayerForm, pixels: int) -> None:
        self._bytes = SAMPLE_BYTES[samples]
        self._table = bytearray()
        self._missing_of_table = CHANNEL_BYTES * TABLE_ENTRIES[samples]
        self._missing = self._bytes * pixels
        self._rest = b""
        """The first byte of a sample whose second one is to come."""

    def looked_up(self, chunk: bytes | bytearray) -> list[memoryview]:
        """What a piece of the body stands for: float32 L*, and what follows them as it is."""
        import numpy as np

        if self._missing_of_table:
            taken = chunk[: self._missing_of_table]
            self._table += taken
            self._missing_of_table -= len(taken)
            chunk = chunk[len(taken) :]
        codes, others = chunk[: self._missing], chunk[self._missing :]
        if not codes:
            return [memoryview(others)]
        self._missing -= len(codes)
        whole = self._rest + codes
        self._rest = bytes(whole[len(whole) // self._bytes * self._bytes :])
        samples = np.frombuffer(whole, f"<u{self._bytes}", len(whole) // self._bytes)
        table = np.frombuffer(self._table, "<f4")
        found = [table.take(samples[first : first + AT_ONCE]).data for first in range(0, len(samples), AT_ONCE)]
        return [*(view.cast("B") for view in found), memoryview(others)]
