"""The doctor finds what is wrong, and its own life never depends on it."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys

import photochrom
import pytest
from checkout import PYTHONPATH
from photochrom import doctor
from routers import make_router

from photochrom_client.protocol import PROTOCOL
from photochrom_client.runtime_file import RuntimeFile


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The runtime folder."""
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def finding(name):
    return next(each for each in doctor.checks() if each.name == name)


def test_every_shipped_model_is_tried():
    assert finding("model lite").good


def test_precision_is_said_and_another_one_is_warned_of(monkeypatch):
    monkeypatch.delenv("PHOTOCHROM_PRECISION", raising=False)
    assert (finding("precision").good, finding("precision").found) == (True, "models compute in float32")
    monkeypatch.setenv("PHOTOCHROM_PRECISION", "float128")
    unknown = finding("precision")
    assert not unknown.good and "'float128'" in unknown.found and unknown.next_step
    monkeypatch.setenv("PHOTOCHROM_PRECISION", "bf16")
    forced = finding("precision")
    assert forced.good == ("float32" in forced.found)
    assert forced.good or "Unset PHOTOCHROM_PRECISION" in forced.next_step


def test_a_model_file_that_was_changed_is_found(own_models):
    weights = own_models / "lite" / "lite.bin"
    weights.write_bytes(weights.read_bytes()[:-1])
    found = finding("model lite")
    assert not found.good
    assert found.next_step


def test_a_network_that_the_runtime_cannot_read_is_found(own_models):
    from hashlib import sha256

    (own_models / "lite" / "lite.xml").write_text("<net/>")
    card = own_models / "lite" / "card.json"
    values = json.loads(card.read_text())
    values["files"]["lite.xml"] = sha256(b"<net/>").hexdigest()
    card.write_text(json.dumps(values))
    found = finding("model lite")
    assert not found.good
    assert "cannot read the network of lite" in found.found
    assert found.next_step


def test_no_models_at_all_is_found(own_models):
    for folder in own_models.iterdir():
        shutil.rmtree(folder)
    assert not finding("models").good


def test_a_damaged_router_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path))
    make_router(tmp_path / "router")
    weights = tmp_path / "router" / "router.bin"
    assert finding("router").good
    weights.write_bytes(weights.read_bytes()[:-1])
    found = finding("router")
    assert not found.good
    assert "router.bin" in found.found
    assert found.next_step


def test_an_engine_that_runs_is_asked_for_its_version(folder, tmp_path):
    environment = {"PYTHONPATH": PYTHONPATH, "PHOTOCHROM_RUNTIME_DIR": str(folder), "HOME": str(tmp_path)}
    engine = subprocess.Popen(
        [sys.executable, "-m", "photochrom", "serve"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert "listens" in engine.stdout.readline()
        assert f"version {photochrom.__version__} runs as process {engine.pid}" in finding("service").found
    finally:
        engine.terminate()
        engine.communicate(timeout=30)
    assert "not running" in finding("service").found


@pytest.mark.parametrize(
    "left", ["{", "{}", '{"pid": 1}', "[]", json.dumps(RuntimeFile(1, "x", 1, "0", PROTOCOL)._asdict())]
)
def test_what_a_killed_engine_left_behind_is_no_engine(folder, left):
    (folder / "engine.json").write_text(left)
    found = finding("service")
    assert found.good
    assert "not running" in found.found


def test_an_engine_that_does_not_answer_is_found(folder, monkeypatch):
    monkeypatch.setattr(doctor, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        RuntimeFile(deaf.getsockname()[1], "x", 4711, "0", PROTOCOL).write(folder / "engine.json")
        found = finding("service")
    assert not found.good
    assert "4711" in found.found
    assert found.next_step
