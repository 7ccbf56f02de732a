"""GIMP 3: a folder of plug-ins for each version's profile, each plug-in an executable script."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from photochrom.editors import files
from photochrom.editors.files import NAME
from photochrom.editors.host import Editor, Finding, Profile

SCRIPT = f"{NAME}.py"


class GimpProfile(Profile):
    """The profile of one version of GIMP 3."""

    title = "GIMP"
    flatpak = "org.gimp.GIMP"

    def install(self) -> None:
        files.copy(GIMP.name, self.folder, self.place, prepare=_make_executable)

    def check_visible(self) -> Finding:
        script = self.place / SCRIPT
        if not script.is_file():
            return self.finding(False, f"{self.place} has no {SCRIPT}: GIMP requires the folder's own name")
        if os.name != "nt" and not os.access(script, os.X_OK):
            return self.finding(False, f"{script} is not executable, so GIMP silently ignores it")
        return self.finding(True, f"in {self.place}")


def _make_executable(plugin: Path) -> None:
    # A wheel does not carry the bit.
    script = plugin / SCRIPT
    script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _profiles() -> list[Profile]:
    chosen = os.environ.get("GIMP3_DIRECTORY")
    if chosen:
        return [_profile(Path(chosen).expanduser(), "3")]
    found: list[Profile] = [
        _profile(folder, folder.name)
        for base in _config_folders()
        for folder in sorted(base.glob("3.*"))
        if folder.is_dir() and re.fullmatch(r"3\.\d+", folder.name)
    ]
    native = _config_folders()[0]
    version = None if any(each.folder.parent == native for each in found) else _installed_version()
    if version:
        found.append(_profile(native / version, version))
    return found


def _profile(folder: Path, version: str) -> GimpProfile:
    return GimpProfile(folder=folder, plugins=folder / "plug-ins", version=version, started=folder.is_dir())


def _config_folders() -> list[Path]:
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


def _installed_version() -> str | None:
    """The series ("3.0") of the GIMP 3 on the PATH, or None."""
    for program in ("gimp", "gimp-3.0", "gimp-3"):
        path = shutil.which(program)
        if path is None:
            continue
        try:
            done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
        except (OSError, subprocess.SubprocessError):
            continue
        match = re.search(r"\b(3\.\d+)\.\d+", done.stdout)
        if match:
            return match[1]
    return None


GIMP = Editor(
    name="gimp",
    title=GimpProfile.title,
    requirement="GIMP 3",
    appears="menu entry appears",
    profiles=_profiles,
    hint="For a GIMP in an unusual place, set GIMP3_DIRECTORY to its configuration folder.",
)
