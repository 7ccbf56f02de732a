"""The segments of a photograph, computed once for its proxy."""

from __future__ import annotations

from photochrom import segmenters
from photochrom.options import Options
from photochrom.sampling.proxy import Proxy
from photochrom.values import Plane, Segments


def segmenter_name(options: Options) -> str:
    """The segmenter that was chosen, or the best that is installed."""
    return options.segmenter or segmenters.default()


def segmented(proxy: Proxy, name: str) -> tuple[Plane, Segments]:
    """The lightness (h, w) that a segmenter works on, and its segments (h, w)."""
    segmenter = segmenters.load(name)
    lightness = proxy.at(segmenter.proxy_side)
    return lightness, proxy.cached(("segments", name), lambda: segmenter.segment(lightness))


def embedded_segments(proxy: Proxy) -> tuple[Plane, Segments]:
    """The same by the embedded segmenter, which needs no preparation; the guide is made as large as it takes."""
    proxy.prepare(segmenters.load(segmenters.EMBEDDED).proxy_side)
    return segmented(proxy, segmenters.EMBEDDED)
