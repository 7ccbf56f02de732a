"""From `photochrom serve` to the first answer, beside what the interpreter and the libraries take by themselves."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from .conftest import ENVIRONMENT

ROUNDS = 7
ABOUT_TWICE = 2.5


def seconds_of(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, check=True)
    return time.perf_counter() - began


@contextmanager
def engine(folder: Path) -> Iterator[subprocess.Popen]:
    places = {"PHOTOCHROM_RUNTIME_DIR": folder / "run", "XDG_STATE_HOME": folder, "XDG_CACHE_HOME": folder}
    environment = ENVIRONMENT | {name: str(place) for name, place in places.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "photochrom", "serve"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def wait_until_it_answers(runtime_file: Path, process: subprocess.Popen) -> None:
    while not runtime_file.exists():
        assert process.poll() is None
        time.sleep(0.002)
    said = json.loads(runtime_file.read_text())
    connection = HTTPConnection("127.0.0.1", said["port"], timeout=30)
    connection.request("GET", "/v1/status", headers={"Authorization": f"Bearer {said['token']}"})
    assert json.load(connection.getresponse())["pid"] == process.pid
    connection.close()


def test_start_to_ready(benchmark, note, tmp_path):
    libraries, python, ready = [], [], []

    with ExitStack() as running:

        def the_libraries_themselves():
            running.close()
            python.append(seconds_of("pass"))
            libraries.append(seconds_of("import fastapi, uvicorn"))

        def start():
            began = time.perf_counter()
            process = running.enter_context(engine(tmp_path))
            wait_until_it_answers(tmp_path / "run" / "engine.json", process)
            ready.append(time.perf_counter() - began)

        benchmark.pedantic(start, setup=the_libraries_themselves, rounds=ROUNDS)
    ratio = median(ours / theirs for ours, theirs in zip(ready, libraries, strict=True))
    note(ready_s=median(ready), libraries_s=median(libraries), python_s=median(python), ready_to_libraries=ratio)
    assert ratio <= ABOUT_TWICE
