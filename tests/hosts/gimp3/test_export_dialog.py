"""The dialog that exports for other programs in a real GIMP 3, driven as a person would; what is seen is in
artifacts/."""

import pytest
from photochrom.image.picture import open_picture

from .screen import Screen, driven, read_when_there, running, wait_for

pytestmark = [pytest.mark.host, driven]
TITLE = "Photochrom: Export for"


def test_file_is_named_by_its_program_and_written(gimp, out, display):
    screen = Screen(gimp, display)
    with running(gimp, out, "dialogs.py", display, PHOTOCHROM_ACTIONS="export"):
        before = read_when_there(out / "dialog-0-before.json")
        (window,) = wait_for(lambda: screen.find(TITLE), 90, "the dialog")
        screen.picture("gimp3-export")
        size = screen.run("xdotool", "getwindowgeometry", "--shell", window)
        assert {"WIDTH", "HEIGHT"} <= {each.partition("=")[0] for each in size}
        assert all(int(each.partition("=")[2]) <= 768 for each in size if each.startswith("HEIGHT"))
        screen.key(window, "alt+f")  # the list of programs; the next one is Photoshop
        screen.run("xdotool", "key", "Down")
        screen.picture("gimp3-export-program")
        screen.key(window, "alt+n")
        screen.run("xdotool", "key", "ctrl+a")
        screen.run("xdotool", "type", "--delay", "50", "--", str(out / "barn"))
        screen.leave(window, TITLE, "Return")  # twice: first the name gets its suffix
        result = read_when_there(out / "dialog-0-result.json")
    assert result["status"] == "success", result["error"]
    assert result["document"] == before
    picture = open_picture(out / "barn.psd")
    assert (picture.width, picture.height) == tuple(before["size"])
    assert b"Photochrom, colorizer" in (out / "barn.psd").read_bytes()
