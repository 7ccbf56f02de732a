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

import photochrom_client
from photochrom import __version__
from photochrom.errors import OutputFailed, PhotochromError

EDITORS: Final = ("gimp", "krita")
NAME: Final = "photochrom"
"""Of the plug-in's folder and of the script in it: GIMP takes no plug-in where the two differ."""

COMMAND_FILE: Final = "engine-command.json"
VERSION_FILE: Final = "version.txt"

ENABLED: Final = "enable_photochrom"
"""The entry of `[python]` in Krita's kritarc that switches the plug-in on."""


_TITLES: Final = {"gimp": "GIMP", "krita": "Krita"}
_NO_GIMP: Final = (
    "No GIMP 3 was found on this computer.",
    "Install GIMP 3 and start it once, then run “photochrom plugin install” again. "
    "A GIMP in an unusual place: set GIMP3_DIRECTORY to its configuration folder.",
)
_NO_KRITA: Final = (
    "No Krita was found on this computer.",
    "Install Krita and start it once, then run “photochrom plugin install” again.",
)
_NONE_FOUND: Final = {
    ("gimp",): _NO_GIMP,
    ("krita",): _NO_KRITA,
    EDITORS: ("Neither GIMP 3 nor Krita was found on this computer.", _NO_GIMP[1].replace("GIMP 3", "GIMP 3 or Krita")),
}


@dataclass(frozen=True)
class Editor:
    """One profile of one editor. `profile` is its configuration folder, Krita's resource folder; `plugins` the folder
    it looks into; `exists` is False for an editor that is installed and was never started; `settings` is Krita's
    kritarc."""

    name: str
    version: str
    profile: Path
    plugins: Path
    exists: bool = True
    settings: Path | None = None

    @property
    def place(self) -> Path:
        """Where Photochrom's plug-in is, or would be."""
        return self.plugins / NAME

    def __str__(self) -> str:
        return f"{_TITLES[self.name]} {self.version}".strip()


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
        found += _kritas()
    return found


def install(editors: Sequence[str] = EDITORS, *, dry_run: bool = False) -> list[Action]:
    """Puts the plug-in into every version of these editors; an older one is replaced whole. Krita's is switched on.

    With `dry_run` nothing is touched, and the actions say what would be done.

    Raises:
        OutputFailed: a folder that cannot be written to.
        PhotochromError: none of the editors is here.
    """
    found = detect(editors)
    if not found:
        raise PhotochromError(*_NONE_FOUND[tuple(editors)])
    actions = []
    for editor in found:
        if not editor.exists:
            actions.append(Action(f"create {editor.plugins}, since {editor} has not been started yet", editor.plugins))
        doing = "replace the plug-in" if _there(editor.place) else "put the plug-in"
        actions.append(Action(f"{doing} of {editor} in {editor.place}", editor.place))
        if editor.settings is not None:
            actions.append(Action(f"switch it on in {editor.settings}", editor.settings))
        sandbox = _sandbox(editor)
        if sandbox:
            note = f"start the engine by hand (photochrom serve) before using it: {editor} runs in a {sandbox} sandbox"
            actions.append(Action(note, editor.place))
        if not dry_run:
            _copy(editor)
    for name in dict.fromkeys(editor.name for editor in found):
        seen = "menu entry appears" if name == "gimp" else "docker and the menu entry appear"
        actions.append(Action(f"need {_TITLES[name]} to be started anew, if it is running, before the {seen}"))
    return actions


def remove(editors: Sequence[str] = EDITORS, *, dry_run: bool = False) -> list[Action]:
    """Takes the plug-in out of every version of these editors.

    Raises:
        OutputFailed: a folder that cannot be removed.
    """
    actions = []
    for name in editors:
        places = [editor for editor in detect((name,)) if any(map(_there, _belongings(editor)))]
        for editor in places:
            actions.append(Action(f"remove the plug-in of {editor} from {editor.place}", editor.place))
            if not dry_run:
                _take_out(editor)
        if not places:
            actions.append(Action(f"find no plug-in to remove from {_TITLES[name]}"))
    return actions


def check(editor: Editor) -> Iterator[Finding]:
    """Looks at an installed plug-in: whether `editor` will see it and start this engine from it."""
    name, place = f"plug-in of {editor}", editor.place
    again = "Run “photochrom plugin install”."
    if not place.is_dir():
        yield Finding(name, False, f"not in {editor.plugins}", again)
        return
    script = place / (f"{NAME}.py" if editor.name == "gimp" else "__init__.py")
    if not script.is_file():
        wanted = "GIMP wants the folder's own name" if editor.name == "gimp" else "Krita starts with it"
        yield Finding(name, False, f"{place} has no {script.name}: {wanted}", again)
    elif editor.settings is not None:
        yield _check_switch(name, editor, editor.settings, again)
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
    found = detect()
    if not any(editor.name == "gimp" for editor in found):
        # Who has Krita does without.
        yield Finding("GIMP", bool(found), "no GIMP 3 found", "Install GIMP 3, then run “photochrom plugin install”.")
    for editor in found:
        yield from check(editor)


def source() -> Path:
    """The folder of the plug-ins' files: inside the installed package, or the checkout's own `plugin`."""
    installed = Path(str(files("photochrom"))) / "_plugin"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "plugin"


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


def _check_switch(name: str, editor: Editor, settings: Path, again: str) -> Finding:
    missing = next((path for path in _belongings(editor) if not path.exists()), None)
    if missing is not None:
        return Finding(name, False, f"{missing} is not there: Krita takes no plug-in without it", again)
    if not _switched_on(settings):
        return Finding(name, False, f"switched off in {settings}", f"{again} Krita must not run meanwhile.")
    return Finding(name, True, f"in {editor.place}")


