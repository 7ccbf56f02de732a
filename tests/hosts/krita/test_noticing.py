"""A negative is noticed in the docker, and one click gives it the colors of its positive (see inside/noticing.py)."""

import numpy as np
import pytest

from photochrom_client.kit.texts import NOTICED

from .test_krita import lab

pytestmark = pytest.mark.host


def test_a_negative_is_set_right_by_one_click(cases):
    result = cases("negative")
    assert result["words"] == NOTICED["negative"]
    assert result["cut off"] == []
    assert result["errors"] == ["", ""]
    positive, before, after = (lab(cases, result[name]) for name in ("positive", "before", "after"))
    assert np.array_equal(before[..., 0], after[..., 0]), "the photograph stays a negative"
    assert np.abs(positive[..., 0] + after[..., 0] - 100).max() < 0.01
    assert np.hypot(after[..., 1], after[..., 2]).mean() > 5
    # Where one is dark and the other light, the gamut differs: chroma may, the hue may not.
    assert np.abs(positive[..., 1:] - after[..., 1:]).mean() < 1.5


def test_variants_and_objects_of_a_negative_are_those_of_its_positive(cases):
    assert cases("negative")["followed"] == [["", ""], True, "negative"]


def test_what_was_scanned_is_kept_for_a_retouched_photograph_but_not_for_another(cases):
    result = cases("negative")
    assert result["retouched"] == "negative"
    assert result["another"] == ["print", True]


def test_what_was_scanned_follows_the_photograph_in_front_without_a_preview(cases):
    result = cases("not_previewed")
    assert result["errors"] == ["", ""]
    assert result["at once"] == "print"


def test_what_the_user_says_was_scanned_stays_for_the_same_photograph(cases):
    assert cases("not_previewed")["by hand"] == "faded"
