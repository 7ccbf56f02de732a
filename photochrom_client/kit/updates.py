"""An engine that is missing, or of another version than the plug-in: which one to update, and how it is done here."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ..engine import Progress
from ..errors import EngineError
from ..fetch import fetch
from ..finding import command_of, fetched_program
from ..release import Bundle, FetchFailed, newest
from ..start import environment
from ..stop import stop
from ..translation import translated as _

PATIENCE = 120.0
"""Seconds for `photochrom --version` and `photochrom plugin install`."""

STAGES = "dev", "a", "b", "rc", ""
"""Of a version's making, as its number names them; the last is the release."""


class Offer(NamedTuple):
    """Something that a button can do. `do` runs on a thread, takes a `Progress` and returns what to say afterwards."""

    label: str
    do: Callable[[Progress], str]


class Update(NamedTuple):
    """Which part is out of date, in words; `offer` is None where the user has to do it."""

    text: str
    offer: Offer | None


def version_of(plugin_folder: str | os.PathLike[str]) -> str:
    """The plug-in's version, "" if its installation did not note it."""
    try:
        return (Path(plugin_folder) / "version.txt").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def update(plugin_folder: str | os.PathLike[str], host: str, engine: str) -> Update | None:
    """What to do where the running engine has version `engine`; None if the plug-in has the same."""
    plugin = version_of(plugin_folder)
    if plugin in {"", engine}:
        return None
    if _number(plugin) < _number(engine):
        text = _("This plug-in is version {plugin}, older than the engine, {engine}: the plug-in should be updated.")
        return _described(text.format(plugin=plugin, engine=engine), _plugin_update(plugin_folder, host))
    text = _("The engine is version {engine}, older than this plug-in, {plugin}: the engine should be updated.")
    return _described(text.format(plugin=plugin, engine=engine), _engine_update(plugin_folder, engine))


def get_engine() -> tuple[str, Offer | None]:
    """The newest engine that can be fetched, with its size and hash, and the offer to fetch it; without one, why."""
    try:
        bundle = newest()
    except FetchFailed as error:
        return f"{error.cause}\n{error.next_step}", None
    return _about(bundle), Offer(_("Get the engine"), lambda on_progress: _fetch(bundle, on_progress))


def _described(text: str, found: Update) -> Update:
    return Update(f"{text} {found.text}".strip(), found.offer)


def _plugin_update(plugin_folder: str | os.PathLike[str], host: str) -> Update:
    """By the engine's own command, where it may write."""
    command = _words(plugin_folder)
    if command is None or command[-1] != "serve" or not os.access(Path(plugin_folder).parent, os.W_OK):
        return Update(_("Install it again in the way it was installed."), None)

    def install(_on_progress: Progress) -> str:
        _run([*command[:-1], "plugin", "install", f"--{host}"])
        return _("The plug-in was updated. Restart the editor to use it.")

    return Update("", Offer(_("Update the plug-in"), install))


def _engine_update(plugin_folder: str | os.PathLike[str], running: str) -> Update:
    """A newer one may be installed already, and only the old one still runs; one that was fetched is fetched again."""
    command = _words(plugin_folder)
    installed = _installed_version(command)
    if _number(installed) > _number(running):
        text = _("Version {version} is installed; the old one only has to end.").format(version=installed)
        return Update(text, Offer(_("Restart the engine"), _restart))
    if command is not None and command[0] == str(fetched_program()):
        text, offer = get_engine()
        return Update(text, offer)
    return Update(_("Update it in the way it was installed, with pip: pip install --upgrade photochrom"), None)


def _installed_version(command: list[str] | None) -> str:
    """Of the engine that would be started; "" if it does not tell."""
    if command is None or command[-1] != "serve":
        return ""
    try:
        said = re.search(r"\d[\w.+-]*", _run([*command[:-1], "--version"]))
    except EngineError:
        return ""
    return said[0] if said else ""


def _restart(_on_progress: Progress) -> str:
    stop()  # The next look at the installation starts the installed one.
    return ""


def _fetch(bundle: Bundle, on_progress: Progress) -> str:
    fetch(bundle, on_progress)
    stop()
    return _("The engine was installed in {folder}.").format(folder=fetched_program().parent)


def _about(bundle: Bundle) -> str:
    return _(
        "The engine, a program of its own, computes the colors on this computer. Photochrom {version} is {size} MB to "
        "download and {unpacked} MB on disk.\nFrom: {address}\nSHA-256: {sha256}"
    ).format(
        version=bundle.version,
        size=f"{bundle.size / 1e6:.0f}",
        unpacked=f"{bundle.unpacked / 1e6:.0f}",
        address=bundle.address,
        sha256=bundle.sha256,
    )


def _words(plugin_folder: str | os.PathLike[str]) -> list[str] | None:
    try:
        return command_of(plugin_folder)
    except (OSError, ValueError):
        return None


def _run(command: list[str]) -> str:
    """What a command of the engine prints. Raises `EngineError` where it fails."""
    words = [word.encode("utf-8", "surrogateescape") for word in command] if os.name != "nt" else command
    try:
        done = subprocess.run(words, env=environment(), capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError(_("{command} cannot be run: {error}.").format(command=command[0], error=error)) from error
    said = (done.stdout if done.returncode == 0 else done.stderr).decode("utf-8", "replace").strip()
    if done.returncode:
        raise EngineError(
            _("The update failed: {said}").format(said=said[-500:]),
            _("Run “photochrom plugin install” in a terminal."),
        )
    return said


def _number(version: str) -> tuple[list[int], int, list[int]]:
    """To compare: "0.1.0.dev2" comes before "0.1.0rc1", and that before "0.1.0"."""
    release, stage, rest = re.findall(r"([\d.]*)(dev|a|b|rc|)(.*)", version)[0]
    return _integers(release), STAGES.index(stage), _integers(rest)


def _integers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", text)]
