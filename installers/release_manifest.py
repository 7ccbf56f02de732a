"""Describes the bundles of a release for the plug-ins that fetch them: size, unpacked size and SHA-256 of each archive.

    python installers/release_manifest.py dist/photochrom-1.2.0-*.tar.xz > dist/release.json

The archives are named as installers/bundle/build names them, and lie beside release.json when it is published;
`photochrom_client.release` describes the file.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

NAMED = re.compile(r"photochrom-(?P<version>[\w.+]+)-(?P<kind>[a-z]+)-(?P<system>[a-z0-9]+)-(?P<machine>\w+)\.tar\.xz")


def manifest(archives: list[Path]) -> dict[str, Any]:
    """The content of release.json. Raises ValueError for archives of several versions, or with other names."""
    entries = [_entry(path) for path in sorted(archives)]
    versions = {entry.pop("version") for entry in entries}
    if len(versions) != 1:
        raise ValueError(f"one version is described at a time, not {sorted(versions)}")
    return {"version": versions.pop(), "bundles": entries}


def _entry(path: Path) -> dict[str, Any]:
    named = NAMED.fullmatch(path.name)
    if named is None:
        raise ValueError(f"{path.name} is not named photochrom-VERSION-KIND-SYSTEM-MACHINE.tar.xz")
    with tarfile.open(path) as archive:
        unpacked = sum(member.size for member in archive)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    return {**named.groupdict(), "file": path.name, "size": size, "unpacked": max(size, unpacked), "sha256": digest}


if __name__ == "__main__":
    if not sys.argv[1:] or {"-h", "--help"} & set(sys.argv):
        sys.exit(__doc__)
    print(json.dumps(manifest([Path(word) for word in sys.argv[1:]]), indent=1))
