"""The engine fetched by a plug-in: whole or not at all, and continued where it was interrupted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import SOURCES
from publisher import archive, publishing

from photochrom_client import Cancelled
from photochrom_client.fetch import LOCK, fetch, part_of
from photochrom_client.finding import command_of, fetched_program
from photochrom_client.places import data_folder
from photochrom_client.release import FetchFailed, newest


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "Ann Müller (1)"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    for name in ("XDG_DATA_HOME", "PHOTOCHROM_ENGINE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def publisher(home, tmp_path, monkeypatch):
    (tmp_path / "release").mkdir()
    with publishing(tmp_path / "release") as server:
        monkeypatch.setenv("PHOTOCHROM_RELEASE", server.release)
        server.publish()
        yield server


def go(*_: object) -> bool:
    return True


def asked_ranges(publisher):
    return [asked for path, asked in publisher.asked if path.endswith(".xz")]


def left():
    """Names in the data folder, without the lock's."""
    return sorted(path.name for path in data_folder().iterdir() if path.name != LOCK)


def test_fetched_engine_runs_is_found_and_nothing_else_stays(publisher, home):
    told: list[tuple[float, str]] = []
    program = fetch(newest(), lambda fraction, message: told.append((fraction, message)))
    assert subprocess.run([program, "--version"], capture_output=True, check=True).stdout == b"photochrom 1.2.3\n"
    assert command_of(home / "plug-in of an archive") == [str(program), "serve"]
    assert left() == ["engine"]
    assert (program.parent / "_internal" / "link").read_bytes() == (program.parent / "_internal" / "data").read_bytes()
    assert not os.access(program.parent / "_internal" / "data", os.X_OK)
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions) and fractions[-1] == pytest.approx(1, abs=0.05)
    assert all(message for _, message in told)


def test_cut_connection_is_continued_where_it_ended(publisher):
    bundle = newest()
    publisher.behavior = "cuts"
    with pytest.raises(FetchFailed) as error:
        fetch(bundle, go)
    assert "continues" in error.value.next_step
    have = part_of(bundle).stat().st_size
    assert 0 < have < bundle.size
    publisher.behavior = "good"
    fetch(bundle, go)
    assert asked_ranges(publisher) == ["", f"bytes={have}-"]
    assert left() == ["engine"]


def test_cancelled_download_stops_at_once_and_is_continued(publisher):
    bundle = newest()
    told: list[float] = []

    def stop(fraction: float, _message: str) -> bool:
        told.append(fraction)
        return len(told) < 2

    with pytest.raises(Cancelled):
        fetch(bundle, stop)
    assert len(told) == 2 and not fetched_program().exists()
    fetch(bundle, go)
    assert asked_ranges(publisher)[1].startswith("bytes=")


def test_server_without_ranges_begins_anew(publisher):
    bundle = newest()
    publisher.behavior = "cuts"
    with pytest.raises(FetchFailed):
        fetch(bundle, go)
    publisher.behavior = "no ranges"
    assert fetch(bundle, go).exists()


def test_finished_download_is_not_asked_for_again(publisher):
    bundle = newest()
    data_folder().mkdir(parents=True)
    shutil.copy(next(publisher.folder.glob("*.xz")), part_of(bundle))
    fetch(bundle, go)
    assert asked_ranges(publisher) == []


def test_file_with_another_hash_is_refused_and_removed(publisher):
    publisher.publish(sha256="0" * 64)
    with pytest.raises(FetchFailed) as error:
        fetch(newest(), go)
    assert "SHA-256" in error.value.cause and "removed" in error.value.next_step
    assert left() == []


def test_wrong_bytes_kept_from_before_are_found(publisher):
    bundle = newest()
    data_folder().mkdir(parents=True)
    part_of(bundle).write_bytes(b"x" * 1000)
    with pytest.raises(FetchFailed, match="SHA-256"):
        fetch(bundle, go)
    assert fetch(bundle, go).exists()


