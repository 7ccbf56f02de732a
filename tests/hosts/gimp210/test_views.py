"""The pictures in the dialogs of a real GIMP 2.10: they grow and zoom, give colors, and follow what is painted; and the
window about the installation."""

import json

import numpy as np
import pytest

from photochrom_client.kit import preferences

from .editor import scheme_text
from .screen import insist, running, told_in_time, wait_for
from .test_colorizing import PHOTOGRAPH
from .test_tool_dialogs import colored, open_dialog

pytestmark = [pytest.mark.host, pytest.mark.flaky(reruns=1, only_rerun=["NotInTime"])]

TITLE = "Photochrom: Colorize"


def width_of_picture(screen, dialog):
    """Columns of the window, left of the settings, that are no plain gray at the height of the picture's sky."""
    row = screen.window_rgb(dialog)[40:60]
    plain = np.abs(row - np.median(row[:, 3], axis=0)).max(axis=(0, 2)) < 3
    left = int(np.argmin(plain))
    return int(np.argmax(plain[left:]))


def test_picture_grows_with_its_window_and_zooms(newcomer, display, tmp_path):
    more = scheme_text(PHOTOGRAPH), "1.0"
    with running(newcomer, display, "python-fu-test-dialog", tmp_path, *more) as screen:
        told_in_time(tmp_path / "before.json")
        dialog = screen.window(TITLE)
        right = 300, 20, 500, 380
        wait_for(lambda: colored(screen, dialog, right) > 5, 120, "a colored preview")
        assert width_of_picture(screen, dialog) == pytest.approx(507, abs=3)
        screen.resize(dialog, 1200, 780)
        wait_for(lambda: width_of_picture(screen, dialog) > 700, 30, "a larger picture")
        fits = screen.window_rgb(dialog)
        screen.picture(dialog, "gimp210-larger.png")
        insist(
            lambda: screen.click(dialog, 1200 - 424 - 25, 640),
            lambda: np.abs(screen.window_rgb(dialog) - fits)[50:600, 50:700].mean() > 5,
            "the photograph's own pixels",
        )
        screen.picture(dialog, "gimp210-zoomed.png")
        assert colored(screen, dialog, (450, 50, 750, 600)) > 5, "the colors are zoomed, too"
        screen.leave(dialog, TITLE, "Escape")


def test_preview_follows_what_is_painted_meanwhile(newcomer, display, tmp_path):
    with running(newcomer, display, "python-fu-test-hinted", tmp_path, scheme_text(PHOTOGRAPH)) as screen:
        told_in_time(tmp_path / "before.json", 120)
        dialog = screen.window(TITLE)

        def blue():
            """Of what is right of the line, on the ground."""
            part = screen.window_rgb(dialog)[180:240, 300:420]
            return float((part[..., 2] - part[..., 0]).mean())

        wait_for(lambda: blue() < -5, 120, "a preview")

        def paint():
            for window in screen.windows("GIMP$"):
                screen.keys(window, "ctrl+comma")  # fills what is selected

        insist(paint, lambda: blue() > 20, "a preview by the hints")
        screen.picture(dialog, "gimp210-hinted.png")
        screen.leave(dialog, TITLE, "Escape")
        assert told_in_time(tmp_path / "result.json")["kind"] == "CancelError"


def test_color_is_picked_from_the_picture(newcomer, display, tmp_path):
    title = "Recolor"
    with open_dialog(newcomer, display, tmp_path, "recolor", title) as (screen, dialog, _before):
        suggestions = 564, 60, 760, 100
        insist(
            lambda: screen.click(dialog, 358, 120),
            lambda: colored(screen, dialog, suggestions) > 5,
            "colors for the object",
        )
        x, y = 200, 180
        red, green, blue = screen.window_rgb(dialog)[y, x]

        def pick():
            screen.keys(dialog, "alt+p")
            screen.click(dialog, x, y)

        wall = slice(110, 130), slice(350, 366)
        was = screen.window_rgb(dialog)[wall]
        insist(pick, lambda: np.abs(screen.window_rgb(dialog)[wall] - was).mean() > 2, "the object in that color")
        screen.picture(dialog, "gimp210-picked.png")
        assert abs(red - green) < 3 and abs(green - blue) < 3, "the photograph is gray"
        screen.leave(dialog, f"Photochrom: {title}", "alt+a")
        (settings,) = told_in_time(tmp_path / "result.json", 120)["settings"]
        assert np.hypot(*settings["color"]) < 2
        clicks = settings["object"].get("clicks", [settings["object"]])
        assert min(click["x"] for click in clicks) > 0.5, "to pick is no click on the object"


def test_colorizers_that_can_be_installed_are_listed(newcomer, display, tmp_path):
    title = "Colorizers that can be installed"
    with open_dialog(newcomer, display, tmp_path, "colorize", "Colorize") as (screen, dialog, _before):
        right = 300, 20, 420, 240
        wait_for(lambda: colored(screen, dialog, right) > 5, 120, "a colored preview")
        insist(lambda: screen.keys(dialog, "alt+m"), lambda: screen.windows(title), "the list")
        window = screen.window(title)
        rows = slice(60, 400), slice(20, 500)
        wait_for(lambda: screen.window_rgb(window)[rows].std() > 20, 60, "its rows")
        screen.picture(window, "gimp210-more.png")
        screen.leave(window, title, "Escape")
        screen.leave(dialog, TITLE, "Escape")


def test_window_about_the_installation_shows_itself_once(newcomer, display, tmp_path):
    kept = newcomer.profile / preferences.NAME
    kept.unlink()
    title = "Photochrom: Installation"
    with running(newcomer, display, "python-fu-test-installation", tmp_path) as screen:
        window = screen.window(title)
        screen.picture(window, "gimp210-installation.png")
        screen.leave(window, title, "Escape")
        assert told_in_time(tmp_path / "shown.json") == {"report": ""}
        assert "not for scripts" in told_in_time(tmp_path / "refused.json")["error"]
    with open_dialog(newcomer, display, tmp_path, "variants", "Installation") as (screen, window, _before):
        screen.leave(window, title, "Escape")
        dialog = screen.window("Photochrom: Variants")
        assert json.loads(kept.read_text(encoding="utf-8")) == {"installation": "first"}
        screen.leave(dialog, "Photochrom: Variants", "Escape")
