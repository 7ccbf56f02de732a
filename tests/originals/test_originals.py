"""What a colorizer sees of a negative and of a faded print, and what is said of them."""

import numpy as np
import pytest
from photochrom.originals import FADED, Tones, noticed, remark, seen, tones_of


@pytest.fixture
def lightness(rng):
    """Of a photograph from black to white."""
    return np.sort(rng.uniform(0, 100, (48, 64)).astype(np.float32), axis=1)


def test_a_print_is_seen_as_it_is(lightness):
    assert np.array_equal(seen(lightness, "print", tones_of(lightness)), lightness)


def test_of_a_negative_the_positive_is_seen(lightness):
    negative = 100 - lightness
    assert np.abs(seen(negative, "negative", tones_of(negative)) - lightness).max() < 1e-4


def test_a_faded_print_is_seen_from_black_to_white(lightness):
    faded = 35 + 0.3 * lightness
    stretched = seen(faded, "faded", tones_of(faded))
    assert (stretched.min(), stretched.max()) == (0, 100)
    assert np.abs(stretched - lightness).mean() < 1


def test_a_faded_negative_is_seen_as_a_positive_from_black_to_white(lightness):
    negative = 65 - 0.3 * lightness
    positive = seen(negative, "negative", tones_of(negative))
    assert np.abs(positive - lightness).mean() < 1


def test_an_even_picture_stays_within_bounds():
    even = np.full((8, 8), 40, np.float32)
    for original in ("print", "negative", "faded"):
        found = seen(even, original, tones_of(even))
        assert np.isfinite(found).all()
        assert found.min() >= 0
        assert found.max() <= 100


def test_a_few_specks_do_not_hide_that_a_print_is_faded(lightness):
    faded = 35 + 0.3 * lightness
    faded.flat[:10] = 0
    faded.flat[-10:] = 100
    assert tones_of(faded).faded
    assert noticed(faded) == "faded"


def test_contrast_that_networks_see_through_is_not_remarked_on():
    assert not Tones(20, 20 + FADED).faded
    assert Tones(20, 19 + FADED).faded


@pytest.mark.parametrize("original", ["negative", "faded"])
def test_what_is_noticed_is_said_with_the_option_that_sets_it_right(original):
    (said,) = remark("Ann Müller (1).jpg", original, "print")
    assert "Ann Müller (1).jpg" in said
    assert f"--original {original}" in said
    assert remark("a.jpg", "print", "print") == ()
    assert remark("a.jpg", original, "negative") == (), "the user has chosen"
