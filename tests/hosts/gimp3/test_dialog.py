"""The dialog in a real GIMP 3 with windows, driven by keys as a person would; what is seen is kept in artifacts/."""

import re
from contextlib import suppress
from threading import Thread

import numpy as np
import pytest

from .editor import PHOTOGRAPH
from .screen import Screen, driven, insist, read_when_there, running, wait_for

pytestmark = [pytest.mark.host, driven]

TITLE = "Photochrom: Colorize"
AUTOMATIC = re.compile(r"Automatic \((\w+), (\d+ %)\)")
STATUS = "Colored by "


ABOUT = """Colors “a layer”.
“a layer” is hidden: its colors show on what is below it.
“a layer” is in color already: new colors cover its own.
The selection becomes the mask of the new layer."""


def open_dialog(gimp, out, display, **environment):
    """GIMP with the photograph and the plug-in's dialog, which tells what it shows (see `shown`)."""
    return running(gimp, out, "dialog.py", display, **environment)


def shown(out):
    """What the dialog shows now: the text of the colorizers' box, all its rows, and the line under the preview."""
    told = read_when_there(out / "dialog-shown.json")
    status = next((label for label in told["labels"] if label.startswith(STATUS)), "")
    return {"chosen": told["chosen"][0], "rows": told["rows"][0], "status": status}


def style(out):
    """Which colors the dialog is set to."""
    return next(iter(set(read_when_there(out / "dialog-shown.json")["words"]) & {"Vivid", "Calm"}), None)


def jobs_begun(gimp):
    """How many the engines of this user have begun so far."""
    log = gimp.home / ".local" / "state" / "photochrom" / "engine.log"
    return log.read_text(encoding="utf-8").count("/jobs 201") if log.exists() else 0


def test_dialog_colors_a_gray_photograph_in_one_undo_step(gimp, out, display):
    screen = Screen(gimp, display)
    with open_dialog(gimp, out, display):
        before = read_when_there(out / "dialog-before.json")
        assert before["type"] == "gray"
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: screen.chroma(dialog) > 5, 60, "a colored preview")
        screen.picture("gimp3-dialog")
        automatic = AUTOMATIC.fullmatch(shown(out)["chosen"])
        assert automatic, shown(out)
        screen.leave(dialog, TITLE, "Return")
        result = read_when_there(out / "dialog-result.json")
        assert result["status"] == "success", result["error"]
        colored = result["document"]
        assert colored["type"] == "rgb"
        assert [layer["mode"] for layer in colored["layers"]] == ["lch-color", "normal"]
        assert colored["layers"][0]["name"] == f"{automatic[1]} (Photochrom)"
        screen.picture("gimp3-result")

        screen.step("ctrl+z", out, before, "all undone in one step")
        screen.step("ctrl+y", out, colored, "all redone in one step")


def test_automatic_choice_is_named_and_another_can_be_made(gimp, out, display):
    screen = Screen(gimp, display)
    begun = jobs_begun(gimp)
    with open_dialog(gimp, out, display):
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: shown(out)["status"], 60, "a preview")
        first = shown(out)
        automatic = AUTOMATIC.fullmatch(first["chosen"])
        assert automatic, first
        shares = re.findall(r"(\w+) (\d+ %)[,.]", first["status"])
        assert shares[0] == automatic.groups()
        assert all(int(share.removesuffix(" %")) >= 5 for _, share in shares)

        def choose_the_next():
            screen.key(dialog, "alt+l")
            screen.run("xdotool", "key", "Down")

        insist(choose_the_next, lambda: shown(out)["chosen"] == first["rows"][1], "the next colorizer chosen")
        name = first["rows"][1].split(":")[0]
        wait_for(lambda: shown(out)["status"].startswith(f"{STATUS}{name}. "), 30, f"a preview by {name}")
        second = shown(out)
        assert second["chosen"] == first["rows"][1]
        assert second["rows"] == first["rows"]

        def reset():
            screen.key(dialog, "alt+r")
            screen.settled()  # the menu grows open; its first entry resets to what the dialog came with
            screen.run("xdotool", "key", "Return")

        insist(reset, lambda: shown(out)["chosen"] == first["chosen"], "the automatic choice again")
        wait_for(lambda: shown(out) == first, 30, "what was shown at first")
        screen.leave(dialog, TITLE, "Escape")
        assert read_when_there(out / "dialog-result.json")["status"] == "cancel"
        assert jobs_begun(gimp) == begun + 3, "a preview that nobody asked for"


def test_calm_colors_are_chosen_previewed_made_and_kept(gimp, out, display):
    screen = Screen(gimp, display)
    with open_dialog(gimp, out, display, PHOTOCHROM_TWICE="1"):
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: shown(out)["status"], 60, "a preview")
        screen.settled()
        vivid = screen.after(dialog)
        assert style(out) == "Vivid"

        def choose(key):
            screen.key(dialog, "alt+o")
            screen.run("xdotool", "key", key)

        insist(lambda: choose("Down"), lambda: style(out) == "Calm", "the calm colors chosen")
        wait_for(lambda: np.abs(screen.after(dialog) - vivid).max() > 2, 60, "another preview")
        screen.picture("gimp3-calm")
        screen.leave(dialog, TITLE, "alt+z")  # Return would open the box that has the focus
        result = read_when_there(out / "dialog-result.json")
        assert result["status"] == "success", result["error"]
        assert result["settings"]["style"] == "calm"
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog once more")
        wait_for(lambda: style(out) == "Calm", 10, "the calm colors kept")
        insist(lambda: choose("Up"), lambda: style(out) == "Vivid", "the vivid colors chosen again")
        screen.leave(dialog, TITLE, "alt+z")  # and kept in their turn: other tests have them
        assert read_when_there(out / "dialog-second.json")["status"] == "success"


