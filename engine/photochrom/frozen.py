"""What differs in a bundle: the engine, its Python and its libraries in one folder, frozen by PyInstaller.

Everything that asks whether this program is a bundle is here; see `installers/` for how one is made.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

FROZEN: Final = bool(getattr(sys, "frozen", False))

IN_FULL_BUNDLE: Final = frozenset({"formats", "pool"})
"""The extras that the full bundle contains; the lite one has none."""


def program() -> str:
    """The file to run to start this program again, at a path that lasts.

    An AppImage is mounted anew at each start, so its own file counts. An editor's AppImage that started this engine has
    left the same variable, with a mount that this program is not in.
    """
    image, mount = os.environ.get("APPIMAGE"), os.environ.get("APPDIR")
    if FROZEN and image and mount and Path(sys.executable).is_relative_to(mount):
        return image
    return sys.executable


def engine_command() -> list[str]:
    """How an editor starts this engine."""
    return [program(), "serve"] if FROZEN else [program(), "-m", "photochrom", "serve"]


def restore_environment() -> None:
    """Gives the processes that this one starts the user's environment, not the bundle's.

    The bundle's start points LD_LIBRARY_PATH to its own libraries, which would break an editor. This process has
    read it already; a worker of a batch is this program again and sets it anew.
    """
    for name in [name for name in os.environ if name.startswith("_PYI_")]:
        del os.environ[name]
    users = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if users is not None:
        os.environ["LD_LIBRARY_PATH"] = users


def install_extra(extra: str) -> str:
    """What to do about a missing extra, without the final period."""
    if not FROZEN:
        return f"Install it with: pip install 'photochrom[{extra}]'"
    if extra in IN_FULL_BUNDLE:
        return "Photochrom's full bundle has it: install that instead of the lite one"
    return f"No bundle has it: install Photochrom for Python, with its extra “{extra}”"


def install_again() -> str:
    """What to do about libraries that do not load."""
    if FROZEN:
        return "Install Photochrom again: files of its bundle are missing or damaged."
    return "Install Photochrom again in a new virtual environment."


def update_openvino() -> str:
    """What to do about a network that needs a later OpenVINO, without the final period."""
    return "Install the newest Photochrom" if FROZEN else "Update OpenVINO (pip install -U openvino)"
