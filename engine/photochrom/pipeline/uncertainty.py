"""Where a colorizer is unsure of its colors, and where a hint helps most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from photochrom.errors import BadRequest
from photochrom.guidance import uncertainty
from photochrom.pipeline import Colors
from photochrom.pipeline.segmented import embedded_segments
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import as_image, stretch
from photochrom.values import Distribution

if TYPE_CHECKING:
    from numpy.typing import NDArray


def heat_map(colors: Colors) -> NDArray[np.uint8]:
    """How unsure the colorizer is: (h, w, 4) sRGB and alpha, 8 bit, at guide size. See `guidance.uncertainty`.

    Raises:
        BadRequest: the colorizer has no distribution.
    """
    height, width = colors.guide.shape
    small = uncertainty.heat_map(uncertainty.uncertainty(_distribution(colors)))
    full = stretch(as_image(small), height, width)
    return np.asarray((full.clamp() * 255).rint().cast("uchar").numpy())


def paint_first(proxy: Proxy, colors: Colors) -> NDArray[np.uint8]:
    """Where hints would help most: (h, w) 8 bit, 255 there, at the segmenter's size. See `guidance.uncertainty`.

    By the embedded segmenter: another one may need minutes of preparation first.

    Raises:
        BadRequest: the colorizer has no distribution.
    """
    distribution = _distribution(colors)
    _, segments = embedded_segments(proxy)
    return np.where(uncertainty.paint_first(distribution, segments), 255, 0).astype(np.uint8)


def _distribution(colors: Colors) -> Distribution:
    if colors.prediction.distribution is None:
        raise BadRequest(f"{colors.colorizer} does not say how sure it is of its colors.", "Use a bundled colorizer.")
    return colors.prediction.distribution
