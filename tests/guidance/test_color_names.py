from __future__ import annotations

import numpy as np
import pytest
from photochrom.errors import BadRequest
from photochrom.guidance.color_names import color_name, parsed
from photochrom.image.lab import lab_from_srgb


@pytest.mark.parametrize("text", ["#556b2f", "556B2F", " #556b2f "])
def test_a_color_in_srgb_is_taken_exactly(text):
    lab = lab_from_srgb(np.array([0x55, 0x6B, 0x2F]) / 255)
    np.testing.assert_allclose(parsed(text).ab(90), lab[1:], atol=1e-3)


@pytest.mark.parametrize("lightness", [20, 50, 75])
def test_a_name_is_the_color_of_that_name_at_this_lightness(lightness):
    assert color_name(lightness, parsed("Green").ab(lightness)) == "green"


@pytest.mark.parametrize("text", ["greenish", "#12345", "#1122334455", ""])
def test_what_is_no_color_is_refused_with_what_would_be(text):
    with pytest.raises(BadRequest, match="no color"):
        parsed(text)
