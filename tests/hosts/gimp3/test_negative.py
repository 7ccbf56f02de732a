"""A negative is noticed in the dialog, and one click gives it the colors of its positive."""

import numpy as np
import pytest

from photochrom_client.kit.texts import NOTICED, SET_RIGHT

from .screen import Screen, driven, read_when_there, running, wait_for

pytestmark = [pytest.mark.host, driven]

TITLE = "Photochrom: Colorize"


def test_a_negative_is_set_right_by_one_click(gimp, out, display):
    screen = Screen(gimp, display)

    def told():
        return read_when_there(out / "dialog-shown.json")

    def button():
        return next((each["at"] for each in told()["buttons"] if each["label"] == SET_RIGHT["negative"]), None)

    with running(gimp, out, "negative.py", display):
        (dialog,) = wait_for(lambda: screen.find(TITLE), 120, "the dialog")
        place = wait_for(button, 60, "the button that sets it right")
        assert NOTICED["negative"] in told()["labels"]
        screen.settled()
        screen.picture("gimp3-negative")
        screen.click(dialog, button() or place)
        wait_for(lambda: not button(), 60, "nothing left to set right")
        wait_for(lambda: any(each.startswith("Colored by ") for each in told()["labels"]), 60, "the preview")
        screen.settled()
        screen.picture("gimp3-negative-right")
        screen.leave(dialog, TITLE, "Return")
        result = read_when_there(out / "negative-result.json")
    assert result["status"] == "success", result["error"]
    assert result["settings"]["original"] == "negative"
    before, after = (np.fromfile(out / f"{name}.l", np.float32) for name in ("before", "after"))
    assert np.abs(before - after).max() < 0.01, "the photograph stays a negative"
    positive, negative = (
        np.fromfile(out / f"{name}.lab", np.float32).reshape(-1, 4) for name in ("positive", "negative")
    )
    assert np.abs(positive[:, 0] + negative[:, 0] - 100).max() < 0.1
    # Where one is dark and the other light, the gamut differs: chroma may, the hue may not.
    assert np.abs(positive[:, 1:3] - negative[:, 1:3]).mean() < 1.5
