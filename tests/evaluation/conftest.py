from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from photochrom.evaluation.dataset import photographs
from photochrom.evaluation.measure import Colorize, measure
from photochrom.evaluation.metrics import Pixels, lab
from photochrom.evaluation.results import Evaluation
from photochrom.image.lab import srgb_from_lab
from PIL import Image


def colorful(seed: int, height: int = 24, width: int = 32) -> Pixels:
    """A picture with soft areas of color and some texture."""
    random = np.random.default_rng(seed)
    corners = random.integers(30, 225, (3, 4, 3), dtype=np.uint8)
    soft = np.asarray(Image.fromarray(corners).resize((width, height), Image.Resampling.BICUBIC))
    return np.asarray(np.clip(soft + random.normal(0, 4, soft.shape[:2])[..., None], 0, 255).astype(np.uint8))


def fading(share: float) -> Colorize:
    """A colorizer that knows the colors, and gives `share` of their chroma."""

    def colorize(original: Pixels) -> tuple[Pixels, str]:
        faded = np.array(lab(original))
        faded[..., 1:] *= share
        return np.rint(np.clip(srgb_from_lab(faded), 0, 1) * 255).astype(np.uint8), f"fading {share}"

    return colorize


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve photographs in three categories."""
    folder = tmp_path_factory.mktemp("album")
    for number in range(12):
        path = folder / ("sea", "street", "people")[number % 3] / f"{number:02}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(colorful(number)).save(path)
    return folder


@pytest.fixture(scope="session")
def evaluation(album: Path) -> Evaluation:
    return measure("album", photographs(album), {"fading 0.8": fading(0.8), "choosing": fading(0.5)})


@pytest.fixture(scope="session")
def pool(album: Path) -> Evaluation:
    """Four photographs by a pool of five colorizers, each better than the next, and “auto”, in the middle of them."""
    shares = {"nature": 0.9, "lite": 0.8, "people": 0.6, "auto": 0.5, "scenes": 0.4, "objects": 0.3}
    return measure("pool", photographs(album)[:4], {name: fading(share) for name, share in shares.items()})
