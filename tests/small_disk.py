"""A real disk of a few megabytes that tests may fill: a tmpfs, where the system lets us mount one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


class Unavailable(Exception):
    """No file system can be mounted here: not root, or a container without that right."""


@dataclass(frozen=True)
class SmallDisk:
    """The folder where it is mounted, which is the user's alone."""

    folder: Path

    def fill(self, left: int = 0) -> None:
        """Takes all room but `left` bytes, to the page."""
        self.free()
        with suppress(OSError), self._ballast.open("wb", buffering=0) as ballast:
            while True:
                ballast.write(bytes(1 << 16))
        with self._ballast.open("r+b") as ballast:
            ballast.truncate(max(0, self._ballast.stat().st_size - left))

    def free(self) -> None:
        """Gives the room back."""
        self._ballast.unlink(missing_ok=True)

    @property
    def _ballast(self) -> Path:
        return self.folder / ".ballast"


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    """A disk of `size` bytes at `folder`, which is made. Raises Unavailable."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)]
    if sys.platform != "linux":
        raise Unavailable("mounts as Linux does")
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable("a file system cannot be mounted here") from error
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
