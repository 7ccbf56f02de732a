"""Plain installs to measure beside each other: a wheel, without extras, in a virtual environment of its own by pip.

They stay in the user's cache, `photochrom/benchmarks/`: a version of the history under its commit, the working tree
under the digest of its wheel, only the newest one.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import venv
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory

import platformdirs
import pytest

REPOSITORY = Path(__file__).parents[2]
FOLDER = Path(platformdirs.user_cache_path("photochrom", appauthor=False)) / "benchmarks"
TREE = "tree-"
WHOLE = "installed-for"
"""A file in each environment, written last, that holds the version of Python."""


@dataclass(frozen=True)
class Install:
    """An environment with Photochrom. `name` is the commit, or "working tree"."""

    name: str
    place: Path

    @property
    def python(self) -> Path:
        return self.place / "bin" / "python"

    @property
    def command(self) -> Path:
        return self.place / "bin" / "photochrom"

    @property
    def packages(self) -> Path:
        return next((self.place / "lib").glob("python*/site-packages"))

    def versions(self) -> dict[str, str]:
        """Of all packages, by name."""
        return {each.name: each.version for each in distributions(path=[str(self.packages)])}

    def megabytes(self) -> float:
        """Of site-packages with its compiled modules, without pip, which is no part of it."""
        files = (path for path in self.packages.rglob("*") if path.is_file() and not path.is_symlink())
        ours = (
            path for path in files if not path.relative_to(self.packages).parts[0].startswith(("pip", "setuptools"))
        )
        return sum(path.stat().st_size for path in ours) / 1e6


def of_commit(name: str) -> Install:
    """The install of a commit, by any name that git knows. Skips the test where there is none."""
    try:
        commit = _git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"there is no commit {name} here to compare with: this needs git and the whole history")
    place = FOLDER / commit
    if not _is_whole(place):
        with TemporaryDirectory() as folder:
            with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as files:
                files.extractall(folder, filter="data")
            _install(_wheel(Path(folder), Path(folder) / "wheels"), place)
    return Install(commit[:7], place)


def of_working_tree() -> Install:
    """The install of the files as they are now."""
    with TemporaryDirectory() as folder:
        wheel = _wheel(REPOSITORY, Path(folder))
        place = FOLDER / f"{TREE}{hashlib.sha256(wheel.read_bytes()).hexdigest()[:12]}"
        if not _is_whole(place):
            for older in FOLDER.glob(f"{TREE}*"):
                shutil.rmtree(older)
            _install(wheel, place)
    return Install("working tree", place)


def add_package(requirement: str) -> Path:
    """A folder with one package alone, to be put on the path of a process that has what it depends on."""
    place = FOLDER / requirement
    if not _is_whole(place):
        shutil.rmtree(place, ignore_errors=True)
        _pip(sys.executable, "install", "--no-deps", "--target", place, requirement)
        (place / WHOLE).write_text(sys.version)
    return place


def _wheel(source: Path, folder: Path) -> Path:
    _pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", folder, source)
    (wheel,) = folder.glob("photochrom-*.whl")
    return wheel


def _install(wheel: Path, place: Path) -> None:
    venv.create(place, clear=True, with_pip=True)
    _pip(place / "bin" / "python", "install", wheel)
    (place / WHOLE).write_text(sys.version)


def _is_whole(place: Path) -> bool:
    mark = place / WHOLE
    return mark.exists() and mark.read_text() == sys.version


def _pip(python: str | Path, *words: str | Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([python, "-m", "pip", "--quiet", *words], check=True, env=environment)


def _git(*words: str) -> bytes:
    return subprocess.run(["git", "-C", REPOSITORY, *words], check=True, capture_output=True).stdout
