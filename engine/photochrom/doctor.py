"""`photochrom doctor`: looks at everything a color layer needs, and says what to do about what is missing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from photochrom import __version__, editors
from photochrom.editors.host import Finding
from photochrom.errors import PhotochromError

if TYPE_CHECKING:
    from photochrom.models import Card

PATIENCE = 5.0
"""Seconds that a running engine may take to answer."""


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


def _libraries() -> Finding:
    try:
        import pyvips

        from photochrom.runtime.inference import openvino
    except (ImportError, OSError) as error:
        return Finding("libraries", False, str(error), "Install Photochrom again in a new virtual environment.")
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
        again = "Install Photochrom again in a new virtual environment."
        return Finding(name, False, f"does not run: {error}", again)
    return Finding(name, True, f"{card.size / 1e6:.1f} MB, hash verified, {works}")


def _running_engine() -> Finding:
    from http.client import HTTPConnection, HTTPException

    from photochrom_client.places import log_path
    from photochrom_client.protocol import Route
    from photochrom_client.runtime_file import RuntimeFile

    log = f"log: {log_path()}"
    try:
        file = RuntimeFile.read()
        engine = HTTPConnection("127.0.0.1", file.port, timeout=PATIENCE)
        engine.request("GET", Route.STATUS, headers={"Authorization": f"Bearer {file.token}"})
        status = json.load(engine.getresponse())
        found = f"version {status['version']} runs as process {status['pid']}; {log}"
    except TimeoutError:
        return Finding("service", False, f"process {file.pid} does not answer; {log}", "End that process.")
    except (OSError, ValueError, LookupError, TypeError, HTTPException):
        return Finding("service", True, f"not running; the editors start it when they need it; {log}")
    return Finding("service", True, found)
