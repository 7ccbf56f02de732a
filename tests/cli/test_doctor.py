"""`photochrom doctor`."""

from __future__ import annotations

import json


def test_doctor_prints_each_check_and_ends_with_1_where_one_fails(run, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path / "run"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "GIMP3_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    as_text, as_json = run("doctor"), run("doctor", "--json")
    checks = {check["check"]: check for check in map(json.loads, as_json.out.splitlines())}
    assert checks["engine"]["good"] and checks["model lite"]["good"]
    assert not checks["editors"]["good"] and checks["editors"]["next_step"] in as_text.out
    assert as_text.code == as_json.code == 1
