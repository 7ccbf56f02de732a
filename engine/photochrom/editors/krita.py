"""Krita: one folder of Python plug-ins for all its versions, each announced by a .desktop file and switched on in
kritarc."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photochrom.editors import files
from photochrom.editors.assembly import NAME, source
from photochrom.editors.host import AGAIN, Action, Editor, Finding, Profile

ENABLED: Final = "enable_photochrom"
"""The entry in kritarc's group `[python]` that switches the plug-in on."""

DOCKER: Final = f"MainWindow][DockWidget {NAME}_docker"
"""The group, of a group, in which Krita keeps where the docker was."""


@dataclass(frozen=True)
class KritaProfile(Profile):
    """The resource folder of one kind of installation; `settings` is its kritarc."""

    settings: Path = Path()

    title = "Krita"
    flatpak = "org.kde.krita"

    @property
    def desktop_file(self) -> Path:
        return self.plugins / f"{NAME}.desktop"

    @property
    def elsewhere(self) -> list[Path]:
        return [] if self.sandbox else [Path("/usr/share/krita/pykrita") / NAME]

    @property
    def installed_paths(self) -> list[Path]:
        # Krita's own importer copies the action; installed from here, it is read in the plug-in's folder.
        return [self.place, self.desktop_file, self.folder / "actions" / f"{NAME}.action"]

    def planned(self) -> Iterator[Action]:
        yield from super().planned()
        yield Action(f"enable it in {self.settings}", self.settings)

    def install(self) -> None:
        files.copy(KRITA.name, self.folder, self.place)
        try:
            shutil.copyfile(source() / KRITA.name / self.desktop_file.name, self.desktop_file)
            _enable(self.settings, True)
        except OSError as error:
            raise files.unwritable(self.place, error) from error

    def remove(self) -> None:
        super().remove()
        if _enabled(self.settings):
            try:
                _enable(self.settings, False)
            except OSError as error:
                raise files.unwritable(self.settings, error) from error

    @property
    def user_files(self) -> list[Path]:
        return sorted(self.folder.glob(f"{NAME}-*.json"))

    def purge(self) -> None:
        super().purge()
        try:
            for group in (NAME, DOCKER):
                _remove_group(self.settings, group)
        except OSError as error:
            raise files.unwritable(self.settings, error) from error

    def check_visible(self, place: Path) -> Finding:
        start, announced = place / "__init__.py", place.with_suffix(".desktop")
        if not start.is_file():
            return self.finding(False, f"{place} has no {start.name}, where Krita starts it")
        if not announced.exists():
            return self.finding(False, f"{announced} is missing, and Krita ignores a plug-in without it")
        if not _enabled(self.settings):
            return self.finding(False, f"switched off in {self.settings}", f"{AGAIN} Close Krita first.")
        return self.finding(True, f"in {place}")


def _enabled(settings: Path) -> bool:
    _, entries, _ = _parted(settings, "python")
    return any(re.fullmatch(rf"{ENABLED}\s*=\s*true", line) for line in entries)


def _enable(settings: Path, on: bool) -> None:
    """Writes or removes the plug-in's entry, with a group that has no other; every other line stays the same. Raises
    OSError."""
    before, entries, after = _parted(settings, "python")
    entries = [line for line in entries if not re.match(rf"{ENABLED}\s*=", line)]
    if not on and not any(map(str.strip, entries)) and before and before[-1].strip() == "[python]":
        before = before[:-1]
    if on:
        if not before or before[-1].strip() != "[python]":
            before += [*([""] if before and before[-1].strip() else []), "[python]"]
        entries.insert(0, f"{ENABLED}=true")
    _write(settings, [*before, *entries, *after])


def _remove_group(settings: Path, name: str) -> None:
    """Removes a group; every other line stays the same. Raises OSError."""
    before, _, after = _parted(settings, name)
    if before and before[-1].strip() == f"[{name}]":
        _write(settings, [*before[:-1], *after])


def _write(settings: Path, lines: list[str]) -> None:
    """To a second file that replaces the first: Krita's settings are complete at any moment. Without any lines left,
    the file is removed. Raises OSError."""
    if not any(map(str.strip, lines)):
        settings.unlink(missing_ok=True)
        files.remove_empty(settings.parent)
        return
    settings.parent.mkdir(parents=True, exist_ok=True)
    fresh = settings.with_name(f".{settings.name}.photochrom")
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if settings.exists():
        shutil.copymode(settings, fresh)
    fresh.replace(settings)


def _parted(settings: Path, name: str) -> tuple[list[str], list[str], list[str]]:
    """The lines up to and including `[name]`, those of that group, and those after it; without one, all lines first."""
    lines = files.read(settings).splitlines()
    start = next((at for at, line in enumerate(lines, 1) if line.strip() == f"[{name}]"), len(lines))
    end = next((at for at in range(start, len(lines)) if lines[at].startswith("[")), len(lines))
    return lines[:start], lines[start:end], lines[end:]


def _profiles() -> list[Profile]:
    every = [
        KritaProfile(folder=folder, plugins=folder / "pykrita", started=folder.is_dir(), settings=settings)
        for folder, settings in _folders()
    ]
    started: list[Profile] = [each for each in every if each.started]
    if not started and shutil.which("krita"):
        return [every[0]]
    return started


def _folders() -> list[tuple[Path, Path]]:
    """Resource folder and kritarc of every kind of installation, those of a native one first; an AppImage uses the
    same."""
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        stores = sorted((local / "Packages").glob("*Krita_*"))
        return [
            (files.app_data() / "krita", local / "kritarc"),
            *(
                (store / "LocalCache" / "Roaming" / "krita", store / "LocalCache" / "Local" / "kritarc")
                for store in stores
            ),
        ]
    if sys.platform == "darwin":
        library = home / "Library"
        return [(library / "Application Support" / "krita", library / "Preferences" / "kritarc")]
    flatpak = home / ".var" / "app" / KritaProfile.flatpak
    snaps = [snap for snap in sorted((home / "snap" / "krita").glob("*")) if not snap.is_symlink()]
    return [
        (
            Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "krita",
            Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "kritarc",
        ),
        (flatpak / "data" / "krita", flatpak / "config" / "kritarc"),
        *((snap / ".local" / "share" / "krita", snap / ".config" / "kritarc") for snap in snaps),
    ]


KRITA = Editor(
    name="krita",
    title=KritaProfile.title,
    requirement="Krita",
    appears="docker and the menu entry appear",
    profiles=_profiles,
)
