"""Layers that come as samples with a table of their lightness."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photochrom.service.layers import Layers, body_bytes, layer_bytes
from photochrom.service.lookup import AT_ONCE, Lookup

from photochrom_client.protocol import SAMPLE_BYTES, TABLE_ENTRIES, LayerForm

SAMPLES: list[LayerForm] = ["u8", "u16"]


def a_body(samples: LayerForm, pixels: int, rest: bytes) -> tuple[bytes, bytes]:
    """A body, and what it stands for."""
    random = np.random.default_rng(pixels)
    table = random.uniform(0, 100, TABLE_ENTRIES[samples]).astype("<f4")
    codes = random.integers(0, len(table), pixels).astype(f"<u{SAMPLE_BYTES[samples]}")
    return table.tobytes() + codes.tobytes() + rest, table[codes].tobytes() + rest


@settings(deadline=None)  # the first one imports numpy
@given(
    samples=st.sampled_from(SAMPLES),
    pixels=st.integers(1, 40),
    rest=st.binary(max_size=9),
    cuts=st.lists(st.floats(0, 1), max_size=6),
)
def test_pieces_of_any_size_are_looked_up(samples: LayerForm, pixels: int, rest: bytes, cuts: list[float]) -> None:
    body, expected = a_body(samples, pixels, rest)
    places = sorted({0, len(body), *(round(cut * len(body)) for cut in cuts)})
    near_the_end = {place for place in range(len(body) - 2 * pixels, len(body), 3) if place > 0}
    for borders in (places, sorted({*places, *near_the_end})):
        lookup = Lookup(samples, pixels)
        pieces = [body[first:end] for first, end in pairwise(borders)]
        assert b"".join(bytes(view) for piece in pieces for view in lookup.looked_up(piece)) == expected


@pytest.mark.parametrize("samples", SAMPLES)
def test_more_samples_than_are_looked_up_at_once(samples: LayerForm) -> None:
    body, expected = a_body(samples, 2 * AT_ONCE + 3, b"the rest")
    lookup = Lookup(samples, 2 * AT_ONCE + 3)
    assert b"".join(map(bytes, lookup.looked_up(body))) == expected


@pytest.mark.parametrize("samples", SAMPLES)
def test_a_layer_of_samples_is_kept_as_planes(tmp_path: Path, samples: LayerForm) -> None:
    alpha = np.full(6 * 4, 0.5, np.float32).tobytes()
    body, expected = a_body(samples, 6 * 4, alpha)
    assert len(body) == body_bytes(6, 4, True, samples)
    assert len(expected) == layer_bytes(6, 4, True)
    layers = Layers(tmp_path)
    upload = layers.begin(6, 4, alpha=True, samples=samples)
    for first in range(0, len(body), 1000):
        upload.write(body[first : first + 1000])
    layer = layers.end(upload)
    assert layer is not None
    assert bytes(layer._mapped()) == expected
