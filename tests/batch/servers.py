"""Servers that tests of clusters and stores start, each a process of its own: Dask, and one that speaks S3."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from checkout import PYTHONPATH

STARTS = 60
"""Seconds within which a server is there."""

STORE = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
"""What a client of the S3 server needs in its environment, but for the address."""


class Cluster:
    """A Dask scheduler and its workers. `environment`: of all of them and of clients; `flags`: of scheduler and
    workers."""

    def __init__(self, folder: Path, environment: dict[str, str], flags: tuple[str, ...] = ()) -> None:
        self.environment = {**os.environ, "PYTHONPATH": PYTHONPATH, **environment}
        self._folder, self._flags = folder, flags
        about = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", about)
        wait_for(lambda: about.exists() and about.read_text().endswith("}"))
        self.address = str(json.loads(about.read_text())["address"])
        self.workers: list[subprocess.Popen[bytes]] = []

    def add_worker(self) -> str:
        """Starts one more worker, with one thread; its name."""
        name = f"worker-{len(self.workers)}"
        words = (self.address, "--nthreads", "1", "--no-nanny", "--name", name)
        self.workers.append(self._start("worker", *words, "--local-directory", self._folder / name))
        return name

    def kill(self, number: int) -> None:
        """Kills a worker as a power cut does."""
        self.workers[number].send_signal(signal.SIGKILL)
        self.workers[number].wait()

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, what: str, *words: object) -> subprocess.Popen[bytes]:
        words = (*words, "--host", "127.0.0.1", "--no-dashboard", *self._flags)
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *map(str, words)]
        with (self._folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, cwd=self._folder)


@contextmanager
def cluster(folder: Path, environment: dict[str, str], workers: int, flags: tuple[str, ...] = ()) -> Iterator[Cluster]:
    folder.mkdir()
    started = Cluster(folder, environment, flags)
    try:
        for _ in range(workers):
            started.add_worker()
        yield started
    finally:
        started.end()


@contextmanager
def s3_server(folder: Path) -> Iterator[dict[str, str]]:
    """An S3 server with nothing in it: what its clients need in their environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (folder / "s3.log").open("wb") as log:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for(lambda: answers(address))
        yield {**STORE, "AWS_ENDPOINT_URL": address}
    finally:
        process.kill()
        process.wait()


def answers(address: str) -> bool:
    try:
        urlopen(address, timeout=5).close()
    except OSError:
        return False
    return True


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + STARTS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)
