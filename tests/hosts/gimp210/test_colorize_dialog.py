"""The dialog in a real GIMP 2.10 with windows, driven by keys as a person would; what is seen is kept in artifacts/."""

import json

import numpy as np
import pytest
import pyvips

from photochrom_client.kit import preferences

from ..batches import how_many_agree, wait_for_results
from .editor import scheme_text
from .screen import NotInTime, insist, running, told_in_time, wait_for
from .test_colorizing import GRAY, LCH_COLOR, NORMAL, PHOTOGRAPH, RGB, planes

pytestmark = [pytest.mark.host, pytest.mark.flaky(reruns=1, only_rerun=["NotInTime"])]

TITLE = "Photochrom: Colorize"


def chroma(screen, dialog):
    """Mean difference between red and blue in “after”, the right half of the picture."""
    rgb = screen.window_rgb(dialog)
    height, width, _ = rgb.shape
    after = rgb[height // 20 : height * 45 // 100, width * 33 // 100 : width // 2]
    return float(np.abs(after[..., 0] - after[..., 2]).mean())


def now(out):
    (out / "now.json").unlink(missing_ok=True)
    (out / "ask").touch()
    return told_in_time(out / "now.json")


def test_dialog_previews_colors_and_undo_takes_all_back_at_once(newcomer, display, tmp_path):
    more = scheme_text(PHOTOGRAPH), "1.0"
    with running(newcomer, display, "python-fu-test-dialog", tmp_path, *more) as screen:
        before = told_in_time(tmp_path / "before.json")
        assert before["type"] == GRAY
        dialog = screen.window(TITLE)
        wait_for(lambda: chroma(screen, dialog) > 5, 120, "a colored preview")
        screen.picture(dialog, "gimp210-dialog.png")

        def weaker():
            screen.keys(dialog, "alt+g", "Home", "shift+End")
            screen.write(dialog, "50")
            screen.keys(dialog, "Tab")

        colorful = chroma(screen, dialog)
        fade_in_doubt(screen, dialog)
        weaker()
        wait_for(lambda: 0.2 < chroma(screen, dialog) / colorful < 0.8, 60, "a weaker preview")
        screen.leave(dialog, TITLE, "alt+z")
        result = told_in_time(tmp_path / "result.json", 120)
        assert result["error"] == ""
        assert result["settings"]["chroma"] == 0.5
        colored = result["document"]
        assert colored["type"] == RGB
        assert [layer["mode"] for layer in colored["layers"]] == [LCH_COLOR, NORMAL]
        screen.picture("root", "gimp210-result.png")
        undo(screen, tmp_path, "ctrl+z", before, colored)
        undo(screen, tmp_path, "ctrl+y", colored, before)


def fade_in_doubt(screen, dialog):
    certain = screen.window_rgb(dialog)
    size = certain.shape[0] // 2, certain.shape[1] // 2

    def seen():
        screen.keys(dialog, "alt+y", "End")
        return np.abs(screen.window_rgb(dialog) - certain)[: size[0], : size[1]].mean() > 3

    wait_for(seen, 60, "the uncertainty")
    screen.picture(dialog, "gimp210-doubt.png")
    screen.keys(dialog, "alt+y", "Home")
    wait_for(lambda: np.abs(screen.window_rgb(dialog) - certain)[: size[0], : size[1]].mean() < 1, 60, "the colors")


def undo(screen, out, key, wanted, before):
    """Presses a key in the image's window that takes the document to `wanted` at once; windows miss keys."""
    for attempt in range(6):
        windows = wait_for(lambda: screen.windows("GIMP$"), 20, "the image's window")
        screen.keys(windows[(-1 - attempt) % len(windows)], key)
        try:
            found = wait_for(lambda: (state := now(out)) != before and state, 5, key)
        except NotInTime:
            continue
        for volatile in ("selected",):
            found.pop(volatile), wanted.pop(volatile, None)
        assert found == wanted
        return
    raise NotInTime(f"nothing changed by {key}")


def test_cancelled_dialog_leaves_the_document_alone(newcomer, display, tmp_path):
    more = scheme_text(PHOTOGRAPH), "0.5"
    with running(newcomer, display, "python-fu-test-dialog", tmp_path, *more) as screen:
        before = told_in_time(tmp_path / "before.json")
        dialog = screen.window(TITLE)
        screen.leave(dialog, TITLE, "Escape")
        result = told_in_time(tmp_path / "result.json")
        assert result["kind"] == "CancelError"
        assert result["document"] == before


def test_dialogs_of_the_tools(newcomer, display, tmp_path):
    with running(newcomer, display, "python-fu-test-tool-dialogs", tmp_path, scheme_text(PHOTOGRAPH)) as screen:
        title = "Photochrom: Adjust Colors"
        dialog = screen.window(title)
        wait_for(lambda: chroma(screen, dialog) > 5, 120, "a colored preview")
        screen.picture(dialog, "gimp210-adjust.png")

        def gray():
            screen.keys(dialog, "alt+g", "Home", "shift+End")
            screen.write(dialog, "0")
            screen.keys(dialog, "Tab")
            return chroma(screen, dialog) < 1

        wait_for(gray, 60, "a gray preview")
        screen.leave(dialog, title, "alt+a")
        assert told_in_time(tmp_path / "adjusted.json")["error"] == ""
        assert np.abs(planes(tmp_path / "adjusted.lab", 4)[:, 1:3]).max() < 0.1

        title = "Photochrom: Recolor Object"
        dialog = screen.window(title)
        screen.picture(dialog, "gimp210-recolor.png")
        plain = screen.window_rgb(dialog)
        sky = slice(15, 60), slice(138, 218)
        insist(
            lambda: screen.click(dialog, 228, 130),
            lambda: np.abs(screen.window_rgb(dialog)[sky] - plain[sky]).mean() > 2,
            "the object",
        )
        screen.picture(dialog, "gimp210-recolor.png")
        screen.leave(dialog, title, "alt+a")
        result = told_in_time(tmp_path / "recolored.json")
        assert result["error"] == ""
        assert 0 < planes(tmp_path / "recolored.mask", 1).mean() < 0.9


def test_dialog_colors_an_album(newcomer, display, tmp_path):
    scans, colored = tmp_path / "scans", tmp_path / "colored"
    scans.mkdir()
    gray = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0]
    for number in range(3):
        gray.write_to_file(str(scans / f"{number}.png"))
    kept = newcomer.profile / preferences.NAME
    kept.write_text(
        json.dumps({"installation": "first", "batch": {"folders": [str(scans), str(colored)]}}), encoding="utf-8"
    )
    colored.mkdir()
    with running(newcomer, display, "python-fu-test-batch-dialog", tmp_path) as screen:
        title = "Photochrom: Batch"
        dialog = screen.window(title)
        screen.keys(dialog, "alt+a")

        def started():
            screen.keys(dialog, "alt+s")
            return (colored / ".photochrom").exists()

        wait_for(started, 60, "the batch's journal")
        wait_for_results(colored)
        settings = json.loads(json.loads(kept.read_text(encoding="utf-8"))["batch"]["settings"])
        if not settings["album"]:
            raise NotInTime("the first key has not reached the dialog")
        screen.picture(dialog, "gimp210-batch.png")
        screen.leave(dialog, title, "Escape")
        assert told_in_time(tmp_path / "batch.json") == {"report": ""}
    assert how_many_agree(colored) == 3
