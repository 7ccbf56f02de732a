"""Guided against bilinear upsampling: what it costs at full size, and how much less color bleeds over edges.

The pictures for the bleeding are color photographs in the folder that PHOTOCHROM_BENCHMARK_PICTURES names (and below
it); without it they are made scenes of flat, shaded areas with grain, and the figures say so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyvips
from photochrom.evaluation.dataset import photographs, read_srgb
from photochrom.image.lab import lab_from_srgb
from photochrom.sampling import upsampling
from photochrom.sampling.proxy import GUIDE_SIDE, reduce
from photochrom.sampling.resize import shrink, stretch
from scipy.ndimage import gaussian_gradient_magnitude, maximum_filter

PICTURES = os.environ.get("PHOTOCHROM_BENCHMARK_PICTURES")
MOST_PICTURES = 200
CELLS = 32
"""Short side of the color grid."""
STRONG = 5.0
"""L* a pixel: above it a gradient (at a scale of one pixel) is an edge."""
BETWEEN_COLORS = 4.0
"""ab a pixel: above it, an edge of the lightness is one of the colors too."""
NEAR = 4
"""Pixels on each side of an edge."""
PLACES = ("near edges", "near edges between colors", "everywhere")


def scenes() -> Iterator[np.ndarray]:
    """Uint8 (384, 512, 3)."""
    for seed in range(12):
        random = np.random.default_rng(seed)
        rows, columns = np.mgrid[0:384, 0:512]
        places = random.uniform((0, 0), (384, 512), (30, 2))
        area = ((rows[..., None] - places[:, 0]) ** 2 + (columns[..., None] - places[:, 1]) ** 2).argmin(-1)
        shade = 0.8 + 0.2 * np.sin(rows / 90 + seed) + random.normal(0, 0.02, rows.shape)
        yield np.clip(random.uniform(20, 235, (30, 3))[area] * shade[..., None], 0, 255).astype(np.uint8)


def pictures() -> tuple[str, Iterator[np.ndarray]]:
    if not PICTURES:
        return "made scenes", scenes()
    found = photographs(Path(PICTURES))
    chosen = found[:: -(-len(found) // MOST_PICTURES)]
    return f"{len(chosen)} photographs", (read_srgb(each.path) for each in chosen)


def image(plane: np.ndarray) -> pyvips.Image:
    return pyvips.Image.new_from_array(np.ascontiguousarray(plane, np.float32))


def wrong_colors(rgb: np.ndarray) -> np.ndarray | None:
    """Mean |Δab| of upsampling the true colors from a coarse grid, (bilinear, guided) × (near strong edges, near
    those between colors, everywhere); None for a picture without such edges."""
    lab = lab_from_srgb(rgb.astype(np.float32) / 255)
    lightness, ab = lab[..., 0], lab[..., 1:]
    edges = gaussian_gradient_magnitude(lightness, 1) > STRONG
    change = np.hypot(*(gaussian_gradient_magnitude(ab[..., band], 1.5) for band in (0, 1)))
    color_edges = edges & (maximum_filter(change, 5) > BETWEEN_COLORS)
    near, between = (maximum_filter(each, 2 * NEAR + 1) for each in (edges, color_edges))
    if between.sum() < 100:
        return None
    height, width = lightness.shape
    scale = CELLS / min(height, width)
    coarse = shrink(image(ab), round(height * scale), round(width * scale))
    bilinear = stretch(coarse, height, width).numpy()
    coefficients = upsampling.fit(reduce(image(lightness), GUIDE_SIDE), coarse.numpy())
    guided = upsampling.apply(coefficients, image(lightness)).numpy()
    wrong = (np.linalg.norm(result - ab, axis=-1) for result in (bilinear, guided))
    return np.array([[each[near].mean(), each[between].mean(), each.mean()] for each in wrong])


def test_bleeding(benchmark, note):
    source, each = pictures()
    found = np.array(benchmark.pedantic(lambda: [w for rgb in each if (w := wrong_colors(rgb)) is not None]))
    note(pictures=source, with_edges=len(found))
    bilinear, guided = found.mean(0)
    better = (found[:, 1] < found[:, 0]).mean(0)
    for place, one, other, share in zip(PLACES, bilinear, guided, better, strict=True):
        figures = {"bilinear": one, "guided": other, "ratio": one / other, "better in share of pictures": share}
        note(**{f"{place}, {name}": float(value) for name, value in figures.items()})
    assert (guided < bilinear)[:2].all()


def test_seconds_at_12_megapixels(benchmark, note):
    random = np.random.default_rng(0)
    lightness = pyvips.Image.gaussnoise(4000, 3000, mean=50, sigma=12).cast("float").copy_memory()
    ab = random.normal(0, 20, (CELLS, CELLS * 4 // 3, 2)).astype(np.float32)
    guide = reduce(lightness, GUIDE_SIDE)
    coefficients = upsampling.fit(guide, ab)
    bare = []

    def bilinear():
        began = time.perf_counter()
        stretch(image(ab), lightness.height, lightness.width).avg()
        bare.append(time.perf_counter() - began)

    benchmark.pedantic(lambda: upsampling.apply(coefficients, lightness).avg(), setup=bilinear, rounds=5)
    guided = benchmark.stats.stats.median
    note(bilinear_s=float(np.median(bare)), guided_s=guided, guided_to_bilinear=guided / float(np.median(bare)))


def test_seconds_of_the_fit(benchmark, note):
    random = np.random.default_rng(0)
    guide = random.uniform(0, 100, (GUIDE_SIDE, GUIDE_SIDE * 4 // 3)).astype(np.float32)
    ab = random.normal(0, 20, (CELLS, CELLS * 4 // 3, 2)).astype(np.float32)
    benchmark.pedantic(upsampling.fit, args=(guide, ab), rounds=10, warmup_rounds=1)
    note(ms=benchmark.stats.stats.median * 1e3)
