"""Variants differ by object, are what the colorizer thought possible, and are the same each time."""

import numpy as np
import pytest
from photochrom import colorizers
from photochrom.guidance.color_names import COLORS, color_name
from photochrom.guidance.variants import place, variants
from photochrom.image.lab import lab_from_srgb
from photochrom.segmenters import load
from photochrom.values import Distribution, Prediction, Segments

AXIS = np.arange(-65, 66, 10, dtype=np.float32)
CENTERS = np.stack(np.meshgrid(AXIS, AXIS), -1).reshape(-1, 2)
RED, BLUE, GREEN = (55, 35), (15, -55), (-35, 35)
HEIGHT, WIDTH = 24, 36


def around(color, spread=6.0):
    """Probabilities (classes,) that lie around a color."""
    parts = np.exp(-((CENTERS - np.array(color)) ** 2).sum(-1) / (2 * spread**2))
    return parts / parts.sum()


@pytest.fixture
def scene():
    """A green meadow on the left; on the right a car, mostly gray, that may be red or blue; all equally light."""
    meadow = around(GREEN)
    car = 0.4 * around((0, 0)) + 0.35 * around(RED) + 0.25 * around(BLUE)
    probabilities = np.empty((HEIGHT, WIDTH, len(CENTERS)), np.float32)
    probabilities[:, : WIDTH // 2] = meadow
    probabilities[:, WIDTH // 2 :] = car
    ab = np.zeros((HEIGHT, WIDTH, 2), np.float32)
    ab[:, : WIDTH // 2] = GREEN
    labels = np.zeros((4 * HEIGHT, 4 * WIDTH), int)
    labels[:, 2 * WIDTH :] = 1
    lightness = np.full(labels.shape, 50, np.float32)
    lightness[:, 2 * WIDTH :] = 40
    return lightness, Prediction(ab, Distribution(probabilities, CENTERS)), Segments.from_labels(labels)


def test_the_car_is_red_or_blue_and_the_meadow_stays(scene):
    found = variants(*scene, 6)
    assert [variant.title for variant in found] == ["red, right", "blue, right"]
    for variant, color in zip(found, (RED, BLUE), strict=True):
        assert variant.ab.shape == (HEIGHT, WIDTH, 2)
        assert variant.ab.dtype == np.float32
        np.testing.assert_allclose(variant.ab[:, : WIDTH // 2 - 2], np.broadcast_to(GREEN, (24, 16, 2)), atol=1)
        np.testing.assert_allclose(variant.ab[:, WIDTH // 2 + 2 :], np.broadcast_to(color, (24, 16, 2)), atol=8)


def test_what_a_hint_is_on_keeps_its_color(scene):
    held = np.zeros(scene[0].shape, np.float32)
    held[3, 5] = 1  # on the meadow, which has one color anyway
    assert len(variants(*scene, 6, held)) == 2
    held[40, 100] = 1
    assert variants(*scene, 6, held) == []


def test_no_more_than_asked_for(scene):
    assert [variant.title for variant in variants(*scene, 1)] == ["red, right"]


def test_the_same_each_time(scene):
    for one, other in zip(variants(*scene, 6), variants(*scene, 6), strict=True):
        np.testing.assert_array_equal(one.ab, other.ab)


def test_what_is_improbable_is_no_variant(scene):
    lightness, prediction, segments = scene
    probabilities = prediction.distribution.probabilities
    probabilities[:, WIDTH // 2 :] = 0.97 * around((0, 0)) + 0.02 * around(RED) + 0.01 * around(BLUE)
    assert variants(lightness, prediction, segments, 6) == []


def test_another_shade_of_the_same_name_is_no_variant(scene):
    lightness, prediction, segments = scene
    probabilities = prediction.distribution.probabilities
    probabilities[:, : WIDTH // 2] = 0.5 * around((-25, 25)) + 0.5 * around((-65, 55))
    prediction.ab[:, : WIDTH // 2] = (-25, 25)
    assert color_name(50, np.array((-25, 25))) == color_name(50, np.array((-65, 55))) == "green"
    assert [variant.title for variant in variants(lightness, prediction, segments, 6)] == ["red, right", "blue, right"]


def test_two_objects_are_changed_together_too(scene):
    lightness, prediction, segments = scene
    prediction.distribution.probabilities[:, : WIDTH // 2] = 0.6 * around(GREEN) + 0.4 * around((15, 55))
    titles = [variant.title for variant in variants(lightness, prediction, segments, 9)]
    both = [title for title in titles if ";" in title]
    assert both
    assert all("left" in title and "right" in title for title in both)
    assert any(title == "red, right" for title in titles) or any(title.endswith("left") for title in titles)
    assert len(set(titles)) == len(titles)


def test_a_cell_that_rules_the_color_out_keeps_its_own(scene):
    """A driver whom the segmenter took for a part of the car."""
    lightness, prediction, segments = scene
    prediction.distribution.probabilities[8:16, 24:32] = around((15, 15))
    prediction.ab[8:16, 24:32] = (15, 15)
    red = variants(lightness, prediction, segments, 1)[0]
    np.testing.assert_allclose(red.ab[10:14, 26:30], np.broadcast_to((15, 15), (4, 4, 2)), atol=4)
    assert (red.ab[2:6, 24:32, 0] > 45).all()


def test_shading_of_color_stays_within_the_object(scene):
    lightness, prediction, segments = scene
    half = HEIGHT // 2
    car = prediction.distribution.probabilities[:, WIDTH // 2 :]
    car[:half] = 0.45 * around((0, 0)) + 0.55 * around((45, 25))
    car[half:] = 0.45 * around((0, 0)) + 0.55 * around((55, 35))
    red = variants(lightness, prediction, segments, 1)[0].ab[:, 22:]
    assert red[half + 3 :, :, 0].mean() > red[: half - 3, :, 0].mean() + 4


def test_segments_that_agree_change_together(scene):
    """The car in two segments is one car."""
    lightness, prediction, _ = scene
    labels = np.zeros(lightness.shape, int)
    labels[:, 2 * WIDTH :] = 1
    labels[2 * HEIGHT :, 2 * WIDTH :] = 2
    red = variants(lightness, prediction, Segments.from_labels(labels), 1)[0]
    assert (red.ab[:, WIDTH // 2 + 2 :, 0] > 40).all()


def test_the_border_of_an_object_is_not_torn(scene):
    """Between car and meadow, color goes from one to the other and nowhere else."""
    red = variants(*scene, 1)[0]
    across = red.ab[HEIGHT // 2, :, 0]
    assert across.min() > GREEN[0] - 6
    assert across.max() < RED[0] + 6


def test_black_and_white_have_no_variants(scene):
    """Color that cannot be seen makes no difference."""
    lightness, prediction, segments = scene
    lightness[:, 2 * WIDTH :] = 100
    assert variants(lightness, prediction, segments, 6) == []


def test_without_distribution_or_segments_there_are_none(scene):
    lightness, prediction, segments = scene
    assert variants(lightness, Prediction(prediction.ab), segments, 6) == []
    nothing = Segments.from_labels(np.full(lightness.shape, -1))
    assert variants(lightness, prediction, nothing, 6) == []


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (131, 77), (384, 200)])
def test_any_size_with_the_embedded_colorizer(rng, shape):
    coarse = rng.uniform(5, 95, (shape[0] // 40 + 1, shape[1] // 40 + 1))
    lightness = np.kron(coarse, np.ones((40, 40)))[: shape[0], : shape[1]].astype(np.float32)
    prediction = colorizers.load("lite").predict(lightness)
    for variant in variants(lightness, prediction, load("felzenszwalb").segment(lightness), 4):
        assert variant.ab.shape == prediction.ab.shape
        assert np.isfinite(variant.ab).all()


@pytest.mark.parametrize("name", COLORS)
def test_examples_have_their_own_name(name):
    for example in COLORS[name]:
        lab = lab_from_srgb(np.array(list(bytes.fromhex(example[1:]))) / 255)
        assert color_name(lab[0], lab[1:]) == name


@pytest.mark.parametrize(
    ("rows", "columns", "name"),
    [
        (slice(None), slice(0, 30), "left"),
        (slice(None), slice(70, 100), "right"),
        (slice(0, 30), slice(None), "top"),
        (slice(70, 100), slice(None), "bottom"),
        (slice(40, 60), slice(40, 60), "middle"),
        (slice(None), slice(None), "all over"),
    ],
)
def test_place(rows, columns, name):
    mask = np.zeros((100, 100), bool)
    mask[rows, columns] = True
    assert place(mask) == name
