"""The editors on this machine, and Photochrom's plug-ins in them: found, installed, removed, checked."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from photochrom import __version__
from photochrom.errors import OutputFailed, PhotochromError

EDITORS: Final = ("gimp", "krita")
NAME: Final = "photochrom"
"""Of the plug-in's folder and of the script in it: GIMP takes no plug-in where the two differ."""

COMMAND_FILE: Final = "engine-command.json"
VERSION_FILE: Final = "version.txt"

NO_KRITA: Final = "leave Krita alone: this version of Photochrom has no plug-in for it yet"


@dataclass(frozen=True)
class Editor:
    """One profile of one editor. `profile` is its configuration folder, `plugins` the folder it looks into;
    `exists` is False for a GIMP that is installed and was never started."""

    name: str
    version: str
    profile: Path
    plugins: Path
    exists: bool = True

    @property
    def place(self) -> Path:
        """Where Photochrom's plug-in is, or would be."""
        return self.plugins / NAME

    def __str__(self) -> str:
        return f"{ {'gimp': 'GIMP', 'krita': 'Krita'}[self.name] } {self.version}".strip()


@dataclass(frozen=True)
class Action:
    """One step of an installation or a removal, in words that follow “would”. `path` is what it concerns."""

    text: str
    path: Path | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at for `doctor`."""

    name: str
    good: bool
    found: str
    next_step: str = ""


def detect(editors: Iterable[str] = EDITORS) -> list[Editor]:
    """Every profile of every version of these editors, Flatpak's and Snap's too."""
    found: list[Editor] = []
    if "gimp" in editors:
        found += _gimps()
    if "krita" in editors:
        found += [Editor("krita", "", folder.parent, folder) for folder in _krita_folders()]
    return found


def install(editors: Sequence[str] = EDITORS, *, dry_run: bool = False) -> list[Action]:
    """Puts the plug-in into every version of these editors; an older one is replaced whole.

    With `dry_run` nothing is touched, and the actions say what would be done.

    Raises:
        OutputFailed: a folder that cannot be written to.
        PhotochromError: none of the editors is here.
    """
    actions = [Action(NO_KRITA)] if "krita" in editors else []
    gimps = detect(("gimp",)) if "gimp" in editors else []
    if "gimp" in editors and not gimps:
        raise PhotochromError(
            "No GIMP 3 was found on this computer.",
            "Install GIMP 3 and start it once, then run “photochrom plugin install” again. "
            "A GIMP in an unusual place: set GIMP3_DIRECTORY to its configuration folder.",
        )
    for gimp in gimps:
        if not gimp.exists:
            actions.append(Action(f"create {gimp.plugins}, since {gimp} has not been started yet", gimp.plugins))
        doing = "replace the plug-in" if _there(gimp.place) else "put the plug-in"
        actions.append(Action(f"{doing} of {gimp} in {gimp.place}", gimp.place))
        sandbox = _sandbox(gimp)
        if sandbox:
            note = f"start the engine by hand (photochrom serve) before using it: {gimp} runs in a {sandbox} sandbox"
            actions.append(Action(note, gimp.place))
        if not dry_run:
            _copy(gimp)
    if gimps:
        actions.append(Action("need GIMP to be started anew, if it is running, before the menu entry appears"))
    return actions


def remove(editors: Sequence[str] = EDITORS, *, dry_run: bool = False) -> list[Action]:
    """Takes the plug-in out of every version of these editors.

    Raises:
        OutputFailed: a folder that cannot be removed.
    """
    actions = [Action(NO_KRITA)] if "krita" in editors else []
    places = [gimp for gimp in detect(editors) if gimp.name == "gimp" and _there(gimp.place)]
    for gimp in places:
        actions.append(Action(f"remove the plug-in of {gimp} from {gimp.place}", gimp.place))
        if not dry_run:
            try:
                _discard(gimp.place)
            except OSError as error:
                raise _unwritable(gimp.place, error) from error
    if "gimp" in editors and not places:
        actions.append(Action("find no plug-in to remove from GIMP"))
    return actions


def check(editor: Editor) -> Iterator[Finding]:
    """Looks at an installed plug-in: whether `editor` will see it and start this engine from it."""
    name, place = f"plug-in of {editor}", editor.place
    again = "Run “photochrom plugin install”."
    if not place.is_dir():
        yield Finding(name, False, f"not in {editor.plugins}", again)
        return
    script = place / f"{NAME}.py"
    if not script.is_file():
        yield Finding(name, False, f"{place} has no {script.name}: GIMP wants the folder's own name", again)
    elif os.name != "nt" and not os.access(script, os.X_OK):
        yield Finding(name, False, f"{script} may not be executed, so GIMP leaves it out silently", again)
    else:
        yield Finding(name, True, f"in {place}")
    version = _read(place / VERSION_FILE)
    if version != __version__:
        yield Finding(f"{name}: version", False, f"{version or 'unknown'}; the engine is {__version__}", again)
    else:
        yield Finding(f"{name}: version", True, version)
    yield _check_command(f"{name}: engine", place / COMMAND_FILE, again)


def findings() -> Iterator[Finding]:
    """What `doctor` says about the editors."""
    gimps = detect(("gimp",))
    if not gimps:
        yield Finding("GIMP", False, "no GIMP 3 found", "Install GIMP 3, then run “photochrom plugin install”.")
    for gimp in gimps:
        yield from check(gimp)


def source() -> Path:
    """The folder of the plug-ins' files: inside the installed package, or the checkout's own `plugin`."""
    installed = Path(str(files("photochrom"))) / "_plugin"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[2] / "plugin"


def _check_command(name: str, path: Path, again: str) -> Finding:
    try:
        command = json.loads(path.read_text(encoding="utf-8"))["command"]
        program = str(command[0])
    except (OSError, ValueError, LookupError, TypeError) as error:
        return Finding(name, False, f"{path} does not say how to start it ({error})", again)
    if shutil.which(program) is None:
        return Finding(name, False, f"{program}, which {path} names, is not there any more", again)
    if program != sys.executable:
        return Finding(name, True, f"started by another installation: {program}", f"To use this one: {again}")
    return Finding(name, True, f"started by {program}")


def _copy(editor: Editor) -> None:
    """Makes the plug-in beside its place and moves it there: a failure leaves the older one as it was."""
    place = editor.place
    try:
        editor.plugins.mkdir(parents=True, exist_ok=True)
        # Not in the plug-ins folder itself: a GIMP that starts just now would look into it.
        with tempfile.TemporaryDirectory(prefix=".photochrom-", dir=editor.profile) as folder:
            fresh = Path(folder) / NAME
            leave_out = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(source() / "gimp" / NAME, fresh, ignore=leave_out)
            shutil.copytree(source() / "photochrom_client", fresh / "photochrom_client", ignore=leave_out)
            command = {"command": [sys.executable, "-m", "photochrom", "serve"]}
            (fresh / COMMAND_FILE).write_text(json.dumps(command, indent=2) + "\n", encoding="utf-8")
            (fresh / VERSION_FILE).write_text(__version__ + "\n", encoding="utf-8")
            script = fresh / f"{NAME}.py"
            # A wheel does not carry the bit, and without it GIMP leaves the plug-in out and says nothing.
            script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
            if _there(place):
                place.rename(Path(folder) / "older")
            fresh.rename(place)
    except OSError as error:
        raise _unwritable(place, error) from error


def _discard(place: Path) -> None:
    """Removes a folder; of a link only the link, never what it points to."""
    if place.is_symlink() or not place.is_dir():
        place.unlink()
    else:
        shutil.rmtree(place)


def _there(place: Path) -> bool:
    return place.exists() or place.is_symlink()


def _unwritable(place: Path, error: OSError) -> OutputFailed:
    return OutputFailed(
        f"{place} cannot be changed: {error.strerror or error}.",
        "Look at the folder's owner and permissions.",
    )


def _gimps() -> list[Editor]:
    chosen = os.environ.get("GIMP3_DIRECTORY")
    if chosen:
        folder = Path(chosen).expanduser()
        return [Editor("gimp", "3", folder, folder / "plug-ins", folder.is_dir())]
    found = [
        Editor("gimp", folder.name, folder, folder / "plug-ins")
        for base in _gimp_bases()
        for folder in sorted(base.glob("3.*"))
        if folder.is_dir() and re.fullmatch(r"3\.\d+", folder.name)
    ]
    own = _gimp_bases()[0]
    version = None if any(each.profile.parent == own for each in found) else _installed_gimp()
    if version:
        folder = own / version
        found.append(Editor("gimp", version, folder, folder / "plug-ins", exists=False))
    return found


def _gimp_bases() -> list[Path]:
    """The folders that hold a folder for each version of GIMP, the ordinary installation's first."""
    home = Path.home()
    if sys.platform == "win32":
        return [_app_data() / "GIMP"]
    if sys.platform == "darwin":
        return [home / "Library" / "Application Support" / "GIMP"]
    return [
        Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "GIMP",
        home / ".var" / "app" / "org.gimp.GIMP" / "config" / "GIMP",
        *(snap / ".config" / "GIMP" for snap in sorted((home / "snap" / "gimp").glob("*")) if not snap.is_symlink()),
    ]


def _installed_gimp() -> str | None:
    """The series ("3.0") of the GIMP 3 on the PATH; None if there is none."""
    for program in ("gimp", "gimp-3.0", "gimp-3"):
        path = shutil.which(program)
        if path is None:
            continue
        try:
            said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
        except (OSError, subprocess.SubprocessError):
            continue
        match = re.search(r"\b(3\.\d+)\.\d+", said.stdout)
        if match:
            return match[1]
    return None


def _krita_folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        places = [_app_data() / "krita"]
    elif sys.platform == "darwin":
        places = [home / "Library" / "Application Support" / "krita"]
    else:
        places = [
            Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "krita",
            home / ".var" / "app" / "org.kde.krita" / "data" / "krita",
            *sorted((home / "snap" / "krita").glob("*/.local/share/krita")),
        ]
    return [place / "pykrita" for place in places if place.is_dir()]


def _app_data() -> Path:
    return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")


def _sandbox(editor: Editor) -> str:
    parts = editor.profile.parts
    if ".var" in parts and "org.gimp.GIMP" in parts:
        return "Flatpak"
    return "Snap" if "snap" in parts else ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
