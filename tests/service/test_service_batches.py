"""Batches in real engines: followed, paused, stopped, killed, and resumed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import pyvips
from living import Living, end, ready, run_job, send_layer, spawn
from patience import patience
from photochrom.batch.processes import default_jobs

pytestmark = pytest.mark.slow  # engines of its own

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"
MANY = 24


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of gray photographs, one of them damaged, and one in color."""
    folder = tmp_path_factory.mktemp("scans")
    gray = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0]
    for number in range(MANY):
        scan = (gray * (1 - 0.01 * number)).cast("uchar").copy(interpretation="b-w")
        scan.write_to_file(str(folder / f"{number:02}.png"))
    (folder / "damaged.png").write_bytes((folder / "00.png").read_bytes()[:2000])
    pyvips.Image.new_from_file(str(Path(__file__).parents[2] / "docs" / "sheet.jpg")).write_to_file(
        str(folder / "in color.jpg")
    )
    return folder


def begin(client: httpx.Client, scans: Path, output: Path, **wish: object) -> dict[str, Any]:
    answer = client.post("/v1/batches", json={"inputs": [str(scans)], "output": str(output), **wish})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def progress(client: httpx.Client, batch: dict[str, Any]) -> dict[str, Any]:
    answer = client.get(f"/v1/batches/{batch['batch']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def tell(client: httpx.Client, batch: dict[str, Any], what: str) -> dict[str, Any]:
    answer = client.post(f"/v1/batches/{batch['batch']}/{what}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def until(client: httpx.Client, batch: dict[str, Any], condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Waits until the batch's progress is so."""
    latest = time.monotonic() + patience(240)
    while time.monotonic() < latest:
        now = progress(client, batch)
        if condition(now):
            return now
        time.sleep(0.1)
    raise AssertionError(now)


def at_rest(client: httpx.Client, batch: dict[str, Any]) -> dict[str, Any]:
    """Its progress once that has been the same for longer than a photograph takes."""
    before, now = None, progress(client, batch)
    while before != now:
        time.sleep(patience(3))
        before, now = now, progress(client, batch)
    return now


def over(now: dict[str, Any]) -> bool:
    return now["state"] in {"done", "stopped", "failed"}


def begun(now: dict[str, Any]) -> bool:
    return bool(now["done"] >= 2)


def test_a_batch_goes_on_without_a_follower_to_its_report(engine: Living, scans: Path, tmp_path: Path) -> None:
    with engine.client() as client:
        batch = begin(client, scans, tmp_path / "colored", format="jpeg", style="calm")
        running = until(client, batch, lambda now: now["seconds_left"] is not None)
        assert running["state"] == "running" and running["total"] == MANY + 2 and running["file"]
        assert running["seconds_left"] > 0
        done = until(client, batch, over)
        counts = {name: done[name] for name in ("state", "total", "done", "failed", "skipped", "error")}
        assert counts == {
            **{"state": "done", "total": MANY + 2, "done": MANY, "failed": 1, "skipped": 1},
            "error": None,
        }
        assert done["report"] == str(tmp_path / "colored" / "report.html")
        assert "damaged.png" in Path(done["report"]).read_text(encoding="utf-8")
        assert len(list((tmp_path / "colored").glob("*.jpeg"))) == MANY
        (listed, *_) = client.get("/v1/batches").json()
        assert listed["batch"] == batch["batch"] and listed["state"] == "done"

        again = begin(client, scans, tmp_path / "colored", format="jpeg", style="calm")
        assert again["batch"] == batch["batch"]
        assert until(client, again, over)["done"] == MANY
        retried = tell(client, batch, "retry")
        assert until(client, retried, over)["failed"] == 1


def test_pause_stop_and_resume(engine: Living, scans: Path, tmp_path: Path) -> None:
    with engine.client() as client:
        batch = begin(client, scans, tmp_path / "colored")
        until(client, batch, begun)
        before = tell(client, batch, "pause")
        assert before["state"] == "paused"
        paused = at_rest(client, batch)
        assert paused["state"] == "paused" and paused["seconds_left"] is None
        in_hand = default_jobs()
        assert paused["done"] <= before["done"] + in_hand < MANY

        busy = client.post("/v1/batches", json={"inputs": [str(scans)], "output": str(tmp_path / "other")})
        assert busy.status_code == 409 and busy.json()["error"]["code"] == "under-way"
        assert client.post(f"/v1/batches/{batch['batch']}/retry").status_code == 409

        assert tell(client, batch, "continue")["state"] == "running"
        until(client, batch, lambda now: now["done"] > paused["done"])
        assert tell(client, batch, "stop")["state"] in {"stopping", "stopped"}
        stopped = until(client, batch, over)
        assert stopped["state"] == "stopped" and paused["done"] < stopped["done"] < MANY
        assert len(list((tmp_path / "colored").glob("*.png"))) == stopped["done"]
        (listed, *_) = client.get("/v1/batches", params={"output": str(tmp_path / "colored")}).json()
        assert listed == {**stopped, "file": ""}

        tell(client, batch, "continue")
        assert until(client, batch, over)["done"] == MANY


def test_an_album_is_looked_at_first_which_can_be_paused_too(engine: Living, scans: Path, tmp_path: Path) -> None:
    with engine.client() as client:
        batch = begin(client, scans, tmp_path / "together", album=True)
        until(client, batch, lambda now: (now["looked"] or 0) >= 2)
        tell(client, batch, "pause")
        paused = at_rest(client, batch)
        assert paused["state"] == "paused" and 2 <= paused["looked"] < MANY and paused["done"] == 0
        tell(client, batch, "continue")
        coloring = until(client, batch, begun)
        assert coloring["looked"] is None
        done = until(client, batch, over)
        assert (done["state"], done["done"], done["looked"]) == ("done", MANY, None)
        until(client, begin(client, scans, tmp_path / "alone"), over)
    together, alone = (
        pyvips.Image.new_from_file(str(tmp_path / folder / f"{MANY - 1}.png")) for folder in ("together", "alone")
    )
    assert (together - alone).abs().max() > 0


def test_an_editors_job_is_done_while_a_batch_runs(engine: Living, scans: Path, tmp_path: Path) -> None:
    with engine.client() as client:
        batch = begin(client, scans, tmp_path / "colored")
        until(client, batch, begun)
        layer = send_layer(client, 640, 480)
        for _ in range(3):
            job, events = run_job(client, layer, colorizer="lite", chroma=0.5)
            assert events[-1]["state"] == "done"
            assert len(client.get(f"/v1/jobs/{job}/pixels").content) == 16 * 640 * 480
        assert progress(client, batch)["state"] == "running"
        tell(client, batch, "stop")
        until(client, batch, over)


def test_a_batch_is_resumed_by_the_next_engine(scans: Path, tmp_path: Path) -> None:
    colored = tmp_path / "Ann Müller (1)"
    process = spawn(tmp_path)
    try:
        with ready(tmp_path, process).client() as client:
            batch = begin(client, scans, colored)
            before = until(client, batch, begun)
    finally:
        process.kill()
        process.wait()
    process = spawn(tmp_path)
    try:
        with ready(tmp_path, process).client() as client:
            (offered,) = client.get("/v1/batches").json()
            assert offered["batch"] == batch["batch"] and offered["state"] == "stopped"
            assert before["done"] <= offered["done"] < offered["total"] == MANY + 2
            tell(client, offered, "continue")
            done = until(client, offered, over)
            assert done["done"] == MANY
            assert len(list(colored.glob("*.png"))) == MANY
    finally:
        end(process)


def test_the_engine_ends_at_once_when_told_to_and_nothing_is_lost(scans: Path, tmp_path: Path) -> None:
    process = spawn(tmp_path)
    try:
        with ready(tmp_path, process).client() as client:
            until(client, begin(client, scans, tmp_path / "colored"), begun)
    finally:
        began = time.monotonic()
        end(process)
    assert process.returncode == 0
    assert time.monotonic() - began < 10
    assert not list((tmp_path / "colored" / ".photochrom").glob("work-*"))
    assert json.loads((tmp_path / "state" / "photochrom" / "batches.json").read_text()) == [str(tmp_path / "colored")]


def test_an_engine_with_a_batch_is_not_idle(start: Callable[..., Living], scans: Path, tmp_path: Path) -> None:
    engine = start(f"idle_exit={patience(4)}, unload_after=1.0")
    with engine.client() as client:
        begin(client, scans, tmp_path / "colored")
    assert engine.process.wait(patience(240)) == 0
    assert len(list((tmp_path / "colored").glob("*.png"))) == MANY
    assert (tmp_path / "colored" / "report.html").is_file()


def test_what_cannot_be_done_is_said(engine: Living, scans: Path, tmp_path: Path) -> None:
    with engine.client() as client:
        gone = client.get(f"/v1/batches/{'0' * 16}")
        assert gone.status_code == 404 and gone.json()["error"]["code"] == "batch-gone"
        for path in ("relative", str(tmp_path / "colored\x00")):
            refused = client.post("/v1/batches", json={"inputs": [str(scans)], "output": path})
            assert refused.status_code in {400, 422}
        missing = until(client, begin(client, scans, tmp_path / "colored", colorizer="no-such-thing"), over)
        assert missing["state"] == "failed" and "no-such-thing" in missing["error"]["cause"]
        nothing = until(client, begin(client, tmp_path / "nothing", tmp_path / "colored"), over)
        assert nothing["state"] == "failed" and str(tmp_path / "nothing") in nothing["error"]["cause"]
        assert not (tmp_path / "colored").exists()

        few = tmp_path / "few"
        few.mkdir()
        (few / "one.png").write_bytes((scans / "00.png").read_bytes())
        assert until(client, begin(client, few, tmp_path / "colored"), over)["state"] == "done"
        other = until(client, begin(client, few, tmp_path / "colored", style="calm"), over)
        assert other["state"] == "failed" and "other settings" in other["error"]["cause"]
