"""Equal tone and texture, equal color."""

import numpy as np
import pytest
from photochrom.guidance.reference import Reference
from photochrom.guidance.welsh2002 import matched

from .two_objects import GREEN, RED, scene


@pytest.mark.parametrize(("height", "width"), [(160, 200), (300, 240), (90, 140)])
def test_each_object_gets_its_colors_from_a_reference_of_any_size(height, width):
    target, objects = scene(160, 220)
    reference, _ = scene(height, width, swapped=True)
    ab = matched(target[..., 0], Reference(reference))
    for where, color in zip(objects, (RED, GREEN), strict=True):
        np.testing.assert_allclose(np.median(ab[where], 0), color, atol=3)


def test_a_darker_and_flatter_reference_gives_the_same_colors():
    target, objects = scene(160, 220)
    reference, _ = scene(160, 220, swapped=True)
    reference[..., 0] = 10 + 0.5 * reference[..., 0]
    ab = matched(target[..., 0], Reference(reference))
    for where, color in zip(objects, (RED, GREEN), strict=True):
        np.testing.assert_allclose(np.median(ab[where], 0), color, atol=3)


def test_texture_distinguishes_what_is_equally_light(rng):
    tone = np.full((160, 320), 50, np.float32)
    tone[:, :160] += rng.normal(0, 12, (160, 160))
    lab = np.dstack([tone, np.full_like(tone, -30), np.zeros_like(tone)])
    lab[:, :160, 1] = 40
    ab = matched(np.ascontiguousarray(tone[:, ::-1]), Reference(lab))
    assert np.median(ab[:, :150, 0]) == pytest.approx(-30, abs=1)
    assert np.median(ab[:, 170:, 0]) == pytest.approx(40, abs=1)


def test_a_gray_reference_gives_gray():
    target, _ = scene(160, 220)
    reference, _ = scene(200, 180, colors=((0, 0), (0, 0)))
    assert not matched(target[..., 0], Reference(reference)).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 90), (70, 3)])
def test_any_size_is_matched_with_colors_that_occur(rng, shape):
    reference = Reference(rng.uniform(0, 60, (40, 50, 3)).astype(np.float32))
    ab = matched(np.full(shape, 40, np.float32), reference)
    assert ab.shape == (*shape, 2)
    assert (ab.min((0, 1)) >= reference.ab.min((0, 1))).all()
    assert (ab.max((0, 1)) <= reference.ab.max((0, 1))).all()


def test_twice_gives_the_same(rng):
    target = rng.uniform(0, 100, (60, 80)).astype(np.float32)
    lab = rng.uniform(0, 60, (90, 70, 3)).astype(np.float32)
    assert np.array_equal(matched(target, Reference(lab)), matched(target, Reference(lab)))
