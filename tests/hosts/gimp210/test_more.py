"""What the most used names do not show, in GIMP 2.10."""

import numpy as np
import pytest
from image.conftest import color_science_lab

from .editor import cases

pytestmark = pytest.mark.host

LAB = "lab_goes_through_the_profile_of_the_image"


@pytest.mark.parametrize("name", cases("more.py"))
def test_case(outcome, name):
    outcome("more", name)


@pytest.mark.parametrize("name", [name for name in cases("regions.py") if name != LAB])
def test_pixels(outcome, name):
    outcome("regions", name)


def test_lab_goes_through_the_profile_of_the_image(outcome):
    values = outcome("regions", LAB)["values"]
    rgb = np.array([0.2, 0.7, 0.3])
    assert np.abs(values["srgb"] - color_science_lab(rgb)).max() < 0.05
    wide = color_science_lab(rgb, "Adobe RGB (1998)")
    assert np.abs(wide - color_science_lab(rgb)).max() > 5
    assert np.abs(values["wide"] - wide).max() < 0.05
    assert abs(values["lightness"] - wide[0]) < 0.05
    assert np.abs(values["again"] - rgb).max() < 1e-3
