"""Strength and warmth as GIMP's own live filters on a layer of colors: they change the colors, and never the tones."""

import numpy as np
import pytest

from .conftest import told_by

pytestmark = pytest.mark.host


@pytest.fixture(scope="module")
def live(gimp):
    return told_by(gimp, "live")


def lab(live, name):
    return np.fromfile(live.out / f"{name}.lab", np.float32).reshape(-1, 3)


def chroma(picture):
    return float(np.hypot(picture[:, 1], picture[:, 2]).mean())


def test_filters_are_neutral_at_first_and_then_change_colors_alone(live):
    told = live("live")
    assert told["added"]["status"] == "success", told["added"]["error"]
    assert told["same"]
    plain = lab(live, "plain")
    assert np.array_equal(lab(live, "neutral"), plain)
    weak, strong, warm = (lab(live, name) for name in ("strength-0", "strength-1", "warm"))
    assert chroma(weak) == pytest.approx(chroma(plain) / 2, rel=0.1)
    assert chroma(strong) > 1.15 * chroma(plain)
    assert warm[:, 2].mean() > plain[:, 2].mean() + 3
    for changed in (weak, strong, warm):
        assert np.abs(changed - plain)[:, 0].max() < 0.6


def test_filters_are_kept_in_the_file_and_by_our_own_tools(live):
    told = live("live")
    assert sorted(told["names"]) == sorted(told["kept"]) == ["Strength", "Warmth"]
    assert np.array_equal(lab(live, "reopened"), lab(live, "warm"))
    assert told["refreshed"] == "success"


def test_where_there_is_nothing_to_add_that_is_said(live):
    told = live("live")
    assert "no colors in this image" in told["nothing"]
    assert "has its live filters already" in told["again"]