def test_preview_shows_the_colors_and_follows_the_strength(gimp, out, display):
    screen = Screen(gimp, display)
    with open_dialog(gimp, out, display):
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: screen.chroma(dialog) > 5, 60, "a colored preview")

        def type_nothing():
            screen.key(dialog, "alt+g")
            screen.run("xdotool", "type", "--delay", "50", "0")
            screen.run("xdotool", "key", "Tab")

        insist(type_nothing, lambda: screen.chroma(dialog) < 1, "a gray preview", 15)
        screen.leave(dialog, TITLE, "Escape")
        assert read_when_there(out / "dialog-result.json")["status"] == "cancel"


def test_preview_grows_with_its_window_and_zooms_to_the_photographs_own_pixels(gimp, out, display):
    screen = Screen(gimp, display)
    with open_dialog(gimp, out, display):
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: screen.chroma(dialog) > 5, 60, "a colored preview")

        def told(name):
            return read_when_there(out / "dialog-shown.json")[name]

        small = told("view_size")
        assert all(width <= 1366 and height <= 700 for width, height in told("sizes"))
        screen.run("xdotool", "windowsize", dialog, "1280", "880")
        wait_for(lambda: told("view_size")[0] > 1.2 * small[0], 30, lambda: f"a larger preview than {small}")
        large = told("view_size")
        assert large[0] / large[1] == pytest.approx(small[0] / small[1], rel=0.02)
        whole = screen.after(dialog)
        (button,) = [each["at"] for each in told("buttons") if each["label"] == "100 %"]
        screen.click(dialog, button)
        wait_for(lambda: np.abs(screen.after(dialog) - whole).mean() > 10, 30, "the photograph's own pixels")
        assert screen.chroma(dialog) > 2
        screen.picture("gimp3-zoomed")
        screen.leave(dialog, TITLE, "Escape")
        assert read_when_there(out / "dialog-result.json")["status"] == "cancel"


def test_doubt_is_faded_into_the_preview(gimp, out, display):
    screen = Screen(gimp, display)
    with open_dialog(gimp, out, display):
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: screen.chroma(dialog) > 5, 60, "a colored preview")
        plain = screen.after(dialog)

        def fade_in():
            screen.key(dialog, "alt+y")
            screen.run("xdotool", "key", "End")

        def change():
            return float(np.abs(screen.after(dialog) - plain).mean())

        insist(fade_in, lambda: change() > 5, "a heat map in the preview", 15)
        screen.picture("gimp3-doubt")

        def fade_out():
            screen.key(dialog, "alt+y")
            screen.run("xdotool", "key", "Home")

        insist(fade_out, lambda: change() < 0.5, "the preview alone", 15)
        screen.leave(dialog, TITLE, "Escape")
        assert read_when_there(out / "dialog-result.json")["status"] == "cancel"


def test_cancelled_dialog_leaves_the_document_alone(gimp, out, display):
    screen = Screen(gimp, display)
    begun = jobs_begun(gimp)
    with open_dialog(gimp, out, display):
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: jobs_begun(gimp) > begun, 60, "a preview that has begun")
        screen.leave(dialog, TITLE, "Escape")
        result = read_when_there(out / "dialog-result.json")
        assert result["status"] == "cancel"
        assert result["document"] == read_when_there(out / "dialog-before.json")


@pytest.fixture
def shortcut(gimp):
    """Keys that open the dialog as the menu does: a procedure that a script calls would hold the image."""
    path = gimp.profile / "shortcutsrc"
    path.write_text('(file-version 1)\n(action "plug-in-photochrom-colorize" "<Primary><Alt>c")\n', encoding="utf-8")
    yield "ctrl+alt+c"
    path.unlink()


def listen(lines, heard):
    with suppress(ValueError):  # closed when the editor is ended
        heard.extend(lines)


def test_dialog_says_what_it_colors_and_is_gone_with_the_image_in_one_sentence(gimp, out, display, shortcut):
    screen = Screen(gimp, display)
    said = []
    with running(gimp, out, "closing.py", display) as editor:
        Thread(target=listen, args=(editor.stdout, said), daemon=True).start()
        read_when_there(out / "up.json")
        window = wait_for(lambda: screen.find(f"{PHOTOGRAPH.stem}.*GIMP"), 60, "the image's window")[-1]
        insist(lambda: screen.key(window, shortcut), lambda: screen.find(TITLE), "the dialog", 60)
        wait_for(lambda: shown(out)["status"], 60, "a preview")
        about = read_when_there(out / "dialog-shown.json")["labels"]
        assert ABOUT in about, about
        screen.picture("gimp3-remarks")
        insist(lambda: screen.key(window, "ctrl+w"), lambda: not screen.find(TITLE), "the end of the dialog")
        wait_for(lambda: [line for line in said if "closed in the meantime" in line], 30, lambda: f"why, not {said}")
    # Of ours: on a busy machine GIMP sometimes cannot start another plug-in, and says so.
    errors = [line for line in said if "Error" in line and "Unable to run plug-in" not in line]
    assert len(errors) == 1 and "Colorize" in errors[0], said
