"""Every kind of TIFF that tifffile can write, with the lightness that its tags say, computed here from the samples."""

from __future__ import annotations

import io
import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyvips
import tifffile
from photochrom.image.color_spaces import NAMED
from PIL import Image, ImageCms

from .test_color_spaces import gray_profile as gray_icc

HEIGHT, WIDTH = 11, 14

PHOTOMETRICS = (
    *("miniswhite", "minisblack", "rgb", "palette", "mask", "separated", "cielab", "icclab", "itulab", "cfa"),
    *("logl", "logluv", "linear_raw", "depth_map", "semantic_mask"),
)
READ = frozenset({"miniswhite", "minisblack", "rgb", "palette", "separated", "cielab", "icclab"})
COLORS = {"rgb": 3, "separated": 4, "cielab": 3, "icclab": 3, "itulab": 3, "logluv": 3}
"""Bands of color; of the others 1."""

SAMPLES = (
    *(("u1", bits) for bits in range(1, 9)),
    *(("u2", bits) for bits in range(9, 17)),
    *(("u4", 24), ("u4", 32), ("u8", 64), ("i1", 8), ("i2", 16), ("i4", 32), ("i8", 64)),
    *(("f2", 16), ("f4", 32), ("f8", 64), ("c8", 64), ("c16", 128)),
)
"""numpy's type and bits of a sample."""

EXTRAS = ((), (0,), (1,), (2,), (0, 0), (0, 2), (2, 0), (1, 0), (0, 0, 0))
ORIENTATIONS = (1, 2, 3, 4, 5, 6, 7, 8, 0)
LAYOUTS: tuple[dict[str, object], ...] = (
    {},
    {"byteorder": ">"},
    {"bigtiff": True},
    {"compression": "zlib"},
    {"compression": "lzw"},
    {"compression": "zlib", "predictor": True},
    {"rowsperstrip": 3},
    {"tile": (16, 16), "compression": "packbits"},
    {"compression": "zstd"},
    {"compression": "lzma", "byteorder": ">"},
)
PROFILES = ("none", "gray", "rgb", "cmyk", "damaged")

GAMMA = 563 / 256
_ICC = {
    "gray": gray_icc(b"curv\0\0\0\0" + (1).to_bytes(4, "big") + (563).to_bytes(2, "big") + b"\0\0"),
    "rgb": NAMED["adobe-rgb"].icc,
    "cmyk": bytes(pyvips.Operation.call("profile_load", "cmyk")),
    "damaged": b"no profile" * 20,
}


@dataclass(frozen=True)
class Kind:
    """One combination; `size` and `bits` as in `SAMPLES`."""

    photometric: str
    size: str
    bits: int
    extras: tuple[int, ...]
    planar: bool
    orientation: int
    profile: str
    layout: int

    @property
    def colors(self) -> int:
        return COLORS.get(self.photometric, 1)

    @property
    def readable(self) -> bool:
        """Whether its samples have a meaning as tones."""
        if self.photometric not in READ or self.size[0] not in "uf" or self.bits == 24:
            return False
        if self.photometric in ("cielab", "icclab"):
            return self.size[0] == "u" and self.bits in (8, 16)
        return self.photometric != "palette" or self.size in ("u1", "u2")


def kinds(*, whole: bool) -> Iterator[Kind]:
    """All combinations of photometric, samples and extra samples. Planes, orientation, profile and layout go round;
    with `whole`, those that are readable come in either order of planes and with every profile.
    """
    turn = 0
    for photometric, (size, bits), extras in itertools.product(PHOTOMETRICS, SAMPLES, EXTRAS):
        rounds = 10 if whole and Kind(photometric, size, bits, extras, False, 1, "none", 0).readable else 1
        for number in range(rounds):
            planar = number % 2 if rounds > 1 else turn % 2
            profile = PROFILES[number // 2 % 5 if rounds > 1 else turn // 2 % 5]
            orientation, layout = ORIENTATIONS[turn % 9], turn % len(LAYOUTS)
            yield Kind(photometric, size, bits, extras, bool(planar), orientation, profile, layout)
            turn += 1


def samples(kind: Kind, rng: np.random.Generator) -> np.ndarray:
    """(h, w, bands) of it."""
    shape = (HEIGHT, WIDTH, kind.colors + len(kind.extras))
    if kind.size[0] in "fc":
        values = rng.random(shape)
        if 1 in kind.extras:
            alpha = kind.colors + kind.extras.index(1)
            values[..., alpha] = values[..., alpha] * 0.75 + 0.25
            values[..., : kind.colors] *= values[..., alpha : alpha + 1]
        return values.astype(kind.size)
    data = rng.integers(0, 2**kind.bits - 1, shape, dtype=np.uint64, endpoint=True)
    if kind.size[0] == "i":
        return data.astype(f"u{kind.size[1]}").view(kind.size)
    if kind.photometric == "icclab" and kind.bits == 16:
        data[..., 0] = np.minimum(data[..., 0], 65280)
    if 1 in kind.extras:  # color that is multiplied by its opacity cannot be above it
        alpha = kind.colors + kind.extras.index(1)
        data[..., alpha] = np.maximum(data[..., alpha], 1)
        data[..., : kind.colors] = np.minimum(data[..., : kind.colors], data[..., alpha : alpha + 1])
    return data.astype(kind.size)


def write(kind: Kind, path: Path, data: np.ndarray, palette: np.ndarray) -> bool:
    """The file; False where tifffile cannot write such a one."""
    options: dict[str, object] = dict(LAYOUTS[kind.layout])
    tags = [(274, 3, 1, kind.orientation, True)]
    bands = data.shape[-1]
    if kind.profile != "none":
        options["iccprofile"] = _ICC[kind.profile]
    if kind.extras:
        options["extrasamples"] = kind.extras
    if kind.photometric == "palette":
        options["colormap"] = palette
    if bands > 1:
        options["planarconfig"] = "separate" if kind.planar else "contig"
    image = data[..., 0] if bands == 1 else np.moveaxis(data, -1, 0) if kind.planar else data
    if kind.size[0] == "u" and kind.bits != data.itemsize * 8:
        options["bitspersample"] = kind.bits
        options.pop("predictor", None)
        options.pop("compression", None)
        options.pop("byteorder", None)  # tifffile swaps the bytes of packed bits, which have no order
    if kind.layout % 10 == 5 and (kind.size[0] == "c" or kind.size == "u8"):
        options.pop("predictor", None)
    try:
        tifffile.imwrite(path, image, photometric=kind.photometric, metadata=None, extratags=tags, **options)
    except (ValueError, TypeError, KeyError, struct.error):
        return False
    return True


def _srgb(v: np.ndarray) -> np.ndarray:
    return np.where(v <= 0.04045, v / 12.92, ((np.maximum(v, 0.04045) + 0.055) / 1.055) ** 2.4)


def _lightness(luminance: np.ndarray) -> np.ndarray:
    return np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16, luminance * 24389 / 27)