def test_longer_file_than_published_is_refused(publisher):
    (path,) = publisher.folder.glob("*.xz")
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + b"more" * 100_000)
    publisher.publish()
    manifest = json.loads((publisher.folder / "release.json").read_text())
    for bundle in manifest["bundles"]:
        bundle["size"] = size
    (publisher.folder / "release.json").write_text(json.dumps(manifest))
    with pytest.raises(FetchFailed, match="SHA-256"):
        fetch(newest(), go)
    assert left() == []


def test_only_one_fetches_at_a_time(publisher):
    bundle = newest()
    refused: list[FetchFailed] = []

    def fetch_again(_fraction: float, _message: str) -> None:
        with pytest.raises(FetchFailed) as error:
            fetch(bundle, go)
        refused.append(error.value)

    fetch(bundle, fetch_again)
    assert left() == ["engine"] and len(asked_ranges(publisher)) == 1
    assert "already" in refused[0].cause and "open it again" in refused[0].next_step
    fetch(bundle, go)


def test_what_a_killed_fetch_has_unpacked_is_removed_by_the_next_one(publisher):
    fetch(newest(), go)
    code = """
import os
from photochrom_client.fetch import fetch
from photochrom_client.release import newest

fetch(newest(), lambda fraction, _message: fraction < 0.95 or os._exit(9))
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(SOURCES)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 9
    assert any(name.endswith(".unpacking") for name in left()) and fetched_program().exists()
    own = data_folder() / "engine-of-mine"
    own.mkdir()
    fetch(newest(), go)
    assert left() == ["engine", own.name]


def test_engine_that_does_not_run_here_does_not_replace_one_that_does(publisher):
    fetch(newest(), go)
    (path,) = publisher.folder.glob("*.xz")
    archive(path, program="#!/bin/sh\necho wrong libc >&2\nexit 1\n")
    publisher.publish()
    with pytest.raises(FetchFailed) as error:
        fetch(newest(), go)
    assert "wrong libc" in error.value.cause and "pip install" in error.value.next_step
    assert b"1.2.3" in subprocess.run([fetched_program(), "--version"], capture_output=True, check=True).stdout


def test_newer_engine_replaces_an_older_one_whole(publisher):
    fetch(newest(), go)
    (fetched_program().parent / "left-over").touch()
    (path,) = publisher.folder.glob("*.xz")
    archive(path, padding=2_000_000)
    publisher.publish(unpacked=2_100_000)
    fetch(newest(), go)
    assert sorted(entry.name for entry in fetched_program().parent.iterdir()) == ["_internal", "photochrom"]
    assert left() == ["engine"]


@pytest.fixture
def small_disk(tmp_path, monkeypatch):
    """The data folder on a disk of its own, with 2.5 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2500k", "tmpfs", place], check=False)
    if mounted.returncode:
        pytest.skip("may not mount a small disk here")
    monkeypatch.setenv("XDG_DATA_HOME", str(place))
    yield place
    subprocess.run(["umount", place], check=True)


def test_full_disk_is_said_before_and_during(publisher, small_disk):
    publisher.publish(unpacked=4_000_000)
    with pytest.raises(FetchFailed, match="must be free"):
        fetch(newest(), go)
    assert asked_ranges(publisher) == []
    publisher.publish()
    bundle = newest()

    def fill(_fraction: float, _message: str) -> None:
        (small_disk / "others").write_bytes(b"x" * 1_000_000)

    with pytest.raises(FetchFailed) as error:
        fetch(bundle, fill)
    assert "full" in error.value.cause and "continues" in error.value.next_step
    assert not fetched_program().exists()
    (small_disk / "others").unlink()
    assert fetch(bundle, go).exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_may_not_be_written_is_an_error_in_words(publisher, home):
    Path(home).chmod(0o500)
    with pytest.raises(FetchFailed, match="cannot be written"):
        fetch(newest(), go)
