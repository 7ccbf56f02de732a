"""Files that editors have exported, marked by the engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from living import Living
from photochrom.image import marking
from PIL import Image

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Ann Müller (1).jpg"
    Image.new("RGB", (8, 8)).save(path)
    return path


def ask(engine: Living, file: str, **wish: object) -> tuple[int, dict[str, object]]:
    with engine.client() as client:
        # Not by httpx's own JSON, which knows no lone surrogates: file names have them.
        answer = client.post("/v1/marks", content=json.dumps({"file": file, **wish}), headers=JSON)
    return answer.status_code, answer.json()


def test_a_file_is_looked_at_marked_and_marked_no_more(engine, file):
    assert ask(engine, str(file), check=True) == (200, {"marked": False, "changed": False})
    assert ask(engine, str(file), colorizer="people, lite") == (200, {"marked": True, "changed": True})
    assert ask(engine, str(file), colorizer="people, lite") == (200, {"marked": True, "changed": False})
    assert ask(engine, str(file), check=True) == (200, {"marked": True, "changed": False})
    assert marking.read(file).ai_system_used == "Photochrom, colorizers people, lite"


@pytest.mark.parametrize("name", ["notes.txt", "missing.png", "null\0byte.png", "x" * 300])
def test_what_cannot_be_marked_is_refused_in_words(engine, tmp_path, name):
    (tmp_path / "notes.txt").write_text("no picture")
    status, said = ask(engine, f"{tmp_path}/{name}")
    assert status == 400
    assert said["error"]["code"] == "bad-picture"
    assert said["error"]["next_step"]


def test_only_whole_paths_are_taken(engine):
    status, said = ask(engine, "here.png")
    assert (status, said["error"]["code"]) == (400, "bad-request")
