"""Real engines in processes of their own, each with its own folders."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
from checkout import PYTHONPATH
from patience import patience


def folders(base: Path) -> dict[str, str]:
    """The environment of an engine that lives under `base` alone."""
    return {
        **os.environ,
        "PHOTOCHROM_RUNTIME_DIR": str(base / "run"),
        "XDG_STATE_HOME": str(base / "state"),
        "XDG_CACHE_HOME": str(base / "cache"),
        "XDG_DATA_HOME": str(base / "data"),
        "PHOTOCHROM_MODELS": str(base / "models"),
        "PYTHONPATH": PYTHONPATH,
    }


@dataclass
class Living:
    """A running engine."""

    process: subprocess.Popen[str]
    base: Path
    port: int
    token: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.base / "state" / "photochrom" / "engine.log").read_text(encoding="utf-8")

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=120)


def spawn(base: Path, *options: str, code: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "photochrom", "serve", *options]
    return subprocess.Popen(
        command, env=folders(base), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def ready(base: Path, process: subprocess.Popen[str]) -> Living:
    """Waits for the runtime file."""
    path = base / "run" / "engine.json"
    until = time.monotonic() + patience(120)
    while time.monotonic() < until:
        if path.exists():
            said = json.loads(path.read_text())
            if said["pid"] == process.pid:
                return Living(process, base, said["port"], said["token"])
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        time.sleep(0.02)
    raise AssertionError("the engine did not become ready")


def end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout:
        process.stdout.close()


def lightness(width: int, height: int) -> bytes:
    """A plane with a sharp edge and a ramp."""
    rows, columns = np.mgrid[0:height, 0:width]
    plane = 20 + 60 * (columns > width // 2) + 15 * rows / height
    return plane.astype("<f4").tobytes()


def send_layer(client: httpx.Client, width: int, height: int) -> str:
    answer = client.post(f"/v1/layers?width={width}&height={height}", content=lightness(width, height))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["layer"])


def run_job(client: httpx.Client, layer: str, **wish: object) -> tuple[str, list[dict[str, object]]]:
    """The job's id and all its events."""
    answer = client.post(f"/v1/layers/{layer}/jobs", json=wish)
    assert answer.status_code == 201, answer.text
    job = str(answer.json()["job"])
    events = client.get(f"/v1/jobs/{job}/events").text.splitlines()
    return job, [json.loads(line) for line in events]
