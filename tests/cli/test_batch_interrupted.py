"""`photochrom batch` interrupted, by people, signals, disks and folders, and resumed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import pyvips
from photochrom.batch import publishing

from . import conftest
from .conftest import PHOTOGRAPH, results


def start(*words, **options):
    return conftest.start("batch", *words, text=True, **options)


@pytest.fixture
def many(tmp_path, write):
    for number in range(40):
        write(tmp_path / "many" / f"{number:02}.jpg", number)
    return tmp_path / "many"


def test_ctrl_c_finishes_what_is_in_hand(run, many, tmp_path):
    out = tmp_path / "out"
    process = start(many, "-o", out, "--jobs", 2)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Ctrl-C again stops at once" in errors
    assert f"photochrom batch --resume {out}" in errors
    done = results(out)
    assert len(done) == len(said.splitlines()) + 1 < 40
    assert not list((out / publishing.HIDDEN).glob("work-*"))
    rest = run("batch", "--resume", out)
    assert rest.code == 0
    assert len(rest.out.splitlines()) + len(done) == 40
    assert len(results(out)) == 40


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
def test_ctrl_c_in_a_terminal_does_not_reach_workers(run, many, tmp_path):
    out = tmp_path / "out"
    process = start(many, "-o", out, "--jobs", 2, start_new_session=True)
    while not list((out / publishing.HIDDEN).glob("work-*")):
        time.sleep(0.01)
    for _ in range(5):  # while they start
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGINT)
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert " 0 failed." in errors
    assert run("batch", "--resume", out).code == 0


def test_a_second_ctrl_c_stops_at_once(many, tmp_path):
    process = start(many, "-o", tmp_path / "out", "--jobs", 2)
    process.stdout.readline()
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    _, errors = process.communicate(timeout=60)
    assert process.returncode in {130, -signal.SIGINT}  # the latter where Python itself was ending already
    assert "--resume" in errors


TOO_MANY = """
import signal, sys
from photochrom import cli
from photochrom.batch.journal import Journal
from photochrom.batch.publishing import Publisher

def publish(self, *words, **facts):
    if not asked:
        asked.append(signal.raise_signal(signal.SIGINT))
    return finish(self, *words, **facts)

def close(journal):
    close_journal(journal)
    if asked:
        raise KeyboardInterrupt

asked = []
finish, Publisher.publish = Publisher.publish, publish
close_journal, Journal.close = Journal.close, close
cli.main()
"""
"""The command with a Ctrl-C while it works, and another one while it closes the journal."""


def test_a_ctrl_c_too_many_while_it_closes_still_says_how_to_resume(many, tmp_path):
    words = ["batch", many, "-o", tmp_path / "out", "--jobs", 1]
    process = conftest.start_python("-c", TOO_MANY, *words, text=True)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"photochrom batch --resume {tmp_path / 'out'}" in errors


def worker_of(process):
    """The number of the process that works for this one."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    (worker,) = (each for each in children if "spawn_main" in Path(f"/proc/{each}/cmdline").read_text())
    return int(worker)


def wait_until_running(out, name):
    with closing(sqlite3.connect(publishing.journal_path(out))) as journal:
        query = "SELECT source FROM files WHERE state = 'running'"
        while not any(source.endswith(name) for (source,) in journal.execute(query).fetchall()):
            time.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
def test_a_worker_that_dies_fails_one_file(many, tmp_path):
    out = tmp_path / "out"
    pyvips.Image.new_from_file(str(PHOTOGRAPH)).resize(6).write_to_file(str(many / "01.jpg"))  # takes a while
    process = start(many, "-o", out, "--jobs", 1)
    process.stdout.readline()
    wait_until_running(out, "01.jpg")
    os.kill(worker_of(process), signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "39 done, 1 failed" in errors
    assert f"{many / '01.jpg'}: the process that worked on it ended unexpectedly" in errors


def test_one_run_at_a_time(run, many, tmp_path):
    process = start(many, "-o", tmp_path / "out", "--jobs", 2)
    process.stdout.readline()
    done = run("batch", "--resume", tmp_path / "out")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert (done.code, "Another batch is running" in done.err) == (2, True)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a small file system")
def test_a_full_disk_stops_the_run_and_loses_nothing(run, many, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", out], check=False).returncode:
        pytest.skip("may not mount")
    try:
        full = run("batch", many, "-o", out)
        assert full.code == 4
        assert "resume" in full.err
        subprocess.run(["mount", "-o", "remount,size=30m", out], check=True)
        done = run("batch", "--resume", out)
        assert (done.code, len(results(out))) == (0, 40)
    finally:
        subprocess.run(["umount", "--lazy", out], check=True)


def test_a_disk_without_room_for_a_journal_is_named_and_holds_the_batch_later(run, box, disk):
    disk.fill()
    full = run("batch", box, "-o", disk.folder / "out")
    assert full.code == 4
    assert "Make room on the disk" in full.err
    disk.free()
    assert run("batch", box, "-o", disk.folder / "out").code == 1
    assert len(results(disk.folder / "out")) == 2


def test_an_input_that_is_gone_stops_the_run_and_loses_nothing(run, many, tmp_path):
    out, away = tmp_path / "out", tmp_path / "away"
    process = start(many, "-o", out, "--jobs", 1)
    process.stdout.readline()
    many.rename(away)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 3
    assert f"{many} is gone" in errors
    away.rename(many)
    done = run("batch", "--resume", out)
    assert (done.code, len(results(out))) == (0, 40)


def test_an_output_folder_that_is_gone_stops_the_run_and_loses_nothing(run, many, tmp_path):
    out, away = tmp_path / "out", tmp_path / "away"
    process = start(many, "-o", out, "--jobs", 1)
    process.stdout.readline()
    out.rename(away)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "then resume" in errors
    shutil.rmtree(out, ignore_errors=True)
    away.rename(out)
    done = run("batch", "--resume", out)
    assert (done.code, len(results(out))) == (0, 40)
