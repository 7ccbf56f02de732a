"""What the encoder finds alike is hinted in the reference's colors, and nothing else is."""

import numpy as np
import pytest
import pyvips
from photochrom import pipeline
from photochrom.guidance.exemplar import ALIKE, RELATED, STRICT, hints_like, matched_colors
from photochrom.guidance.features import CELL, features
from photochrom.guidance.reference import Reference
from photochrom.options import Options
from photochrom.sampling.proxy import Proxy

from .two_objects import GREEN, RED, scene


@pytest.fixture(scope="module")
def two_objects():
    lab, objects = scene(160, 220)
    return np.ascontiguousarray(lab[..., 0]), objects


@pytest.mark.parametrize(("height", "width"), [(160, 220), (400, 520), (120, 300)])
def test_each_object_is_hinted_in_its_color_of_a_reference_of_any_size(two_objects, height, width):
    lightness, objects = two_objects
    hints = hints_like(lightness, Reference(scene(height, width, swapped=True)[0]))
    for where, color in zip(objects, (RED, GREEN), strict=True):
        hinted = where & (hints.mask > 0)
        assert hinted.any()
        np.testing.assert_allclose(np.median(hints.ab[hinted], 0), color, atol=10)


def test_the_network_gives_each_object_its_color(two_objects):
    lightness, objects = two_objects

    def colors(reference):
        options = Options("lite", reference="regions", reference_picture=Reference(reference))
        return pipeline.predict(Proxy(pyvips.Image.new_from_array(lightness)), options).prediction.ab

    ab = colors(scene(160, 220, swapped=True)[0])
    rows, columns = (np.arange(new) * old // new for new, old in zip(ab.shape, lightness.shape, strict=False))
    red, green = (where[rows][:, columns] for where in objects)
    assert np.median(ab[red, 0]) > 25
    assert np.median(ab[green, 0]) < -15
    ab = colors(scene(160, 220, swapped=True, colors=(GREEN, RED))[0])
    assert np.median(ab[red, 0]) < -15
    assert np.median(ab[green, 0]) > 25


def test_a_gray_reference_hints_no_color(two_objects):
    lightness, _ = two_objects
    hints = hints_like(lightness, Reference(scene(160, 220, swapped=True, colors=((0, 0), (0, 0)))[0]))
    np.testing.assert_allclose(hints.ab, 0, atol=1e-3)


def test_what_is_like_nothing_is_not_hinted(two_objects, rng):
    lightness, _ = two_objects
    noise = rng.uniform(0, 100, (160, 160, 3)).astype(np.float32)
    assert hints_like(lightness, Reference(noise)).mask.mean() < 0.02


def test_where_little_is_alike_only_the_surest_is_hinted(two_objects, rng):
    lightness, _ = two_objects
    other = rng.uniform(0, 100, (160, 160, 3)).astype(np.float32)
    other[50:110, :80] = scene(160, 220)[0][50:110, 20:100]
    reference = Reference(other)
    _, cosine = matched_colors(features(lightness), reference)
    unsure = (cosine >= ALIKE) & (cosine < STRICT)
    assert unsure.any()
    assert (cosine >= ALIKE).mean() < RELATED
    in_the_middle = hints_like(lightness, reference).mask[CELL // 2 :: CELL, CELL // 2 :: CELL]
    rows, columns = in_the_middle.shape
    assert np.array_equal(in_the_middle > 0, cosine[:rows, :columns] >= STRICT)
    assert in_the_middle.any()


def test_bare_cells_hold_no_color_and_the_mask_is_0_or_1(two_objects):
    hints = hints_like(two_objects[0], Reference(scene(160, 220, swapped=True)[0]))
    assert set(np.unique(hints.mask)) == {0, 1}
    assert not hints.ab[hints.mask == 0].any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (300, 40), (480, 640)])
def test_hints_have_the_pictures_size(shape):
    lightness = np.ascontiguousarray(scene(*shape)[0][..., 0]) if min(shape) > 10 else np.full(shape, 50, np.float32)
    hints = hints_like(lightness, Reference(scene(160, 220)[0]))
    assert hints.mask.shape == shape
    assert hints.ab.shape == (*shape, 2)


def test_larger_pictures_get_the_same_hints(two_objects):
    lightness, _ = two_objects
    reference = Reference(scene(160, 220, swapped=True)[0])
    small, large = hints_like(lightness, reference), hints_like(lightness.repeat(2, 0).repeat(2, 1), reference)
    assert large.mask.mean() == pytest.approx(small.mask.mean(), abs=0.02)


def test_twice_gives_the_same(two_objects):
    lightness, _ = two_objects
    lab = scene(200, 180, swapped=True)[0]
    first, second = (hints_like(lightness, Reference(lab)) for _ in range(2))
    assert np.array_equal(first.ab, second.ab)
    assert np.array_equal(first.mask, second.mask)
