"""Models that are published: listed, and fetched into the store from a server on this machine."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from living import Living, end, ready, run_job, send_layer, spawn
from mirror import Mirror, serving
from photochrom.models import catalog
from photochrom.service.messages import Event

pytestmark = pytest.mark.slow  # engines of its own


NAME = "zhang2016"
CARD = catalog.find(NAME)
LICENSE = {"license": CARD.license}


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    """Where every engine of this module fetches from."""
    folder = tmp_path_factory.mktemp("mirror")
    with serving(folder) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PHOTOCHROM_MIRROR", server.url)
        yield server


@pytest.fixture
def mirror(server: Mirror) -> Mirror:
    """Has a file of the published size for NAME; its content is no checkpoint."""
    file = server.folder / NAME / CARD.checkpoints[0].file
    file.parent.mkdir(exist_ok=True)
    with file.open("wb") as empty:
        empty.truncate(CARD.bytes)
    server.behavior = "good"
    server.asked.clear()
    server.left.clear()
    return server


def fetch(engine: Living, name: str = NAME) -> list[dict[str, object]]:
    """All events of a fetch."""
    with engine.client() as client:
        answer = client.post(f"/v1/models/{name}/fetch", json={"license": catalog.find(name).license})
    assert answer.status_code == 200, answer.text
    events = [json.loads(line) for line in answer.text.splitlines()]
    for event in events:
        Event.model_validate(event)
    return events


def refusal(engine: Living, name: str, acceptance: dict[str, str]) -> tuple[int, str, str]:
    """Status, code and all texts for people."""
    with engine.client() as client:
        answer = client.post(f"/v1/models/{name}/fetch", json=acceptance)
    error = answer.json()["error"]
    return answer.status_code, error["code"], f"{error['cause']} {error['next_step']}"


def state(engine: Living, name: str = NAME) -> dict[str, object]:
    with engine.client() as client:
        return next(each for each in client.get("/v1/models").json() if each["name"] == name)


def installed(engine: Living) -> list[str]:
    """The models in the engine's store."""
    return [path.parent.name for path in (engine.base / "models").glob("*/card.json")]


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    end_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end_at
        time.sleep(0.02)


def test_every_published_model_is_listed_with_its_terms(engine: Living) -> None:
    with engine.client() as client:
        listed = client.get("/v1/models").json()
    assert [each["name"] for each in listed] == [each.name for each in catalog.published()]
    found = next(each for each in listed if each["name"] == NAME)
    assert found == {
        "name": NAME,
        "kind": "colorizer",
        "good_at": CARD.good_at,
        "license": CARD.license,
        "weights_license": CARD.weights_license,
        "bytes": CARD.checkpoints[0].bytes,
        "size": "129 MB",
        "fetch": True,
        "why_not": "",
        "installed": False,
    }


def test_fetch_needs_the_license_that_was_shown(mirror: Mirror, engine: Living) -> None:
    assert refusal(engine, NAME, {})[:2] == (422, "invalid")
    status, code, said = refusal(engine, NAME, {"license": "MIT"})
    assert (status, code) == (409, "license")
    assert CARD.license in said
    assert not mirror.asked


def test_unknown_model_is_refused(engine: Living) -> None:
    assert refusal(engine, "nobody", LICENSE)[:2] == (404, "model-missing")


@pytest.mark.parametrize("name", [each.name for each in catalog.published() if not each.fetch])
def test_model_without_a_download_gives_the_reason_and_the_alternative(engine: Living, name: str) -> None:
    model = catalog.find(name)
    status, code, said = refusal(engine, name, {"license": model.license})
    assert (status, code) == (409, "not-fetchable")
    assert model.why_not in said
    assert "photochrom models import" in said


