"""Whether a layer is in color already, as the engine's batch decides it."""

import numpy as np
import pytest
from photochrom.batch import already_color as engines

from photochrom_client.kit import already_color


def picture(kind):
    """Lab (h, w, 3): a ramp of tones that is gray, toned by its tone, or has colors of its own."""
    lab = np.zeros((60, 80, 3), np.float32)
    lab[..., 0] = np.linspace(0, 100, 80)
    if kind == "toned":
        lab[..., 1] = 6 * np.sin(lab[..., 0] / 100 * np.pi)
        lab[..., 2] = 20 * np.sin(lab[..., 0] / 100 * np.pi)
    if kind.startswith("color"):
        lab[:30, :, 1] = float(kind.split()[1])
    return lab


@pytest.mark.parametrize(
    ("kind", "is_color"),
    [("gray", False), ("toned", False), ("color 6.9", False), ("color 7.1", True), ("color 40", True)],
)
def test_photograph_in_color_is_told_from_a_toned_one_as_the_batch_does(kind, is_color):
    lab = picture(kind)
    assert already_color.is_color(lab.tobytes()) is is_color
    assert engines.is_color(lab) is is_color


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(("kind", "is_color"), [("toned", False), ("color 40", True)])
def test_pixels_that_are_not_finite_do_not_count(kind, is_color, value):
    lab = picture(kind)
    lab[:20, :, 0] = value
    lab[40:50, :, 1] = value
    assert already_color.is_color(lab.tobytes()) is is_color


def test_picture_without_a_finite_pixel_is_not_in_color():
    assert already_color.is_color(np.full((2, 2, 3), np.nan, np.float32).tobytes()) is False
