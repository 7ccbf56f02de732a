"""Colorizers beside those that ship, in a real GIMP 3: offered in the dialog, and used once they are in the store."""

import json

import pytest
from mirror import serving
from photochrom.models import catalog, store

from .screen import Screen, driven, read_when_there, wait_for
from .test_dialog import TITLE, open_dialog, shown
from .test_gimp import run_once

pytestmark = [pytest.mark.host, driven]

MORE = "More…"
FETCHABLE = next(model for model in catalog.published("colorizer") if model.fetch)
"""The first that the dialog offers with a button."""


@pytest.fixture
def models(out):
    """The folder of the engine's store."""
    folder = out / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def mirror(out):
    """In place of the servers that models lie on; the file it has for FETCHABLE is none but in its size."""
    (checkpoint, *_) = FETCHABLE.checkpoints
    file = out / "mirror" / FETCHABLE.name / checkpoint.download
    file.parent.mkdir(parents=True)
    with file.open("wb") as empty:
        empty.truncate(checkpoint.download_bytes)
    with serving(out / "mirror") as server:
        yield server


class Window:
    """The dialog that is open."""

    def __init__(self, screen, out):
        self._screen, self._out = screen, out
        (self._window,) = wait_for(lambda: screen.find(TITLE), 60, "the dialog")
        wait_for(lambda: shown(out)["status"], 90, "a preview")

    def told(self):
        return read_when_there(self._out / "dialog-shown.json")

    def button(self, label):
        """Where the first button with this label is; None if there is none."""
        return next((each["at"] for each in self.told()["buttons"] if each["label"] == label), None)

    def click(self, label):
        place = wait_for(lambda: self.button(label), 20, f"a button {label}")
        self._screen.click(self._window, place)

    def label(self, *parts):
        """Waits for a text that has all these parts."""

        def found():
            return [text for text in self.told()["labels"] if all(part in text for part in parts)]

        return wait_for(found, 90, lambda: f"a label with {parts}, not {self.told()['labels']}")[0]

    def leave(self):
        self._screen.key(self._window, "Escape")  # ends the popover alone
        wait_for(lambda: not self.button("Get…"), 20, "the end of the list")
        self._screen.leave(self._window, TITLE, "Escape")
        assert read_when_there(self._out / "dialog-result.json")["status"] == "cancel"


def test_colorizers_that_are_not_installed_are_offered(gimp, out, display, models, mirror, no_engine_running):
    screen = Screen(gimp, display)
    with open_dialog(gimp, out, display, PHOTOCHROM_MODELS=str(models), PHOTOCHROM_MIRROR=mirror.url):
        window = Window(screen, out)
        installed = shown(out)["rows"]
        assert not window.button("Get…")
        window.click(MORE)
        for model in catalog.published("colorizer"):
            window.label(model.name, model.good_at)
            window.label(model.size, model.license)
            if not model.fetch:
                window.label(model.why_not, "photochrom models import FILE")
        screen.picture("gimp3-more-colorizers")

        mirror.behavior = "stalls"
        window.click("Get…")
        window.label(
            f"{FETCHABLE.name} is licensed under {FETCHABLE.license}", FETCHABLE.weights_license, FETCHABLE.size
        )
        screen.picture("gimp3-more-colorizers-license")
        assert not mirror.asked
        window.click("Accept and download")
        size = f"{FETCHABLE.checkpoints[0].download}: 1 of {FETCHABLE.bytes / 1e6:.0f} MB"
        wait_for(lambda: window.told()["bars"] == [size], 30, "progress")
        screen.picture("gimp3-more-colorizers-download")
        window.click("Stop")
        assert mirror.left.wait(60), "the engine went on"
        wait_for(lambda: not window.told()["bars"], 20, "the download's end")

        mirror.behavior = "breaks"
        window.click("Get…")
        window.click("Accept and download")
        window.label(mirror.url, "was lost", "Log: ")
        screen.picture("gimp3-more-colorizers-error")
        assert window.button("Get…")
        assert not list(models.glob("*/card.json"))
        assert shown(out)["rows"] == installed
        window.leave()


@pytest.fixture
def zhang2016(models, monkeypatch):
    """Installed, with random weights in the published layout."""
    import torch
    from photochrom.colorizers.zhang2016_network import Zhang2016

    torch.manual_seed(0)
    checkpoint = models.parent / "checkpoint.pth"
    torch.save(Zhang2016().state_dict(), checkpoint)
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(models))
    return store.import_files([checkpoint])


def test_installed_colorizer_is_listed_and_used(gimp, out, display, models, zhang2016, no_engine_running):
    environment = {"PHOTOCHROM_MODELS": str(models)}
    settings = json.dumps({"colorizer": zhang2016.name})
    result = run_once(gimp, out, "installed", PHOTOCHROM_SETTINGS=settings, **environment)
    assert result["status"] == "success", result["error"]
    assert result["document"]["layers"][0]["name"] == f"{zhang2016.name} (Photochrom)"

    with open_dialog(gimp, out, display, **environment):
        window = Window(Screen(gimp, display), out)
        row = f"{zhang2016.name}: {zhang2016.good_at}"
        assert row in shown(out)["rows"]
        window.click(MORE)
        window.label("zhang2017")
        assert row not in window.told()["labels"]
        window.leave()
