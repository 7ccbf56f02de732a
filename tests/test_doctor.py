"""The doctor finds what is wrong, and survives it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys

import photochrom
import pytest
from checkout import PYTHONPATH
from photochrom import doctor
from routers import make_router

from photochrom_client import lock
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


def test_precision_is_shown_with_a_warning_for_another_one(monkeypatch):
    monkeypatch.delenv("PHOTOCHROM_PRECISION", raising=False)
    assert (finding("precision").good, finding("precision").found) == (True, "models compute in float32")
    monkeypatch.setenv("PHOTOCHROM_PRECISION", "float128")
    unknown = finding("precision")
    assert not unknown.good and "'float128'" in unknown.found and unknown.next_step
    monkeypatch.setenv("PHOTOCHROM_PRECISION", "bf16")
    forced = finding("precision")
    assert forced.good == ("float32" in forced.found)
    assert forced.good or "Unset PHOTOCHROM_PRECISION" in forced.next_step


def test_a_changed_model_file_is_reported(own_models):
    weights = own_models / "lite" / "lite.bin"
    weights.write_bytes(weights.read_bytes()[:-1])
    found = finding("model lite")
    assert not found.good
    assert found.next_step


def test_a_network_that_the_runtime_cannot_read_is_reported(own_models):
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


def test_missing_models_are_reported(own_models):
    for folder in own_models.iterdir():
        shutil.rmtree(folder)
    assert not finding("models").good


def test_a_damaged_router_is_reported(tmp_path, monkeypatch):
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


def test_an_engine_that_does_not_answer_is_reported(folder, held, monkeypatch):
    monkeypatch.setattr(doctor, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        RuntimeFile(deaf.getsockname()[1], "x", 4711, "0", PROTOCOL).write(folder / "engine.json")
        found = finding("service")
    assert not found.good
    assert "4711" in found.next_step


def test_an_engine_that_editors_cannot_reach_is_found(folder, held):
    found = finding("service")
    assert not found.good
    assert "photochrom stop" in found.next_step


@pytest.fixture
def held(folder):
    """Some engine holds the lock."""
    file = os.open(folder / lock.NAME, os.O_RDWR | os.O_CREAT, 0o600)
    assert lock.take(file)
    yield
    os.close(file)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HOME/scans: gone", "~/scans: gone"),
        ("HOMEwork/scans", "HOMEwork/scans"),
        ("/media/ann/disk", "/media/USER/disk"),
        ("/srv/annex/banner.txt", "/srv/annex/banner.txt"),
        ("'/home/Bo Müller/x.tif'", "'/home/USER/x.tif'"),
        ("/Users/bo", "/Users/USER"),
        (r"C:\Users\Bo M\x.tif", r"C:\Users\USER\x.tif"),
    ],
)
def test_no_user_s_name_is_in_a_report(text, expected, tmp_path, monkeypatch):
    home = tmp_path / "house"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LOGNAME", "ann")
    assert doctor.without_names(text.replace("HOME", str(home))) == expected.replace("HOME", str(home))


def test_report_has_every_check_the_system_and_the_log(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "GIMP3_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    log = tmp_path / ".local" / "state" / "photochrom" / "engine.log"
    log.parent.mkdir(parents=True)
    log.write_text("first\n" + "middle\n" * doctor.LOG_LINES + f"engine ends, {tmp_path}/scans\n")
    said = doctor.report()
    assert all(check.name in said for check in doctor.checks())
    assert f"photochrom {photochrom.__version__}" in said and "CPUs" in said
    assert "engine ends, ~/scans" in said and "first" not in said and str(tmp_path) not in said
