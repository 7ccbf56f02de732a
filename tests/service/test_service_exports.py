"""Files for other programs, written by the engine from those of an editor."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from living import Living
from photochrom.image import marking
from photochrom.image.picture import open_picture
from PIL import Image


@pytest.fixture
def pair(tmp_path: Path) -> dict[str, str]:
    """A photograph and its color version, as an editor writes them."""
    gray = np.tile(np.arange(64, dtype=np.uint8), (48, 1))
    files = {}
    for name, samples in (("photograph", (gray, gray, gray)), ("colored", (gray, gray // 2, gray))):
        files[name] = str(tmp_path / f"{name} Müller.png")
        Image.fromarray(np.dstack(samples)).save(files[name])
    return files


def export(engine: Living, **wish: object) -> tuple[int, list[dict[str, object]]]:
    with engine.client() as client:
        answer = client.post("/v1/exports", json=wish)
    return answer.status_code, [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("suffix", ["ora", "psd", "tif"])
def test_file_for_another_program_is_written_with_its_note(engine, tmp_path, pair, suffix):
    out = tmp_path / f"out.{suffix}"
    out.write_text("an older file")
    status, events = export(engine, **pair, output=str(out), colorizer="people, lite")
    assert (status, events[-1]["state"]) == (200, "done")
    if suffix == "psd":
        assert b"Photochrom, colorizers people, lite" in out.read_bytes()
    else:
        assert marking.read(out).ai_system_used == "Photochrom, colorizers people, lite"
    if suffix != "ora":
        assert np.array_equal(open_picture(out).pixels().numpy(), np.asarray(Image.open(pair["colored"])))
    export(engine, **pair, output=str(out), mark=False)
    assert b"Photochrom, " not in out.read_bytes()


def test_what_cannot_be_exported_is_refused_and_leaves_the_old_file(engine, tmp_path, pair):
    out = tmp_path / "out.psd"
    out.write_text("an older file")
    status, (said,) = export(engine, **pair, output="here.psd")
    assert (status, said["error"]["code"]) == (400, "bad-request")
    status, events = export(engine, **{**pair, "photograph": str(tmp_path / "missing.png")}, output=str(out))
    assert (status, events[-1]["state"], events[-1]["error"]["code"]) == (200, "failed", "bad-picture")
    Image.new("RGB", (9, 9)).save(pair["photograph"])
    _status, events = export(engine, **pair, output=str(out))
    assert events[-1]["error"]["code"] == "bad-request"
    assert out.read_text() == "an older file"
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(
        [*map(lambda each: Path(each).name, pair.values()), "out.psd"]
    )
