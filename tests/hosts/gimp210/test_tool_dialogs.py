"""The dialogs of the tools in a real GIMP 2.10 with windows, one GIMP each, driven by keys and mouse."""

from contextlib import contextmanager

import numpy as np
import pytest

from photochrom_client.kit.history import History
from photochrom_client.settings import Settings

from .conftest import HISTORY
from .editor import scheme_text
from .screen import insist, running, told_in_time, wait_for
from .test_colorize_dialog import chroma, undo
from .test_colorizing import LCH_COLOR, PHOTOGRAPH, RGB, planes

pytestmark = [pytest.mark.host, pytest.mark.flaky(reruns=1, only_rerun=["NotInTime"])]


@contextmanager
def open_dialog(newcomer, display, out, tool, title):
    """A tool's dialog, and the document before."""
    with running(newcomer, display, "python-fu-test-tool", out, scheme_text(PHOTOGRAPH), f'"{tool}"') as screen:
        before = told_in_time(out / "before.json")
        yield screen, screen.window(f"Photochrom: {title}"), before


def colored(screen, window, box):
    """How colored a part of a window is: left, top, right, bottom."""
    left, top, right, bottom = box
    part = screen.window_rgb(window)[top:bottom, left:right]
    return float(np.abs(part[..., 0] - part[..., 2]).mean())


def test_variants_are_chosen_from_thumbnails(newcomer, display, tmp_path):
    title = "Variants"
    with open_dialog(newcomer, display, tmp_path, "variants", title) as (screen, dialog, before):
        third = 520, 90, 680, 180
        wait_for(lambda: colored(screen, dialog, third) > 5, 240, "three thumbnails")
        screen.picture(dialog, "gimp210-variants.png")
        for place in ((140, 130), (600, 130)):
            screen.click(dialog, *place)
        screen.picture(dialog, "gimp210-variants.png")
        screen.leave(dialog, f"Photochrom: {title}", "alt+i")
        result = told_in_time(tmp_path / "result.json", 120)
        assert result["error"] == ""
        document = result["document"]
        assert document["type"] == RGB
        assert [child["visible"] for child in document["layers"][0]["children"]] == [True, False]
        first, second = result["settings"]
        assert first["variant"] == 0 and first != second
        screen.picture("root", "gimp210-variants-inserted.png")
        undo(screen, tmp_path, "ctrl+z", before, document)


def test_colors_of_an_open_image_are_followed(newcomer, display, tmp_path):
    title = "Color Like"
    with open_dialog(newcomer, display, tmp_path, "color-like", title) as (screen, dialog, before):
        assert chroma(screen, dialog) < 1, "nothing is previewed before a picture is chosen"

        insist(
            lambda: screen.keys(dialog, "alt+i", "Down", "alt+o", "Home"),
            lambda: chroma(screen, dialog) > 5,
            "a preview that follows the other image",
        )
        screen.picture(dialog, "gimp210-color-like.png")
        screen.leave(dialog, f"Photochrom: {title}", "alt+z")
        result = told_in_time(tmp_path / "result.json", 120)
        assert result["error"] == ""
        assert result["document"]["layers"][0]["mode"] == LCH_COLOR
        assert result["settings"][0]["reference"] == "palette"
        undo(screen, tmp_path, "ctrl+z", before, result["document"])


def test_object_is_corrected_by_clicks_and_shown_by_a_box(newcomer, display, tmp_path):
    title = "Recolor"
    with open_dialog(newcomer, display, tmp_path, "recolor", title) as (screen, dialog, before):

        def picture():
            return screen.window_rgb(dialog)[15:240, 133:428]

        def differs(other, act, what):
            """Waits until the picture is another one than before; returns it."""
            act()
            wait_for(lambda: np.abs(picture() - other).mean() > 0.5, 120, what)
            return picture()

        suggestions = 642, 66, 756, 84
        insist(
            lambda: screen.click(dialog, 358, 120),
            lambda: colored(screen, dialog, suggestions) > 5,
            "colors for the object",
        )
        larger = differs(picture(), lambda: screen.keys(dialog, *["alt+l"] * 4), "a larger one")
        screen.picture(dialog, "gimp210-recolor-larger.png")
        faint = differs(larger, lambda: screen.right_click(dialog, 278, 50), "one without the sky").mean()
        screen.picture(dialog, "gimp210-recolor-clicks.png")
        # What is beside an object is shown fainter, in a middle gray: this photograph is lighter.
        screen.keys(dialog, "alt+n")
        wait_for(lambda: picture().mean() > faint + 8, 60, "the picture alone")
        screen.drag(dialog, (278, 70), (428, 160))
        wait_for(lambda: picture().mean() < faint + 4, 120, "the object in a box")
        screen.picture(dialog, "gimp210-recolor-boxed.png")
        screen.leave(dialog, f"Photochrom: {title}", "alt+a")
        result = told_in_time(tmp_path / "result.json", 120)
        assert result["error"] == ""
        assert result["settings"][0]["object"]["box"] is not None
        assert 0 < planes(tmp_path / "result.mask", 1).mean() < 0.9
        undo(screen, tmp_path, "ctrl+z", before, result["document"])


def test_object_in_a_box_becomes_the_selection(newcomer, display, tmp_path):
    title = "Recolor"
    with open_dialog(newcomer, display, tmp_path, "recolor", title) as (screen, dialog, before):
        insist(
            lambda: screen.drag(dialog, (278, 70), (428, 160)),
            lambda: colored(screen, dialog, (642, 66, 756, 84)) > 5,
            "the object in a box",
        )
        screen.keys(dialog, "alt+o")
        screen.picture(dialog, "gimp210-select-only.png")
        screen.leave(dialog, f"Photochrom: {title}", "alt+a")
        result = told_in_time(tmp_path / "result.json", 120)
        assert result["error"] == ""
        assert result["document"] == before
        assert 0.01 < planes(tmp_path / "result.selection", 1).mean() < 0.9
        screen.picture("root", "gimp210-object-selected.png")


def test_settings_of_an_earlier_result_are_used_again(newcomer, display, tmp_path):
    kept = History(newcomer.profile / HISTORY)
    kept.add("scan.tif", "General (Photochrom)", Settings(colorizer="lite", chroma=0.25, warmth=0.5, style="calm"))
    kept.add("other.tif", "General (Photochrom)", Settings(colorizer="lite"))
    title = "Colorize"
    with open_dialog(newcomer, display, tmp_path, "colorize", title) as (screen, dialog, _before):
        wait_for(lambda: chroma(screen, dialog) > 5, 120, "a colored preview")
        plain = chroma(screen, dialog)

        screen.keys(dialog, "alt+e")
        screen.key("Down", "Down", "Return")  # in the menu, which has the keyboard now
        wait_for(lambda: chroma(screen, dialog) < 0.7 * plain, 60, "weaker colors")
        screen.picture(dialog, "gimp210-earlier.png")
        screen.leave(dialog, f"Photochrom: {title}", "alt+z")
        result = told_in_time(tmp_path / "result.json", 120)
        assert result["error"] == ""
        (settings,) = result["settings"]
        assert (settings["chroma"], settings["warmth"], settings["style"]) == (0.25, 0.5, "calm")
