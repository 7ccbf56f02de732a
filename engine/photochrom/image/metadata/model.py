"""What a file says besides its pixels, whatever its container: one value between the readers and the writers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, Literal

from photochrom.image.metadata.exif import Exif
from photochrom.image.metadata.photoshop import Resources

Unit = Literal[1, 2, 3]
"""No unit (an aspect alone), an inch, a centimeter: the numbers of TIFF and EXIF."""

MAX_BLOCK: Final = 64 << 20
"""Bytes of one piece of metadata: far more than any program writes, little enough to hold in memory."""


@dataclass(frozen=True)
class Resolution:
    """Pixels a unit across and down, exactly as the file has them; both are above 0."""

    x: Fraction
    y: Fraction
    unit: Unit

    def turned(self) -> Resolution:
        """That of a picture on its side."""
        return replace(self, x=self.y, y=self.x)


@dataclass(frozen=True)
class Text:
    """A text of a PNG file. `language` and `translated` (its keyword in that language) may be empty."""

    keyword: str
    text: str
    language: str = ""
    translated: str = ""


@dataclass(frozen=True)
class Metadata:
    """Everything that goes over to the color version.

    `xmp` is one packet in UTF-8, with what was in extended XMP; `iptc` the IPTC-IIM records; `photoshop` the other
    image resources; `texts` and `modified` (`tIME`) those of PNG; `comments` those of JPEG. `resolution` is None where
    the file has none. `notes` are what a person should be told, each a sentence after the file's name.
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
