"""A photograph as its colorizers are to see it, and what it looks scanned from: once for its proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photochrom import originals
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import as_image
from photochrom.values import Plane
from photochrom_client.protocol import Original

if TYPE_CHECKING:
    import pyvips


def seen_at(proxy: Proxy, side: int, original: Original) -> Plane:
    """What colorizers see of a photograph: lightness (h, w) 0…100 with this short side."""
    return originals.seen(proxy.at(side), original, _tones(proxy))


def seen_image(proxy: Proxy, original: Original) -> pyvips.Image:
    """The same of guide size, as an image of 1 band float."""
    return as_image(originals.seen(proxy.guide, original, _tones(proxy)))


def noticed_of(proxy: Proxy) -> Original:
    """What a photograph looks scanned from."""
    lightness = proxy.at(originals.proxy_side())
    return proxy.cached("original", lambda: originals.noticed(lightness))


def _tones(proxy: Proxy) -> originals.Tones:
    return proxy.cached("tones", lambda: originals.tones_of(proxy.guide))
