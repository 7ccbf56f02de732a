"""Color flows along what is equally light and stops at edges; over a network's prediction it changes only what the
hints require."""

import numpy as np
import pytest
from photochrom.guidance.levin2004 import propagate
from photochrom.values import Hints

pytest.importorskip("scipy")

HEIGHT, WIDTH = 40, 60
RED, BLUE = (50, 30), (10, -45)


def hinted(*points, height=HEIGHT, width=WIDTH, size=3):
    hints = Hints(np.zeros((height, width, 2), np.float32), np.zeros((height, width), np.float32))
    for row, column, color in points:
        hints.ab[row : row + size, column : column + size] = color
        hints.mask[row : row + size, column : column + size] = 1
    return hints


@pytest.fixture
def halves():
    """Left dark, right light."""
    lightness = np.full((HEIGHT, WIDTH), 40, np.float32)
    lightness[:, WIDTH // 2 :] = 60
    return lightness


@pytest.fixture
def network():
    """The same color everywhere."""
    return np.full((HEIGHT, WIDTH, 2), 8, np.float32)


def test_without_hints_all_is_gray_or_as_it_was(halves, network):
    assert not propagate(halves, hinted()).any()
    assert np.array_equal(propagate(halves, hinted(), network), network)


def test_hinted_pixels_get_their_hint(halves, network):
    hints = hinted((10, 10, RED), (30, 50, BLUE))
    for ab in (propagate(halves, hints), propagate(halves, hints, network)):
        np.testing.assert_allclose(ab[hints.mask > 0], hints.ab[hints.mask > 0], atol=1e-4)


def test_each_unhinted_pixel_is_a_mean_of_its_neighbors():
    """Eq. 1 at its least: on even tones the eight neighbors weigh the same."""
    ab = propagate(np.full((12, 15), 50, np.float32), hinted((2, 2, RED), (8, 11, BLUE), height=12, width=15, size=1))
    around = [ab[4 + down, 6 + right] for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right]
    np.testing.assert_allclose(ab[4, 6], np.mean(around, 0), atol=1e-4)


def test_one_hint_alone_colors_the_whole_picture(rng):
    lightness = rng.uniform(10, 90, (HEIGHT, WIDTH)).astype(np.float32)
    ab = propagate(lightness, hinted((5, 5, RED)))
    np.testing.assert_allclose(ab, np.broadcast_to(RED, ab.shape), atol=1e-2)


def test_two_flat_regions_keep_a_color_each(halves):
    ab = propagate(halves, hinted((18, 8, RED), (18, 48, BLUE)))
    np.testing.assert_allclose(ab[:, :29], np.broadcast_to(RED, (HEIGHT, 29, 2)), atol=4)
    np.testing.assert_allclose(ab[:, 31:], np.broadcast_to(BLUE, (HEIGHT, 29, 2)), atol=4)


def test_grain_is_no_edge(halves, rng):
    noisy = halves + rng.normal(0, 1.5, halves.shape).astype(np.float32)
    ab = propagate(noisy, hinted((18, 8, RED), (18, 48, BLUE)))
    np.testing.assert_allclose(ab[:, :29], np.broadcast_to(RED, (HEIGHT, 29, 2)), atol=8)
    np.testing.assert_allclose(ab[:, 31:], np.broadcast_to(BLUE, (HEIGHT, 29, 2)), atol=8)


def test_a_thin_line_parts_what_is_equally_light():
    lightness = np.full((HEIGHT, WIDTH), 60, np.float32)
    lightness[:, 30] = 20
    ab = propagate(lightness, hinted((18, 8, RED), (18, 48, BLUE)))
    np.testing.assert_allclose(ab[:, :30], np.broadcast_to(RED, (HEIGHT, 30, 2)), atol=4)
    np.testing.assert_allclose(ab[:, 31:], np.broadcast_to(BLUE, (HEIGHT, 29, 2)), atol=4)


def test_a_scribble_flows_along_a_thin_object():
    """A light hose through a dark meadow."""
    lightness = np.full((HEIGHT, WIDTH), 30, np.float32)
    lightness[20, :] = lightness[:20, 59] = 80
    ab = propagate(lightness, hinted((20, 0, RED), (30, 30, BLUE), (5, 30, BLUE), size=1))
    np.testing.assert_allclose(ab[20, :55], np.broadcast_to(RED, (55, 2)), atol=8)
    np.testing.assert_allclose(ab[22:, 5:], np.broadcast_to(BLUE, ab[22:, 5:].shape), atol=8)


class TestOverANetworksAnswer:
    def test_the_hinted_object_follows_and_the_other_stays(self, halves, network):
        ab = propagate(halves, hinted((18, 8, RED)), network)
        assert np.abs(ab[:, :29] - RED).mean() < 15
        np.testing.assert_allclose(ab[:, 31:], network[:, 31:], atol=1)

    def test_what_is_far_stays(self):
        lightness, network = np.full((20, 400), 50, np.float32), np.full((20, 400, 2), 8, np.float32)
        ab = propagate(lightness, hinted((8, 8, RED), height=20, width=400), network)
        fallen = np.abs(ab[10, :, 0] - 8)
        assert fallen[40] > fallen[80] > fallen[160]
        assert fallen[40] > 5
        assert fallen[300:].max() < 0.1

    def test_another_color_of_the_network_is_another_object(self, network):
        network[:, 30:] = (-20, 20)
        ab = propagate(np.full((HEIGHT, WIDTH), 50, np.float32), hinted((18, 8, RED)), network)
        assert ab[20, 25, 0] > 30
        np.testing.assert_allclose(ab[:, 31:], network[:, 31:], atol=0.5)

    def test_equal_tones_that_do_not_touch_are_two_objects(self, network):
        lightness = np.full((HEIGHT, WIDTH), 60, np.float32)
        lightness[:, 28:32] = 20
        ab = propagate(lightness, hinted((18, 20, RED)), network)
        assert ab[20, 26, 0] > 40
        np.testing.assert_allclose(ab[:, 33:], network[:, 33:], atol=1)

    @pytest.mark.parametrize("scale", [1, 4])
    def test_answers_smaller_than_the_proxy_are_corrected_at_their_size(self, scale):
        lightness = np.full((160, 240), 40, np.float32)
        lightness[:, 120:] = 60
        hints = hinted((80, 40, RED), height=160, width=240, size=8)
        ab = propagate(lightness, hints, np.full((160 // scale, 240 // scale, 2), 8, np.float32))
        assert ab.shape == (160 // scale, 240 // scale, 2)
        assert ab.dtype == np.float32
        np.testing.assert_allclose(ab[84 // scale, 44 // scale], RED, atol=1)
        np.testing.assert_allclose(ab[:, 124 // scale :], 8, atol=1)

    def test_even_one_hinted_pixel_of_a_proxy_counts(self):
        hints = hinted((81, 41, RED), height=160, width=240, size=1)
        ab = propagate(np.full((160, 240), 50, np.float32), hints, np.zeros((40, 60, 2), np.float32))
        np.testing.assert_allclose(ab[20, 10], RED, atol=1e-3)

    def test_all_hinted_is_all_followed(self, halves, network, rng):
        hints = Hints(rng.uniform(-60, 60, network.shape).astype(np.float32), np.ones(halves.shape, np.float32))
        np.testing.assert_allclose(propagate(halves, hints, network), hints.ab, atol=1e-4)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 9), (9, 1), (2, 3)])
def test_strips_and_single_pixels(height, width):
    lightness = np.linspace(0, 100, height * width, dtype=np.float32).reshape(height, width)
    hints = hinted((0, 0, RED), height=height, width=width, size=1)
    for ab in (propagate(lightness, hints), propagate(lightness, hints, np.zeros((height, width, 2), np.float32))):
        assert ab.shape == (height, width, 2)
        np.testing.assert_allclose(ab[0, 0], RED, atol=1e-4)
