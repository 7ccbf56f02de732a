"""Folders of photographs, in a real GIMP 3: by its dialog, which may be closed, and GIMP killed; and by a script."""

import json

import pytest

from ..batches import COUNT, browser, how_many_agree, kill, wait_for_results, write_scans
from .conftest import end, where
from .screen import Screen, driven, insist, read_when_there, running, wait_for

pytestmark = [pytest.mark.host, driven]

TITLE = "Photochrom: Batch"
ALBUM = "Album: in each folder, the same things get the same colors"


@pytest.fixture(scope="session")
def scans(gimp):
    return write_scans(gimp.home.parent / "scans")


@pytest.fixture
def fresh(gimp, no_engine_running):
    """No engine runs, and GIMP has forgotten what earlier dialogs were set to: it takes that before what a script
    gives."""
    for kept in (gimp.profile / "plug-in-settings").glob("*plug-in-photochrom-batch*"):
        kept.unlink()


class Dialog:
    """The batch dialog that is open."""

    def __init__(self, gimp, out, display):
        self._out = out
        self.screen = Screen(gimp, display)
        self.open()

    def open(self):
        """Waits for the dialog, once it was closed the next one."""
        (self.window,) = wait_for(lambda: self.screen.find(TITLE), 90, "the dialog")
        self._raise()

    def told(self):
        return read_when_there(self._out / "dialog-shown.json")

    def says(self, *parts, seconds=90):
        """Waits for a text with all these parts."""

        def found():
            return [text for text in self.told()["labels"] if all(part in text for part in parts)]

        return wait_for(found, seconds, lambda: f"a label with {parts}, not {self.told()['labels']}")[0]

    def place(self, label):
        return next((each["at"] for each in self.told()["buttons"] if each["label"] == label), None)

    def ticked(self, label):
        return label in self.told()["ticked"]

    def click(self, label, happened):
        """Clicks until it has happened."""
        wait_for(lambda: self.place(label), 90, lambda: f"a button {label}, not {self.told()['buttons']}")

        def click():
            place = self.place(label)
            if place:
                self._raise()
                self.screen.click(self.window, place)

        insist(click, happened, label)

    def _raise(self):
        """Above GIMP's own window, which may come up later than the dialog."""
        self.screen.run("xdotool", "windowraise", self.window)

    def close(self, number):
        result = self._out / f"batch-{number}.json"
        self.click("Close", result.exists)
        assert json.loads(result.read_text(encoding="utf-8"))["status"] == "success"
        (self._out / "dialog-shown.json").unlink(missing_ok=True)


def test_a_batch_survives_its_dialog_and_gimp_and_is_found_again(gimp, scans, out, display, fresh):
    colored = gimp.home.parent / "In color"
    colored.mkdir()
    environment = {
        "PHOTOCHROM_SCANS": str(scans),
        "PHOTOCHROM_COLORED": str(colored),
        "BROWSER": f"{browser(out)} %s",
    }
    with running(gimp, out, "batching.py", display, **environment):
        dialog = Dialog(gimp, out, display)
        dialog.says("Choose a folder of photographs")
        dialog.screen.picture("gimp3-batch-empty")
        dialog.click("Start", lambda: dialog.place("Pause"))
        assert str(colored) in dialog.says("the batch goes on")
        dialog.screen.picture("gimp3-batch", moving=True)
        dialog.click("Pause", lambda: dialog.place("Continue"))
        dialog.says("Paused.")
        (bar,) = dialog.told()["bars"]
        assert bar.endswith(f" of {COUNT + 2}") and int(bar.split()[0]) < COUNT
        dialog.screen.picture("gimp3-batch-paused")
        assert all(width <= 1366 and height <= 720 for width, height in dialog.told()["sizes"])
        dialog.close(0)

        dialog.open()
        dialog.says(str(colored), "Paused.")
        dialog.click("Continue", lambda: dialog.place("Pause"))
        kill(gimp)
        assert len(list(colored.glob("*.png"))) < COUNT
    wait_for_results(colored)
    assert len(list(colored.glob("*.png"))) == COUNT

    (out / "stop").unlink()
    (out / "dialog-shown.json").unlink(missing_ok=True)
    with running(gimp, out, "batching.py", display, **environment):
        dialog = Dialog(gimp, out, display)
        dialog.says(f"{COUNT} photographs are done", "In color already: 1", "Failed: 1")
        assert dialog.place("Retry Failed")
        dialog.click("Open Report", (out / "opened").exists)
        assert (out / "opened").read_text(encoding="utf-8").startswith("file:///")
        dialog.screen.picture("gimp3-batch-done")
        (out / "stop").touch()
        dialog.close(0)


def test_an_album_that_was_stopped_is_resumed(gimp, scans, out, display, fresh):
    colored = out / "In color"
    colored.mkdir()
    environment = {"PHOTOCHROM_SCANS": str(scans), "PHOTOCHROM_COLORED": str(colored)}
    with running(gimp, out, "batching.py", display, **environment):
        dialog = Dialog(gimp, out, display)
        dialog.click(ALBUM, lambda: dialog.ticked(ALBUM))
        dialog.click("Start", lambda: dialog.place("Pause"))
        dialog.says("Looking at the photographs of the album first")
        dialog.screen.picture("gimp3-batch-album", moving=True)
        dialog.click("Pause", lambda: dialog.place("Continue"))
        (bar,) = dialog.told()["bars"]
        assert bar.endswith(f" of {COUNT + 2}") and not list(colored.glob("*.png"))
        dialog.click("Stop", lambda: not dialog.place("Stop"))
        dialog.says("photographs are left")
        gimp.stop_engines()
        dialog.click("Resume", lambda: dialog.place("Stop"))
        dialog.says("photographs are done", seconds=400)
        (out / "stop").touch()
        dialog.close(0)
    assert len(list(colored.glob("*.png"))) == COUNT
    assert how_many_agree(colored) == COUNT


def test_scripts_colorize_a_folder_without_an_image(gimp, scans, out):
    colored = out / "colored"
    folders = {"PHOTOCHROM_SCANS": str(scans), "PHOTOCHROM_COLORED": str(colored)}
    started = gimp.batch("batched.py", **where(out), **folders)
    try:
        said, _ = started.communicate(timeout=900)
    finally:
        end(started)
    told = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*.json")}
    assert told.keys() == {"without_folders", "missing", "whole", "started"}, said
    assert told["without_folders"]["status"] == "calling-error" and "Choose" in told["without_folders"]["error"]
    assert told["missing"]["status"] == "execution-error" and "/nowhere" in told["missing"]["error"]
    assert told["whole"]["status"] == "success", told["whole"]["error"]
    assert told["whole"]["report"] == str(colored / "report.html")
    assert len(list(colored.glob("*.jpeg"))) == COUNT
    assert told["started"]["status"] == "success"
    wait_for_results(out / "colored again")
    assert (how_many_agree(colored), how_many_agree(out / "colored again")) == (0, COUNT)
