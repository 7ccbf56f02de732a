"""`photochrom doctor`: looks at everything a colour layer needs, and says what to do about what is missing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from photochrom import __version__
from photochrom.errors import PhotochromError


@dataclass(frozen=True)
class Check:
    """One thing looked at: what was found, and what to do if it is not good."""

    name: str
    good: bool
    found: str
    next_step: str = ""


def checks() -> Iterator[Check]:
    """All checks, from the engine outwards; each is made when it is asked for."""
    yield Check("engine", True, f"photochrom {__version__} on Python {sys.version.split()[0]}, {sys.prefix}")
    yield _libraries()
    yield from _models()
    yield _running_engine()
    yield from _editors()


def _libraries() -> Check:
    try:
        import openvino
        import pyvips
    except (ImportError, OSError) as error:
        return Check("libraries", False, str(error), "Install Photochrom again in a new virtual environment.")
    vips = ".".join(str(pyvips.version(part)) for part in range(3))
    return Check("libraries", True, f"libvips {vips}, OpenVINO {openvino.__version__.split('-')[0]}")


def _models() -> Iterator[Check]:
    import numpy as np

    from photochrom import colorizers

    try:
        cards = colorizers.available()
    except PhotochromError as error:
        yield Check("models", False, error.cause, error.next_step)
        return
    if not cards:
        yield Check("models", False, "none installed", "Install Photochrom again: its models come with it.")
    for card in cards:
        try:
            colorizers.load(card.name).predict(np.full((64, 64), 50, np.float32))
        except PhotochromError as error:
            yield Check(f"model {card.name}", False, error.cause, error.next_step)
        else:
            yield Check(f"model {card.name}", True, f"{card.size / 1e6:.1f} MB, hash verified, it colours")
