"""The process that reads pictures: a path a line in, a verdict a line out. It may die of what it reads."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from photochrom.errors import PhotochromError
from photochrom.image.picture import open_picture

MEMORY = 12 << 30
"""Bytes of addresses: no file may take the computer with it."""

LARGEST = 50_000_000
"""Pixels. A header that claims more is refused: to read a billion of them takes longer than a reader may hang."""


def verdict(path: Path) -> str:
    """ "picture", "error", or what went wrong."""
    try:
        picture = open_picture(path, max_pixels=LARGEST)
        with picture.reading():
            picture.lightness().avg()
    except PhotochromError as error:
        return "error" if error.cause and error.next_step else f"an error without cause or next step: {error!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}".replace("\n", " ")
    return "picture"


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in sys.stdin:
        print(verdict(Path(line.rstrip("\n"))), flush=True)


if __name__ == "__main__":
    main()
