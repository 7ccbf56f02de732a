"""How an engine is started: with patience, where another one is in the way."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from photochrom_client import Engine, EngineMissing, EngineNotStarted, connect, connection, lock, start


def test_an_engine_is_started_again_less_and_less_often_while_another_holds_the_lock(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one does whose runtime file is missing: a started one exits at once, and well."""
    (home / "run").mkdir(mode=0o700)
    counted = home / "counted"
    code = f"open({str(counted)!r}, 'a').write('x')"
    monkeypatch.setenv("PHOTOCHROM_ENGINE", shlex.join([sys.executable, "-S", "-c", code]))
    file = os.open(home / "run" / lock.NAME, os.O_RDWR | os.O_CREAT, 0o600)
    assert lock.take(file)
    try:
        with pytest.raises(EngineNotStarted, match="not ready within 3 seconds"):
            connect(home, timeout=3)
    finally:
        os.close(file)
    assert 1 <= len(counted.read_text()) <= 4  # at 0, 0.4, 1.2 and 2.8 s


def test_an_engine_is_started_where_its_output_cannot_be_kept(
    home: Path, plugin_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "file"))
    assert connect(plugin_folder).version


def test_of_an_engine_that_cannot_be_started_the_path_is_said_as_it_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHOTOCHROM_ENGINE", f"'{home}/Büro/photochrom' serve")
    with pytest.raises(EngineMissing) as missing:
        connect(home)
    assert f"({home}/Büro/photochrom)" in missing.value.cause


def test_work_may_take_longer_than_an_engine_s_first_answer(engine: Engine) -> None:
    assert engine._connection._timeout == connection.TIMEOUT > start.ANSWER
