"""The palette: mean and deviation of the reference's colors, within bounds."""

import numpy as np
from photochrom.guidance.reference import Reference
from photochrom.guidance.reinhard2001 import MOST_SCALE, palette


def like(ab):
    return Reference(np.concatenate([np.full((*ab.shape[:2], 1), 50), ab], -1).astype(np.float32))


def test_mean_and_deviation_become_the_references(rng):
    ab = rng.normal((5, -8), (6, 10), (160, 160, 2)).astype(np.float32)
    reference = like(rng.normal((-12, 20), (8, 5), (160, 160, 2)))
    drawn = palette(ab, reference).reshape(-1, 2)
    np.testing.assert_allclose(drawn.mean(0), (-12, 20), atol=0.2)
    np.testing.assert_allclose(drawn.std(0), (8, 5), rtol=0.02)


def test_order_within_a_channel_stays(rng):
    ab = rng.normal(0, 10, (20, 30, 2)).astype(np.float32)
    drawn = palette(ab, like(rng.normal(0, 8, (160, 160, 2))))
    for channel in range(2):
        before, after = ab[..., channel].ravel(), drawn[..., channel].ravel()
        assert (np.diff(after[np.argsort(before)]) >= 0).all()


def test_noise_of_a_flat_prediction_does_not_explode(rng):
    ab = (10 + rng.normal(0, 0.01, (40, 40, 2))).astype(np.float32)
    reference = like(rng.normal(20, 40, (160, 160, 2)))
    drawn = palette(ab, reference)
    assert np.abs(drawn - reference.ab.mean((0, 1))).max() < 0.05 * MOST_SCALE


def test_a_flat_prediction_gets_the_mean(rng):
    drawn = palette(np.zeros((5, 7, 2), np.float32), like(np.full((50, 60, 2), 12.0)))
    np.testing.assert_allclose(drawn, 12, atol=1e-3)


def test_a_gray_reference_gives_gray(rng):
    ab = rng.normal(0, 20, (20, 30, 2)).astype(np.float32)
    np.testing.assert_allclose(palette(ab, like(np.zeros((90, 80, 2)))), 0, atol=1e-3)
