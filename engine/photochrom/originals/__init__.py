"""What a photograph was scanned from, as far as its tones tell: a negative, a faded print, or neither; and the tones
that a colorizer is to see in its place.

Networks learned from positives of full contrast. A negative gets colors that are wrong everywhere, and a faded print
pale ones. Nothing here changes the photograph: `seen` gives what the network looks at, and the colors come back over
the photograph's own tones. What is noticed is said; the user decides. The tint of a paper needs nothing: a colorizer
sees lightness only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from photochrom.originals.negatives import is_negative, proxy_side
from photochrom.values import Plane
from photochrom_client.protocol import ORIGINALS, Original

FADED: Final = 40.0
"""A print whose black and white are closer than this, in L*, is said to be faded: from here on, stretching its tones
brings colors closer to the true ones. Of the 352 photographs of the test set none is so, and of 33 scans of old prints
none: networks have learned to see through weaker fading."""

ENDS: Final = (0.5, 99.5)
"""Black and white are the lightness of the darkest and the lightest pixels, but for so many percent."""


__all__ = ["Tones", "noticed", "proxy_side", "remark", "seen", "tones_of"]

REMARKS: Final = {
    "negative": "{name} looks like a negative: with --original negative, it gets the colors of its positive.",
    "faded": "{name} is faded: with --original faded, it gets the colors of a print of full contrast.",
}


@dataclass(frozen=True)
class Tones:
    """L* of a photograph's `black` and `white`."""

    black: float
    white: float

    @property
    def faded(self) -> bool:
        """Whether they are close together. A blank page has no tones that could have faded."""
        return 1.0 < self.white - self.black < FADED


def tones_of(lightness: Plane) -> Tones:
    """Lightness (h, w) 0…100 -> its black and white."""
    # numpy.percentile would import numpy.ma, which takes longer than all of this does for a small picture.
    ordered = np.sort(lightness, axis=None)
    black, white = np.interp(np.divide(ENDS, 100) * (ordered.size - 1), np.arange(ordered.size), ordered).tolist()
    return Tones(black, white)


def noticed(lightness: Plane) -> Original:
    """Lightness (h, w) 0…100 of a whole photograph, as large as the embedded colorizer takes it -> what it was scanned
    from; "print" where nothing is noticed.

    Raises:
        ModelDamaged: the detector's files differ from its card.
    """
    if is_negative(lightness):
        return "negative"
    return "faded" if tones_of(lightness).faded else ORIGINALS[0]


def seen(lightness: Plane, original: Original, tones: Tones) -> Plane:
    """Lightness (h, w) 0…100 -> what a colorizer is to see in its place, 0…100: of a print the same, of a negative its
    positive, and of what is faded black and white at the ends. `tones`: those of the photograph, at any size."""
    if original == "negative":
        lightness, tones = 100 - lightness, Tones(100 - tones.white, 100 - tones.black)
    if original == "faded" or (original == "negative" and tones.faded):
        span = max(tones.white - tones.black, 1.0)
        lightness = ((lightness - tones.black) * (100 / span)).clip(0, 100)
    return np.asarray(lightness, np.float32)


def remark(name: str, noticed: Original, chosen: Original) -> tuple[str, ...]:
    """What to tell the user of the file `name` where something else is noticed than was `chosen`: a sentence, or none.

    Only what was left at the default is remarked on: of what the user chose, the user knows better.
    """
    if chosen != ORIGINALS[0] or noticed == chosen:
        return ()
    return (REMARKS[noticed].format(name=name),)
