"""What an engine holds of the layers that it was sent: little memory while they are worked on, nothing afterwards."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from living import Living, run_job, send_layer
from patience import patience

ARENA = 64 << 20

pytestmark = [
    pytest.mark.slow,  # engines of its own
    pytest.mark.skipif(sys.platform != "linux", reason="read from /proc"),
]


def spooled(engine: Living) -> list[str]:
    """The unnamed files that the engine has open or mapped."""
    opened = [str(each.readlink()) for each in Path(f"/proc/{engine.process.pid}/fd").iterdir() if each.is_symlink()]
    mapped = Path(f"/proc/{engine.process.pid}/maps").read_text().splitlines()
    return [each for each in [*opened, *mapped] if each.endswith("(deleted)")]


def kilobytes(engine: Living, what: str) -> int:
    status = Path(f"/proc/{engine.process.pid}/status").read_text()
    return int(status.partition(f"{what}:")[2].split()[0])


def read(client: httpx.Client, job: str, form: str) -> None:
    with client.stream("GET", f"/v1/jobs/{job}/pixels", params={"form": form}) as answer:
        for _ in answer.iter_raw(1 << 20):
            pass


def test_nothing_is_held_of_a_deleted_layer(engine: Living) -> None:
    with engine.client() as client:
        for number in range(6):
            layer = send_layer(client, 640, 480 + number)
            job, _ = run_job(client, layer)
            read(client, job, "rgb8" if number % 2 else "lab")
            client.get(f"/v1/jobs/{job}/doubt")
            only, _ = run_job(client, layer, object={"x": 0.5, "y": 0.5})
            read(client, only, "lab")
            with client.stream("GET", f"/v1/jobs/{job}/pixels") as answer:
                next(answer.iter_raw(1000))  # and the rest is not read
            client.delete(f"/v1/layers/{layer}")
        until = time.monotonic() + patience(20)
        while (held := spooled(engine)) and time.monotonic() < until:
            time.sleep(0.1)
    assert not held


@pytest.mark.parametrize("form", ["lab", "rgb8"])
def test_a_large_layer_does_not_fill_the_memory(engine: Living, form: str) -> None:
    width, height = 8000, 5000
    with engine.client() as client:
        warm, _ = run_job(client, send_layer(client, 800, 500))
        read(client, warm, form)
        layer = send_layer(client, width, height)
        before = kilobytes(engine, "VmRSS")
        Path(f"/proc/{engine.process.pid}/clear_refs").write_text("5")  # the peak begins anew
        job, _ = run_job(client, layer)
        read(client, job, form)
        peak = kilobytes(engine, "VmHWM")
    assert peak - before < width * height * 4 / 1024 * 0.75  # kilobytes; the layer is one plane of floats


def arenas(maps: str) -> list[int]:
    """Where glibc's arenas begin in a process's maps: 64 MB of addresses, of which the first part is in use. The kernel
    puts other large mappings at such an address, too, but they have no unused rest."""
    private = re.findall(r"^(\w+)-(\w+) (rw-p|---p) 00000000 00:00 0 *$", maps, re.MULTILINE)
    used = {int(start, 16): int(end, 16) for start, end, mode in private if mode == "rw-p"}
    unused = {int(start, 16): int(end, 16) for start, end, mode in private if mode == "---p"}
    return [start for start, end in used.items() if start % ARENA == 0 and unused.get(end) == start + ARENA]


def maps_of(process: int) -> str:
    return Path(f"/proc/{process}/maps").read_text()


def test_threads_share_their_memory(engine: Living) -> None:
    with engine.client() as client:
        for number in range(4):
            job, _ = run_job(client, send_layer(client, 400, 300 + number))
            read(client, job, "rgb8")
            client.get(f"/v1/jobs/{job}/doubt")
    assert arenas(maps_of(engine.process.pid)) == []


def test_threads_of_another_program_do_not() -> None:
    """So that the test above sees arenas where there are some."""
    code = (
        "import ctypes, threading; libc = ctypes.CDLL(None); libc.malloc.restype = ctypes.c_void_p\n"
        "thread = threading.Thread(target=libc.malloc, args=(1000,)); thread.start(); thread.join()\n"
        "print('ready', flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline() == b"ready\n"
        found = arenas(maps_of(other.pid))
        other.kill()
    assert found
