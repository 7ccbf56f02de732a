"""Photochrom's plug-ins in the editors on this machine: installing, removing and checking them.

A new editor is a module here with its `Editor`, and an entry in `EDITORS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from photochrom.editors import files
from photochrom.editors.gimp import GIMP
from photochrom.editors.host import Action, Editor, Finding, Profile
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


def remove(editors: Iterable[str] = EDITORS, *, dry_run: bool = False) -> list[Action]:
    """Removes the plug-in from every profile of these editors.

    Raises:
        OutputFailed: a folder cannot be removed.
    """
    actions = []
    for name in editors:
        installed = [each for each in EDITORS[name].profiles() if any(map(files.present, each.installed_paths))]
        for profile in installed:
            actions.append(Action(f"remove the plug-in of {profile} from {profile.place}", profile.place))
            if not dry_run:
                profile.remove()
        if not installed:
            actions.append(Action(f"find no plug-in to remove from {EDITORS[name].title}"))
    return actions


def findings() -> Iterator[Finding]:
    """The checks of `photochrom doctor` for the editors."""
    profiles = detect()
    first = next(iter(EDITORS.values()))
    if not any(profile.title == first.title for profile in profiles):
        # One editor is enough.
        step = f"Install {first.requirement}, then run “photochrom plugin install”."
        yield Finding(first.title, bool(profiles), f"no {first.requirement} found", step)
    for profile in profiles:
        yield from profile.check()


def _none_installed(editors: list[Editor]) -> PhotochromError:
    names = " or ".join(editor.requirement for editor in editors)
    hints = "".join(f" {editor.hint}" for editor in editors if editor.hint)
    return PhotochromError(
        f"No {names} was found on this computer.",
        f"Install {names} and start it once, then run “photochrom plugin install” again.{hints}",
    )
