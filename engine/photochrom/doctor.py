"""`photochrom doctor`: looks at everything a color layer needs, and says what to do about what is missing."""

from __future__ import annotations

import getpass
import os
import platform
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from photochrom import __version__, editors
from photochrom.editors.host import Finding
from photochrom.errors import PhotochromError
from photochrom.frozen import install_again

if TYPE_CHECKING:
    from photochrom.models import Card

PATIENCE = 5.0
"""Seconds that a running engine may take to answer."""


LOG_LINES = 30
"""At most, at the end of a report."""


def checks() -> Iterator[Finding]:
    """All checks, from the engine outwards; each is made when it is asked for."""
    yield Finding("engine", True, f"photochrom {__version__} on Python {sys.version.split()[0]}, {sys.prefix}")
    libraries = _libraries()
    yield libraries
    if libraries.good:
        yield _precision()
        yield from _models()
    yield _running_engine()
    yield from editors.findings()


def report() -> str:
    """All checks, the system and the end of the engine's log as a text for a bug report, without names of users."""
    from photochrom_client.places import log_path

    system = f"{_distribution()}, {platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} CPUs"
    lines = [f"photochrom {__version__}", f"system: {system}"]
    for check in checks():
        lines.append(f"{'ok  ' if check.good else 'FAIL'} {check.name}: {check.found}")
    try:
        ended = log_path().read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
    except OSError:
        ended = ["(none)"]
    return without_names("\n".join(["```", *lines, "", "end of the engine's log:", *ended, "```"]))


def without_names(text: str) -> str:
    """A text in which the home folder is "~", and the user's name is "USER" where it is part of a path."""
    for home in {str(Path.home()), str(Path.home().resolve())} - {os.sep}:
        text = re.sub(rf"{re.escape(home)}(?![^\s/\\\"':,;)\]])", "~", text)
    for folder in (r"/home/", r"/Users/", r"[A-Za-z]:\\Users\\"):
        # To the next separator, spaces included: rather too much of a sentence than half a name left.
        text = re.sub(rf"({folder})[^/\\\n\"',;:)\]]+", r"\1USER", text)
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return text
    return re.sub(rf"(?<=[/\\]){re.escape(name)}(?=[/\\\s\"',;:)\]]|$)", "USER", text)


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, LookupError):
        return platform.version()


def _libraries() -> Finding:
    try:
        import pyvips

        from photochrom.runtime.inference import openvino
    except (ImportError, OSError) as error:
        return Finding("libraries", False, str(error), install_again())
    vips = ".".join(str(pyvips.version(part)) for part in range(3))
    return Finding("libraries", True, f"libvips {vips}, OpenVINO {openvino.__version__.split('-')[0]}")


def _precision() -> Finding:
    from photochrom.runtime.inference import PRECISION, precision

    try:
        found = precision()
    except PhotochromError as error:
        return Finding("precision", False, error.cause, error.next_step)
    if found != PRECISION:
        elsewhere = f"{found}, as PHOTOCHROM_PRECISION asks for: other colors than on other computers"
        return Finding("precision", False, elsewhere, "Unset PHOTOCHROM_PRECISION; it is there for tests.")
    return Finding("precision", True, f"models compute in {found}")


def _models() -> Iterator[Finding]:
    import numpy as np

    from photochrom import colorizers, models, routing

    try:
        cards = colorizers.available()
    except PhotochromError as error:
        yield Finding("models", False, error.cause, error.next_step)
        return
    if not cards:
        yield Finding("models", False, "none installed", "Install Photochrom again: its models come with it.")

    def color(name: str) -> None:
        colorizers.load(name).predict(gray)

    def choose(card: Card) -> None:
        routing.Router(card).route(gray)

    gray = np.full((routing.SIDE, routing.SIDE), 50, np.float32)
    for card in cards:
        yield _tried(f"model {card.name}", card, partial(color, card.name), "it colors")
    for card in models.installed("router"):
        yield _tried("router", card, partial(choose, card), "it chooses")


def _tried(name: str, card: Card, use: Callable[[], object], works: str) -> Finding:
    """What became of using a model once."""
    try:
        use()
    except PhotochromError as error:
        return Finding(name, False, error.cause, error.next_step)
    except Exception as error:  # whatever the network's runtime raises: that is what is looked for here
        return Finding(name, False, f"does not run: {error}", install_again())
    return Finding(name, True, f"{card.size / 1e6:.1f} MB, hash verified, {works}")


def _running_engine() -> Finding:
    from photochrom_client import lock, running
    from photochrom_client.errors import EngineGone
    from photochrom_client.places import log_path, runtime_folder

    log = f"log: {log_path()}"
    try:
        engine = running.find(PATIENCE)
    except EngineGone as error:
        return Finding("service", False, f"{error.cause} {log}", error.next_step)
    if engine:
        return Finding("service", True, f"version {engine.status.version} runs as process {engine.status.pid}; {log}")
    if lock.is_held(runtime_folder()):
        return Finding("service", False, f"an engine runs that editors cannot reach; {log}", "Run “photochrom stop”.")
    return Finding("service", True, f"not running; the editors start it when they need it; {log}")
