"""The file in which the running engine publishes its port and token, for its user alone."""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
import stat
from pathlib import Path
from typing import Any, NamedTuple

from .places import runtime_folder
from .protocol import Versions

NAME = "engine.json"

NO_LINKS = getattr(os, "O_NOFOLLOW", 0)
"""Flag of `os.open` that refuses symbolic links, where the system has it."""


class RuntimeFile(NamedTuple):
    """How to reach the running engine: `port` on 127.0.0.1 with the bearer `token`; `pid` is its process."""

    port: int
    token: str
    pid: int
    version: str
    protocol: Versions

    def write(self, path: Path) -> None:
        """Replaces `path` in one step with a file that only its owner can read. Raises OSError."""
        unfinished = path.with_name(f"{path.name}.new")  # of one name, so that killed engines leave one at most
        unfinished.unlink(missing_ok=True)
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(file, "w", encoding="utf-8") as text:
                json.dump(self._asdict(), text)
            os.replace(unfinished, path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise

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
            OSError: it is missing, a link, cannot be read, or others can write it or its folder: their port must not
                get a token.
            ValueError: it is no runtime file.
        """
        path = path or runtime_folder() / NAME
        check_owner(os.stat(path.parent), path.parent)
        with os.fdopen(os.open(path, os.O_RDONLY | NO_LINKS), encoding="utf-8") as file:
            check_owner(os.fstat(file.fileno()), path)
            return cls.validate(json.load(file))

    def proof(self, nonce: str) -> str:
        """Shows that one knows the token, without telling it: an HMAC-SHA256, in hexadecimal digits, over a nonce that
        the other side chose, and the port, so that no other engine's proof can be passed on."""
        return hmac.new(self.token.encode(), f"{nonce} {self.port}".encode(), hashlib.sha256).hexdigest()

    def is_proof(self, nonce: str, proof: object) -> bool:
        """Whether this is the engine's proof for the nonce."""
        return isinstance(proof, str) and hmac.compare_digest(proof.encode(), self.proof(nonce).encode())


def check_owner(status: os.stat_result, path: Path) -> None:
    """Raises PermissionError if another user owns a file or folder, or may write to it. Not on Windows, where a user's
    own folders are closed to others."""
    if not hasattr(os, "getuid"):
        return
    if status.st_uid != os.getuid():
        raise PermissionError(errno.EPERM, "it belongs to another user", str(path))
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(errno.EPERM, "other users may write to it", str(path))
