"""Files whose metadata alone changes: the XMP packet is read or replaced, every byte of the picture stays.

A module a container: PNG, JPEG, TIFF, WebP, OpenRaster. Each finds its packet with `packet_of(file)` and copies a
file with another one with `rewrite(old, new, edit)`; all of them stream and hold no picture in memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Final

from photochrom.errors import BadPicture, OutputFailed
from photochrom.image.atomic import replacing
from photochrom.image.containers import jpeg, openraster, png, tiff, webp
from photochrom.image.containers.limits import Unfit
from photochrom.image.kinds import first_bytes

Edit = Callable[[bytes | None], bytes | None]
"""The packet that a file has, None for none, to the one that it is to have."""

_TITLES: Final = "PNG, JPEG, TIFF, WebP and OpenRaster"

_SIGNATURES: Final[tuple[tuple[bytes, int, ModuleType], ...]] = (
    (b"\x89PNG\r\n\x1a\n", 0, png),
    (b"\xff\xd8\xff", 0, jpeg),
    (b"II*\0", 0, tiff),
    (b"MM\0*", 0, tiff),
    (b"II+\0", 0, tiff),
    (b"MM\0+", 0, tiff),
    (b"WEBP", 8, webp),
    (b"mimetypeimage/openraster", 30, openraster),
)
"""First bytes, where they stand, and the module of such a file."""


def packet_of(path: Path) -> bytes | None:
    """The XMP packet in a file, as it is; None where it has none.

    Raises:
        BadPicture: no file of these containers, or one that is damaged.
    """
    container = _container(path)
    try:
        with path.open("rb") as file:
            packet: bytes | None = container.packet_of(file)
    except Unfit as error:
        raise _unfit(path, error) from error
    return packet


def rewrite(path: Path, edit: Edit) -> None:
    """Replaces a file by one with the same picture and the packet that `edit` makes of its own: whole, or not at all.

    Raises:
        BadPicture: as `packet_of`.
        OutputFailed: it is write-protected, there is no room, or its container cannot hold the packet.
    """
    container = _container(path)
    target = path.resolve()  # a link stays a link
    if not os.access(target, os.W_OK):
        raise OutputFailed(f"{path} is write-protected.", "Change its permissions, or work on a copy.")
    try:
        with replacing(target) as unfinished, target.open("rb") as old, unfinished.open("w+b") as new:
            container.rewrite(old, new, edit)
    except Unfit as error:
        raise _unfit(path, error) from error


def _container(path: Path) -> ModuleType:
    head = first_bytes(path)
    for signature, start, container in _SIGNATURES:
        if head[start : start + len(signature)] == signature:
            return container
    if not head:
        raise BadPicture(f"{path} is empty (0 bytes).", "Export the picture again.")
    raise BadPicture(
        f"{path} is no file whose metadata Photochrom can write.", f"It can for {_TITLES}: export one of these."
    )


def _unfit(path: Path, error: Unfit) -> BadPicture | OutputFailed:
    if error.full:
        return OutputFailed(f"{path}: {error}.", "Export it as PNG or TIFF, which have room for it.")
    return BadPicture(f"{path} is damaged or cut off ({error}).", "Export or copy it again.")
