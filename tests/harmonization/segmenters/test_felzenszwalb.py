"""The embedded segmenter."""

import numpy as np
import pytest
from photochrom.harmonization.segmenters import load


@pytest.fixture(scope="module")
def embedded():
    return load("felzenszwalb")


def test_finds_objects_under_grain(embedded, rng):
    rows, columns = np.mgrid[:120, :160]
    disc = (rows - 60) ** 2 + (columns - 50) ** 2 < 30**2
    box = (np.abs(rows - 60) < 25) & (np.abs(columns - 120) < 20)
    scene = np.select([disc, box], [70, 20], 45) + rng.normal(0, 1.5, (120, 160))
    segments = embedded.segment(scene.astype(np.float32))
    for wanted in (disc, box):
        masks = (segments.mask(number) for number in range(1, segments.count + 1))
        overlap = max((mask & wanted).sum() / (mask | wanted).sum() for mask in masks)
        assert overlap > 0.85


def test_everything_belongs_to_something_and_specks_to_a_neighbour(embedded, rng):
    segments = embedded.segment(rng.uniform(0, 100, (90, 110)).astype(np.float32))
    assert segments.layers.shape == (1, 90, 110)
    assert segments.innermost.all()
    assert segments.areas[1:].min() >= 0.002 * 90 * 110


def test_an_even_picture_is_one_segment(embedded):
    assert embedded.segment(np.full((40, 30), 50, np.float32)).count == 1


def test_answers_are_the_same_each_time(embedded, rng):
    scene = rng.uniform(0, 100, (40, 50)).astype(np.float32)
    np.testing.assert_array_equal(embedded.segment(scene).layers, embedded.segment(scene).layers)


def test_input_stays_as_it_is(embedded, rng):
    scene = rng.uniform(0, 100, (20, 30)).astype(np.float32)
    before = scene.copy()
    embedded.segment(scene)
    np.testing.assert_array_equal(scene, before)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (2, 2)])
def test_strips_and_single_pixels(embedded, size):
    assert embedded.segment(np.full(size, 50, np.float32)).layers.shape == (1, *size)
