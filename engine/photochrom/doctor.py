"""`photochrom doctor`: looks at everything a colour layer needs, and says what to do about what is missing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator

from photochrom import __version__, plugins
from photochrom.errors import PhotochromError
from photochrom.plugins import Finding


def checks() -> Iterator[Finding]:
    """All checks, from the engine outwards; each is made when it is asked for."""
    yield Finding("engine", True, f"photochrom {__version__} on Python {sys.version.split()[0]}, {sys.prefix}")
    yield _libraries()
    yield from _models()
    yield _running_engine()
    yield from plugins.findings()


def _libraries() -> Finding:
    try:
        import openvino
        import pyvips
    except (ImportError, OSError) as error:
        return Finding("libraries", False, str(error), "Install Photochrom again in a new virtual environment.")
    vips = ".".join(str(pyvips.version(part)) for part in range(3))
    return Finding("libraries", True, f"libvips {vips}, OpenVINO {openvino.__version__.split('-')[0]}")


def _models() -> Iterator[Finding]:
    import numpy as np

    from photochrom import colorizers

    try:
        cards = colorizers.available()
    except PhotochromError as error:
        yield Finding("models", False, error.cause, error.next_step)
        return
    if not cards:
        yield Finding("models", False, "none installed", "Install Photochrom again: its models come with it.")
    for card in cards:
        try:
            colorizers.load(card.name).predict(np.full((64, 64), 50, np.float32))
        except PhotochromError as error:
            yield Finding(f"model {card.name}", False, error.cause, error.next_step)
        else:
            yield Finding(f"model {card.name}", True, f"{card.size / 1e6:.1f} MB, hash verified, it colours")


def _running_engine() -> Finding:
    from photochrom.service import log_path, runtime_folder

    path = runtime_folder() / "engine.json"
    log = f"log: {log_path()}"
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        os.kill(said["pid"], 0)
    except (OSError, ValueError, LookupError, TypeError):
        return Finding("service", True, f"not running; the editors start it when they need it; {log}")
    return Finding("service", True, f"version {said['version']} runs as process {said['pid']}; {log}")
