"""OpenRaster: a zip of PNG files; viewers show `mergedimage.png`, and XMP is in its PNG chunk.

Layers with the same packet as the merged picture are kept in sync: see `rewrite`.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Final

from photochrom.image.containers import png
from photochrom.image.containers.limits import MOST_PACKET, PIECE, Unfit

_MERGED: Final = "mergedimage.png"


def packet_of(file: IO[bytes]) -> bytes | None:
    with _archive(file) as archive, _spooled(archive, _member(archive)) as merged:
        return png.packet_of(merged)


def rewrite(old: IO[bytes], new: IO[bytes], edit: Callable[[bytes | None], bytes | None]) -> None:
    """Edits the packet of the merged picture, and that of each layer with an identical one."""
    merged_packet = packet_of(old)
    edited = edit(merged_packet)
    with _archive(old) as archive, zipfile.ZipFile(new, "w") as written:
        merged = _member(archive)
        for member in archive.infolist():
            changes = member is merged
            if not changes and member.filename.endswith(".png") and merged_packet is not None:
                with _spooled(archive, member) as layer:
                    changes = png.packet_of(layer) == merged_packet
            with written.open(_like(member), "w", force_zip64=member.file_size > 1 << 31) as into:
                if changes:
                    with _spooled(archive, member) as picture:
                        png.rewrite(picture, into, lambda _packet: edited)
                else:
                    with archive.open(member) as content:
                        shutil.copyfileobj(content, into, PIECE)


def _like(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A new member of the same name, time and compression."""
    like = zipfile.ZipInfo(member.filename, member.date_time)
    like.compress_type = member.compress_type
    like.external_attr = member.external_attr
    return like


def _archive(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Unfit(f"it is no zip: {error}") from error


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    try:
        return archive.getinfo(_MERGED)
    except KeyError as error:
        raise Unfit(f"it has no {_MERGED}") from error


@contextmanager
def _spooled(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """A seekable copy of a member, on disk if it is large."""
    with tempfile.SpooledTemporaryFile(max_size=MOST_PACKET) as spool:
        try:
            with archive.open(member) as content:
                shutil.copyfileobj(content, spool, PIECE)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise Unfit(f"{member.filename} cannot be read: {error}") from error
        spool.seek(0)
        yield spool
