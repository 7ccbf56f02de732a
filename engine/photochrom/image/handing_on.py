"""Files for other editors and archives, of what an editor shows: its photograph, and the same with colors.

Every program understands a normal layer whose samples are those to be seen. So layered files have the photograph as it
is, and above it all that is seen: no blending mode is left to another program.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from photochrom.errors import BadRequest, OutputFailed
from photochrom.image import openraster, photoshop_document
from photochrom.image.atomic import replacing
from photochrom.image.flat_files import TARGETS, describe, save
from photochrom.image.mark import Mark
from photochrom.image.picture import Picture, open_picture
from photochrom.progress import Progress

Writer = Callable[..., tuple[str, ...]]


def _archived(
    _picture: Picture, colored: Picture, out: Path, *, mark: Mark | None, progress: Progress | None
) -> tuple[str, ...]:
    """A flat TIFF: the one layered file that programs agree on is none."""
    samples = openraster.as_it_is(colored)
    target = TARGETS[".tif"]
    with replacing(out) as unfinished:
        save(colored, samples, unfinished, target, progress)
        return describe(colored, samples, unfinished, target, mark)


WRITERS: Final[dict[str, Writer]] = {
    ".ora": openraster.write_colored,
    ".psd": photoshop_document.write,
    ".tif": _archived,
    ".tiff": _archived,
}
"""By the suffix of the file."""


def hand_on(
    photograph: Path, colored: Path, out: Path, *, mark: Mark | None, progress: Progress | None = None
) -> tuple[str, ...]:
    """Writes the picture in the file `photograph` and its color version in `colored` into the file `out`, in the form
    of its suffix: layered OpenRaster or Photoshop, or a flat TIFF of the color version. An old file is replaced.

    Returns notes on metadata that could not be kept. Raises:
        BadRequest: the suffix is another one, or the pictures do not have the same size, depth and RGB profile.
        BadPicture, OutputFailed: a picture cannot be read, the result not be written.
        Cancelled: `progress` raises it.
    """
    write = WRITERS.get(out.suffix.lower())
    if write is None:
        raise BadRequest(f"{out} has no suffix of a file to hand on.", f"Use one of {', '.join(WRITERS)}.")
    below, above = open_picture(photograph), open_picture(colored)
    if out.exists() and any(out.samefile(each) for each in (photograph, colored)):
        raise OutputFailed(f"{out} is one of the pictures themselves.", "Choose another name for the result.")
    if _kind(below) != _kind(above) or below.stored.color != "rgb":
        raise BadRequest(
            "The photograph and its color version differ in size, depth or color profile.",
            "Write both as RGB from the same document.",
        )
    return write(below, above, out, mark=mark, progress=progress)


def _kind(picture: Picture) -> tuple[object, ...]:
    return picture.width, picture.height, picture.format, picture.icc and _undated(picture.icc)


def _undated(profile: bytes) -> bytes:
    """A profile without the moment it was made, and its checksum (ICC.1:2010, 7.2.8 and 7.2.18): GIMP makes one anew
    for each picture that it converts from linear light."""
    return profile[:24] + profile[36:84] + profile[100:]
