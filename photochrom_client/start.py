"""Finds the user's running engine, or starts one that outlives the editor's plug-in."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .connection import Connection
from .errors import EngineError, EngineIncompatible, EngineMissing, EngineNotStarted
from .places import output_path, runtime_folder, sandbox
from .protocol import PROTOCOL, Route
from .runtime_file import RuntimeFile
from .translation import translated as _

Ask = Callable[[float, str], None]

_started: list[subprocess.Popen[bytes]] = []
"""Engines that this process started. Kept, since a collected Popen warns; polled, so that none stays a zombie."""


class Status(NamedTuple):
    """What a running engine reports: its `version` and the `pid` of its process."""

    version: str
    pid: int

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Status:
        """From the JSON of `Route.STATUS`. Raises LookupError, TypeError for anything else."""
        return cls(answer["version"], answer["pid"])


def find_or_start(plugin_folder: str | os.PathLike[str], ask: Ask, timeout: float) -> tuple[Connection, Status]:
    """A connection to a running, compatible engine, and its status. See `engine.connect`."""
    found = _running()
    if found:
        return found
    command = _command(plugin_folder)
    output = output_path()
    began = time.monotonic()
    process: subprocess.Popen[bytes] | None = None
    before = 0
    pause = 0.02
    while time.monotonic() - began < timeout:
        if process is None or process.poll() == 0:
            # It exits with 0 if another engine holds the lock: one that is just starting, or just ending.
            if process is not None:
                time.sleep(0.2)
            found = _running()
            if found:
                return found
            process, before = _start(command, output)
        elif process.returncode is not None:
            raise _failed(f"The Photochrom engine exited at once (exit code {process.returncode}).", output, before)
        found = _running()
        if found:
            return found
        ask(min(0.95, (time.monotonic() - began) / timeout), _("Starting the Photochrom engine"))
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
    raise _failed(f"The Photochrom engine was not ready within {timeout:.0f} seconds.", output, before)


def _running() -> tuple[Connection, Status] | None:
    """The engine of the runtime file, if it answers and is the one that wrote it."""
    try:
        file = RuntimeFile.read()
        status = Status.of(Connection(file.port, file.token, timeout=5.0).ask("GET", Route.STATUS))
        if status.pid != file.pid:
            return None
    except (OSError, ValueError, KeyError, TypeError, EngineError):
        return None
    theirs, ours = file.protocol, PROTOCOL
    if not theirs.overlap(ours):
        raise EngineIncompatible(
            f"Photochrom {file.version} is running, and this plug-in cannot talk to it "
            f"(protocol {theirs.oldest} to {theirs.newest}; the plug-in speaks {ours.oldest} to {ours.newest}).",
            "Run “photochrom plugin install” with the newest Photochrom, and end the old engine "
            f"(process {file.pid}); it also exits after an hour without work.",
        )
    return Connection(file.port, file.token), status


def _command(plugin_folder: str | os.PathLike[str]) -> list[str]:
    """How to start the engine: `PHOTOCHROM_ENGINE`, or else what the installation wrote beside the plug-in."""
    chosen = os.environ.get("PHOTOCHROM_ENGINE")
    if chosen:
        return shlex.split(chosen, posix=os.name != "nt")
    path = Path(plugin_folder) / "engine-command.json"
    try:
        command = json.loads(path.read_text(encoding="utf-8"))["command"]
        if not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
            raise ValueError("not a list of words")
    except FileNotFoundError:
        raise EngineMissing(
            "The plug-in is installed, but does not know where the Photochrom engine is.",
            _outside() or "Install Photochrom, then run “photochrom plugin install” in a terminal.",
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EngineMissing(
            f"{path} does not say how to start the engine ({error}).",
            "Run “photochrom plugin install” in a terminal to write the file again.",
        ) from None
    return list(command)


def _start(command: list[str], output: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Starts the engine in its own session, so that a SIGKILL of the plug-in's process group does not reach it.

    Returns the process and the offset in `output` at which its own output begins.
    """
    _started[:] = [process for process in _started if process.poll() is None]
    try:
        output.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if output.exists() and output.stat().st_size > 1 << 20:
            output.unlink()
        with output.open("ab") as log:
            before = log.tell()
            process = _detached(command, log.fileno())
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        raise EngineMissing(
            f"The Photochrom engine could not be started: {error.strerror}{place}.",
            _outside() or "Was Photochrom moved or removed? Install it, then run “photochrom plugin install”.",
        ) from error
    _started.append(process)
    return process, before


def _detached(command: list[str], output: int) -> subprocess.Popen[bytes]:
    options: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": output,
        "stderr": output,
        "close_fds": True,
        "cwd": os.path.expanduser("~"),
        "env": _environment(),
    }
    if sys.platform != "win32":
        # As bytes: inside Krita, Python's file system encoding is ASCII, whatever the names of the user's folders.
        words = [word.encode("utf-8", "surrogateescape") for word in command]
        return subprocess.Popen(words, start_new_session=True, **options)
    flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        return subprocess.Popen(command, creationflags=flags | subprocess.CREATE_BREAKAWAY_FROM_JOB, **options)
    except PermissionError:  # the editor's job object does not allow breaking away
        return subprocess.Popen(command, creationflags=flags, **options)


def _environment() -> dict[str, str]:
    """The editor's environment without the variables of its own Python and libraries."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "PYTHONPATH"}}
    if "APPIMAGE" in kept:
        kept.pop("LD_LIBRARY_PATH", None)
    return kept


def _failed(cause: str, output: Path, before: int) -> EngineNotStarted:
    """The error with the last line that the engine printed."""
    try:
        with output.open("rb") as file:
            file.seek(before)
            lines = file.read(1 << 20).decode("utf-8", "replace").split("\n")
    except OSError:
        lines = []
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return EngineNotStarted(
        f"{cause} Its last output: {last}" if last else cause,
        _outside() or f"Run “photochrom doctor” in a terminal. The engine's output is in {output}.",
    )


def _outside() -> str:
    """The next step in a sandbox, where the engine must be started from outside; empty elsewhere."""
    name = sandbox()
    if name is None:
        return ""
    return (
        f"This editor runs in a {name} sandbox. Start the engine outside of it, in a terminal that you leave open: "
        f"PHOTOCHROM_RUNTIME_DIR={shlex.quote(str(runtime_folder()))} photochrom serve"
    )
