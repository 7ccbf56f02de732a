"""The docker on PyQt6: Krita 6 itself is not available yet; compatibility with its Qt can be tested without it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hosts.engines import WithEngines

pytest.importorskip("PyQt6.QtWidgets", exc_type=ImportError)

SCRIPT = Path(__file__).parent / "inside" / "qt6.py"


@dataclass
class User(WithEngines):
    home: Path


@pytest.fixture(scope="module")
def told(place, tmp_path_factory):
    home = tmp_path_factory.mktemp("qt6")
    picture = home / "docker.png"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home)}
    environment["PHOTOCHROM_RUNTIME_DIR"] = str(User(home).runtime)
    try:
        ran = subprocess.run(
            [sys.executable, "-P", str(SCRIPT), str(place.parent), str(picture)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        User(home).stop_engines()  # the docker's windows start one, to list what is installed
    assert ran.returncode == 0, ran.stderr
    return json.loads(picture.with_suffix(".json").read_text())


def test_nothing_fails_on_the_way(told):
    assert told["errors"] == []


def test_the_docker_says_that_no_document_is_open(told):
    assert any("No document is open" in label for label in told["labels"])


def test_the_line_follows_mouse_and_keys(told):
    assert told["at first"] == pytest.approx(0.5, abs=0.05)
    assert told["after a click left of the middle"] > 0.55
    assert told["after the arrow key"] == pytest.approx(told["after a click left of the middle"] - 0.2, abs=0.05)


def test_doubt_fades_in_where_the_picture_is_after(told):
    assert told["greens"] == [[30, 30], [30, pytest.approx(115, abs=2)], [30, 200]]


def test_a_slider_changes_the_settings_that_are_kept(told):
    assert told["settings"]["chroma"] == pytest.approx(0.4)


def test_every_button_answers(told):
    tools = ("Hints Layer", "Variants…", "Adjust Colors…", "Show Uncertainty", "Paint Here First", "Recolor Object…")
    for button in ("Colorize", *tools):
        assert "No document is open" in told["boxes"][button]
    assert told["boxes"]["More…"] == "MoreColorizers"


def test_pixels_are_read_and_written(told):
    assert told["pixels"] == [30, 20, 10, 255, 60, 50, 40, 255]  # Krita's order: blue first
    assert told["selection"] == [2, 2]
