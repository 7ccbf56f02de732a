"""Swatches: Lab to sRGB, as the engine converts."""

import pytest
from photochrom.harmonization.recolor import swatch

from photochrom_client.kit.swatches import srgb_of


@pytest.mark.parametrize("color", [(60, 0, 0), (60, 20, 10), (40, -20, 15), (70, 10, 40), (50, 5, -30), (5, 1, 1)])
def test_colors_inside_the_gamut_are_those_of_the_engine(color):
    lightness, a, b = color
    assert srgb_of(a, b, lightness) == pytest.approx(swatch(lightness, a, b), abs=0.004)


def test_colors_outside_the_gamut_are_clipped():
    assert all(0 <= each <= 1 for each in srgb_of(120, -120))
