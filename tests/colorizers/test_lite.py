"""The embedded colorizer as shipped: real weights, real OpenVINO."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photochrom import colorizers
from photochrom.errors import ModelMissing
from photochrom.image.picture import open_picture
from photochrom.sampling.proxy import Proxy
from photochrom.values import Hints

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.fixture(scope="module")
def lite():
    return colorizers.load("lite")


def scene(height, width, seed=0):
    rng = np.random.default_rng(seed)
    coarse = rng.uniform(5, 95, (height // 16 + 2, width // 16 + 2))
    return np.kron(coarse, np.ones((16, 16)))[:height, :width].astype(np.float32)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 200), st.integers(1, 200))
def test_any_size_gives_half_of_it_rounded_up(height, width):
    prediction = colorizers.load("lite").predict(scene(height, width))
    assert prediction.ab.shape == (-(-height // 2), -(-width // 2), 2)
    assert prediction.ab.dtype == np.float32
    assert np.isfinite(prediction.ab).all()


def test_a_mirror_image_gets_the_mirrored_colors(lite):
    picture = scene(96, 132)  # whole cells: otherwise those of the two pictures are not the same
    ours, theirs = lite.predict(picture), lite.predict(picture[:, ::-1])
    assert np.abs(ours.ab - theirs.ab[:, ::-1]).max() <= 1e-5
    own, others = (each.distribution.probabilities for each in (ours, theirs))
    assert np.abs(own - others[:, ::-1]).max() <= 1e-6


def test_a_hint_pulls_the_color_towards_itself(lite):
    picture = scene(128, 128)
    hints = Hints(np.zeros((128, 128, 2), np.float32), np.zeros((128, 128), np.float32))
    hints.ab[40:60, 40:60] = (60, 40)
    hints.mask[40:60, 40:60] = 1
    before, after = lite.predict(picture).ab[24, 24], lite.predict(picture, hints).ab[24, 24]
    assert np.linalg.norm(after - (60, 40)) < np.linalg.norm(before - (60, 40)) - 10


def test_the_gated_answer_is_a_mixture_of_the_experts():
    picture = scene(128, 160)
    gated = colorizers.load("auto").predict(picture)
    names = [card.name for card in colorizers.available() if "expert" in card.details]
    assert sorted(names) == sorted(gated.shares)
    assert sum(gated.shares.values()) == pytest.approx(1, abs=1e-5)
    assert list(gated.shares.values()) == sorted(gated.shares.values(), reverse=True)
    held = [colorizers.load(name).predict(picture) for name in names]
    assert held[0].shares == {names[0]: 1.0}
    differences = [np.abs(each.ab - gated.ab).max() for each in held]
    assert min(differences) > 0.1
    for each in held:
        np.testing.assert_array_equal(each.distribution.probabilities, gated.distribution.probabilities)


def test_calm_colors_are_the_less_daring_ones(lite):
    prediction = lite.predict(Proxy(open_picture(PHOTOGRAPH).lightness()).at(lite.card.proxy_side))
    assert prediction.calm.shape == prediction.ab.shape
    calm, vivid = (plane.std((0, 1)).sum() for plane in (prediction.calm, prediction.ab))
    assert calm < vivid


def test_names_share_one_network():
    first, second = colorizers.load("lite"), colorizers.load("people")
    assert first._network is second._network


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ModelMissing, match="auto, lite"):
        colorizers.load("nobody")
