"""What plug-ins keep stays whole on a full disk."""

from __future__ import annotations

import pytest

from photochrom_client.finding import COMMAND_FILE, remember
from photochrom_client.kit.history import History
from photochrom_client.kit.preferences import NAME, Preferences
from photochrom_client.places import data_folder
from photochrom_client.runtime_file import RuntimeFile
from photochrom_client.settings import Settings


def test_on_a_full_disk_preferences_and_history_stay_as_they_were(disk):
    preferences, history = Preferences(disk.folder), History(disk.folder / "history.json")
    preferences.save("note", False)
    history.add("scan.tif", "Photochrom", Settings())
    disk.fill()
    preferences.save("words", "x" * 10_000)
    for _ in range(20):
        history.add("another.tif", "Photochrom", Settings(chroma=0.5))
    assert not preferences.note_wanted()
    assert [entry.picture for entry in history.entries()] == ["scan.tif"]
    assert {path.name for path in disk.folder.iterdir()} == {NAME, "history.json", ".ballast"}
    disk.free()
    preferences.save("words", "x" * 10_000)
    assert preferences.saved("words", "") == "x" * 10_000 and not preferences.note_wanted()


def test_on_a_full_disk_the_way_to_the_engine_and_its_runtime_file_stay_as_they_were(disk, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(disk.folder))
    remember(["photochrom", "serve"])
    file = RuntimeFile(1, "token", 2, "0.1.0", (2, 3))
    file.write(disk.folder / "engine.json")
    before = (data_folder() / COMMAND_FILE).read_text()
    disk.fill()
    remember(["other" * 2000, "serve"])
    with pytest.raises(OSError, match="No space left"):
        file._replace(version="9" * 10_000).write(disk.folder / "engine.json")
    assert (data_folder() / COMMAND_FILE).read_text() == before
    assert RuntimeFile.read(disk.folder / "engine.json").version == "0.1.0"
    assert [path.name for path in data_folder().iterdir()] == [COMMAND_FILE]
    assert {path.name for path in disk.folder.iterdir()} == {"engine.json", "photochrom", ".ballast"}
