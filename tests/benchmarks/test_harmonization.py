"""What harmonizing costs at a proxy of 1024 pixels, beside what finding the objects costs at the segmenter's own.

All in processor time: it hardly uses more than one core, and other work on the machine does not count.
"""

import time

import numpy as np
import pytest
from photochrom import segmenters
from photochrom.harmonization import harmonize
from photochrom.harmonization.dominant_color import draw_together
from photochrom.values import Segments

pytestmark = pytest.mark.benchmark(timer=time.process_time)

SIDE = 1024
MOST_SECONDS = 0.1


@pytest.fixture(scope="module")
def scene():
    """Lightness (1024, 1024), ab (1024, 1024, 2) with noise, and 200 segments that have shapes of all sizes."""
    random = np.random.default_rng(0)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    row_of = np.searchsorted(np.sort(random.choice(np.arange(1, SIDE), 9, replace=False)), rows, side="right")
    labels = row_of * 20 + np.searchsorted(
        np.sort(random.choice(np.arange(1, SIDE), 19, replace=False)), (columns + 40 * row_of) % SIDE, side="right"
    )
    segments = Segments.from_labels(labels)
    assert segments.count == 200
    ab = random.normal(0, 25, (200, 2))[labels] + random.normal(0, 6, (SIDE, SIDE, 2))
    lightness = random.uniform(10, 90, 200)[labels] + random.normal(0, 2, labels.shape)
    return lightness.astype(np.float32), ab.astype(np.float32), segments


def test_200_segments_are_drawn_together_in_a_tenth_of_a_second(scene, benchmark, note):
    _, ab, segments = scene
    benchmark.pedantic(draw_together, args=(ab, segments), rounds=20, warmup_rounds=2)
    note(ms=benchmark.stats.stats.median * 1e3)
    assert benchmark.stats.stats.median <= MOST_SECONDS


def test_harmonizing_a_colorizers_map(scene, benchmark, note):
    lightness, ab, segments = scene
    benchmark.pedantic(harmonize, args=(lightness, ab[::25, ::25], segments), rounds=10, warmup_rounds=1)
    note(ms=benchmark.stats.stats.median * 1e3)


def test_the_embedded_segmenter(scene, benchmark, note):
    embedded = segmenters.load(segmenters.EMBEDDED)
    side = embedded.proxy_side
    lightness = scene[0][:side, :side]
    benchmark.pedantic(embedded.segment, args=(lightness,), rounds=5, warmup_rounds=1)
    note(ms=benchmark.stats.stats.median * 1e3, side=side)
