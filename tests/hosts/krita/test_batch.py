"""Folders of photographs, in a real Krita: by the dialog, which may be closed, and with Krita killed."""

import json
import time

import pytest

from ..batches import COUNT, browser, how_many_agree, kill, wait_for_results, write_scans
from ..gimp3.conftest import end, where
from .conftest import ARTIFACTS, told_by

pytestmark = pytest.mark.host


@pytest.fixture(scope="module")
def batch(krita, display):
    """What the dialog showed: a function from the moment to its dict; Krita was killed after "goes-on", and started
    again."""
    krita.stop_engines()
    out = krita.home.parent / "batching"
    out.mkdir()
    colored = krita.home.parent / "Überführt"
    folders = {"PHOTOCHROM_SCANS": str(write_scans(krita.home.parent / "scans")), "PHOTOCHROM_COLORED": str(colored)}
    started = krita.window("batching.py", display, **where(out), **folders)
    try:
        until = time.monotonic() + 900
        while not (out / "goes-on.json").exists():
            assert started.poll() is None, f"Krita ended: {started.stdout.read()[-3000:]}"
            assert time.monotonic() < until, "Krita never got there"
            assert not (out / "traceback").exists(), (out / "traceback").read_text(encoding="utf-8")
            time.sleep(0.1)
        kill(krita)
        left = COUNT - len(list(colored.glob("*.png")))
    finally:
        end(started)
    wait_for_results(colored)
    ARTIFACTS.mkdir(exist_ok=True)
    for picture in out.glob("*.png"):
        (ARTIFACTS / picture.name).write_bytes(picture.read_bytes())
    (krita.home.parent / "batched").mkdir()
    after = told_by(krita, display, "batched", BROWSER=f"{browser(krita.home.parent / 'batched')} %s", **folders)

    def told(moment):
        path = out / f"{moment}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else after(moment)

    told.colored, told.left = colored, left
    yield told
    krita.stop_engines()


def test_a_batch_is_started_and_says_how_far_it_is(batch):
    assert "Start" not in batch("empty")["buttons"]
    running = batch("running")
    assert running["bars"][0].endswith(f" of {COUNT + 2}")
    assert {"Pause", "Stop"} <= set(running["buttons"]) and "Start" not in running["buttons"]
    assert any(str(batch.colored) in label and "the batch goes on" in label for label in running["labels"])
    width, height = running["size"]
    assert width <= 1366 and height <= 720


def test_it_pauses_and_is_found_again_by_the_dialog(batch):
    assert any("Paused." in label for label in batch("paused")["labels"])
    again = batch("again")
    assert "Continue" in again["buttons"]
    assert again["fields"] == batch("typed")["fields"]


def test_it_survives_krita(batch):
    assert batch.left > 0
    assert len(list(batch.colored.glob("*.png"))) == COUNT
    done = batch("done")
    assert any(f"{COUNT} photographs are done" in label and "Failed: 1" in label for label in done["labels"])
    assert {"Retry Failed", "Open Report"} <= set(done["buttons"])


def test_the_report_is_opened(batch, krita):
    batch("stopped")
    opened = (krita.home.parent / "batched" / "opened").read_text(encoding="utf-8")
    assert opened.startswith("file:///") and opened.endswith("%C3%9Cberf%C3%BChrt/report.html\n")


def test_a_stopped_batch_is_resumed(batch):
    assert "Resume" in batch("stopped")["buttons"]
    assert any(f"{COUNT} photographs are done" in label for label in batch("resumed")["labels"])
    assert len(list(batch.colored.with_name("Überführt again").glob("*.png"))) == COUNT


def test_an_album_agrees_before_it_is_colored(batch):
    looking = batch("looking")
    assert looking["bars"][0].endswith(f" of {COUNT + 2}")
    assert {"Pause", "Stop"} <= set(looking["buttons"])
    assert how_many_agree(batch.colored.with_name("Überführt again")) == COUNT
    assert how_many_agree(batch.colored) == 0
    assert any(label.startswith("Album") for label in batch("kept")["ticked"])
