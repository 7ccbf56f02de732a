"""Small photographs for the tests, and an independent measure of lightness."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import pyvips
import tifffile
from photochrom.image.picture import open_picture
from PIL import Image, ImageCms

WIDTH, HEIGHT = 37, 23
LARGEST = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535, np.dtype(np.float32): 1}
"""The sample value of white."""


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.fixture
def gray8(rng: np.random.Generator) -> np.ndarray:
    """A smooth picture with every tone and a little grain: (23, 37) uint8."""
    ramp = np.linspace(0, 255, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    return np.clip(ramp + rng.normal(0, 3, ramp.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def strange_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Ann Müller (1) [Q=3]"
    folder.mkdir()
    return folder


def color(height: int = HEIGHT, width: int = WIDTH, seed: int = 3) -> pyvips.Image:
    """Wild ab, mostly out of every gamut: 2 bands float."""
    values = np.random.default_rng(seed).uniform(-110, 110, (height, width, 2))
    return pyvips.Image.new_from_array(values.astype(np.float32))


def no_color(height: int = HEIGHT, width: int = WIDTH) -> pyvips.Image:
    return pyvips.Image.new_from_array(np.zeros((height, width, 2), np.float32))


def lcms_lab(rgb: np.ndarray, icc: bytes | None = None) -> np.ndarray:
    """Lab D50 of 8-bit RGB (h, w, 3) by lcms in Pillow: (h, w, 3), L* to 100/255."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(icc)) if icc else ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(source, ImageCms.createProfile("LAB"), "RGB", "LAB", 1)
    lab = np.asarray(ImageCms.applyTransform(Image.fromarray(rgb), transform)).astype(float)
    lab[..., 0] *= 100 / 255
    lab[..., 1:] = np.where(lab[..., 1:] > 127, lab[..., 1:] - 256, lab[..., 1:])
    return lab


def color_science_lab(rgb: np.ndarray, space: str = "sRGB") -> np.ndarray:
    """Lab D50 of encoded RGB 0…1 (…, 3) by colour-science, Bradford-adapted to the ICC white."""
    import colour as science

    white_xy = science.XYZ_to_xy(np.array([0.9642, 1.0, 0.8249]))
    xyz = science.RGB_to_XYZ(
        rgb, space, illuminant=white_xy, chromatic_adaptation_transform="Bradford", apply_cctf_decoding=True
    )
    return np.asarray(science.XYZ_to_Lab(xyz, white_xy))


def expected_lightness(samples: np.ndarray) -> np.ndarray:
    """L* of gray (h, w) or RGB (h, w, 3) sRGB samples of any depth, by colour-science."""
    values = samples / LARGEST[samples.dtype]
    return color_science_lab(np.repeat(values[..., None], 3, -1) if values.ndim == 2 else values)[..., 0]


def lightness(path: Path) -> np.ndarray:
    """What the engine reads from a file."""
    return open_picture(path).lightness().numpy()


def tiff(tmp_path: Path, data: np.ndarray, **options: object) -> Path:
    """A TIFF file of these samples by tifffile."""
    tifffile.imwrite(tmp_path / "in.tif", data, **options)
    return tmp_path / "in.tif"


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG file of 8-bit gray of that size, true or not, around any rows."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
