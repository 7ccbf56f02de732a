"""A photograph as its colorizers are to see it, and what it looks scanned from: once for its proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photochrom import originals
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import as_image
from photochrom.values import Plane
from photochrom_client.protocol import ORIGINALS, Original

if TYPE_CHECKING:
    import pyvips


def seen_at(proxy: Proxy, side: int, original: Original) -> Plane:
    """What colorizers see of a photograph: lightness (h, w) 0…100 with this short side."""
    return _seen(proxy, proxy.at(side), original)


def seen_image(proxy: Proxy, original: Original) -> pyvips.Image:
    """The same of guide size, as an image of 1 band float."""
    return as_image(_seen(proxy, proxy.guide, original))


def noticed_of(proxy: Proxy) -> Original:
    """What a photograph looks scanned from."""
    lightness = proxy.at(originals.proxy_side())
    return proxy.cached("original", lambda: originals.noticed(lightness))


def _seen(proxy: Proxy, lightness: Plane, original: Original) -> Plane:
    if original == ORIGINALS[0]:  # as it is: its black and white, which cost milliseconds, are not needed
        return lightness
    return originals.seen(lightness, original, proxy.cached("tones", lambda: originals.tones_of(proxy.guide)))
