"""What a user chooses for a photograph."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from photochrom.adjustments import Adjustments
from photochrom.errors import BadRequest
from photochrom.values import Plane
from photochrom_client.protocol import AUTO, MAX_VARIANT, ORIGINALS, REACH, STYLES, Original, ReferenceMethod, Style

if TYPE_CHECKING:
    from photochrom.guidance.reference import Reference


@dataclass(frozen=True)
class Options:
    """Which colorizer, how it is guided, and what is done to its colors.

    `colorizer`: a name; "auto" for the best in each region, or the router's blend; or names joined by "+" for a blend
    in equal parts. `style`: "vivid" for bold colors, "calm" for the likely ones, if the colorizer tells them apart.
    `variant`: 0 for the main answer, 1…9 for another one.

    `hints`: what was painted, (H, W, 4) of any size as in `guidance.hints`; `reach`: how far it reaches beyond the
    objects that it is on, 0 not at all … 1 as far as the colorizer takes it. `reference`: how `reference_picture`, a
    color photograph, is followed: "palette" for its overall palette, "regions" for its colors where the two look
    alike, "" not at all.

    `harmonize`: how far each object is drawn to its own color, 0 not at all … 1; `segmenter`: the segmenter that finds
    the objects, by default the best that is installed. `adjustments` come last.

    `original`: what was scanned, whose tones the colorizers see as `photochrom.originals` sets them right; the
    photograph keeps its own.

    Raises:
        BadRequest: a value is out of range.
    """

    colorizer: str = AUTO
    adjustments: Adjustments = field(default_factory=Adjustments)
    harmonize: float = 0.0
    segmenter: str = ""
    hints: Plane | None = field(default=None, repr=False)
    variant: int = 0
    reference: Literal["", ReferenceMethod] = ""
    reference_picture: Reference | None = None
    style: Style = STYLES[0]
    reach: float = REACH.default
    original: Original = ORIGINALS[0]

    def __post_init__(self) -> None:
        if not 0 <= self.harmonize <= 1:
            raise BadRequest(f"The strength of harmonizing must be 0–1, not {self.harmonize:g}.")
        if not 0 <= self.reach <= 1:
            raise BadRequest(f"The reach of hints must be 0–1, not {self.reach:g}.")
        if not 0 <= self.variant <= MAX_VARIANT:
            raise BadRequest(f"The variant must be 0–{MAX_VARIANT}, not {self.variant}.")
        if self.reference and self.reference_picture is None:
            raise BadRequest("There is no reference picture to follow.")

    @cached_property
    def guidance(self) -> Hashable:
        """A key for everything that guides a colorizer: equal keys, equal predictions."""
        hints = None
        if self.hints is not None:
            hints = self.hints.shape, hashlib.blake2b(np.ascontiguousarray(self.hints).data).digest()
        reference = self.reference_picture if self.reference == "regions" else None
        return hints, reference, self.original
