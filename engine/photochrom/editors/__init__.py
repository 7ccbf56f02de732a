"""Photochrom's plug-ins in the editors on this machine: installing, removing and checking them.

A new editor is a module here with its `Editor`, an entry in `EDITORS`, and a flag in `cli/plugin.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from photochrom.editors import files, leftovers
from photochrom.editors.gimp import GIMP
from photochrom.editors.host import AGAIN, Action, Editor, Finding, Profile
from photochrom.editors.krita import KRITA
from photochrom.errors import PhotochromError

EDITORS: Final[dict[str, Editor]] = {editor.name: editor for editor in (GIMP, KRITA)}


def detect(editors: Iterable[str] = EDITORS) -> list[Profile]:
    """Every profile of every version of these editors, of Flatpak and Snap too."""
    return [profile for name in editors for profile in EDITORS[name].profiles()]


def install(editors: Iterable[str] = EDITORS, *, dry_run: bool = False) -> list[Action]:
    """Installs the plug-in into every profile of these editors, replacing an older one completely.

    With `dry_run` nothing is changed; the actions are what would be done.

    Raises:
        OutputFailed: a folder cannot be written to.
        PhotochromError: none of the editors is installed.
    """
    wanted = [EDITORS[name] for name in editors]
    actions: list[Action] = []
    changed: list[Editor] = []
    for editor in wanted:
        for profile in editor.profiles():
            changed.append(editor)
            actions += profile.planned()
            if profile.sandbox:
                note = "start the engine by hand (photochrom serve) before using it"
                actions.append(Action(f"{note}: {profile} runs in a {profile.sandbox} sandbox", profile.place))
            if not dry_run:
                profile.install()
    if not changed:
        raise _none_installed(wanted)
    for editor in dict.fromkeys(changed):
        actions.append(Action(f"need {editor.title} to be restarted, if it is running, before the {editor.appears}"))
    return actions


def remove(editors: Iterable[str] = EDITORS, *, purge: bool = False, dry_run: bool = False) -> list[Action]:
    """Removes the plug-in from every profile of these editors, and ends the engine if none is left that needs it.

    With `purge` the settings and history of those editors go too, and the engine's logs and caches with the last
    plug-in; without it, the actions say what stays. Models always stay.

    Raises:
        OutputFailed: a folder cannot be removed.
        PhotochromError: the engine cannot be ended.
    """
    wanted = [EDITORS[name] for name in editors]
    actions: list[Action] = []
    for editor in wanted:
        actions += _remove_from(editor, purge, dry_run)
    others = detect(name for name in EDITORS if EDITORS[name] not in wanted)
    if not any(files.present(each.place) for each in others):
        actions += _remove_of_engine(purge, dry_run)
    return actions


def _remove_from(editor: Editor, purge: bool, dry_run: bool) -> Iterator[Action]:
    profiles = editor.profiles()
    installed = [each for each in profiles if any(map(files.present, each.installed_paths))]
    for profile in installed:
        yield Action(f"remove the plug-in of {profile} from {profile.place}", profile.place)
        if not dry_run:
            profile.remove()
    if not installed:
        yield Action(f"find no plug-in to remove from {editor.title}")
    for profile in profiles:
        for path in profile.user_files:
            yield _kept(f"the settings and history of {profile} in {path}", path, purge)
        if purge and not dry_run:
            profile.purge()


def _remove_of_engine(purge: bool, dry_run: bool) -> Iterator[Action]:
    yield Action("end the engine, if it is running")
    if not dry_run:
        _stop_engine()
    models = list(leftovers.models())
    for left in leftovers.of_engine():
        yield _kept(f"{left.what} in {left.folder}", left.folder, purge)
        if purge and not dry_run:
            left.remove()
    yield from models


def _kept(what: str, path: Path, purge: bool) -> Action:
    return Action(f"remove {what}" if purge else f"keep {what} (--purge removes them)", path)


def _stop_engine() -> None:
    from photochrom_client.errors import EngineError
    from photochrom_client.stop import stop

    try:
        stop()
    except EngineError as error:
        raise PhotochromError(error.cause, error.next_step) from error


def findings() -> Iterator[Finding]:
    """The checks of `photochrom doctor` for the editors that are here: one of them, with the plug-in, is enough."""
    profiles = detect()
    with_plugin = [each for each in profiles if each.found]
    if not profiles:
        names = " or ".join(editor.requirement for editor in EDITORS.values())
        yield Finding("editors", False, f"no {names} found", f"Install {names}, then run “photochrom plugin install”.")
    for profile in profiles:
        if profile.found:
            yield from profile.check()
        else:
            yield profile.finding(bool(with_plugin), f"not in {profile.plugins}", AGAIN)


def _none_installed(editors: list[Editor]) -> PhotochromError:
    names = " or ".join(editor.requirement for editor in editors)
    hints = "".join(f" {editor.hint}" for editor in editors if editor.hint)
    return PhotochromError(
        f"No {names} was found on this computer.",
        f"Install {names} and start it once, then run “photochrom plugin install” again.{hints}",
    )
