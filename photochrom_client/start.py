"""Finds the user's running engine, or starts one that outlives the editor's plug-in."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .connection import Connection
from .errors import EngineIncompatible, EngineMissing, EngineNotStarted
from .finding import COMMAND_FILE, command_of
from .places import output_path, runtime_folder, sandbox
from .protocol import PROTOCOL
from .running import Status, find
from .translation import translated as _

Ask = Callable[[float, str], None]

ANSWER = 15.0
"""Seconds within which a running engine must answer."""

FIRST_WAIT, LONGEST_WAIT = 0.4, 5.0
"""Seconds before an engine is started again after another one held the lock: twice as long each time."""

_started: list[subprocess.Popen[bytes]] = []
"""Engines that this process started. Kept, since a collected Popen warns; polled, so that none stays a zombie."""


def find_or_start(plugin_folder: str | os.PathLike[str], ask: Ask, timeout: float) -> tuple[Connection, Status]:
    """A connection to a running, compatible engine, and its status. See `engine.connect`."""
    found = _compatible()
    if found:
        return found
    command = _command(plugin_folder)
    output = _output()
    began = time.monotonic()
    process: subprocess.Popen[bytes] | None = None
    before = 0
    pause, again, wait = 0.02, began, FIRST_WAIT
    while time.monotonic() - began < timeout:
        # It exits with 0 if another engine holds the lock: one that is just starting, or just ending.
        if process is None or (process.poll() == 0 and time.monotonic() >= again):
            process, before = _start(command, output)
            again, wait = time.monotonic() + wait, min(2 * wait, LONGEST_WAIT)
        elif process.returncode:
            cause = _("The Photochrom engine exited at once (exit code {code}).").format(code=process.returncode)
            raise _failed(cause, output, before)
        found = _compatible()
        if found:
            return found
        ask(min(0.95, (time.monotonic() - began) / timeout), _("Starting the Photochrom engine"))
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
    cause = _("The Photochrom engine was not ready within {seconds} seconds.").format(seconds=f"{timeout:.0f}")
    raise _failed(cause, output, before)


def _compatible() -> tuple[Connection, Status] | None:
    """The running engine, if there is one. Raises `EngineIncompatible` if it cannot be talked to."""
    running = find(ANSWER)
    if running is None:
        return None
    file, connection, status = running
    if file.protocol.oldest > PROTOCOL.newest:
        raise EngineIncompatible(
            _("The Photochrom engine that runs, version {version}, is too new for this plug-in.").format(
                version=file.version
            ),
            _("Update the plug-in: run “photochrom plugin install” in a terminal, then start the editor again."),
        )
    if file.protocol.newest < PROTOCOL.oldest:
        raise EngineIncompatible(
            _("The Photochrom engine that runs, version {version}, is too old for this plug-in.").format(
                version=file.version
            ),
            _("Update the engine: install the newest Photochrom, run “photochrom stop” in a terminal, and try again."),
        )
    return connection, status


def _command(plugin_folder: str | os.PathLike[str]) -> list[str]:
    """How to start the engine. Raises `EngineMissing`."""
    try:
        command = command_of(plugin_folder)
    except (OSError, ValueError) as error:
        path = Path(plugin_folder) / COMMAND_FILE
        raise EngineMissing(
            _("{path} does not say how to start the engine ({error}).").format(path=path, error=error),
            _("Run “photochrom plugin install” in a terminal to write the file again."),
        ) from None
    if command is None:
        raise EngineMissing(
            _("The plug-in is installed, but finds no Photochrom engine."),
            _outside() or _("Install Photochrom, then run “photochrom plugin install” in a terminal."),
        )
    return command


def _output() -> Path:
    """The file for what the engine prints; nowhere, if that cannot be written: the engine runs without it."""
    path = output_path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > 1 << 20:
            path.unlink()
        path.open("ab").close()
    except OSError:
        return Path(os.devnull)
    return path


def _start(command: list[str], output: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Starts the engine in its own session, so that a SIGKILL of the plug-in's process group does not reach it.

    Returns the process and the offset in `output` at which its own output begins.
    """
    _started[:] = [process for process in _started if process.poll() is None]
    try:
        with output.open("ab") as log:
            before = log.tell()
            process = _detached(command, log.fileno())
    except OSError as error:
        name = error.filename
        name = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
        cause = _("The Photochrom engine could not be started: {error}.")
        raise EngineMissing(
            cause.format(error=f"{error.strerror} ({name})" if name else error.strerror),
            _outside() or _("Was Photochrom moved or removed? Install it, then run “photochrom plugin install”."),
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
        "env": environment(),
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


def environment() -> dict[str, str]:
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
        _("{cause} Its last output: {last}").format(cause=cause, last=last) if last else cause,
        _outside()
        or _("Run “photochrom doctor” in a terminal. The engine's output is in {output}.").format(output=output),
    )


def _outside() -> str:
    """The next step in a sandbox, where the engine must be started from outside; empty elsewhere."""
    name = sandbox()
    if name is None:
        return ""
    command = f"PHOTOCHROM_RUNTIME_DIR={shlex.quote(str(runtime_folder()))} photochrom serve"
    return _(
        "This editor runs in a {name} sandbox. Start the engine outside of it, in a terminal that you leave open: "
        "{command}"
    ).format(name=name, command=command)
