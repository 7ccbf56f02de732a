"""Reads or replaces the XMP packet of a file without touching any byte of the picture.

One module per container: PNG, JPEG, TIFF, WebP, OpenRaster. `packet_of(file)` returns its packet, and
`rewrite(old, new, edit)` copies a file with another one; all of them stream and hold no picture in memory.
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
"""Maps a file's packet (None: it has none) to its new one."""

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
"""Signature, its offset, and the module for such a file."""


def packet_of(path: Path) -> bytes | None:
    """Returns the XMP packet of a file, unchanged; None if it has none.

    Raises:
        BadPicture: the file is of none of these containers, or damaged.
    """
    container = _container(path)
    try:
        with path.open("rb") as file:
            packet: bytes | None = container.packet_of(file)
    except Unfit as error:
        raise _unfit(path, error) from error
    return packet


def rewrite(path: Path, edit: Edit) -> None:
    """Atomically replaces a file by one with the same picture and the packet that `edit` returns for its own.

    Raises:
        BadPicture: as `packet_of`.
        OutputFailed: it is write-protected, the disk is full, or its container cannot hold the packet.
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
        return OutputFailed(f"{path}: {error}.", "Export it as PNG or TIFF, which can hold it.")
    return BadPicture(f"{path} is damaged or truncated ({error}).", "Export or copy it again.")
