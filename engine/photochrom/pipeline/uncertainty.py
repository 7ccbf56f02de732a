"""Where a colorizer is unsure of its colors, where they are known instead, and where a hint helps most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from photochrom.errors import BadRequest
from photochrom.guidance import uncertainty
from photochrom.guidance.hinted_objects import membership
from photochrom.guidance.hints import from_paint
from photochrom.options import Options
from photochrom.pipeline import Colors
from photochrom.pipeline.segmented import embedded_segments
from photochrom.sampling.proxy import Proxy
from photochrom.sampling.resize import as_image, sized, stretch
from photochrom.values import Distribution, Plane

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Known:
    """Where colors are known: `where` (h, w) 0…1, of any size; and with `hints`, on the hinted objects, too."""

    where: Plane
    hints: bool = False


def heat_map(proxy: Proxy, colors: Colors, options: Options, known: Known | None = None) -> NDArray[np.uint8]:
    """How unsure the colorizer is, and what is known: (h, w, 4) sRGB and alpha, 8 bit, at guide size. See
    `guidance.uncertainty`.

    Raises:
        BadRequest: the colorizer has no distribution.
    """
    height, width = colors.guide.shape
    small = uncertainty.heat_map(uncertainty.uncertainty(_distribution(colors)))
    full = stretch(as_image(small), height, width)
    share = _known(proxy, colors, options, known)
    if share is not None:
        full = as_image(uncertainty.with_known(np.asarray(full.numpy()), sized(share, height, width)))
    return np.asarray((full.clamp() * 255).rint().cast("uchar").numpy())


def paint_first(proxy: Proxy, colors: Colors, options: Options, known: Known | None = None) -> NDArray[np.uint8]:
    """Where hints would help most, other than where colors are known: (h, w) 8 bit, 255 there, at the segmenter's size.
    See `guidance.uncertainty`.

    By the embedded segmenter: another one may need minutes of preparation first.

    Raises:
        BadRequest: the colorizer has no distribution.
    """
    distribution = _distribution(colors)
    _, segments = embedded_segments(proxy)
    share = _known(proxy, colors, options, known)
    if share is not None:
        share = sized(share, *distribution.probabilities.shape[:2])
    return np.where(uncertainty.paint_first(distribution, segments, known=share), 255, 0).astype(np.uint8)


def _known(proxy: Proxy, colors: Colors, options: Options, known: Known | None) -> Plane | None:
    """(h, w) 0…1 of the prediction's size: how much of each cell is known; None where nothing is."""
    if known is None:
        return None
    ab = colors.prediction.ab
    share = sized(np.nan_to_num(known.where).clip(0, 1), *ab.shape[:2])
    if known.hints and options.hints is not None:
        lightness, segments = embedded_segments(proxy)
        painted = from_paint(options.hints, *lightness.shape)
        if painted is not None:
            share = np.maximum(share, membership(segments, lightness, ab, painted))
    return share if share.any() else None


def _distribution(colors: Colors) -> Distribution:
    if colors.prediction.distribution is None:
        raise BadRequest(f"{colors.colorizer} does not say how sure it is of its colors.", "Use a bundled colorizer.")
    return colors.prediction.distribution
