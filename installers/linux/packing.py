"""What all ways of packing a bundle for Linux share: its version, and one time, one owner and plain modes for all."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
NAME = "photochrom"

XZ = "xz -6 --threads=0 --block-size=64MiB"
"""With blocks of a fixed size the archive is the same whatever the number of cores."""


def settle(folder: Path) -> None:
    """Gives everything one time, and modes by which everybody may read and only the owner write."""
    when = int(os.environ["SOURCE_DATE_EPOCH"])
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or is_program(path) else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)


def is_program(path: Path) -> bool:
    """Whether a file is run, not loaded: its mode says so, and it is no library."""
    return path.stat().st_mode & 0o100 != 0 and ".so" not in path.name


def version_of(bundle: Path) -> str:
    """As the program itself says it."""
    return said(str(bundle / NAME), "--version").split()[-1]


def kind_of(bundle: Path) -> str:
    """lite or full."""
    return "full" if (bundle / "_internal" / "torch").is_dir() else "lite"


def source_date() -> int:
    """The time of everything that is packed: seconds since 1970."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return int(os.environ["SOURCE_DATE_EPOCH"])
    return int(said("git", "-C", str(REPOSITORY), "log", "-1", "--format=%ct"))


def said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def run(*command: str | Path) -> None:
    subprocess.run(command, check=True)
