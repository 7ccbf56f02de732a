"""Blends: weighted means of ab and of distributions, whatever the sizes."""

import numpy as np
import pytest
from photochrom.routing import blend
from photochrom.values import Distribution, Prediction

CENTERS = np.array([[-5, -5], [5, 5], [25, 5]], np.float32)


def prediction(ab, size=(2, 3), probabilities=None, centers=CENTERS):
    plane = np.broadcast_to(np.array(ab, np.float32), (*size, 2)).copy()
    if probabilities is None:
        return Prediction(plane)
    spread = np.broadcast_to(np.array(probabilities, np.float32), (*size, 3)).copy()
    return Prediction(plane, Distribution(spread, centers))


def test_colors_are_weighted_means():
    mixed = blend([prediction((10, -20)), prediction((30, 20))], (0.75, 0.25))
    np.testing.assert_allclose(mixed.ab, np.broadcast_to([15.0, -10.0], (2, 3, 2)), atol=1e-5)
    assert mixed.ab.dtype == np.float32


def test_one_alone_stays_as_it_is():
    alone = prediction((1, 2))
    assert blend([alone], (1.0,)) is alone


def test_smaller_map_is_brought_to_the_larger_ones_size():
    small = prediction((10, 0), (1, 2))
    small.ab[0, 1] = (30, 0)
    mixed = blend([small, prediction((0, 8), (2, 4))], (0.5, 0.5))
    assert mixed.ab.shape == (2, 4, 2)
    np.testing.assert_allclose(mixed.ab[0, :, 0], [5, 7.5, 12.5, 15], atol=1e-4)
    np.testing.assert_allclose(mixed.ab[..., 1], 4, atol=1e-5)


def test_inputs_are_not_changed():
    first, second = prediction((10, 10)), prediction((20, 20))
    blend([first, second], (0.5, 0.5))
    assert first.ab.max() == 10
    assert second.ab.max() == 20


def test_distributions_mix_and_still_sum_to_one():
    mixed = blend(
        [prediction((0, 0), probabilities=(1, 0, 0)), prediction((0, 0), probabilities=(0, 0.5, 0.5))], (0.6, 0.4)
    )
    assert mixed.distribution is not None
    np.testing.assert_allclose(mixed.distribution.probabilities[0, 0], [0.6, 0.2, 0.2], atol=1e-6)


@pytest.mark.parametrize(
    "other",
    [
        prediction((0, 0)),
        prediction((0, 0), probabilities=(1, 0, 0), centers=CENTERS + 1),
        prediction((0, 0), (4, 6), probabilities=(1, 0, 0)),
    ],
)
def test_distributions_that_do_not_fit_together_are_left_out(other):
    assert blend([prediction((0, 0), probabilities=(1, 0, 0)), other], (0.5, 0.5)).distribution is None
