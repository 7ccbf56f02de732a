"""The file in which the running engine publishes its port and token, for its user alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from .places import runtime_folder
from .protocol import Versions

NAME = "engine.json"


class RuntimeFile(NamedTuple):
    """How to reach the running engine: `port` on 127.0.0.1 with the bearer `token`; `pid` is its process."""

    port: int
    token: str
    pid: int
    version: str
    protocol: Versions

    def write(self, path: Path) -> None:
        """Replaces `path` in one step with a file that only its owner can read. Raises OSError."""
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")
        unfinished.unlink(missing_ok=True)
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as text:
            json.dump(self._asdict(), text)
        os.replace(unfinished, path)

    @classmethod
    def validate(cls, content: Any) -> RuntimeFile:
        """Checks what a file contains. Raises ValueError where it is no runtime file; unknown keys are ignored."""
        try:
            oldest, newest = content["protocol"]
            values = content["port"], content["token"], content["pid"], content["version"]
        except (LookupError, TypeError, ValueError) as error:
            raise ValueError(f"no runtime file: {error}") from None
        kinds = (int, str, int, str, int, int)
        if any(type(value) is not kind for value, kind in zip((*values, oldest, newest), kinds, strict=True)):
            raise ValueError("no runtime file: a value is of the wrong type")
        return cls(*values, Versions(oldest, newest))

    @classmethod
    def read(cls, path: Path | None = None) -> RuntimeFile:
        """Reads the runtime file, that of the user's runtime folder by default.

        Raises:
            OSError: it is missing, cannot be read, or belongs to another user, whose port must not get a token.
            ValueError: it is no runtime file.
        """
        with (path or runtime_folder() / NAME).open(encoding="utf-8") as file:
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                raise PermissionError(f"{file.name} belongs to another user")
            return cls.validate(json.load(file))