def _belongings(editor: Editor) -> list[Path]:
    """All that an installation puts into an editor's folders."""
    if editor.name == "gimp":
        return [editor.place]
    return [editor.place, editor.plugins / f"{NAME}.desktop"]


def _copy(editor: Editor) -> None:
    """Makes the plug-in beside its place and moves it there: a failure leaves the older one as it was."""
    place = editor.place
    files_of = source() / editor.name
    try:
        editor.plugins.mkdir(parents=True, exist_ok=True)
        # Not in the plug-ins folder itself: a GIMP that starts just now would look into it.
        with tempfile.TemporaryDirectory(prefix=".photochrom-", dir=editor.profile) as folder:
            fresh = Path(folder) / NAME
            leave_out = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(files_of / NAME, fresh, ignore=leave_out)
            client = Path(photochrom_client.__file__).parent
            shutil.copytree(client, fresh / client.name, ignore=leave_out)
            _compile_catalogs(fresh / client.name / "locale")
            command = {"command": [sys.executable, "-m", "photochrom", "serve"]}
            (fresh / COMMAND_FILE).write_text(json.dumps(command, indent=2) + "\n", encoding="utf-8")
            (fresh / VERSION_FILE).write_text(__version__ + "\n", encoding="utf-8")
            if editor.name == "gimp":
                script = fresh / f"{NAME}.py"
                # A wheel does not carry the bit, and without it GIMP leaves the plug-in out and says nothing.
                script.chmod(script.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
            if _there(place):
                place.rename(Path(folder) / "older")
            fresh.rename(place)
        if editor.settings is not None:
            desktop = f"{NAME}.desktop"
            shutil.copyfile(files_of / desktop, editor.plugins / desktop)
            _switch(editor.settings, on=True)
    except OSError as error:
        raise _unwritable(place, error) from error


def _compile_catalogs(folder: Path) -> None:
    """Translations as gettext reads them."""
    import polib

    for catalog in folder.glob(f"*/LC_MESSAGES/{NAME}.po"):
        compiled = catalog.with_suffix(".mo")
        polib.pofile(str(catalog)).save_as_mofile(str(compiled))


def _take_out(editor: Editor) -> None:
    for place in filter(_there, _belongings(editor)):
        try:
            _discard(place)
        except OSError as error:
            raise _unwritable(place, error) from error
    if editor.settings is not None and _switched_on(editor.settings):
        try:
            _switch(editor.settings, on=False)
        except OSError as error:
            raise _unwritable(editor.settings, error) from error


def _switched_on(settings: Path) -> bool:
    _, entries = _python_group(_read(settings))
    return any(re.fullmatch(rf"{ENABLED}\s*=\s*true", line) for line in entries)


def _switch(settings: Path, *, on: bool) -> None:
    """Writes or takes out the plug-in's entry; every other line stays. Raises OSError."""
    text = settings.read_text(encoding="utf-8") if settings.exists() else ""
    before, entries = _python_group(text)
    after = text.splitlines()[len(before) + len(entries) :]
    entries = [line for line in entries if not re.match(rf"{ENABLED}\s*=", line)]
    if on:
        if not before or before[-1].strip() != "[python]":
            before += [*([""] if before and before[-1].strip() else []), "[python]"]
        entries.insert(0, f"{ENABLED}=true")
    settings.parent.mkdir(parents=True, exist_ok=True)
    # Beside it and moved there: whatever happens, Krita's settings are whole.
    fresh = settings.with_name(f".{settings.name}.photochrom")
    fresh.write_text("\n".join([*before, *entries, *after]) + "\n", encoding="utf-8")
    if settings.exists():
        shutil.copymode(settings, fresh)
    fresh.replace(settings)


def _python_group(text: str) -> tuple[list[str], list[str]]:
    """The lines up to and with `[python]`, and the lines of that group; without one all lines, and none."""
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines, 1) if line.strip() == "[python]"), len(lines))
    end = next((at for at in range(start, len(lines)) if lines[at].startswith("[")), len(lines))
    return lines[:start], lines[start:end]


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


def _kritas() -> list[Editor]:
    places = _krita_places()
    found = [(folder, settings, folder.is_dir()) for folder, settings in places]
    started = [each for each in found if each[2]]
    if not started and shutil.which("krita"):
        started = found[:1]
    return [Editor("krita", "", folder, folder / "pykrita", exists, settings) for folder, settings, exists in started]


def _krita_places() -> list[tuple[Path, Path]]:
    """Resource folder and kritarc of every kind of installation, the ordinary one's first.

    An AppImage uses the ordinary ones. Krita keeps one folder for all its versions.
    """
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        stores = sorted((local / "Packages").glob("*Krita_*"))
        return [
            (_app_data() / "krita", local / "kritarc"),
            *(
                (store / "LocalCache" / "Roaming" / "krita", store / "LocalCache" / "Local" / "kritarc")
                for store in stores
            ),
        ]
    if sys.platform == "darwin":
        library = home / "Library"
        return [(library / "Application Support" / "krita", library / "Preferences" / "kritarc")]
    flatpak = home / ".var" / "app" / "org.kde.krita"
    snaps = [snap for snap in sorted((home / "snap" / "krita").glob("*")) if not snap.is_symlink()]
    return [
        (
            Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "krita",
            Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "kritarc",
        ),
        (flatpak / "data" / "krita", flatpak / "config" / "kritarc"),
        *((snap / ".local" / "share" / "krita", snap / ".config" / "kritarc") for snap in snaps),
    ]


def _app_data() -> Path:
    return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")


def _sandbox(editor: Editor) -> str:
    parts = editor.profile.parts
    if ".var" in parts and ("org.gimp.GIMP" in parts or "org.kde.krita" in parts):
        return "Flatpak"
    return "Snap" if "snap" in parts else ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
