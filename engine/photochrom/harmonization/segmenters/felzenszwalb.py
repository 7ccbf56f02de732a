"""The embedded segmenter: Felzenszwalb & Huttenlocher 2004, "Efficient Graph-Based Image Segmentation", as scikit-image
has it. Two areas are one object unless the edge between them is strong against what varies inside them.

It won against SLIC superpixels with region adjacency merging and against a watershed on edges; figures are in NOTES.md
of `photochrom.harmonization`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from photochrom.harmonization.segmenters import Segments

if TYPE_CHECKING:
    from photochrom.colorizers import Plane

PROXY_SIDE: Final = 384

SCALE: Final = 200.0
"""k of the paper, section 3.1, as scikit-image takes it: the larger, the larger the segments."""

SMOOTHING: Final = 0.8
"""σ in pixels of the Gaussian that takes the grain off first; the paper's own value."""

LEAST_SHARE: Final = 0.002
"""Of the proxy's area: smaller segments go to a neighbour."""


class Embedded:
    """See `segmenters.Segmenter`. One instance may be used from several threads."""

    proxy_side = PROXY_SIDE

    def segment(self, lightness: Plane) -> Segments:
        """Lightness (h, w) 0…100 -> segments that do not overlap and leave nothing out."""
        from skimage.segmentation import felzenszwalb

        least = round(LEAST_SHARE * lightness.size)
        labels = felzenszwalb(lightness / 100, scale=SCALE, sigma=SMOOTHING, min_size=least)
        return Segments.from_labels(labels)
