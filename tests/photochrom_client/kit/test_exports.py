"""Files that an editor has exported: looked at and marked on threads, by a real engine."""

import pytest
from photochrom.image import marking
from PIL import Image

from photochrom_client.kit.exports import Exported, Marked, MarkFailed
from photochrom_client.note import Maker

pytestmark = pytest.mark.slow  # an engine of its own

MAKERS = [Maker("people", "0.1.0"), Maker("lite", "0.1.0"), Maker("people", "0.1.0")]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "Großmutter (1).jpg"
    Image.new("RGB", (8, 8)).save(path)
    return path


def test_a_file_is_looked_at_and_marked(plugin_folder, file, said):
    exported = Exported(plugin_folder, str(file), MAKERS, said.put)
    for ask, marked in ((exported.check, False), (exported.mark, True), (exported.check, True)):
        ask()
        assert said.get(timeout=60) == Marked(str(file), marked)
    assert marking.read(file).ai_system_used == "Photochrom, colorizers people, lite"


def test_files_that_cannot_be_marked_are_reported(plugin_folder, file, said):
    file.write_bytes(b"no picture")
    Exported(plugin_folder, str(file), MAKERS, said.put).mark()
    told = said.get(timeout=60)
    assert isinstance(told, MarkFailed)
    error = told.error
    assert "no file whose metadata Photochrom can write" in error.cause
    assert error.next_step


def test_missing_engine_is_reported(no_engine, file, said):
    Exported(no_engine, str(file), MAKERS, said.put).check()
    assert "photochrom plugin install" in str(said.get(timeout=60).error)
