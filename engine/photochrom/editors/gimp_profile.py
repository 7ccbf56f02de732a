"""What the profiles of all versions of GIMP have in common: a folder of plug-ins, each an executable script."""

from __future__ import annotations

import os
import stat
import sys
from abc import abstractmethod
from pathlib import Path
from typing import ClassVar

from photochrom.editors import files
from photochrom.editors.assembly import NAME
from photochrom.editors.gimp_interpreter import interpreter_of
from photochrom.editors.gimp_query import query
from photochrom.editors.host import Finding, Profile

SCRIPT = f"{NAME}.py"


class GimpProfile(Profile):
    """The profile of one version of GIMP. `source` is the folder of its plug-in's files."""

    title = "GIMP"
    flatpak = "org.gimp.GIMP"
    source: ClassVar[str]

    def install(self) -> None:
        files.copy(self.source, self.folder, self.place, prepare=self._make_startable)

    @property
    def user_files(self) -> list[Path]:
        return sorted(self.folder.glob(f"{NAME}-*.json"))

    def check_visible(self, place: Path) -> Finding:
        script = place / SCRIPT
        if not script.is_file():
            return self.finding(False, f"{place} has no {SCRIPT}: GIMP requires the folder's own name")
        if os.name != "nt" and not os.access(script, os.X_OK):
            return self.finding(False, f"{script} is not executable, so GIMP silently ignores it")
        interpreter = interpreter_of(script)
        if interpreter is not None and not self.sandbox and not os.access(interpreter, os.X_OK):
            return self.finding(False, f"{script} is to be run by {interpreter}, which does not exist")
        answer = None if self.sandbox else query(script.parent, self.version)
        if answer is None:
            return self.finding(True, f"in {script.parent}; no GIMP {self.version} on the PATH to ask about it")
        if not answer.registered:
            said = f": {answer.said}" if answer.said else ""
            return self.finding(False, f"GIMP started {script} and did not take it{said}")
        return self.finding(True, f"in {script.parent}; GIMP takes it")

    @abstractmethod
    def name_interpreter(self, script: Path) -> None:
        """Writes the Python that GIMP starts the script with into its first line. Raises OSError."""

    def _make_startable(self, plugin: Path) -> None:
        script = plugin / SCRIPT
        self.name_interpreter(script)
        # A wheel does not carry the bit.
        script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def config_folders() -> list[Path]:
    """The folders that hold one profile for each version of GIMP, that of a native installation first."""
    home = Path.home()
    if sys.platform == "win32":
        return [files.app_data() / "GIMP"]
    if sys.platform == "darwin":
        return [home / "Library" / "Application Support" / "GIMP"]
    return [
        Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "GIMP",
        home / ".var" / "app" / GimpProfile.flatpak / "config" / "GIMP",
        *(snap / ".config" / "GIMP" for snap in sorted((home / "snap" / "gimp").glob("*")) if not snap.is_symlink()),
    ]
