"""Bundles of the engine that are published: what a release offers for this computer.

A release is described by one JSON file:

    {"version": "1.2.0", "bundles": [{"system": "linux", "machine": "x86_64", "kind": "lite",
     "file": "photochrom-1.2.0-lite-linux-x86_64.tar.xz", "size": 85000000, "unpacked": 255000000, "sha256": "…"}]}

`system` and `machine` are Python's `sys.platform` and `platform.machine()`, the latter in small letters; `file` is an
address relative to that of the JSON file; sizes are bytes.
"""

from __future__ import annotations

import http.client
import json
import os
import platform
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from .errors import EngineError
from .translation import translated as _

ADDRESS = "https://photochrom.invalid/release.json"
"""Of the newest release: the one place that names it. The name resolves nowhere until there is a release.
`PHOTOCHROM_RELEASE` names another, such as a mirror in a network without internet."""

PATIENCE = 30.0
"""Seconds without a byte from the server."""

MOST_MANIFEST_BYTES = 1 << 20
MOST_BUNDLE_BYTES = 8 << 30
"""Accepted at most, whatever a manifest says: with torch, a bundle has 3 to 5 GB."""


class FetchFailed(EngineError):
    """There is no release to be had, or a download did not complete; trying again continues it."""


class Bundle(NamedTuple):
    """One archive with the engine: `size` and `unpacked` are bytes, `sha256` is that of the archive."""

    version: str
    kind: str
    address: str
    size: int
    unpacked: int
    sha256: str


def address() -> str:
    """Of the manifest."""
    return os.environ.get("PHOTOCHROM_RELEASE") or ADDRESS


def newest() -> Bundle:
    """The newest lite bundle for this computer. Raises `FetchFailed` where there is none, or no way to it."""
    where = address()
    with opened(where) as answer:
        content = answer.read(MOST_MANIFEST_BYTES + 1)
    try:
        if len(content) > MOST_MANIFEST_BYTES:
            raise ValueError("it is too long")
        manifest = json.loads(content)
        version = str(manifest["version"])
        fitting = [each for each in manifest["bundles"] if _fits(each)]
        return _bundle(version, where, fitting[0]) if fitting else _none_fits(version)
    except (ValueError, LookupError, TypeError) as error:
        raise FetchFailed(
            _("{address} does not describe a release of Photochrom ({error}).").format(address=where, error=error),
            _by_hand(),
        ) from None


@contextmanager
def opened(where: str, headers: dict[str, str] | None = None) -> Iterator[Any]:
    """The answer to a GET. Raises `FetchFailed`, also for what goes wrong while it is read."""
    _check(where)
    request = urllib.request.Request(where, headers={"Accept-Encoding": "identity", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            _check(answer.geturl())
            yield answer
    except urllib.error.HTTPError as error:
        error.close()
        raise _unreachable(where, f"HTTP {error.code}") from error
    except urllib.error.URLError as error:
        raise _unreachable(where, error.reason) from error
    except (TimeoutError, http.client.HTTPException, ConnectionError) as error:
        raise _unreachable(where, error or type(error).__name__) from error


def _check(where: str) -> None:
    """A program is fetched: only over HTTPS, or from this computer itself."""
    parts = urlsplit(where)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}):
        return
    raise FetchFailed(_("{address} is not fetched: only https is safe.").format(address=where), _by_hand())


def _fits(entry: dict[str, Any]) -> bool:
    return (entry["system"], entry["machine"], entry["kind"]) == (sys.platform, platform.machine().lower(), "lite")


def _bundle(version: str, where: str, entry: dict[str, Any]) -> Bundle:
    size, unpacked, sha256 = entry["size"], entry["unpacked"], entry["sha256"]
    if type(size) is not int or type(unpacked) is not int or not 0 < size <= unpacked <= MOST_BUNDLE_BYTES:
        raise ValueError("no sizes")
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("no sha256")
    if not re.fullmatch(r"[\w.+-]{1,64}", version):
        raise ValueError("no version")
    return Bundle(version, str(entry["kind"]), urljoin(where, str(entry["file"])), size, unpacked, sha256)


def _none_fits(version: str) -> Bundle:
    raise FetchFailed(
        _("Photochrom {version} has no bundle for this kind of computer ({machine}).").format(
            version=version, machine=f"{sys.platform}, {platform.machine()}"
        ),
        _("Install it with Python instead: pip install photochrom"),
    )


def _unreachable(where: str, why: object) -> FetchFailed:
    return FetchFailed(
        _("{address} cannot be fetched: {why}.").format(address=where, why=why),
        _("Check the network and try again: what has arrived is kept. ") + _by_hand(),
    )


def _by_hand() -> str:
    return _("Or install Photochrom by hand, as its README says.")
