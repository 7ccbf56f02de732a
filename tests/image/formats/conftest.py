"""Samples of every depth that the formats have, and how the color version of a file is written and examined."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from photochrom.image.files import write_picture
from photochrom.image.picture import Picture, open_picture

from ..conftest import HEIGHT, WIDTH, no_color

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    b'photoshop:City="by the river"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
"""A packet that says where it was."""


@pytest.fixture
def gray16() -> np.ndarray:
    """Every tone from black to white in 16 bits: (23, 37) uint16."""
    return np.round(np.linspace(0, 65535, HEIGHT * WIDTH)).astype(np.uint16).reshape(HEIGHT, WIDTH)


@pytest.fixture
def rgb8(gray8: np.ndarray) -> np.ndarray:
    """Color that is not gray: (23, 37, 3) uint8."""
    return np.dstack([gray8, 255 - gray8, gray8 // 2])


def of_depth(samples16: np.ndarray, bits: int) -> np.ndarray:
    """16-bit samples rounded to `bits` bits, 0 to 2**bits - 1."""
    return np.round(samples16 * ((2**bits - 1) / 65535)).astype(np.uint8 if bits <= 8 else np.uint16)


def to_unit(samples: np.ndarray, bits: int) -> np.ndarray:
    """Samples of `bits` bits as float32 of 0 to 1."""
    return (samples / (2**bits - 1)).astype(np.float32)


def color_version(path: Path, out: Path) -> Picture:
    """The file `out` made of `path` with no color, opened."""
    picture = open_picture(path)
    write_picture(picture, no_color(picture.height, picture.width), out, mark=None)
    return open_picture(out)
