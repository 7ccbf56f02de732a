"""GIMP 2.10. Its plug-in runs in any Python 3: what it needs of GIMP it calls by ctypes.

On Linux alone: elsewhere GIMP 2.10 brings a Python 2, and there is no other.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Final

from photochrom.editors.assembly import NAME
from photochrom.editors.gimp_interpreter import USUAL, first_that_runs, write_interpreter
from photochrom.editors.gimp_profile import GimpProfile, config_folders

VERSION: Final = "2.10"
FOR_ALL_USERS: Final = (Path("/usr/lib/gimp/2.0/plug-ins"), Path("/usr/local/lib/gimp/2.0/plug-ins"))
"""Folders of plug-ins; their name is that of the interface, which all of 2.x has."""

_CAN_RUN_IT: Final = "import ctypes, sys; sys.exit(sys.version_info < (3, 10))"


class Gimp210Profile(GimpProfile):
    """The profile of GIMP 2.10."""

    source = "gimp210"

    @property
    def elsewhere(self) -> list[Path]:
        return [] if self.sandbox else [place / NAME for place in FOR_ALL_USERS]

    def name_interpreter(self, script: Path) -> None:
        write_interpreter(script, USUAL if self.sandbox else first_that_runs(_CAN_RUN_IT))


def profiles() -> list[GimpProfile]:
    """One native profile where GIMP 2.10 is installed: the folder alone may be left of an older system. In a sandbox
    there is one GIMP, the newest that has a profile."""
    chosen = os.environ.get("GIMP2_DIRECTORY")
    if chosen:
        return [_profile(Path(chosen).expanduser())]
    if sys.platform != "linux" or os.environ.get("GIMP3_DIRECTORY"):
        return []
    native, *sandboxed = config_folders()
    found = [native / VERSION] if shutil.which(f"gimp-{VERSION}") else []
    found += [base / VERSION for base in sandboxed if (base / VERSION).is_dir() and not any(base.glob("3.*"))]
    return [_profile(folder) for folder in found]


def _profile(folder: Path) -> GimpProfile:
    return Gimp210Profile(folder=folder, plugins=folder / "plug-ins", version=VERSION, started=folder.is_dir())
