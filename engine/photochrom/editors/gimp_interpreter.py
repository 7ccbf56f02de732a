"""The Python that GIMP starts the plug-in with, named absolutely in the script's first line.

`#!/usr/bin/env python3` would take the first python3 in the PATH: that of an activated environment, pyenv or conda has
no `gi`, and GIMP leaves the menu out without a word.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

USUAL: Final = Path("/usr/bin/python3")
"""Of every distribution that packages GIMP 3, and of the runtime that GIMP's Flatpak brings."""

_IMPORT: Final = "import gi; gi.require_version('Gimp', '3.0'); from gi.repository import Gimp"
_PATIENCE: Final = 30.0
"""Seconds."""


def name_interpreter(script: Path, sandbox: str) -> None:
    """Writes the interpreter into the first line of the plug-in's script.

    `sandbox` is "Flatpak", "Snap" or "". A Snap's Python has no lasting place, and GIMP for Windows and macOS maps the
    name to the Python that it brings: there the line stays as it is. Raises OSError.
    """
    if sys.platform != "linux" or sandbox == "Snap":
        return
    write_interpreter(script, USUAL if sandbox else first_that_runs(_IMPORT))


def write_interpreter(script: Path, interpreter: Path) -> None:
    """Replaces the first line of the script. Raises OSError."""
    _, rest = script.read_bytes().split(b"\n", 1)
    script.write_bytes(b"#!" + os.fsencode(interpreter) + b"\n" + rest)


def interpreter_of(script: Path) -> Path | None:
    """The absolute interpreter in the script's first line; None if the PATH decides. Raises OSError."""
    with script.open("rb") as file:
        line = file.readline(1024).decode("utf-8", "replace").strip()
    program = line.removeprefix("#!").strip()
    return Path(program) if line.startswith("#!/") and not program.startswith("/usr/bin/env ") else None


def first_that_runs(code: str) -> Path:
    """The first Python that runs this code to a good end; the usual one if there is none."""
    return next((each for each in _candidates() if _runs(each, code)), USUAL)


def _candidates() -> Iterator[Path]:
    """Pythons to try, the usual ones first."""
    yield USUAL
    yield Path("/usr/local/bin/python3")
    for folder in os.get_exec_path():
        if folder:
            yield Path(folder) / "python3"


def _runs(python: Path, code: str) -> bool:
    if not os.access(python, os.X_OK):
        return False
    try:
        # Isolated: neither this program's PYTHONPATH nor the folder it was started in.
        done = subprocess.run([python, "-I", "-c", code], capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
