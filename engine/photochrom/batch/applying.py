"""The colors of a frame after what its album agreed on, and with the objects that have colors of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from photochrom.album.moves import moved, painted
from photochrom.sampling import upsampling

if TYPE_CHECKING:
    from photochrom.batch.agreements import Agreed, Agreements
    from photochrom.pipeline import Colors
    from photochrom.sampling.upsampling import Coefficients
    from photochrom.values import Plane


def applied(colors: Colors, id: int, notes: Agreements | Agreed, own: bool) -> Plane:
    """A file's colors as predicted -> its ab (h, w, 2). `own`: they are those that the album looked at, not of another
    colorizer or style: then its move applies."""
    move = notes.move(id) if own else None
    ab = colors.ab if move is None else moved(colors.guide, colors.ab, move)
    return painted(colors.guide, ab, notes.painted(id))


def coefficients(colors: Colors, id: int, notes: Agreements | Agreed, own: bool) -> Coefficients:
    """The same as coefficients; where nothing applies, those of the prediction, to the bit."""
    ab = applied(colors, id, notes, own)
    return colors.coefficients if ab is colors.ab else upsampling.fit(colors.guide, ab)
