"""A batch on a cluster: the results of a local one, byte for byte and once, whatever becomes of its workers."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from photochrom.batch import journal, publishing
from photochrom.batch.report import NAME
from photochrom.batch.report_thumbnails import FOLDER

from .servers import Cluster, cluster, s3_server

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="SIGKILL is there on POSIX systems alone")]

COMMAND = [sys.executable, "-m", "photochrom", "batch"]
EPOCH = {"SOURCE_DATE_EPOCH": "1000000000"}
FILES = 40
WAITS = 240
"""Seconds that a batch takes at most."""


@pytest.fixture(scope="module")
def box(tmp_path_factory):
    """Photographs of three kinds, and one that is damaged."""
    import pyvips

    from .conftest import PHOTOGRAPH

    box = tmp_path_factory.mktemp("scans") / "box"
    gray = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0].resize(0.5).copy_memory()
    for number in range(FILES):
        path = box / f"roll {number % 5}" / f"{number:02}{('.jpg', '.png', '.tif')[number % 3]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        (gray * (1 - 0.01 * number)).cast("uchar").copy(interpretation="b-w").write_to_file(str(path))
    (box / "damaged.jpg").write_bytes((box / "roll 0" / "00.jpg").read_bytes()[:900])
    return box


@pytest.fixture(scope="module")
def local(box, tmp_path_factory):
    """What a batch on one computer gives: the bytes of each result, by its path."""
    out = tmp_path_factory.mktemp("local") / "out"
    done = subprocess.run([*COMMAND, box, "-o", out], env={**os.environ, **EPOCH}, check=False, timeout=WAITS)
    assert done.returncode == 1  # one is damaged
    assert len(results(out)) == FILES
    return results(out)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """What clients of an S3 server need in their environment."""
    with s3_server(tmp_path_factory.mktemp("s3")) as environment:
        yield environment


@pytest.fixture
def bucket(store, box):
    """A bucket that keeps each version of a file, with the photographs in `box`: its file system, and its name."""
    import s3fs

    files = s3fs.S3FileSystem(
        key="key", secret="secret", endpoint_url=store["AWS_ENDPOINT_URL"], use_listings_cache=False
    )
    name = f"archive-{time.monotonic_ns()}"
    files.call_s3("create_bucket", Bucket=name)
    files.call_s3("put_bucket_versioning", Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    files.put(str(box), f"{name}/box", recursive=True)
    return files, name


def certified(home: Path) -> dict[str, str]:
    """The environment of a user who did what the page says about certificates."""
    home.mkdir()
    page = (Path(__file__).parents[2] / "docs" / "cluster.md").read_text(encoding="utf-8")
    (make,) = re.findall(r"^```sh\n(openssl .*?)^```$", page, re.DOTALL | re.MULTILINE)
    (settings,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    environment = {"HOME": str(home), "DASK_CONFIG": str(home / "dask")}
    subprocess.run(["sh", "-ec", make], env={**os.environ, **environment}, check=True, capture_output=True, timeout=60)
    (home / "dask").mkdir()
    settings = settings.replace("/home/ann/", f"{home}/")
    (home / "dask" / "tls.yaml").write_text(settings, encoding="utf-8")
    return environment


def results(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and not {publishing.HIDDEN, FOLDER, NAME} & set(path.parts)
    }


def stored(bucket, below: str) -> dict[str, bytes]:
    """The results in a bucket. Each was written once."""
    files, name = bucket
    found = files.call_s3("list_object_versions", Bucket=name, Prefix=f"{below}/")
    assert "DeleteMarkers" not in found
    keys = [each["Key"] for each in found["Versions"]]
    assert len(keys) == len(set(keys))
    return {key.removeprefix(f"{below}/"): files.cat_file(f"{name}/{key}") for key in keys}


def start(dask: Cluster, *words: object) -> subprocess.Popen[str]:
    command = [*COMMAND, *map(str, words), "--cluster", dask.address, "--json"]
    # It reacts to Ctrl-C even if this process ignores it, as one in the background does.
    heed = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    return subprocess.Popen(
        command,
        env=dask.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
        **heed,
    )


def told(process: subprocess.Popen[str], count: int) -> list[dict[str, object]]:
    """The next objects that a batch prints."""
    return [json.loads(process.stdout.readline()) for _ in range(count)]


def rest(process: subprocess.Popen[str]) -> tuple[list[dict[str, object]], str]:
    out, errors = process.communicate(timeout=WAITS)
    return [json.loads(line) for line in out.splitlines()], errors


def states(out: Path) -> dict[str, int]:
    notes = journal.open_journal(publishing.journal_path(out))
    try:
        return notes.counts()
    finally:
        notes.close()


def test_two_workers_are_killed(box, local, tmp_path):
    out = tmp_path / "out"
    with cluster(tmp_path / "dask", EPOCH, 3) as dask:
        process = start(dask, box, "-o", out)
        said = told(process, 8)
        dask.kill(0)
        said += told(process, 8)
        dask.kill(1)
        more, errors = rest(process)
    said += more
    assert process.returncode == 1, errors
    assert said.pop()["summary"]["done"] == FILES
    assert sorted(each["source"] for each in said) == sorted(str(path) for path in box.rglob("*.*"))
    assert [each["source"] for each in said if each["state"] == "failed"] == [str(box / "damaged.jpg")]
    assert results(out) == local
    assert not list((out / publishing.HIDDEN).glob("work-*"))
    assert (out / NAME).is_file()


def test_two_workers_are_killed_and_one_is_retired_with_everything_in_a_store(bucket, local, store, tmp_path):
    from distributed import Client

    _, name = bucket
    out = tmp_path / "out"
    with cluster(tmp_path / "dask", {**EPOCH, **store}, 4) as dask:
        process = start(dask, f"s3://{name}/box", "-o", out, "--results", f"s3://{name}/colored")
        told(process, 4)
        dask.kill(0)
        told(process, 4)
        with Client(dask.address, set_as_default=False) as client:
            client.retire_workers(names=["worker-2"])  # what it has in hand runs elsewhere, too
        told(process, 4)
        dask.kill(1)
        said, errors = rest(process)
    assert process.returncode == 1, errors
    assert said[-1]["summary"]["done"] == FILES
    assert stored(bucket, "colored") == local
    assert results(out) == {}
    assert len(list((out / FOLDER).rglob("*.jpg"))) == 2 * FILES


def test_the_client_is_killed_and_the_batch_resumed(bucket, local, store, tmp_path):
    files, name = bucket
    out = tmp_path / "out"
    with cluster(tmp_path / "dask", {**EPOCH, **store}, 2) as dask:
        words = (f"s3://{name}/box", "-o", out, "--results", f"s3://{name}/colored", "--no-report")
        for number in range(1, 3):
            process = start(dask, *words)
            told(process, 6)
            process.kill()
            rest(process)
            counts = states(out)
            assert counts["done"] + counts["failed"] >= 6 * number
        # As a worker leaves it that is killed while it puts a large result.
        files.call_s3("create_multipart_upload", Bucket=name, Key="colored/roll 0/00.jpg")
        process = start(dask, "--resume", out, "--no-report")
        _, errors = rest(process)
    assert process.returncode == 1, errors
    assert stored(bucket, "colored") == local
    assert not files.list_multipart_uploads(name)


def test_ctrl_c_finishes_what_is_in_hand_and_one_computer_goes_on(box, local, tmp_path):
    out = tmp_path / "out"
    with cluster(tmp_path / "dask", EPOCH, 2) as dask:
        process = start(dask, box, "-o", out, "--no-report")
        told(process, 5)
        process.send_signal(signal.SIGINT)
        _, errors = rest(process)
    assert process.returncode == 130
    assert f"Resume with: photochrom batch --resume {out}" in errors
    assert 5 <= states(out)["done"] < FILES
    assert "running" not in states(out)
    done = subprocess.run([*COMMAND, "--resume", out, "--no-report"], check=False, timeout=WAITS)
    assert done.returncode == 1
    assert results(out) == local


def test_a_scheduler_that_ends_stops_the_run_and_loses_nothing(box, local, tmp_path):
    out = tmp_path / "out"
    with cluster(tmp_path / "dask", EPOCH, 2) as dask:
        process = start(dask, box, "-o", out, "--no-report")
        told(process, 5)
        dask.scheduler.kill()
        _, errors = rest(process)
        assert process.returncode == 6, errors
        assert "is gone" in errors
        assert "resume" in errors
    assert "running" not in states(out)
    with cluster(tmp_path / "another", EPOCH, 2) as dask:
        process = start(dask, "--resume", out, "--no-report")
        rest(process)
    assert results(out) == local


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_only_who_has_a_certificate_is_let_in(box, local, tmp_path):
    ours, others = (certified(tmp_path / name) for name in ("ours", "others"))
    with cluster(tmp_path / "dask", {**EPOCH, **ours}, 2, ("--protocol", "tls")) as dask:
        assert dask.address.startswith("tls://")

        def refused(**environment):
            stranger = copy.copy(dask)
            stranger.environment = dask.environment | environment
            process = start(stranger, box, "-o", tmp_path / "out")
            _said, errors = rest(process)
            assert (process.returncode, "Traceback" in errors) == (6, False), errors
            return errors

        assert "needs certificates" in refused(DASK_CONFIG=str(tmp_path / "nothing"))
        assert "certificates of one authority" in refused(**others)
        (tmp_path / "others" / "cluster.pem").unlink()
        assert str(tmp_path / "others" / "cluster.pem") in refused(**others)
        process = start(dask, box, "-o", tmp_path / "out")
        said, errors = rest(process)
    assert process.returncode == 1, errors  # one is damaged
    assert said[-1]["summary"]["done"] == FILES
    assert results(tmp_path / "out") == local


def test_what_is_missing_is_said(run, monkeypatch, box, tmp_path):
    done = run("batch", box, "-o", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9")
    assert (done.code, "No Dask scheduler answers at tcp://127.0.0.1:9" in done.err) == (6, True)
    monkeypatch.setattr("photochrom.extras.find_spec", lambda name: None if name == "distributed" else object())
    done = run("batch", "--resume", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9")
    assert (done.code, "photochrom[cluster]" in done.err) == (5, True)
    done = run("batch", box, "-o", "s3://bucket/out")
    assert (done.code, "--results" in done.err) == (2, True)
