"""A drawn portrait: a person in a dress before a wall, as a black-and-white photograph, with the places of each."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 600, 800
DRESS = [(205, 420), (260, 380), (340, 380), (395, 420), (425, 800), (175, 800)]
ON_DRESS, ON_WALL = (0.5, 0.75), (0.13, 0.3)
"""Places to click on, 0…1 across and down."""


@dataclass(frozen=True)
class Portrait:
    """Where the dress, the wall and the face are, without their edges; (HEIGHT, WIDTH) each."""

    dress: NDArray[np.bool_]
    wall: NDArray[np.bool_]
    face: NDArray[np.bool_]


def draw(path: Path) -> Portrait:
    """Writes the portrait as a PNG in RGB, 8 bits."""
    figure = Image.new("L", (WIDTH, HEIGHT), 0)
    pen = ImageDraw.Draw(figure)
    parts = {"hair": 1, "face": 2, "dress": 3}
    pen.ellipse((208, 110, 392, 350), fill=parts["hair"])
    pen.rectangle((272, 320, 328, 390), fill=parts["face"])  # the neck
    pen.ellipse((230, 145, 370, 345), fill=parts["face"])
    pen.polygon(DRESS, fill=parts["dress"])
    labels = np.asarray(figure)
    down, across = np.mgrid[:HEIGHT, :WIDTH]
    wall = 178 - 40 * np.hypot(across / WIDTH - 0.5, down / HEIGHT - 0.5)
    face = 205 - 60 * np.hypot((across - 285) / 140, (down - 230) / 200)
    dress = 92 + 10 * np.sin(across / 11 + down / 90)  # folds
    tones = np.select([labels == 1, labels == 2, labels == 3], [np.full_like(face, 40), face, dress], wall)
    drawn = Image.fromarray(np.clip(tones, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(drawn)
    for left in (262, 312):
        pen.ellipse((left, 225, left + 26, 237), fill=50)
    pen.ellipse((278, 292, 322, 304), fill=95)
    drawn = drawn.filter(ImageFilter.GaussianBlur(1.2))
    grain = np.random.default_rng(7).normal(0, 2, (HEIGHT, WIDTH))
    gray = Image.fromarray(np.clip(np.rint(np.asarray(drawn) + grain), 0, 255).astype(np.uint8))
    gray.convert("RGB").save(path)

    def inside(part: int) -> NDArray[np.bool_]:
        alone = Image.fromarray(np.where(labels == part, 255, 0).astype(np.uint8))
        return np.asarray(alone.filter(ImageFilter.MinFilter(13))) > 0

    return Portrait(inside(parts["dress"]), inside(0), inside(parts["face"]))
