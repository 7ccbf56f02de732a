"""What an editor is to the installer: a name, and the profiles in which a plug-in can be installed and checked.

Each editor has a module here with one `Editor` and its own kind of `Profile`; `photochrom.editors` registers it.
"""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from photochrom import __version__, frozen
from photochrom.editors import files
from photochrom.editors.assembly import COMMAND_FILE, NAME, VERSION_FILE, damage

AGAIN: Final = "Run “photochrom plugin install”."


@dataclass(frozen=True)
class Action:
    """One step of an installation or a removal, phrased to follow “would”. `path` is the file or folder concerned."""

    text: str
    path: Path | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Finding:
    """The result of one check of `photochrom doctor`."""

    name: str
    good: bool
    found: str
    next_step: str = ""


@dataclass(frozen=True)
class Editor:
    """An editor that Photochrom has a plug-in for.

    `name` is its folder in `plugin/` and its flag on the command line, `title` its name for users. `requirement` is
    what has to be installed ("GIMP 3"), `hint` what else may help when no profile is found. `appears` completes "before
    the … ", after a restart. `profiles` returns every profile of every version on this machine, of Flatpak and Snap
    too; for an installed editor that was never started, the profile that its first start will create.
    """

    name: str
    title: str
    requirement: str
    appears: str
    profiles: Callable[[], Sequence[Profile]]
    hint: str = ""


@dataclass(frozen=True)
class Profile(ABC):
    """One profile of one editor: `folder` holds its configuration, `plugins` is where it looks for plug-ins.

    `started` is False for an editor that is installed but was never started: its folders do not exist yet.
    """

    folder: Path
    plugins: Path
    version: str = ""
    started: bool = True

    title: ClassVar[str]
    flatpak: ClassVar[str]
    """The editor's Flatpak ID."""

    @property
    def place(self) -> Path:
        """The plug-in's folder, installed or not."""
        return self.plugins / NAME

    @property
    def elsewhere(self) -> list[Path]:
        """Other folders from which the editor loads the plug-in: of its own ways of installing, of system packages."""
        return []

    @property
    def found(self) -> Path | None:
        """The plug-in's folder, however it came there; None if it is not installed."""
        return next((path for path in (self.place, *self.elsewhere) if path.is_dir()), None)

    @property
    def installed_paths(self) -> list[Path]:
        """All that an installation puts into the editor's folders."""
        return [self.place]

    @property
    def sandbox(self) -> str:
        """ "Flatpak" or "Snap" if the editor runs in one, else ""."""
        if ".var" in self.folder.parts and self.flatpak in self.folder.parts:
            return "Flatpak"
        return "Snap" if "snap" in self.folder.parts else ""

    def __str__(self) -> str:
        return f"{self.title} {self.version}".strip()

    def planned(self) -> Iterator[Action]:
        """The steps of `install`."""
        if not self.started:
            yield Action(f"create {self.plugins}, since {self} has not been started yet", self.plugins)
        verb = "replace" if files.present(self.place) else "install"
        yield Action(f"{verb} the plug-in of {self} in {self.place}", self.place)

    @abstractmethod
    def install(self) -> None:
        """Installs the plug-in; an older one is replaced completely. Raises OutputFailed."""

    def remove(self) -> None:
        """Removes the plug-in. Raises OutputFailed."""
        for path in filter(files.present, self.installed_paths):
            files.remove(path)
        self._remove_made()

    def _remove_made(self) -> None:
        """Removes the folders that `install` has made for an editor that has not been started since."""
        if self.folder.is_dir() and list(self.folder.iterdir()) == [self.plugins]:
            files.remove_empty(self.plugins)

    @property
    def user_files(self) -> list[Path]:
        """The history and settings that the plug-in keeps here for the user, as far as they exist."""
        return []

    def purge(self) -> None:
        """Removes history and settings. Raises OutputFailed."""
        for path in self.user_files:
            files.remove(path)
        self._remove_made()

    @abstractmethod
    def check_visible(self, place: Path) -> Finding:
        """Whether the editor will load the plug-in, which is in the folder `place`."""

    def check(self) -> Iterator[Finding]:
        """Checks an installed plug-in: that it is whole, that the editor will load it, and that it starts an engine."""
        place = self.found
        if place is None:
            yield self.finding(False, f"not in {self.plugins}")
            return
        visible = self.check_visible(place)
        yield visible
        if visible.good:
            wrong = damage(place)
            yield self.finding(not wrong, wrong or "all there, as installed", part="files")
        version = files.read(place / VERSION_FILE)
        if version != __version__:
            yield self.finding(False, f"{version or 'unknown'}; the engine is {__version__}", part="version")
        else:
            yield self.finding(True, version, part="version")
        yield self._check_command(place)

    def finding(self, good: bool, found: str, next_step: str = "", *, part: str = "") -> Finding:
        """A finding about this plug-in; where it is bad, installing again is the next step unless another is given."""
        name = f"plug-in of {self}: {part}" if part else f"plug-in of {self}"
        return Finding(name, good, found, next_step or ("" if good else AGAIN))

    def _check_command(self, place: Path) -> Finding:
        from photochrom_client.finding import command_of

        if self.sandbox and place in self.elsewhere:
            return self.finding(True, f"comes with the plug-in, inside the {self.sandbox}", part="engine")
        path = place / COMMAND_FILE
        try:
            command = command_of(place)
        except (OSError, ValueError) as error:
            return self.finding(False, f"{path} does not tell how to start it ({error})", part="engine")
        if command is None:
            return self.finding(False, f"there is no {path}, and no engine in the usual places", part="engine")
        program = command[0]
        if shutil.which(program) is None:
            return self.finding(False, f"{program}, named in {path}, no longer exists", part="engine")
        if program != frozen.program():
            other = f"started by another installation: {program}"
            return self.finding(True, other, f"To use this one: {AGAIN}", part="engine")
        return self.finding(True, f"started by {program}", part="engine")
