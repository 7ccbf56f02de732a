"""Updates metadata that describe their own file, in EXIF, Photoshop's resources and XMP.

The color version is upright, in color, in its own profile and container, and alone in its file; the source's metadata
may describe a picture that is rotated, gray, with a thumbnail, a gain map or a film appended.
"""

from __future__ import annotations

import json
from dataclasses import replace

from photochrom.image.metadata import exif, photoshop, resolution, xmp, xmp_file_properties
from photochrom.image.metadata.directories import LONG, SHORT, Values, numbers, whole
from photochrom.image.metadata.exif import Exif
from photochrom.image.metadata.facts import Facts
from photochrom.image.metadata.model import Metadata
from photochrom.image.metadata.photoshop import Resources

_SUBJECT_AREA, _SUBJECT_LOCATION = 37396, 41492
_SRGB, _UNCALIBRATED = 1, 65535


def update(metadata: Metadata, facts: Facts) -> Metadata:
    """Returns a source's metadata updated for its result, with notes on what was dropped."""
    notes: list[str] = []
    dots = metadata.resolution
    if dots and facts.on_its_side:
        dots = dots.turned()
    metadata = replace(metadata, resolution=dots)
    tags = _exif(metadata, facts, notes)
    resources = _resources(metadata.photoshop, metadata, facts, notes)
    packet = metadata.xmp
    if packet is not None:
        rdf = xmp.parse(packet)
        turned = facts.orientation != 1 or numbers(metadata.exif.image.get(exif.ORIENTATION)) not in ((), (1,))
        notes += xmp_file_properties.update(rdf, facts, dots, turned=turned)
        packet = xmp.serialize(rdf) if xmp.properties(rdf) else None
    return replace(metadata, exif=tags, photoshop=resources, xmp=packet, notes=(*metadata.notes, *notes))


def _exif(metadata: Metadata, facts: Facts, notes: list[str]) -> Exif:
    tags = metadata.exif
    image, photo = dict(tags.image), dict(tags.photo)
    if exif.ORIENTATION in image:
        image[exif.ORIENTATION] = whole(SHORT, 1)
    image.update(resolution.to_tags(metadata.resolution))
    image.pop(exif.C2PA, None)  # noted by the reader
    if _is_of_an_array(image.get(exif.DESCRIPTION)):
        del image[exif.DESCRIPTION]
    if facts.orientation != 1 and exif.GEOREFERENCE & set(image):
        image = {tag: values for tag, values in image.items() if tag not in exif.GEOREFERENCE}
        notes.append("its GeoTIFF tags refer to the picture before it was rotated and are left out.")
    if exif.WIDTH in photo:
        photo[exif.WIDTH] = whole(LONG, facts.width)
    if exif.HEIGHT in photo:
        photo[exif.HEIGHT] = whole(LONG, facts.height)
    if facts.orientation != 1:
        for tag in (_SUBJECT_AREA, _SUBJECT_LOCATION):
            photo.pop(tag, None)
    interoperability = tags.interoperability
    if exif.COLOR_SPACE in photo:
        before = photo[exif.COLOR_SPACE]
        photo[exif.COLOR_SPACE] = whole(SHORT, _SRGB if facts.srgb else _UNCALIBRATED)
        if photo[exif.COLOR_SPACE] != before:
            interoperability = {}
    return replace(tags, image=image, photo=photo, interoperability=interoperability)


def _is_of_an_array(description: Values | None) -> bool:
    """Whether a description is an array's, by tifffile or ImageJ, which would misread the result by it."""
    text = (description or (0, b""))[1].rstrip(b"\0")
    if text.startswith(b"ImageJ="):
        return True
    if not text.startswith(b'{"shape":'):
        return False
    try:
        return "shape" in json.loads(text)
    except (ValueError, RecursionError):
        return False


def _resources(resources: Resources, metadata: Metadata, facts: Facts, notes: list[str]) -> Resources:
    found = []
    for each in resources:
        data: bytes | None = each.data
        if each.number == photoshop.RESOLUTION:
            data = resolution.to_photoshop(metadata.resolution, each.data)
        elif facts.orientation != 1 and each.number in photoshop.PLACES:
            data = None
            if each.number in photoshop.PATHS:
                notes.append("its paths refer to the picture before it was rotated and are left out.")
        if data is not None:
            found.append(replace(each, data=data))
    return tuple(found)
