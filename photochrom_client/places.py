"""Folders and files that engine and clients share on a user's computer."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def runtime_folder() -> Path:
    """Where the running engine publishes its port and token: private to the user, empty or stale after a restart.

    `PHOTOCHROM_RUNTIME_DIR`, else `photochrom/` in `$XDG_RUNTIME_DIR` or in `/run/user/UID` (an editor that
    was not started by the session has no variable but the same user), else `run/` in the user's cache.
    In a Flatpak the one runtime folder that the sandbox and the world outside share is `app/ID`.
    """
    chosen = os.environ.get("PHOTOCHROM_RUNTIME_DIR")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return _local_app_data() / "photochrom" / "run"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "photochrom" / "run"
    session = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    application = os.environ.get("FLATPAK_ID")
    if application and sandbox() == "Flatpak":
        return Path(session) / "app" / application / "photochrom"
    if os.path.isdir(session) and os.access(session, os.W_OK):
        return Path(session) / "photochrom"
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "photochrom" / "run"


def log_path() -> Path:
    """The engine's log."""
    if sys.platform == "win32":
        return _local_app_data() / "photochrom" / "Logs" / "engine.log"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Logs" / "photochrom" / "engine.log"
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "photochrom" / "engine.log"


def output_path() -> Path:
    """Standard output and error of an engine that a client started: empty unless it failed to start."""
    return log_path().with_name("engine-output.log")


def spool_folder() -> Path:
    """Where the engine keeps layers while it works on them: on a disk, not in memory as /tmp and /run often are."""
    if sys.platform == "win32":
        return _local_app_data() / "photochrom" / "spool"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "photochrom" / "spool"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "photochrom" / "spool"


def recent_batches_path() -> Path:
    """The engine's list of the folders that had batches lately."""
    if sys.platform == "win32":
        return _local_app_data() / "photochrom" / "batches.json"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "photochrom" / "batches.json"
    return log_path().with_name("batches.json")


def data_folder() -> Path:
    """What stays for good: fetched models, a fetched engine, and where an engine was last seen."""
    if sys.platform == "win32":
        return _local_app_data() / "photochrom"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "photochrom"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "photochrom"


def sandbox() -> str | None:
    """The name of the sandbox that this process runs in, or None."""
    if os.path.exists("/.flatpak-info"):
        return "Flatpak"
    if os.environ.get("SNAP") and os.environ.get("SNAP_NAME"):
        return "Snap"
    return None


def _local_app_data() -> Path:
    return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
