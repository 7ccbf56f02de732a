"""Small photographs for the tests, and an independent measure of lightness."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image, ImageCms

WIDTH, HEIGHT = 37, 23


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


def colour(height: int = HEIGHT, width: int = WIDTH, seed: int = 3) -> pyvips.Image:
    """Wild ab, mostly out of every gamut: 2 bands float."""
    values = np.random.default_rng(seed).uniform(-110, 110, (height, width, 2))
    return pyvips.Image.new_from_array(values.astype(np.float32))


def no_colour(height: int = HEIGHT, width: int = WIDTH) -> pyvips.Image:
    return pyvips.Image.new_from_array(np.zeros((height, width, 2), np.float32))


def lcms_lab(rgb: np.ndarray, icc: bytes | None = None) -> np.ndarray:
    """Lab D50 of 8-bit RGB (h, w, 3) by lcms in Pillow: (h, w, 3), L* to 100/255."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(icc)) if icc else ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(source, ImageCms.createProfile("LAB"), "RGB", "LAB", 1)
    lab = np.asarray(ImageCms.applyTransform(Image.fromarray(rgb), transform)).astype(float)
    lab[..., 0] *= 100 / 255
    lab[..., 1:] = np.where(lab[..., 1:] > 127, lab[..., 1:] - 256, lab[..., 1:])
    return lab


def colour_science_lab(rgb: np.ndarray, space: str = "sRGB") -> np.ndarray:
    """Lab D50 of encoded RGB 0…1 (…, 3) by colour-science, Bradford-adapted to the ICC white."""
    import colour as science

    white_xy = science.XYZ_to_xy(np.array([0.9642, 1.0, 0.8249]))
    xyz = science.RGB_to_XYZ(
        rgb, space, illuminant=white_xy, chromatic_adaptation_transform="Bradford", apply_cctf_decoding=True
    )
    return np.asarray(science.XYZ_to_Lab(xyz, white_xy))
