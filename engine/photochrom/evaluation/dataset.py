"""A folder of color photographs to measure colorizers on.

If the folder has an `index.csv` with a column `path` (relative to the folder), its rows are the pictures, and a
column `category` groups them. Otherwise the pictures are all image files below the folder, and the top-level
folder of each is its category.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from photochrom.errors import BadPicture, BadRequest
from photochrom.evaluation.metrics import Pixels
from photochrom.image.kinds import SUFFIXES, kind_of

if TYPE_CHECKING:
    import pyvips

NO_CATEGORY = "all"


@dataclass(frozen=True)
class Photograph:
    """One color photograph; `name` is its path relative to the folder, with forward slashes on every platform."""

    path: Path
    name: str
    category: str


def photographs(folder: Path) -> list[Photograph]:
    """Lists the photographs of a folder, sorted by name.

    Raises BadRequest if the folder is missing, contains no photograph, or its index lists a missing file.
    """
    if not folder.is_dir():
        raise BadRequest(f"{folder} is not a folder.", "Give a folder of color photographs.")
    index = folder / "index.csv"
    found = _indexed(folder, index) if index.is_file() else _scanned(folder)
    if not found:
        raise BadRequest(f"There is no photograph in {folder}.", f"Supported suffixes: {', '.join(sorted(SUFFIXES))}.")
    return sorted(found, key=lambda photograph: photograph.name)


def _indexed(folder: Path, index: Path) -> list[Photograph]:
    with index.open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        if "path" not in (rows.fieldnames or ()):
            raise BadRequest(f"{index} has no column “path”.", "It names the pictures, relative to it.")
        found = [Photograph(folder / row["path"], row["path"], row.get("category") or NO_CATEGORY) for row in rows]
    for photograph in found:
        if not photograph.path.is_file():
            raise BadRequest(f"{index} lists {photograph.name}, which does not exist.", "Correct the index.")
    return found


def _scanned(folder: Path) -> list[Photograph]:
    found = []
    for path in folder.rglob("*"):
        if path.suffix.lower() in SUFFIXES and path.is_file():
            below = path.relative_to(folder)
            category = below.parts[0] if len(below.parts) > 1 else NO_CATEGORY
            found.append(Photograph(path, below.as_posix(), category))
    return found


def read_srgb(path: Path) -> Pixels:
    """Reads a picture as displayed: upright, in sRGB, on white where it is transparent. uint8 (H, W, 3).

    Raises BadPicture if the file cannot be read, ExtraMissing if its kind needs a library that is not installed.
    """
    import pyvips

    try:
        if kind_of(path).reader:
            image = _seen(path)
        else:
            image = pyvips.Image.new_from_file(str(path), access="sequential").autorot()
        if image.get_typeof("icc-profile-data"):
            image = image.icc_transform("srgb", embedded=True, depth=8)
        image = image.colourspace("srgb")
        if image.hasalpha():
            image = image.flatten(background=255)
        return np.asarray(image.cast("uchar").numpy())
    except pyvips.Error as problem:
        reason = str(problem).strip().splitlines()[0]
        raise BadPicture(f"{path} cannot be read: {reason}.", "Take it out of the folder.") from problem


def _seen(path: Path) -> pyvips.Image:
    """Opens a picture that libvips cannot read, upright, with a profile if it is not sRGB."""
    import pyvips

    from photochrom.image.picture import open_picture

    picture = open_picture(path)
    pixels = picture.pixels()
    if not picture.plain:
        return picture.as_srgb(pixels, "uchar")
    if (icc := picture.icc or picture.space.icc) is not None:
        pixels = pixels.copy()
        pixels.set_type(pyvips.GValue.blob_type, "icc-profile-data", icc)
    return pixels
