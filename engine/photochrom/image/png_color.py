"""Color information in PNG files besides a profile: cICP, gAMA and cHRM (PNG, third edition, 11.3.2; H.273).

cICP applies without iCCP and sRGB; gAMA with cHRM applies without all three.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photochrom.errors import BadPicture
from photochrom.image import cicp
from photochrom.image.color_spaces import LINEAR, SRGB_CURVE, GraySpace, Parametric, RGBSpace, parse_icc
from photochrom.image.icc import gray_profile, rgb_profile
from photochrom.image.lab import SRGB_TO_XYZ, rgb_to_xyz

_MAX_CHUNKS: Final = 1000
_MAX_PROFILE: Final = 16 << 20
_LONGEST: Final = {b"iCCP": _MAX_PROFILE, **dict.fromkeys((b"sRGB", b"cICP", b"gAMA", b"cHRM"), 64)}
"""The chunks to look at, and the most bytes of each."""


def color_of(path: Path, icc: bytes | None) -> tuple[bytes | None, tuple[GraySpace, RGBSpace] | None, tuple[str, ...]]:
    """What a PNG file's samples mean: its profile, the gray and RGB spaces without one (None: sRGB), and notes.

    `icc` is the profile that libpng has found: it drops one that is damaged, and also one for RGB in a gray picture,
    whose curve is meant all the same. Raises BadPicture for a video signal without tones of its own (PQ, HLG, narrow
    range).
    """
    chunks = _chunks(path)
    if icc is None and b"iCCP" in chunks:
        icc = _profile(chunks[b"iCCP"])
        if icc is None:
            spaces = _spaces_of(path, chunks)
            name = "sRGB" if spaces is None else spaces[1].name
            return None, spaces, (f"its color profile is damaged, or not for such a picture; {name} is assumed.",)
    return (icc, None, ()) if icc is not None else (None, _spaces_of(path, chunks), ())


def _profile(chunk: bytes) -> bytes | None:
    """The profile in an iCCP chunk, if it can be read."""
    _, _, packed = chunk.partition(b"\0")
    unpacking = zlib.decompressobj()
    try:
        icc = unpacking.decompress(packed[1:], _MAX_PROFILE)
    except zlib.error:
        return None
    return icc if unpacking.eof and parse_icc(icc) is not None else None


def _spaces_of(path: Path, chunks: dict[bytes, bytes]) -> tuple[GraySpace, RGBSpace] | None:
    """The gray and RGB spaces by the chunks besides a profile; None if sRGB defines them, or nothing does."""
    if b"sRGB" in chunks:
        return None
    if len(chunks.get(b"cICP", b"")) == 4:
        return _of_code_points(path, *chunks[b"cICP"])
    if len(chunks.get(b"gAMA", b"")) == 4:
        (gamma,) = struct.unpack(">I", chunks[b"gAMA"])
        if 10_000 <= gamma <= 1_000_000:
            curve = LINEAR if gamma == 100_000 else Parametric(100_000 / gamma)
            return _spaces(f"gamma {100_000 / gamma:.4g}", _matrix(chunks.get(b"cHRM", b"")), curve)
    if len(chunks.get(b"cHRM", b"")) == 32:
        return _spaces("PNG's primaries", _matrix(chunks[b"cHRM"]), SRGB_CURVE)
    return None


def _spaces(name: str, to_xyz: NDArray[np.float64], curve: Parametric) -> tuple[GraySpace, RGBSpace]:
    rgb = RGBSpace(name, to_xyz, (curve, curve, curve), rgb_profile(name, to_xyz, curve.coefficients))
    return GraySpace(name, curve, gray_profile(name, curve.coefficients)), rgb


def _of_code_points(path: Path, primaries: int, transfer: int, matrix: int, full: int) -> tuple[GraySpace, RGBSpace]:
    space = cicp.space(primaries, transfer) if matrix == 0 and full == 1 else None
    if space is None:
        kind = f"{cicp.HDR[transfer]} (high dynamic range)" if transfer in cicp.HDR else "a video signal"
        raise BadPicture(
            f"{path} is intact, but its samples are {kind}: cICP {primaries}/{transfer}/{matrix}/{full}.",
            "Open it in an image editor and save it as sRGB.",
        )
    curve = space.curves[0]
    assert isinstance(curve, Parametric)
    return GraySpace(space.name, curve, gray_profile(space.name, curve.coefficients)), space


def _matrix(chrm: bytes) -> NDArray[np.float64]:
    """The matrix from RGB to XYZ D50 by a cHRM chunk; that of sRGB if it is missing or malformed."""
    if len(chrm) != 32:
        return SRGB_TO_XYZ
    x = [value / 100_000 for value in struct.unpack(">8I", chrm)]
    white, red, green, blue = ((x[i], x[i + 1]) for i in (0, 2, 4, 6))
    area = (green[0] - red[0]) * (blue[1] - red[1]) - (blue[0] - red[0]) * (green[1] - red[1])
    if area < 0.01 or min(white) <= 0.05 or sum(white) >= 1 or max(x) > 1:
        return SRGB_TO_XYZ
    return rgb_to_xyz((red, green, blue), white)


def _chunks(path: Path) -> dict[bytes, bytes]:
    """The chunks on color, which are before the pixels."""
    found: dict[bytes, bytes] = {}
    with path.open("rb") as file:
        file.seek(8)
        for _ in range(_MAX_CHUNKS):
            head = file.read(8)
            if len(head) < 8 or head[4:] in (b"IDAT", b"IEND"):
                break
            (size,) = struct.unpack(">I", head[:4])
            if head[4:] in _LONGEST and head[4:] not in found:
                found[head[4:]] = file.read(min(size, _LONGEST[head[4:]]))
                size -= min(size, _LONGEST[head[4:]])
            file.seek(size + 4, 1)
    return found
