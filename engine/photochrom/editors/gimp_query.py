"""The check that GIMP itself makes: it starts each plug-in once, asks for its procedures and keeps the answer.

Here a GIMP without windows does so in a profile of its own, which holds the plug-in alone: nothing in the user's
profile changes, and a running GIMP is not disturbed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

PROCEDURE: Final = "plug-in-photochrom-colorize"
_PATIENCE: Final = 120.0
"""Seconds; a first start on a slow disk takes a quarter of that."""

_FOREIGN: Final = ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH")
"""Variables of the process that asks, which GIMP does not get from a desktop."""


class Answer(NamedTuple):
    """Whether GIMP took the plug-in; if not, `said` is the last that was heard of it, maybe ""."""

    registered: bool
    said: str = ""


def query(plugin: Path, version: str) -> Answer | None:
    """Lets the GIMP of this series ("3.0", "2.10") query an installed plug-in; None where there is none to start."""
    console = _console(version)
    if console is None:
        return None
    with tempfile.TemporaryDirectory(prefix="photochrom-gimp-") as temporary:
        profile = Path(temporary)
        plugins = profile / "plug-ins"
        plugins.mkdir()
        (plugins / plugin.name).symlink_to(plugin, target_is_directory=True)
        # GIMP 2.10 ends only when it is told to, in a batch, which is the business of a plug-in of its own.
        is_old = version == "2.10"
        searched = f"{plugins}{os.pathsep}${{gimp_plug_in_dir}}/plug-ins/script-fu" if is_old else str(plugins)
        end = ["--batch", "(gimp-quit 1)"] if is_old else ["--quit"]
        quoted = searched.replace("\\", "\\\\").replace('"', '\\"')
        (profile / "gimprc").write_text(f'(plug-in-path "{quoted}")\n(check-updates no)\n', encoding="utf-8")
        own = {
            f"GIMP{version[0]}_DIRECTORY": temporary,
            "XDG_CACHE_HOME": temporary,
            "XDG_DATA_HOME": temporary,  # GEGL makes a folder for plug-ins there
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [console, "--no-interface", "--no-data", "--no-fonts", *end]
        try:
            done = subprocess.run(
                command,
                env={**_environment(version), **own},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
            known = (profile / "pluginrc").read_text(encoding="utf-8", errors="replace")
        except subprocess.TimeoutExpired:
            return Answer(False, f"{console} did not end within {_PATIENCE:.0f} seconds")
        except OSError as error:
            return Answer(False, str(error))
    if f'"{PROCEDURE}"' in known:
        return Answer(True)
    return Answer(False, _last_error(done.stderr.decode("utf-8", "replace")))


def _console(version: str) -> str | None:
    """The program of GIMP without windows, of this series."""
    for name in (f"gimp-console-{version}", "gimp-console", f"gimp-{version}", "gimp"):
        path = shutil.which(name)
        if path is None:
            continue
        try:
            done = subprocess.run(
                [path, "--version"], env=_environment(version), capture_output=True, text=True, timeout=30, check=False
            )
        except (OSError, subprocess.SubprocessError):
            continue
        if re.search(rf"\b{re.escape(version)}\.\d+", done.stdout):
            return path
    return None


def _environment(version: str) -> dict[str, str]:
    """That of the user's GIMP, if one runs: started from a menu, it has another PATH than a terminal. Else our own,
    without what belongs to this program alone."""
    running = _of_running_gimp(version[0])
    if running:
        return running
    return {name: value for name, value in os.environ.items() if name not in _FOREIGN}


def _of_running_gimp(major: str) -> dict[str, str]:
    """Empty if this home's user runs none, and where the system does not tell."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if not re.fullmatch(rf"gimp(-{major}(\.\d+)?)?", (process / "comm").read_text().strip()):
                continue
            entries = (process / "environ").read_bytes().split(b"\0")  # refused for other users' processes
        except OSError:
            continue
        pairs = (entry.partition(b"=") for entry in entries if entry)
        environment = {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}
        if environment.get("HOME") == os.environ.get("HOME"):
            return environment
    return {}


def _last_error(output: str) -> str:
    """The last line that a Python exception ends with, or that a system call failed with."""
    lines = [line.strip() for line in output.splitlines()]
    errors = [line for line in lines if re.match(r"(\w+\.)*\w*(Error|Exception)\b", line)]
    refused = [line for line in lines if PROCEDURE in line or "plug-in" in line.lower()]
    return (errors or refused or [""])[-1]
