"""Updates XMP properties that describe their own file."""

from __future__ import annotations

from typing import Final

from photochrom.image.metadata import regions, xmp
from photochrom.image.metadata.facts import Facts
from photochrom.image.metadata.model import Resolution
from photochrom.image.metadata.xmp import Element

_TIFF: Final = "{http://ns.adobe.com/tiff/1.0/}"
_EXIF: Final = "{http://ns.adobe.com/exif/1.0/}"
_PHOTOSHOP: Final = "{http://ns.adobe.com/photoshop/1.0/}"
_RAW: Final = "{http://ns.adobe.com/camera-raw-settings/1.0/}"
_CAMERA: Final = "{http://ns.google.com/photos/1.0/camera/}"
_XMP: Final = "{http://ns.adobe.com/xap/1.0/}"
_FORMAT: Final = "{http://purl.org/dc/elements/1.1/}format"

_OF_THE_ENCODING: Final = (
    *(_TIFF + name for name in (
        "Compression", "PlanarConfiguration", "YCbCrSubSampling", "YCbCrPositioning", "YCbCrCoefficients",
        "ReferenceBlackWhite", "PrimaryChromaticities", "TransferFunction", "WhitePoint", "NativeDigest",
    )),
    *(_EXIF + name for name in ("CompressedBitsPerPixel", "Gamma", "NativeDigest")),
    _XMP + "Thumbnails",
)  # fmt: skip

_BEHIND: Final = {
    "http://ns.adobe.com/hdr-gain-map/1.0/": "gain map",
    "http://ns.apple.com/HDRGainMap/1.0/": "gain map",
    "http://ns.apple.com/pixeldatainfo/1.0/": "gain map",
    "http://ns.google.com/photos/1.0/container/": "",
    "http://ns.google.com/photos/1.0/container/item/": "",
    "http://ns.google.com/photos/dd/1.0/device/": "depth map",
    "http://ns.google.com/photos/dd/1.0/container/": "",
    "http://ns.oplus.com/photos/1.0/camera/": "film",
    "http://ns.vivo.com/photos/1.0/camera/": "film",
    "http://ns.xiaomi.com/photos/1.0/camera/": "film",
    "http://ns.samsung.com/photos/1.0/camera/": "film",
}
"""Vocabularies for data appended to the picture in its file, and what that data is."""

_FILM: Final = ("MotionPhoto", "MicroVideo", "MotionPhotoVersion")
"""Prefixes of names for a film in Google's camera vocabulary."""

_COLOR_MODES: Final = {1: "1", 3: "3"}
_INTERPRETATIONS: Final = {1: "1", 3: "2"}


def update(rdf: Element, facts: Facts, dots: Resolution | None, *, turned: bool) -> list[str]:
    """Corrects the packet in place; returns notes on what was dropped.

    `turned`: the orientation came from elsewhere than XMP, and the pixels were rotated by it. An orientation given
    only in XMP was not applied, and is kept.
    """
    present = xmp.properties(rdf)
    notes = _forget_what_is_behind(rdf, present)
    xmp.remove(rdf, *(name for name in _OF_THE_ENCODING if name in present))
    for name, content in _truths(facts, dots).items():
        if name not in present or (name == _TIFF + "Orientation" and not turned):
            continue
        if content is None:
            xmp.remove(rdf, name)
        else:
            xmp.put(rdf, _PREFIXES[name.partition("}")[0] + "}"], name, content)
    if (xmp.value(rdf, _RAW + "ConvertToGrayscale") or "").lower() == "true":
        xmp.put(rdf, "crs", _RAW + "ConvertToGrayscale", "False")  # or Lightroom would show the result in gray
    if facts.orientation != 1:
        xmp.remove(rdf, *(_EXIF + name for name in ("SubjectArea", "SubjectLocation")))
        regions.turn(rdf, facts)
    return notes


_PREFIXES: Final = {
    _TIFF: "tiff", _EXIF: "exif", _PHOTOSHOP: "photoshop", "{http://purl.org/dc/elements/1.1/}": "dc",
}  # fmt: skip


def _truths(facts: Facts, dots: Resolution | None) -> dict[str, str | Element | None]:
    """The correct value of each of these properties, if it is present; None: to be removed."""
    return {
        _FORMAT: f"image/{facts.container}",
        _TIFF + "Orientation": "1",
        _TIFF + "ImageWidth": str(facts.width),
        _TIFF + "ImageLength": str(facts.height),
        _TIFF + "SamplesPerPixel": str(facts.bands),
        _TIFF + "BitsPerSample": xmp.array("Seq", *[str(facts.bits)] * facts.bands),
        _TIFF + "PhotometricInterpretation": _INTERPRETATIONS[facts.colors],
        _TIFF + "XResolution": f"{dots.x.numerator}/{dots.x.denominator}" if dots else None,
        _TIFF + "YResolution": f"{dots.y.numerator}/{dots.y.denominator}" if dots else None,
        _TIFF + "ResolutionUnit": str(dots.unit) if dots else None,
        _EXIF + "PixelXDimension": str(facts.width),
        _EXIF + "PixelYDimension": str(facts.height),
        _EXIF + "ColorSpace": "1" if facts.srgb else "65535",
        _PHOTOSHOP + "ColorMode": _COLOR_MODES[facts.colors],
        _PHOTOSHOP + "ICCProfile": facts.profile or None,
    }


def _forget_what_is_behind(rdf: Element, present: set[str]) -> list[str]:
    gone, what = [], set()
    for name in present:
        namespace, _, local = name[1:].partition("}")
        if namespace in _BEHIND:
            gone.append(name)
            what.add(_BEHIND[namespace])
        elif name.startswith(_CAMERA) and local.startswith(_FILM):
            gone.append(name)
            what.add("film")
    xmp.remove(rdf, *gone)
    return [f"the {each} appended to the picture in its file is left out." for each in sorted(what - {""})]
