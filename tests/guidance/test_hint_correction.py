"""Hints are followed where they lie, on what looks alike, and nowhere else."""

import numpy as np
import pytest
from photochrom.guidance.hint_correction import spread
from photochrom.values import Hints

HEIGHT, WIDTH = 40, 60


@pytest.fixture
def scene():
    """Left half dark, right half light; the network gave both the same color."""
    lightness = np.full((4 * HEIGHT, 4 * WIDTH), 30, np.float32)
    lightness[:, 2 * WIDTH :] = 80
    ab = np.full((HEIGHT, WIDTH, 2), 10, np.float32)
    return ab, lightness


def hinted(*points, size=8):
    hints = Hints(np.zeros((4 * HEIGHT, 4 * WIDTH, 2), np.float32), np.zeros((4 * HEIGHT, 4 * WIDTH), np.float32))
    for row, column, color in points:
        hints.ab[row : row + size, column : column + size] = color
        hints.mask[row : row + size, column : column + size] = 1
    return hints


def test_without_hints_nothing_changes(scene):
    ab, lightness = scene
    assert np.array_equal(spread(ab, lightness, hinted()), ab)


def test_hinted_cells_get_the_hint(scene):
    ab, lightness = scene
    followed = spread(ab, lightness, hinted((80, 40, (50, -20))))
    np.testing.assert_allclose(followed[21, 11], (50, -20), atol=2)


def test_the_same_object_follows_with_distance(scene):
    ab, lightness = scene
    followed = spread(ab, lightness, hinted((80, 40, (50, -20))))
    near, far = followed[22, 16], followed[2, 28]
    assert near[0] > 40
    assert near[0] > far[0] >= 10


def test_beyond_an_edge_the_color_stays(scene):
    ab, lightness = scene
    followed = spread(ab, lightness, hinted((80, 110, (50, -20))))
    assert followed[21, 28, 0] > 40
    np.testing.assert_allclose(followed[:, 31:], 10, atol=1)


def test_a_broad_stroke_reaches_no_farther_beyond_an_edge_than_a_dab(scene):
    ab, lightness = scene
    dab = spread(ab, lightness, hinted((80, 110, (50, -110))))
    stroke = spread(ab, lightness, hinted((40, 70, (50, -110)), size=48))
    assert np.abs(stroke[:, 32:] - 10).max() < 1.5 * np.abs(dab[:, 32:] - 10).max() + 0.1


def test_another_color_of_the_network_is_another_object(scene):
    ab, lightness = scene
    ab[:, 20:30] = (-40, 10)
    followed = spread(ab, lightness, hinted((80, 60, (50, -20))))
    np.testing.assert_allclose(followed[:, 21:30], ab[:, 21:30], atol=0.5)


def test_hints_mix_between_them(scene):
    ab, lightness = scene
    followed = spread(ab, lightness, hinted((80, 20, (40, 0)), (80, 60, (0, 40))))
    middle = followed[21, 10]
    assert 10 < middle[0] < 30
    assert 10 < middle[1] < 30


def test_all_hinted_is_all_followed(scene):
    ab, lightness = scene
    hints = Hints(np.full((*lightness.shape, 2), (20, 30), np.float32), np.ones(lightness.shape, np.float32))
    np.testing.assert_allclose(spread(ab, lightness, hints), np.broadcast_to((20, 30), ab.shape), atol=0.5)
