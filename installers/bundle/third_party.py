"""The licenses of what a bundle holds of others: of Python, of packages from PyPI, and of the system's own libraries.

They become the bundle's folder THIRD-PARTY, with a folder for each.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

LICENSE: Final = re.compile(r"(licen[cs]e|copying|notice|third.party|authors)", re.IGNORECASE)
NOT_BUNDLED: Final = frozenset((Path(__file__).with_name("not-bundled.txt")).read_text(encoding="utf-8").split())
"""What is installed for the build alone. PyInstaller itself is not among it: the program begins with its code."""

LIBRARIES: Final = "libraries.txt"
"""The system's libraries: file, package and version in each line."""

DEBIAN_LICENSES: Final = Path("/usr/share/common-licenses")
DEBIAN_COPYRIGHTS: Final = Path("/usr/share/doc")


def packages() -> Iterator[tuple[str, str]]:
    """(file, folder) for Python and each package whose code is in the bundle."""
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if python.is_file():
        yield str(python), "python"
    for each in distributions():
        name = each.metadata["Name"].lower()
        for file in each.files or [] if name not in NOT_BUNDLED else []:
            if LICENSE.search(file.name) and file.suffix not in {".py", ".pyc"} and Path(str(file.locate())).is_file():
                yield str(file.locate()), str(Path(name, *file.parts[1:-1]))


def libraries(sources: Iterable[str], scratch: Path) -> Iterator[tuple[str, str]]:
    """(file, folder) for each of the system's packages that a file in the bundle is from, and for the list of them.

    On systems without dpkg nothing: there the bundle takes its libraries from Python's own installation, whose license
    names them.
    """
    if shutil.which("dpkg-query") is None:
        return
    owners = dict(sorted(_owners({path for path in map(Path, sources) if not path.is_relative_to(sys.prefix)}).items()))
    versions = _versions(set(owners.values()))
    wanted: set[str] = set()
    for package in sorted(versions):
        text = DEBIAN_COPYRIGHTS / package / "copyright"
        if text.is_file():
            yield str(text), package
            wanted.update(re.findall(rf"{DEBIAN_LICENSES}/([\w.+-]*\w)", text.read_text("utf-8", "replace")))
    for name in sorted(wanted):
        if (DEBIAN_LICENSES / name).is_file():
            yield str(DEBIAN_LICENSES / name), DEBIAN_LICENSES.name
    listed = scratch / LIBRARIES
    listed.write_text("".join(f"{path.name} {owner} {versions[owner]}\n" for path, owner in owners.items()), "utf-8")
    yield str(listed), "."


def _owners(paths: set[Path]) -> dict[Path, str]:
    """The package of each file that has one. dpkg may know a file by its path before /lib became a link to /usr/lib."""
    known = {alias: path for path in paths for alias in _aliases(path)}
    owners = {}
    for line in _said("dpkg-query", "--search", *sorted(known)).splitlines():
        package, _, alias = line.partition(": ")
        if alias in known:
            owners[known[alias]] = package.split(":")[0]
    return owners


def _aliases(path: Path) -> Iterator[str]:
    for each in {path, path.resolve()}:
        bare = str(each).removeprefix("/usr")
        yield from (bare, f"/usr{bare}")


def _versions(names: set[str]) -> dict[str, str]:
    said = _said("dpkg-query", "--show", "--showformat=${Package} ${Version}\n", *sorted(names)) if names else ""
    return dict(line.split(" ", 1) for line in said.splitlines())


def _said(*command: str) -> str:
    """What a program says, also of those it has found when others are missing."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
