"""What the batch dialog shows, and a batch that is followed in real engines."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from patience import patience

import photochrom_client
from photochrom_client import BatchProgress, BatchSettings, EngineError
from photochrom_client.kit.background import Failed
from photochrom_client.kit.batch import Colorizers, Follower, Reached, Shown, open_report, shown

PHOTOGRAPH = Path(__file__).parents[3] / "examples" / "dust-bowl-home.jpg"
NOW = BatchProgress("/colored", "running", 120, 2, 1, 0, "a.jpg", None, "", None)


def test_before_a_batch_folders_are_asked_for() -> None:
    nothing = shown(None)
    assert nothing.startable and not nothing.stoppable and not nothing.label and nothing.fraction is None
    assert "Choose" in nothing.text


@pytest.mark.parametrize(
    ("seconds", "words"), [(12.4, "About 12 seconds"), (600.0, "About 10 minutes"), (40000.0, "About 11 hours")]
)
def test_a_running_batch_says_how_far_it_is_and_the_time_left(seconds: float, words: str) -> None:
    running = shown(NOW._replace(seconds_left=seconds))
    assert running.bar == "3 of 120" and running.fraction == 3 / 120
    assert running.text.startswith("/colored\n") and words in running.text and "Failed: 1" in running.text
    assert (running.label, running.what) == ("Pause", "pause")
    assert running.stoppable and not running.startable


@pytest.mark.parametrize(
    ("progress", "label", "what"),
    [
        (NOW._replace(state="planning", total=0, done=0, failed=0), "", ""),
        (NOW._replace(state="paused"), "Continue", "resume"),
        (NOW._replace(state="stopping"), "", ""),
        (NOW._replace(state="stopped"), "Resume", "resume"),
        (NOW._replace(state="failed", error=EngineError("The disk is full.")), "Resume", "resume"),
        (NOW._replace(state="failed", done=120, failed=0, error=EngineError("The report.")), "Resume", "resume"),
        (NOW._replace(state="failed", total=0, done=0, failed=0, error=EngineError("No.")), "", ""),
        (NOW._replace(state="done", done=119), "Retry Failed", "retry"),
        (NOW._replace(state="done", done=120, failed=0), "", ""),
        (NOW._replace(state="something new"), "", ""),
    ],
)
def test_the_button_offers_what_is_possible(progress: BatchProgress, label: str, what: str) -> None:
    now = shown(progress)
    assert (now.label, now.what) == (label, what)
    assert now.startable == (not progress.under_way)
    assert now.text


def test_the_report_is_offered_when_the_batch_has_ended() -> None:
    report = "/colored/report.html"
    assert shown(NOW._replace(report=report)).report == ""
    assert shown(NOW._replace(report=report, state="done")).report == report


def wait(said: queue.Queue[Any], condition: Callable[[Any], object]) -> Any:
    until = time.monotonic() + patience(200)
    while time.monotonic() < until:
        message = said.get(timeout=200)
        if condition(message):
            return message
    raise AssertionError(message)


def reached(condition: Callable[[Shown], object]) -> Callable[[Any], object]:
    return lambda message: isinstance(message, Reached) and condition(shown(message.progress))


@pytest.mark.slow
def test_the_batch_is_found_by_the_next_dialog_and_after_the_engine_was_killed(
    plugin_folder: Path, said: queue.Queue[Any], tmp_path: Path
) -> None:
    scans, colored = tmp_path / "scans", tmp_path / "Überführt"
    scans.mkdir()
    for number in range(16):
        shutil.copy(PHOTOGRAPH, scans / f"{number}.jpg")
    first = Follower(plugin_folder, said.put)
    assert "auto" in {each.name for each in wait(said, lambda told: isinstance(told, Colorizers)).colorizers}
    assert wait(said, lambda told: isinstance(told, Reached)).progress is None
    first.start(["relative"], str(colored), BatchSettings())
    assert "absolute" in str(wait(said, lambda told: isinstance(told, Failed)).error)
    first.start([str(scans)], str(colored), BatchSettings())
    wait(said, reached(lambda now: now.what == "pause"))
    first.close()

    said = queue.Queue()
    second = Follower(plugin_folder, said.put)
    try:
        wait(said, lambda told: isinstance(told, Reached) and told.progress and told.progress.done)
        second.tell_batch("pause")
        wait(said, reached(lambda now: now.label == "Continue"))
        os.kill(photochrom_client.connect(plugin_folder).pid, signal.SIGKILL)
        offered = wait(said, reached(lambda now: now.label == "Resume"))
        assert offered.progress.output == str(colored) and 0 < offered.progress.done < 16
        second.tell_batch("resume")
        wait(said, reached(lambda now: now.stoppable))
        second.tell_batch("stop")
        wait(said, reached(lambda now: now.startable))
        second.look_into(str(colored))
        wait(said, reached(lambda now: now.startable))
        second.tell_batch("resume")
        done = wait(said, lambda told: isinstance(told, Reached) and told.progress and told.progress.state == "done")
        assert done.progress.done == 16 and shown(done.progress).report == str(colored / "report.html")
    finally:
        second.close()


@pytest.mark.slow
def test_what_is_wanted_after_a_failed_start_tries_again(
    plugin_folder: Path, said: queue.Queue[Any], tmp_path: Path
) -> None:
    command = plugin_folder / "engine-command.json"
    aside = command.rename(plugin_folder / "aside.json")
    follower = Follower(plugin_folder, said.put)
    try:
        wait(said, lambda told: isinstance(told, Failed))
        aside.rename(command)
        shutil.copy(PHOTOGRAPH, tmp_path / "scan.jpg")
        follower.start([str(tmp_path / "scan.jpg")], str(tmp_path / "colored"), BatchSettings(include_color=True))
        wait(said, lambda told: isinstance(told, Reached) and told.progress and told.progress.done)
    finally:
        follower.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the browser is chosen by $BROWSER")
def test_the_report_is_opened_in_the_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: queue.Queue[Any]
) -> None:
    browser, asked = tmp_path / "browser", tmp_path / "asked"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{asked}.part" && mv "{asked}.part" "{asked}"\n', encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    monkeypatch.setattr("webbrowser._tryorder", None)
    open_report("/an archive/Ü#1/report.html", said.put)
    until = time.monotonic() + patience(20)
    while not asked.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert asked.read_text(encoding="utf-8") == "file:///an%20archive/%C3%9C%231/report.html\n"
    assert said.empty()
