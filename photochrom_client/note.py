"""The note in an image's metadata that says who made its colors: the IPTC properties that the engine writes too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from .protocol import AI_SYSTEM, DIGITAL_SOURCE_TYPE

GIVEN = "AIPromptInformation"
"""The property with the text of `given.written`."""

PROPERTIES = ("DigitalSourceType", "AISystemUsed", "AISystemVersionUsed", GIVEN)
"""Of the IPTC extension, in XMP."""


class Maker(NamedTuple):
    """Who made the colors of a layer: the colorizer's name, "" where it is not known, and the engine's version."""

    colorizer: str
    version: str

    @classmethod
    def of(cls, stored: object) -> Maker:
        """From the value stored with a layer. Earlier versions stored none: then both are empty."""
        if isinstance(stored, (list, tuple)) and len(stored) == 2 and all(isinstance(each, str) for each in stored):
            colorizer, version = stored
            return cls(colorizer, version)
        return cls("", "")


def colorizers(makers: Iterable[Maker]) -> str:
    """Their names as a list, each once: "people, lite"; "" where none is known."""
    return ", ".join(dict.fromkeys(maker.colorizer for maker in makers if maker.colorizer))


def properties(makers: Sequence[Maker], given: str = "") -> dict[str, str | None]:
    """The value of each of `PROPERTIES` for an image with colors by these makers, at least one. `given`: as
    `given.written`."""
    names = colorizers(makers)
    word = "colorizers" if ", " in names else "colorizer"
    version = next((maker.version for maker in makers if maker.version), None)
    values = (DIGITAL_SOURCE_TYPE, f"{AI_SYSTEM}, {word} {names}" if names else AI_SYSTEM, version, given or None)
    return dict(zip(PROPERTIES, values, strict=True))


def packet(makers: Sequence[Maker], given: str = "") -> bytes:
    """An XMP packet with the note, for editors that read metadata from a file."""
    elements = "".join(
        f"<e:{name}>{escape(value)}</e:{name}>"
        for name, value in properties(makers, given).items()
        if value is not None
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">{elements}</rdf:Description></rdf:RDF></x:xmpmeta>'
        '<?xpacket end="w"?>'
    ).encode()


def is_ours(values: Mapping[str, str | None]) -> bool:
    """Whether these values of `PROPERTIES`, None for missing ones, are such a note."""
    return values["DigitalSourceType"] == DIGITAL_SOURCE_TYPE and (values["AISystemUsed"] or "").startswith(AI_SYSTEM)
