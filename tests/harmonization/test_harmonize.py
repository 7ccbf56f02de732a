"""From a colorizer's map to a harmonized one."""

import numpy as np
import pytest
from photochrom.errors import BadRequest
from photochrom.harmonization import harmonize
from photochrom.values import Segments

LIGHTNESS = np.where(np.arange(64) < 32, 30, 80)[None].repeat(48, 0).astype(np.float32)
HALVES = Segments.from_labels((np.arange(64) >= 32)[None].repeat(48, 0).astype(int))


def two_colors(rows, columns):
    """Red on the left, blue on the right, and where they meet a cell of both."""
    share = np.clip(np.arange(columns) - (columns / 2 - 1.5), 0, 1)[None, :, None]
    ab = (1 - share) * np.float32([40, 20]) + share * np.float32([0, -40])
    return np.broadcast_to(ab, (rows, columns, 2)).astype(np.float32)


@pytest.mark.parametrize(
    ("given", "comes"), [((6, 8), (12, 16)), ((12, 17), (12, 17)), ((40, 60), (40, 60)), ((96, 128), (48, 64))]
)
def test_is_a_quarter_of_the_proxy_or_as_large_as_the_map(given, comes):
    assert harmonize(LIGHTNESS, two_colors(*given), HALVES).shape == (*comes, 2)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (5, 3)])
def test_tiny_proxies(size):
    ab = harmonize(
        np.full(size, 50, np.float32), np.ones((1, 1, 2), np.float32), Segments.from_labels(np.zeros(size, int))
    )
    np.testing.assert_allclose(ab, 1, atol=1e-3)
    assert ab.shape[0] <= size[0]
    assert ab.shape[1] <= size[1]


def test_each_side_of_an_edge_gets_its_own_color():
    before, after = (harmonize(LIGHTNESS, two_colors(12, 16), HALVES, strength) for strength in (0, 1))
    wanted = np.where(np.arange(16)[:, None] < 8, np.float32([40, 20]), np.float32([0, -40]))
    wrong, left = (np.linalg.norm(each - wanted, axis=-1).mean() for each in (before, after))
    assert left < wrong * 0.6


def test_gray_stays_gray(rng):
    lightness = rng.uniform(0, 100, (48, 64)).astype(np.float32)
    assert not harmonize(lightness, np.zeros((6, 8, 2), np.float32), HALVES).any()


def test_strength_out_of_range_is_refused():
    with pytest.raises(BadRequest, match="must be 0–1"):
        harmonize(LIGHTNESS, two_colors(6, 8), HALVES, 2)
