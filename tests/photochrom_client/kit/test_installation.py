"""The window about the installation: when it shows itself, and what it says and does."""

from __future__ import annotations

import queue

import pytest
from publisher import publishing

from photochrom_client import release
from photochrom_client.finding import fetched_program
from photochrom_client.kit.background import Failed
from photochrom_client.kit.installation import FIRST, Doing, Installation, Looked, Stopped, overview, reason
from photochrom_client.kit.offers import offered
from photochrom_client.protocol import PROTOCOL
from photochrom_client.runtime_file import RuntimeFile


@pytest.fixture
def nothing(home, monkeypatch):
    """A home without any engine, and a plug-in's folder in it."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    folder = home / "plug-in"
    folder.mkdir()
    (folder / "version.txt").write_text("1.2.0\n")
    return folder


@pytest.fixture
def publisher(tmp_path, monkeypatch):
    (tmp_path / "release").mkdir()
    with publishing(tmp_path / "release") as server:
        server.publish()
        monkeypatch.setenv("PHOTOCHROM_RELEASE", server.release)
        yield server


class Window:
    """What an editor's window does: messages come from threads, and are heard on its own."""

    def __init__(self, folder):
        self.told: queue.Queue[object] = queue.Queue()
        self.shown: list[object] = []
        self.installation = Installation(folder, "gimp", self.told.put, self.shown.append)

    def hear_until(self, kind):
        while True:
            message = self.told.get(timeout=60)
            self.installation.hear(message)
            if isinstance(message, kind):
                return self.shown[-1]


def test_it_shows_itself_once(plugin_folder):
    assert reason(plugin_folder, "") == FIRST
    assert reason(plugin_folder, FIRST) is None


def test_it_shows_itself_as_long_as_there_is_no_engine(nothing):
    assert reason(nothing, "") == reason(nothing, FIRST) == FIRST


def test_it_shows_itself_once_for_each_pair_of_versions(nothing, home):
    (home / "run").mkdir(exist_ok=True)
    RuntimeFile(1, "x", 1, "1.2.0", PROTOCOL).write(home / "run" / "engine.json")
    assert reason(nothing, FIRST) is None
    RuntimeFile(1, "x", 1, "1.3.0", PROTOCOL).write(home / "run" / "engine.json")
    seen = reason(nothing, FIRST)
    assert seen == "1.2.0 1.3.0"
    assert reason(nothing, seen) is None


@pytest.mark.slow
def test_it_says_what_is_installed_and_what_else_there_is(engine):
    text = overview(engine)
    assert engine.version in text and "without the internet" in text
    for colorizer in engine.colorizers()[1:]:
        assert colorizer.title in text
    fetchable = [each for each in offered(engine.models()) if each.fetch]
    assert fetchable
    for model in fetchable:
        assert f"{model.name}: {model.size}, {model.license}" in text


def test_missing_engine_is_offered_with_size_and_hash_and_fetched_in_the_background(nothing, publisher):
    window = Window(nothing)
    window.installation.look()
    shown = window.hear_until(Looked)
    assert (
        "finds no Photochrom engine" in shown.text
        and "SHA-256: " in shown.text
        and publisher.release[:20] in shown.text
    )
    assert shown.yes == "Get the engine" and not fetched_program().exists()

    publisher.behavior = "cuts"
    window.installation.yes()
    assert window.shown[-1].fraction == 0 and window.shown[-1].no == "Stop"
    assert window.hear_until(Doing).fraction > 0
    failed = window.hear_until(Failed)
    assert "continues" in failed.text and failed.yes == "Try again"
    publisher.behavior = "good"
    window.installation.yes()
    started = window.hear_until((Looked, Failed))
    assert fetched_program().exists() and "exit code 3" in started.text, "it is started at once"
    window.installation.close()


def test_download_is_stopped_by_its_button(nothing, publisher):
    window = Window(nothing)
    window.installation.look()
    window.hear_until(Looked)
    window.installation.yes()
    window.installation.no()
    shown = window.hear_until(Looked)
    assert shown.yes == "Get the engine" and not fetched_program().exists()


def test_download_is_stopped_while_the_network_is_silent(nothing, publisher, monkeypatch):
    monkeypatch.setattr(release, "PATIENCE", 1.0)
    publisher.behavior = "stalls"
    window = Window(nothing)
    window.installation.look()
    window.hear_until(Looked)
    window.installation.yes()
    window.hear_until(Doing)
    window.installation.no()
    assert window.hear_until(Looked).yes == "Get the engine"


def test_stopped_download_ends_while_the_next_one_is_under_way(nothing, publisher):
    """As it does whose window was closed, and opened again."""
    window = Window(nothing)
    window.installation.look()
    window.hear_until(Looked)
    window.installation.yes()
    window.installation.no()
    stopped = window.told.get(timeout=60)
    assert isinstance(stopped, Stopped)
    window.installation.look()
    window.hear_until(Looked)
    window.installation.yes()
    window.installation.hear(stopped)
    assert window.shown[-1].no == "Stop", "it is not looked for anew"
    window.installation.close()
