"""Color follows the edges that lightness has, at any size."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from photochrom.sampling import upsampling
from photochrom.sampling.resize import stretch

COLORS = st.tuples(st.floats(-80, 80), st.floats(-80, 80))


def edge_scene(side=384, cell=12):
    """A sharp vertical edge off the ab grid, dark red left and light blue right: (lightness, true ab, coarse ab)."""
    lightness = np.full((side, side), 30, np.float32)
    true = np.empty((side, side, 2), np.float32)
    true[:] = (40, 20)
    border = side // 2 + cell // 3
    lightness[:, border:] = 80
    true[:, border:] = (-10, -35)
    coarse = true.reshape(side // cell, cell, side // cell, cell, 2).mean((1, 3))
    return lightness, true, coarse


def colored(guide, ab, lightness=None):
    full = pyvips.Image.new_from_array(guide if lightness is None else lightness)
    return upsampling.apply(upsampling.fit(guide, ab), full).numpy()


def test_color_bleeds_less_over_a_sharp_edge_than_with_bilinear_upsampling():
    lightness, true, coarse = edge_scene()
    side = len(lightness)
    bilinear = stretch(pyvips.Image.new_from_array(coarse), side, side).numpy()

    def bleeding(ab):
        return np.linalg.norm(ab - true, axis=-1).sum()

    assert bleeding(bilinear) / bleeding(colored(lightness, coarse)) > 5


def test_the_edge_is_as_sharp_at_four_times_the_size():
    lightness, true, coarse = edge_scene()
    large = np.kron(lightness, np.ones((4, 4), np.float32))
    ab = colored(lightness, coarse, large)
    wrong = np.linalg.norm(ab - np.kron(true, np.ones((4, 4, 1))), axis=-1)
    assert wrong.mean() < 1


def test_grain_in_the_lightness_does_not_become_chroma_noise():
    rng = np.random.default_rng(0)
    lightness = (50 + rng.normal(0, 3, (200, 300))).astype(np.float32)
    ab = np.full((20, 30, 2), (15, 10), np.float32)
    assert colored(lightness, ab).std((0, 1)).max() < 0.05


def test_noise_in_the_colors_is_not_amplified_by_grain():
    rng = np.random.default_rng(0)
    lightness = (50 + rng.normal(0, 3, (200, 300))).astype(np.float32)
    ab = rng.normal(10, 3, (20, 30, 2)).astype(np.float32)
    assert colored(lightness, ab).std((0, 1)).max() < 3


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 15), st.integers(1, 15), COLORS)
def test_one_color_stays_that_color_at_any_size(height, width, rows, columns, color):
    lightness = np.random.default_rng(1).uniform(0, 100, (height, width)).astype(np.float32)
    ab = np.full((min(rows, height), min(columns, width), 2), color, np.float32)
    result = colored(lightness, ab)
    np.testing.assert_allclose(result, np.broadcast_to(np.float32(color), result.shape), atol=0.05)


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (301, 97)])
def test_stretched_to_exactly_the_size_asked_for(size):
    image = pyvips.Image.new_from_array(np.arange(12, dtype=np.float32).reshape(3, 4))
    width, height = size
    out = stretch(image, height, width)
    assert (out.width, out.height) == size


def test_stretch_keeps_pixel_centers():
    ramp = np.tile(np.arange(8, dtype=np.float32), (2, 1))
    out = stretch(pyvips.Image.new_from_array(ramp), 8, 32).numpy()
    expected = (np.arange(32) + 0.5) / 4 - 0.5
    np.testing.assert_allclose(out[4, 4:-4], expected[4:-4], atol=1e-5)


def test_all_threads_share_one_table(monkeypatch):
    made, begin = [], Barrier(4, timeout=30)
    stretched = upsampling.stretched
    monkeypatch.setattr(upsampling, "stretched", lambda *given: made.append(1) or stretched(*given))
    rng = np.random.default_rng(1)
    full = upsampling.FullSize(upsampling.Coefficients(rng.normal(0, 1, (20, 30, 4)).astype(np.float32)), 200, 300)
    lightness = rng.uniform(0, 100, (50, 300)).astype(np.float32)

    def rows(top):
        begin.wait()
        return [plane.copy() for plane in full.rows(lightness, top)]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(rows, [0, 50, 100, 150]))
    assert len(made) == 4  # one for each plane
    image = pyvips.Image.new_from_array(np.tile(lightness, (4, 1)))
    expected = upsampling.apply(upsampling.Coefficients(full._coefficients.planes), image).numpy()
    ours = np.stack([np.concatenate([each[band] for each in found]) for band in (0, 1)], -1)
    np.testing.assert_allclose(ours, expected, atol=2e-3)
