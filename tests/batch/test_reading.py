"""Pictures that a batch holds in memory while it works on them."""

from __future__ import annotations

import gc

import imagecodecs
import numpy as np
from photochrom.batch.reading import open_held


def test_samples_that_were_decoded_to_an_array_stay_as_long_as_the_picture(tmp_path, rng):
    """As those of a JPEG of more than 8 bits: libvips does not keep the array by itself."""
    path, samples = tmp_path / "x.jpg", rng.integers(0, 65536, (200, 160), np.uint16)
    path.write_bytes(imagecodecs.jpeg_encode(samples, bitspersample=16, lossless=True))
    stored = open_held(path, None).stored
    gc.collect()
    for _ in range(20):
        np.full(samples.shape, 0xBEEF, np.uint16)  # takes memory that was freed
    assert np.array_equal(stored.load(True).numpy(), samples)
