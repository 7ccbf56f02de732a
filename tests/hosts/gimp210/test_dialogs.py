"""Dialogs that gimpfu makes of parameters, with GTK 2 and GIMP's own widgets."""

import pytest
from PIL import Image

from .screen import NotInTime, running, told_in_time

pytestmark = [pytest.mark.host, pytest.mark.flaky(reruns=1, only_rerun=["NotInTime"])]

SHOWN = {
    **{"string": "text", "int": 12, "float": 0.25, "spinner": 3, "fraction": 0.125, "slider": 42, "toggle": True},
    **{"option": 1, "radio": "two", "text": "Several\nlines, Grüße", "color": [200, 60, 20, 255]},
}
RESOURCES = {
    **{"font": "Sans", "gradient": "Golden", "brush": "2. Hardness 050", "palette": "Web", "pattern": "Wood #1"},
    **{"file": "/etc/hostname", "folder": "/usr/share", "other": "[Untitled]", "layer": "Photograph"},
    **{"target": "Photograph", "channel": "Saved selection", "vectors": "Path"},
}


def test_every_type_has_its_widget_and_last_values_are_kept(gimp, display, tmp_path):
    with running(gimp, display, "python-fu-test-dialogs", tmp_path) as screen:
        window = screen.window("Every Type")
        with Image.open(screen.picture(window, "gimpfu-every-type.png")) as picture:
            assert len(picture.convert("RGB").getcolors(1 << 20)) > 50
        screen.keys(window, "alt+s")
        screen.write(window, "changed")
        screen.keys(window, "alt+i")
        screen.write(window, "77")
        screen.keys(window, "alt+g", "alt+s", "Return")
        values = told_in_time(tmp_path / "values.json")
        if (values["string"], values["int"]) == (SHOWN["string"], SHOWN["int"]):
            raise NotInTime("no key has reached the dialog but Return")
        assert values == SHOWN | {"string": "changed", "int": 77, "toggle": False}
        assert told_in_time(tmp_path / "last.json") == values
        screen.keys(screen.window("Every Type"), "Escape")
        assert told_in_time(tmp_path / "canceled.json") == {"error": "CancelError"}
        window = screen.window("Resources")
        screen.picture(window, "gimpfu-resources.png")
        screen.keys(window, "alt+o")
        assert told_in_time(tmp_path / "resources.json") == RESOURCES
