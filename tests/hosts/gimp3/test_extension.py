"""GIMP with the plug-in as an extension and without an engine: its window gets one, and the dialog previews."""

import zipfile

import pytest
from photochrom.editors.gimp3 import EXTENSION

from ..published import archives, published
from . import editor
from .conftest import HOME
from .screen import Screen, driven, read_when_there, running, wait_for
from .test_dialog import TITLE, shown

pytestmark = [pytest.mark.host, driven]

WINDOW = "Photochrom: Installation"


@pytest.fixture
def other(gimp, tmp_path_factory):
    """Another user than in other tests, who has unpacked the extension and switched it on."""
    found = editor.find(tmp_path_factory.mktemp("extension") / HOME)
    found.prepare()
    (found.profile / "photochrom-settings.json").unlink()
    with zipfile.ZipFile(archives(found.home.parent / "dist")["gimp-extension"]) as archive:
        for entry in archive.infolist():
            archive.extract(entry, found.profile / "extensions")
            (found.profile / "extensions" / entry.filename).chmod(entry.external_attr >> 16 & 0o777)
    (found.profile / "extensionrc").write_text(f'(GimpExtension "{EXTENSION}"\n    (active yes))\n', encoding="utf-8")
    yield found
    found.stop_engines()


def test_extension_gets_the_engine_and_colors(other, display):
    out = other.home.parent / "out"
    out.mkdir()
    screen = Screen(other, display)

    def told():
        return read_when_there(out / "dialog-shown.json")

    def said(*parts):
        return [text for text in told()["labels"] if all(part in text for part in parts)]

    with (
        published(other.home.parent / "release") as release,
        running(other, out, "dialog.py", display, **release),
    ):
        (window,) = wait_for(lambda: screen.find(WINDOW), 90, "the window about the installation")
        wait_for(lambda: said("finds no Photochrom engine", "9.9.9", "SHA-256: "), 60, "the offer of the engine")
        screen.picture("gimp3-no-engine")
        get = wait_for(
            lambda: [each["at"] for each in told()["buttons"] if each["label"] == "Get the engine"], 30, "it"
        )
        screen.click(window, get[0])
        wait_for(lambda: said("is installed on this computer", "ddcolor"), 120, lambda: f"the engine; {told()}")
        screen.picture("gimp3-installation")
        screen.leave(window, WINDOW, "Escape")
        (dialog,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: shown(out)["status"], 120, "a preview")
        screen.leave(dialog, TITLE, "Escape")
        assert read_when_there(out / "dialog-result.json")["status"] == "cancel"
    assert (other.home / ".local" / "share" / "photochrom" / "engine" / "photochrom").is_file()
