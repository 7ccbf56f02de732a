"""Batches through the client; those of the engine itself are in tests/service."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from patience import patience

import photochrom_client
from photochrom_client import BatchProgress, BatchSettings

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.mark.slow
def test_a_batch_is_started_paused_stopped_resumed_and_found_again(
    engine: photochrom_client.Engine, tmp_path: Path
) -> None:
    scans, colored = tmp_path / "scans", tmp_path / "colored"
    scans.mkdir()
    for number in range(12):
        shutil.copy(PHOTOGRAPH, scans / f"{number}.jpg")
    batch = engine.start_batch(
        [str(scans)], str(colored), BatchSettings(style="calm", format="png", include_color=True)
    )
    assert batch.progress.under_way
    batch.pause()
    assert batch.progress.state in {"paused", "planning"}
    batch.resume()
    batch.stop()
    followed(batch)
    if batch.progress.state == "stopped":  # unless the machine was fast
        batch.resume()
        followed(batch)
    assert batch.progress.state == "done" and batch.progress.done == batch.progress.total == 12
    assert len(list(colored.glob("*.png"))) == 12
    assert engine.batches(str(colored))[0].id == batch.id
    batch.retry()
    followed(batch)
    with pytest.raises(photochrom_client.RequestRefused) as refused:
        engine.start_batch(["relative"], str(colored), BatchSettings())
    assert refused.value.code == "bad-request"


def followed(batch: photochrom_client.Batch) -> None:
    until = time.monotonic() + patience(200)
    while batch.progress.under_way:
        assert time.monotonic() < until, batch.progress
        time.sleep(0.1)
        batch.refresh()


def test_settings_come_back_from_json() -> None:
    settings = BatchSettings("lite", "calm", 0.5, 0.25, "jpeg", True, False, True, "negative")
    assert BatchSettings.from_json(settings.to_json()) == settings
    assert settings.options()["format"] == "jpeg"
    assert BatchSettings().options()["format"] is None


def test_only_who_wants_albums_or_negatives_needs_an_engine_that_knows_them() -> None:
    assert not {"album", "original"} & BatchSettings().options().keys()
    assert BatchSettings(album=True).options()["album"] is True
    assert BatchSettings(original="negative").options()["original"] == "negative"
    said = dict.fromkeys(BatchProgress._fields, 0) | {"state": "running", "report": "", "error": None}
    del said["looked"]
    assert BatchProgress.of(said).looked is None


@pytest.mark.parametrize(
    "stored",
    [
        *("", "[]", "null"),
        '{"style": "loud", "original": "slide", "format": "exe", "chroma": "much", "mark": 1}',
        '{"chroma": 99, "new": 1}',
    ],
)
def test_damaged_settings_are_the_defaults(stored: str) -> None:
    assert BatchSettings.from_json(stored) == BatchSettings()


def test_progress_of_a_later_engine_with_more_to_say_is_read() -> None:
    said = dict.fromkeys(BatchProgress._fields, 0) | {"state": "failed", "report": "", "batch": "1", "more": 1}
    progress = BatchProgress.of(said | {"error": {"cause": "It went wrong.", "next_step": "Try.", "code": "odd"}})
    assert not progress.under_way
    assert progress.error is not None and progress.error.code == "odd"
