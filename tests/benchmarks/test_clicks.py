"""Objects by clicks: how much of what people drew is found after one click and after corrections, by the embedded
segmenter, by the segments that it finds without clicks, and by GrabCut, if OpenCV is installed."""

import time
from pathlib import Path

import numpy as np
import pytest
from photochrom import segmenters
from photochrom.evaluation import clicks
from photochrom.evaluation.clicks import CLICKS

DATA = Path(__file__).parents[3] / "shared" / "data"
SEGMENTATIONS = DATA / "bsds500-segments"
MOST_SECONDS = 0.15
DISC = 3
"""Radius in pixels of the discs that tell GrabCut of a click."""

pytestmark = pytest.mark.skipif(not SEGMENTATIONS.is_dir(), reason="needs the test photographs and their segmentations")


@pytest.fixture(scope="module")
def pictures():
    return clicks.held_out(list(clicks.outlined(DATA / "test", SEGMENTATIONS)))


def by_segments():
    """The segments at the clicks, without those at the clicks away."""
    embedded = segmenters.load(segmenters.EMBEDDED)
    kept = {}

    def find(lightness, prompt):
        if id(lightness) not in kept:
            kept[id(lightness)] = embedded.segment(lightness).innermost
        labels = kept[id(lightness)]
        height, width = labels.shape
        at = {labels[int(y * height), int(x * width)]: away for x, y, away in prompt.clicks}
        return np.isin(labels, [label for label, away in at.items() if not away])

    return find


def by_grabcut():
    cv2 = pytest.importorskip("cv2")

    def find(lightness, prompt):
        height, width = lightness.shape
        gray = np.rint(2.55 * lightness).astype(np.uint8)
        labels = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
        # Without a box, what is within a third of the picture around the first click may be the object.
        x, y, _ = prompt.clicks[0]
        reach = height / 6, width / 6
        top, left = max(0, int(y * height - reach[0])), max(0, int(x * width - reach[1]))
        labels[top : int(y * height + reach[0]), left : int(x * width + reach[1])] = cv2.GC_PR_FGD
        for x, y, away in prompt.clicks:
            cv2.circle(labels, (int(x * width), int(y * height)), DISC, int(cv2.GC_BGD if away else cv2.GC_FGD), -1)
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.setRNGSeed(0)
        cv2.grabCut(np.repeat(gray[..., None], 3, 2), labels, None, *models, 5, cv2.GC_INIT_WITH_MASK)
        return (labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)

    return find


@pytest.mark.parametrize("finder", ["by clicks", "segments", "GrabCut"])
def test_objects_after_clicks(pictures, benchmark, note, finder):
    if finder == "by clicks":
        find = segmenters.load(segmenters.EMBEDDED).mask
    else:
        find = by_segments() if finder == "segments" else by_grabcut()
    every = benchmark.pedantic(clicks.measured, args=(find, pictures), rounds=1)
    means, milliseconds = clicks.summary(every)
    shares = {f"after_{count}": mean for count, mean in zip(CLICKS, means, strict=True)}
    note(finder=finder, objects=len(every), **shares, ms_a_click=milliseconds)
    if finder == "by clicks":
        assert means[1] >= 0.7


def test_a_click_takes_less_than_a_glance(pictures, benchmark, note):
    embedded = segmenters.load(segmenters.EMBEDDED)
    prompt = clicks.Prompt().clicked(0.5, 0.5).clicked(0.1, 0.1, away=True).clicked(0.4, 0.6)
    lightness = pictures[0].lightness
    begun = time.perf_counter()
    embedded.mask(lightness, prompt)
    first = time.perf_counter() - begun
    benchmark.pedantic(embedded.mask, args=(lightness, prompt), rounds=10, warmup_rounds=1)
    note(ms=benchmark.stats.stats.median * 1e3, first_ms=first * 1e3)
    assert benchmark.stats.stats.median <= MOST_SECONDS
