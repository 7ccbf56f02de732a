"""A negative is noticed in the dialog, and one click gives it the colors of its positive."""

import numpy as np
import pytest

from .editor import scheme_text
from .screen import insist, running, told_in_time, wait_for
from .test_colorize_dialog import TITLE, chroma
from .test_colorizing import PHOTOGRAPH, planes

pytestmark = [pytest.mark.host, pytest.mark.flaky(reruns=1, only_rerun=["NotInTime"])]

BUTTON = 885, 60
"""Where it is in the dialog."""


def test_a_negative_is_set_right_by_one_click(newcomer, display, tmp_path):
    with running(newcomer, display, "python-fu-test-negative", tmp_path, scheme_text(PHOTOGRAPH)) as screen:
        dialog = screen.window(TITLE)
        wait_for(lambda: chroma(screen, dialog) > 5, 120, "a colored preview")
        screen.picture(dialog, "gimp210-negative.png")
        wrong = screen.window_rgb(dialog)

        def other_colors():
            now = screen.window_rgb(dialog)[: wrong.shape[0] * 45 // 100, : wrong.shape[1] // 2]
            return np.abs(now - wrong[: now.shape[0], : now.shape[1]]).mean() > 2

        insist(lambda: screen.click(dialog, *BUTTON), other_colors, "other colors")
        screen.picture(dialog, "gimp210-negative-right.png")
        screen.leave(dialog, TITLE, "alt+z")
        result = told_in_time(tmp_path / "negative.json", 120)
    assert result["error"] == ""
    assert result["settings"]["original"] == "negative"
    before, after = (planes(tmp_path / f"{name}.l", 1) for name in ("before", "after"))
    assert np.abs(before - after).max() < 0.01, "the photograph stays a negative"
    positive, negative = (planes(tmp_path / f"{name}.lab", 4) for name in ("positive", "negative"))
    # Where one is dark and the other light, the gamut differs: chroma may, the hue may not.
    assert np.abs(positive[:, 1:3] - negative[:, 1:3]).mean() < 1.5