def test_closing_the_connection_stops_the_fetch(mirror: Mirror, engine: Living) -> None:
    mirror.behavior = "stalls"
    with engine.client() as client:
        with client.stream("POST", f"/v1/models/{NAME}/fetch", json=LICENSE) as answer:
            assert answer.headers["content-type"].startswith("application/x-ndjson")
            lines = answer.iter_lines()
            until(lambda: json.loads(next(lines))["progress"] > 0)
            began = time.monotonic()
            for _ in range(2):
                next(lines)  # while the server is silent, we are not
            assert time.monotonic() - began < 20
            assert refusal(engine, NAME, LICENSE)[:2] == (409, "under-way")
        with client.stream("POST", f"/v1/models/{NAME}/fetch", json=LICENSE) as again:
            assert again.status_code == 200, again.read()
            lines = again.iter_lines()
            until(lambda: json.loads(next(lines))["progress"] > 0)
            assert mirror.left.is_set()
            assert f"fetch of {NAME} cancelled" in engine.log
    until(lambda: engine.log.count(f"fetch of {NAME} cancelled") == 2)
    assert not installed(engine)


def test_dropped_connection_is_reported(mirror: Mirror, engine: Living) -> None:
    mirror.behavior = "breaks"
    *earlier, last = fetch(engine)
    assert last["state"] == "failed"
    assert isinstance(last["error"], dict)
    assert last["error"]["code"] == "download-failed"
    assert mirror.url in last["error"]["cause"] and last["error"]["next_step"]
    assert {each["state"] for each in earlier} <= {"waiting", "running"}
    assert not installed(engine)
    assert not state(engine)["installed"]


def test_other_file_of_the_same_size_is_not_installed(mirror: Mirror, engine: Living) -> None:
    last = fetch(engine)[-1]
    assert isinstance(last["error"], dict)
    assert "is not the file that was published" in last["error"]["cause"]
    assert not installed(engine)


def test_ending_engine_stops_its_fetches(mirror: Mirror, start: Callable[..., Living]) -> None:
    engine = start()
    mirror.behavior = "stalls"
    with engine.client() as client, client.stream("POST", f"/v1/models/{NAME}/fetch", json=LICENSE) as answer:
        lines = answer.iter_lines()
        until(lambda: json.loads(next(lines))["progress"] > 0)
        engine.process.send_signal(signal.SIGTERM)
        assert engine.process.wait(60) == 0
        assert mirror.left.is_set()


OWN_CATALOG = """
from pathlib import Path
from photochrom import service
from photochrom.models import catalog
catalog.folder = lambda: Path({folder!r})
service.run()
"""

WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
from photochrom import service
service.run()
"""


def test_missing_extra_is_reported_before_anything_is_downloaded(mirror: Mirror, tmp_path: Path) -> None:
    process = spawn(tmp_path, code=WITHOUT_TORCH)
    try:
        last = fetch(ready(tmp_path, process))[-1]
    finally:
        end(process)
    assert isinstance(last["error"], dict)
    assert last["error"]["code"] == "extra-missing"
    assert "torch" in last["error"]["cause"]
    assert "photochrom[pool]" in last["error"]["next_step"]
    assert not mirror.asked


def test_fetched_colorizer_can_be_asked_for_at_once(mirror: Mirror, tmp_path: Path) -> None:
    """Random weights in the published layout; so the card in the engine's catalog has no hash."""
    import torch
    from photochrom.colorizers.zhang2016_network import Zhang2016

    (checkpoint,) = CARD.details["checkpoints"]
    unhashed = {**CARD.details, "checkpoints": [{**checkpoint, "bytes": None, "sha256": None}]}
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / f"{NAME}.json").write_text(json.dumps(unhashed))
    torch.save(Zhang2016().state_dict(), mirror.folder / NAME / checkpoint["file"])
    process = spawn(tmp_path, code=OWN_CATALOG.format(folder=str(tmp_path / "catalog")))
    try:
        engine = ready(tmp_path, process)
        events = fetch(engine)
        assert events[-1]["state"] == "done", events[-1]
        progress = [event["progress"] for event in events]
        assert progress == sorted(progress)
        assert state(engine)["installed"]
        assert refusal(engine, NAME, LICENSE)[:2] == (409, "installed")
        with engine.client() as client:
            titles = {each["name"]: each["title"] for each in client.get("/v1/colorizers").json()}
            _, job = run_job(client, send_layer(client, 64, 48), colorizer=NAME)
        assert titles[NAME] == f"{NAME}: {CARD.good_at}"
        assert (job[-1]["state"], job[-1]["colorizer"]) == ("done", NAME)
    finally:
        end(process)
