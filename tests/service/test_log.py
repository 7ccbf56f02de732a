"""A log that cannot be written: said once, and the engine works on."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
from pathlib import Path

import pytest
from living import Living, end, ready, run_job, send_layer, spawn
from photochrom.service import log


@pytest.fixture
def loggers():
    """Ours and the web server's, as they were afterwards."""
    both = [log.LOG, logging.getLogger("uvicorn")]
    before = [(each.handlers[:], each.level, each.propagate) for each in both]
    yield both
    for each, (handlers, level, propagate) in zip(both, before, strict=True):
        for handler in set(each.handlers) - set(handlers):
            handler.close()
        each.handlers[:], each.level, each.propagate = handlers, level, propagate


def test_a_log_that_cannot_be_opened_is_said_once(tmp_path: Path, loggers, capsys) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    log.open_log(tmp_path / "state" / "engine.log")
    log.LOG.info("one")
    log.LOG.info("two")
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_said_once(tmp_path: Path, loggers, capsys) -> None:
    path = tmp_path / "engine.log"
    log.open_log(path)
    (handler,) = (each for each in log.LOG.handlers if isinstance(each, log._PrivateHandler))
    whole, handler.stream = handler.stream, open("/dev/full", "w")  # noqa: SIM115  (closed below)
    for number in range(5):
        log.LOG.info("line %d", number)
    with contextlib.suppress(OSError):
        handler.stream.close()
    handler.stream = whole
    said = capsys.readouterr().err
    assert said == f"photochrom: the engine's log cannot be written: {path}: {os.strerror(errno.ENOSPC)}\n"


@pytest.mark.slow
def test_an_engine_without_a_log_works(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "photochrom").write_text("in the way")
    process = spawn(tmp_path)
    try:
        engine: Living = ready(tmp_path, process)
        with engine.client() as client:
            _, events = run_job(client, send_layer(client, 64, 48))
        assert events[-1]["state"] == "done"
    finally:
        end(process)
