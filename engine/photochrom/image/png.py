"""XMP in PNG files where the standard wants it: in an `iTXt` chunk (ISO 16684-3; libvips writes `zTXt`)."""

from __future__ import annotations

import os
import shutil
import struct
import tempfile
import zlib
from pathlib import Path
from typing import Final

_HEADER: Final = 8 + 25
"""Bytes of the signature and of the IHDR chunk, which is always the first."""


def insert_xmp(path: Path, packet: bytes) -> None:
    """Puts the XMP packet (UTF-8) into the PNG file, before its pixels; raises OSError.

    The file is copied beside itself and replaced.
    """
    data = b"XML:com.adobe.xmp\0" + b"\0\0" + b"\0" + b"\0" + packet  # not compressed, no language, no title
    chunk = struct.pack(">I4s", len(data), b"iTXt") + data + struct.pack(">I", zlib.crc32(b"iTXt" + data))
    handle, name = tempfile.mkstemp(prefix=".photochrom-", suffix=path.suffix, dir=path.parent)
    try:
        with open(handle, "wb") as new, path.open("rb") as old:
            new.write(old.read(_HEADER) + chunk)
            shutil.copyfileobj(old, new, 1 << 20)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
