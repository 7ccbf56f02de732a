"""Teaching the judges of negatives, and the film that is simulated for it."""

import numpy as np
import pytest
import torch
from photochrom.training.film import negatives, scanned
from photochrom.training.luminance import Ageing
from photochrom.training.negatives import ACCUSED, MISSED, Looks, fitted


@pytest.fixture
def draws():
    return Ageing(torch.Generator().manual_seed(7))


def test_what_is_light_in_a_scene_is_dark_on_film(draws):
    luminance = torch.linspace(0.002, 1, 64 * 64).reshape(1, 1, 64, 64).repeat(16, 1, 1, 1)
    made = scanned(luminance, draws)
    for each in made.flatten(1).numpy():
        assert (np.diff(each) <= 1e-4).all()
        assert each[0] - each[-1] > 10


def test_negatives_are_within_range_and_of_several_kinds(draws):
    lightness = torch.linspace(0, 100, 64 * 64).reshape(1, 1, 64, 64).repeat(64, 1, 1, 1)
    made = negatives(lightness, draws)
    assert made.min() >= 0
    assert made.max() <= 100
    plain = (made - (100 - lightness)).abs().amax((1, 2, 3)) < 1e-3
    assert 4 < int(plain.sum()) < 32


def test_judges_learn_what_tells_and_keep_to_the_shares(rng):
    def some(count):
        """What all have in common is far larger than what tells: the pair must cancel it out."""
        common = rng.normal(0, 5, (count, 6))
        shift = np.array([1.0, -1.0, 0, 0, 0, 0])
        noise = rng.normal(0, 0.6, (2, count, 6))
        return Looks(
            *((common + sign * shift + each).astype(np.float32) for sign, each in zip((-1, 1), noise, strict=True))
        )

    taught = fitted(some(600), some(2000))
    fresh = some(2000)
    accused = np.mean([taught.is_sure(*pair) for pair in zip(fresh.positives, fresh.negatives, strict=True)])
    noticed = np.mean([taught.is_sure(*pair) for pair in zip(fresh.negatives, fresh.positives, strict=True)])
    suspected = np.mean([taught.suspects(each) for each in fresh.negatives])
    cleared = np.mean([not taught.suspects(each) for each in fresh.positives])
    assert accused <= 2 * ACCUSED
    assert noticed > 0.9
    assert suspected > noticed - 2 * MISSED
    assert cleared > 0
