"""The embedded segmenter."""

from pathlib import Path

import numpy as np
import pytest
from photochrom.image.picture import open_picture
from photochrom.sampling.proxy import reduce
from photochrom.segmenters import load
from photochrom.segmenters.felzenszwalb import felzenszwalb, smoothed

EXAMPLE = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.fixture(scope="module")
def embedded():
    return load("felzenszwalb")


@pytest.fixture
def photograph_lightness():
    return reduce(open_picture(EXAMPLE).lightness(), 200)


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


def test_everything_belongs_to_something_and_specks_to_a_neighbor(embedded, rng):
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


def paper(intensity, scale, least):
    """Algorithm 1 as printed, one edge after the other; then the small segments."""
    height, width = intensity.shape
    pixels = np.arange(intensity.size).reshape(height, width)
    pairs = [
        *zip(pixels[:, :-1].flat, pixels[:, 1:].flat, strict=True),
        *zip(pixels[:-1].flat, pixels[1:].flat, strict=True),
        *zip(pixels[:-1, :-1].flat, pixels[1:, 1:].flat, strict=True),
        *zip(pixels[1:, :-1].flat, pixels[:-1, 1:].flat, strict=True),
    ]
    edges = sorted((abs(intensity.flat[a] - intensity.flat[b]), n, a, b) for n, (a, b) in enumerate(pairs))
    of = {pixel: frozenset([pixel]) for pixel in range(intensity.size)}
    inner = dict.fromkeys(of.values(), 0.0)

    def join(one, other, weight):
        both = one | other
        inner[both] = weight
        of.update(dict.fromkeys(both, both))

    for weight, _, a, b in edges:
        one, other = of[a], of[b]
        if one != other and weight <= min(inner[each] + scale / len(each) for each in (one, other)):
            join(one, other, weight)
    for weight, _, a, b in edges:
        if of[a] != of[b] and min(len(of[a]), len(of[b])) < least:
            join(of[a], of[b], weight)
    return set(of.values())


@pytest.mark.parametrize(("size", "scale", "least"), [((17, 23), 200, 4), ((23, 17), 30, 1), ((1, 40), 50, 3)])
@pytest.mark.parametrize("levels", [256, 6])
def test_segments_are_the_papers(rng, size, scale, least, levels):
    # Few levels give many edges of equal weight.
    coarse = np.kron(rng.integers(0, 2, (4, 5)) * 60, np.ones((8, 8)))[: size[0], : size[1]]
    intensity = (coarse + rng.integers(0, levels, size) * (60 / levels)).astype(np.float32)
    labels = felzenszwalb(intensity, scale, least)
    assert sorted(set(labels.flat)) == list(range(labels.max() + 1))
    found = {frozenset(np.flatnonzero(labels == each).tolist()) for each in range(labels.max() + 1)}
    assert found == paper(intensity, scale, least)


def test_segments_of_a_photograph_are_those_of_another_implementation(embedded, photograph_lightness):
    skimage = pytest.importorskip("skimage.segmentation")
    ours = embedded.segment(photograph_lightness).innermost
    least = round(0.002 * ours.size)
    theirs = skimage.felzenszwalb(photograph_lightness / 100, scale=200, sigma=0.8, min_size=least)
    together = np.zeros((ours.max() + 1, theirs.max() + 1))
    np.add.at(together, (ours.ravel(), theirs.ravel()), 1 / ours.size)
    assert together.max(0).sum() > 0.99
    assert together.max(1).sum() > 0.99


def test_smoothing_is_a_gaussian(rng):
    ndimage = pytest.importorskip("scipy.ndimage")
    plane = rng.uniform(0, 100, (30, 41)).astype(np.float32)
    np.testing.assert_allclose(smoothed(plane, 0.8), ndimage.gaussian_filter(plane, 0.8, radius=4), rtol=1e-5)
