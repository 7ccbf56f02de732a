"""`photochrom batch --deposit` and `--c2pa` as people and scripts meet them: on new, finished and killed batches."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import bagit
import c2pa
import pytest
import pyvips
from batch.deposit.conftest import contents
from batch.test_content_credentials import signer

from .conftest import PHOTOGRAPH, start


@pytest.fixture
def box(tmp_path):
    """Three small photographs, two in a folder."""
    small = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0].resize(1 / 8)
    for number, name in enumerate(("one.jpg", "roll/two.png", "roll/three.tif")):
        path = tmp_path / "box" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (small * (1 - 0.1 * number)).cast("uchar").copy(interpretation="b-w").write_to_file(str(path))
    return tmp_path / "box"


def test_a_deposit_of_a_new_batch(run, box, tmp_path):
    done = run("batch", box, "-o", tmp_path / "out", "--deposit", "--deposit-url", "https://archive.example/17")
    assert done.code == 0
    assert f"the deposit of 3 results is {tmp_path / 'out' / 'deposit'}." in done.err
    bagit.Bag(str(tmp_path / "out" / "deposit")).validate()
    listed = json.loads((tmp_path / "out" / "deposit" / "data" / "iiif" / "collection.json").read_text())
    assert listed["id"] == "https://archive.example/17/data/iiif/collection.json"


def test_a_deposit_of_a_finished_batch_colorizes_nothing(run, box, tmp_path):
    out = tmp_path / "out"
    run("batch", box, "-o", out, "--no-report")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.*") if path.is_file() and ".sq" not in path.name}
    done = run("batch", "--resume", out, "--deposit", "--json", "--no-report")
    assert done.code == 0
    summary, deposit = map(json.loads, done.out.splitlines())
    assert summary["summary"]["done"] == 3
    assert deposit["deposit"] == {"path": str((out / "deposit").resolve()), "results": 3, "out_of_reach": 0}
    assert len(before) == 3
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="sends SIGKILL")
def test_a_killed_run_leaves_a_whole_deposit_or_none(run, box, tmp_path):
    out = tmp_path / "out"
    run("batch", box, "-o", out, "--deposit", "--no-report")
    whole = contents(out / "deposit")
    for delay in (0, 0.02, 0.05, 0.1, 0.2):
        process = start("batch", "--resume", out, "--deposit", "--no-report", stdout=subprocess.DEVNULL)
        while process.poll() is None and not list((out / ".photochrom").glob("deposit-unfinished")):
            time.sleep(0.005)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert contents(out / "deposit") in (whole, None)
    assert run("batch", "--resume", out, "--deposit", "--no-report").code == 0
    assert contents(out / "deposit") == whole
    assert not list((out / ".photochrom").glob("deposit-*"))


def test_an_address_needs_a_deposit(run, box, tmp_path):
    assert run("batch", box, "-o", tmp_path / "out", "--deposit-url", "https://archive.example").code == 2
    assert run("batch", box, "-o", tmp_path / "out", "--deposit", "--deposit-url", "archive.example").code == 2
    assert not (tmp_path / "out").exists()


def test_results_are_signed_and_stay_so_when_resumed(run, box, tmp_path, monkeypatch):
    key, chain = signer(tmp_path)
    out = tmp_path / "out"
    monkeypatch.chdir(tmp_path)
    done = run("batch", box / "roll", "-o", out, "--c2pa", "key.pem", "chain.pem", "--deposit")
    assert done.code == 0
    (tmp_path / "list").write_text('{"result": "two.png", "mark": "redo", "style": "calm"}\n')
    monkeypatch.chdir(box)
    assert run("batch", "--resume", out, "--redo", tmp_path / "list", "--deposit").code == 0
    for name, suffix in (("two", "png"), ("three", "tif")):
        path = out / f"{name}.{suffix}"
        with c2pa.Reader(str(path)) as reader:
            found = json.loads(reader.json())
        parent = found["manifests"][found["active_manifest"]]["ingredients"][0]
        assert (found["validation_state"], parent["title"]) == ("Valid", path.name)
        assert run("verify", path, "--scan", box / "roll" / path.name).code == 0
    data = out / "deposit" / "data"
    assert "digital signature generation" in (data / "premis-events.csv").read_text()
    assert "key.pem" not in (data / "manifest.jsonl").read_text()
    assert str(chain) in (data / "manifest.jsonl").read_text()
    assert key.name == "key.pem"


def test_a_key_that_cannot_sign_begins_no_batch(run, box, tmp_path):
    key, chain = signer(tmp_path)
    key.write_text("no key")
    done = run("batch", box, "-o", tmp_path / "out", "--c2pa", key, chain)
    assert (done.code, "cannot sign" in done.err) == (2, True)
    assert not (tmp_path / "out").exists()


def test_a_key_that_is_gone_stops_a_resumed_run_before_any_work(run, box, tmp_path):
    from photochrom.batch.content_credentials import credentials

    key, chain = signer(tmp_path)
    out = tmp_path / "out"
    run("batch", box / "one.jpg", "-o", out, "--c2pa", key, chain)
    key.rename(tmp_path / "away.pem")
    credentials.cache_clear()
    done = run("batch", "--resume", out)
    assert (done.code, f"{key} cannot be read" in done.err) == (2, True)
