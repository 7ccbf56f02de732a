"""GIMP 3: a profile for each version, in which the plug-in may also be an extension."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from photochrom.editors import files
from photochrom.editors.assembly import NAME
from photochrom.editors.gimp_interpreter import name_interpreter
from photochrom.editors.gimp_profile import GimpProfile, config_folders
from photochrom.editors.host import Action, Finding, Profile

EXTENSION = "org.gimp.GIMP.Plugin.Photochrom"
"""Of the plug-in as a GIMP extension, and as one of GIMP's Flatpak: its folder's name and its AppStream ID."""

INTERFACE = "3.0"
"""In the names of folders for all users: GIMP 3.2 has the plug-in interface of 3.0, and looks there."""

LIBRARIES, FLATPAK, SNAP = Path("/usr/lib"), Path("/var/lib/flatpak"), Path("/snap")
"""Where packages, Flatpaks and Snaps for all users are."""


class Gimp3Profile(GimpProfile):
    """The profile of one version of GIMP 3."""

    source = "gimp"

    @property
    def extension(self) -> Path:
        """Where the plug-in is after it was installed as an extension."""
        return self.folder / "extensions" / EXTENSION

    @property
    def elsewhere(self) -> list[Path]:
        if self.sandbox == "Flatpak":
            users = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "flatpak"
            inside = f"runtime/{EXTENSION}/*/3/active/files/plug-ins/{NAME}"
            packaged = [place for folder in (users, FLATPAK) for place in sorted(folder.glob(inside))]
        elif self.sandbox == "Snap":
            packaged = [SNAP / f"gimp-plugins-{NAME}" / "current" / NAME]
        else:
            inside = f"gimp/{INTERFACE}/plug-ins/{NAME}"
            packaged = [LIBRARIES / inside, *LIBRARIES.glob(f"*-linux-*/{inside}")]
        return [self.extension / NAME, *packaged]

    @property
    def installed_paths(self) -> list[Path]:
        return [self.place, self.extension]

    def planned(self) -> Iterator[Action]:
        yield from super().planned()
        if files.present(self.extension):
            yield Action(f"remove the extension in {self.extension}, which the plug-in replaces", self.extension)

    def install(self) -> None:
        super().install()
        if files.present(self.extension):
            files.remove(self.extension)

    @property
    def user_files(self) -> list[Path]:
        return [*super().user_files, *sorted(self.folder.glob(f"plug-in-settings/*{NAME}*"))]

    def check_visible(self, place: Path) -> Finding:
        if place.parent == self.extension:
            if not self._is_active():
                step = "Switch Photochrom on in Edit ▸ Manage Extensions, and start GIMP again."
                return self.finding(False, f"in {place}, and not switched on", step)
        elif self.extension.is_dir():
            return self.finding(False, f"there twice: in {place} and, as an extension, in {self.extension}")
        return super().check_visible(place)

    def name_interpreter(self, script: Path) -> None:
        name_interpreter(script, self.sandbox)

    def _is_active(self) -> bool:
        """Whether GIMP's list of extensions has ours switched on."""
        listed = files.read(self.folder / "extensionrc")
        return re.search(rf'\(GimpExtension "{re.escape(EXTENSION)}"\s*\(active yes\)', listed) is not None


def profiles() -> list[Profile]:
    """Every profile of every version, of Flatpak and Snap too."""
    chosen = os.environ.get("GIMP3_DIRECTORY")
    if chosen:
        return [_profile(Path(chosen).expanduser(), "3")]
    if os.environ.get("GIMP2_DIRECTORY"):
        return []
    found: list[Profile] = [
        _profile(folder, folder.name)
        for base in config_folders()
        for folder in sorted(base.glob("3.*"))
        if folder.is_dir() and re.fullmatch(r"3\.\d+", folder.name)
    ]
    native = config_folders()[0]
    version = None if any(each.folder.parent == native for each in found) else _installed_version()
    if version:
        found.append(_profile(native / version, version))
    return found


def _profile(folder: Path, version: str) -> Gimp3Profile:
    return Gimp3Profile(folder=folder, plugins=folder / "plug-ins", version=version, started=folder.is_dir())


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
