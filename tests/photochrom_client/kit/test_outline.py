"""The outline of an object: its pixels beside others, dashed."""

import random

import numpy as np
import pytest

from photochrom_client.kit.outline import outline


def expected(mask):
    """By numpy: set, but not all of the four neighbors are."""
    padded = np.pad(mask, 1)
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return {(x, y) for y, x in np.argwhere(mask & ~inside)}


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (9, 1), (40, 30), (65, 20)])
def test_outline_is_what_touches_the_rest(size):
    height, width = size
    random.seed(height)
    values = np.array([random.choice((0, 127, 128, 255, 255)) for _ in range(height * width)], np.uint8).reshape(size)
    found = list(outline(width, height, values.tobytes()))
    assert {(x, y) for x, y, _light in found} == expected(values >= 128)
    assert len(found) == len({(x, y) for x, y, _light in found})


def test_dashes_take_turns():
    found = list(outline(32, 1, bytes([255] * 32)))
    assert [light for _x, _y, light in found] == [x // 4 % 2 == 0 for x in range(32)]


def test_nothing_has_no_outline():
    assert not list(outline(8, 8, bytes(64)))
