"""Frames of one photograph, as a camera that pans sees them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import pyvips
from photochrom.album.looks import look
from photochrom.sampling.proxy import reduce

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.fixture(scope="session")
def guides():
    """The lightness of two frames that have three quarters in common, and of one that is upside down."""
    picture = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0] * (100 / 255)
    height, width = picture.height, round(picture.width * 0.8)
    crops = [picture.crop(left, 0, width, height) for left in (0, picture.width - width)]
    return [reduce(each, 384) for each in (*crops, crops[0].flipver())]


@pytest.fixture(scope="session")
def looks(guides):
    """Of the two: one reddish, one bluish, more so from left to right."""
    across = [np.linspace(0.5, 1.5, guide.shape[1], dtype=np.float32) for guide in guides]
    tints = [np.float32([10, 4]), np.float32([-2, -8])]
    return [
        look(guide, np.broadcast_to(each[None, :, None] * tint, (*guide.shape, 2)))
        for guide, each, tint in zip(guides[:2], across, tints, strict=False)
    ]


@pytest.fixture(scope="session")
def unrelated():
    """A frame that shows something else: smooth waves."""
    y, x = np.mgrid[:384, :512] / 30
    guide = (50 + 20 * np.sin(x + 0.3 * y) * np.cos(y)).astype(np.float32)
    return look(guide, np.full((192, 256, 2), 12, np.float32))
