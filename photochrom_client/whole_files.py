"""Small files that are the old or the new one at any moment, whatever ends the process or fills the disk."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def replace_text(path: Path, text: str) -> None:
    """Writes a text file, in place of one of that name, in UTF-8. Raises OSError, and then the old one is still there.

    What is unfinished has one name, so that killed processes leave one file at most.
    """
    unfinished = path.with_name(f"{path.name}.new")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
