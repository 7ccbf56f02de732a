"""Metadata independent of the container: one value between the readers and the writers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, Literal

from photochrom.image.metadata.exif import Exif
from photochrom.image.metadata.photoshop import Resources

Unit = Literal[1, 2, 3]
"""No unit (aspect ratio only), inch, centimeter, numbered as in TIFF and EXIF."""

MAX_BLOCK: Final = 64 << 20
"""Maximum bytes of one block of metadata: far more than any program writes, few enough to hold in memory."""


@dataclass(frozen=True)
class Resolution:
    """Horizontal and vertical pixels per unit, exactly as in the file; both above 0."""

    x: Fraction
    y: Fraction
    unit: Unit

    def turned(self) -> Resolution:
        """The resolution of the picture rotated by 90°."""
        return replace(self, x=self.y, y=self.x)


@dataclass(frozen=True)
class Text:
    """A text chunk of a PNG file. `language` and `translated` (the keyword in that language) may be empty."""

    keyword: str
    text: str
    language: str = ""
    translated: str = ""


@dataclass(frozen=True)
class Metadata:
    """All metadata that pass to the color version.

    `xmp` is one packet in UTF-8, including extended XMP; `iptc` the IPTC-IIM records; `photoshop` the other image
    resources; `texts` and `modified` (`tIME`) those of PNG; `comments` those of JPEG. `resolution` is None if the file
    has none. `notes` are messages for the user, each a sentence that follows the file's name.
    """

    exif: Exif = field(default_factory=Exif)
    xmp: bytes | None = None
    iptc: bytes = b""
    photoshop: Resources = ()
    texts: tuple[Text, ...] = ()
    comments: tuple[bytes, ...] = ()
    modified: bytes | None = None
    resolution: Resolution | None = None
    notes: tuple[str, ...] = ()