_LUMINANCE = {
    "srgb": np.array([0.2224932, 0.7168870, 0.0606198]),
    "rgb": np.array([0.3111242, 0.6256560, 0.0632197]),
}
"""Y of linear sRGB and Adobe RGB (1998), D50."""


def expected(kind: Kind, data: np.ndarray, palette: np.ndarray) -> tuple[np.ndarray, np.ndarray | None, float]:
    """L* (h, w) and alpha (h, w) 0…1 or None, both upright; and how far L* may be off."""
    white = 1.0 if kind.size[0] == "f" else float(2**kind.bits - 1)
    values = data.astype(np.float64) / white
    opacity = next((number for number, extra in enumerate(kind.extras, kind.colors) if extra in (1, 2)), None)
    color, alpha = values[..., : kind.colors], None if opacity is None else values[..., opacity]
    if opacity is not None and kind.extras[opacity - kind.colors] == 1 and kind.photometric != "palette":
        color = color / alpha[..., None]
    tolerance = 0.01
    if kind.photometric in ("cielab", "icclab"):
        full = 65280 / 65535 if (kind.photometric, kind.bits) == ("icclab", 16) else 1.0
        lightness = np.minimum(color[..., 0] / full, 1) * 100
    elif kind.photometric == "separated":
        lightness, tolerance = _cmyk(color), 1.5
    else:
        if kind.photometric == "palette":
            color = np.moveaxis(palette[:, data[..., 0].astype(int)], 0, -1) / 65535
        if kind.photometric == "miniswhite":
            color = 1 - color
        own = kind.profile in ("gray", "rgb")
        linear = np.maximum(color, 0) ** GAMMA if own else _srgb(color)
        weights = _LUMINANCE["rgb" if kind.profile == "rgb" else "srgb"]
        lightness = _lightness(linear[..., 0] if linear.shape[-1] == 1 else linear @ weights)
    if kind.size == "f2" and alpha is not None:
        tolerance = max(tolerance, 0.1)
    if opacity is not None and kind.extras[opacity - kind.colors] == 1:
        tolerance = max(tolerance, 100 / white if kind.size[0] == "u" and kind.bits <= 8 else 0.1)
    return upright(lightness, kind.orientation), None if alpha is None else upright(alpha, kind.orientation), tolerance


def _cmyk(inks: np.ndarray) -> np.ndarray:
    """L* by lcms in Pillow, with the profile that comes with libvips."""
    profile = ImageCms.ImageCmsProfile(io.BytesIO(_ICC["cmyk"]))
    transform = ImageCms.buildTransform(profile, ImageCms.createProfile("LAB"), "CMYK", "LAB", 1)
    image = Image.fromarray(np.rint(np.clip(inks, 0, 1) * 255).astype(np.uint8), "CMYK")
    return np.asarray(ImageCms.applyTransform(image, transform))[..., 0] / 2.55


def upright(plane: np.ndarray, orientation: int) -> np.ndarray:
    """TIFF 6.0, Orientation: where row 0 and column 0 belong."""
    turned = {
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.T,
        6: lambda a: np.rot90(a, -1),
        7: lambda a: np.rot90(a, 2).T,
        8: np.rot90,
    }
    return turned.get(orientation, lambda a: a)(plane)
