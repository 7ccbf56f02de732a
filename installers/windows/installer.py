"""Makes the installer for Windows from a bundle's folder, which installers/bundle/build made on Windows.

    python installers/windows/installer.py dist/photochrom-lite --version 0.1.0 --into dist

Needs makensis (NSIS 3.08 or later), on Windows or on Linux. The same bundle gives the same bytes.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
REPOSITORY: Final = HERE.parents[1]
PROGRAM: Final = "photochrom.exe"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE_FOLDER")
    parser.add_argument("--version", help="of the bundle (default: as its program says it, on Windows)")
    parser.add_argument("--into", type=Path, default=REPOSITORY / "dist", help="folder of the result (default: dist)")
    asked = parser.parse_args()
    if not (asked.bundle / PROGRAM).is_file():
        parser.error(
            f"{asked.bundle} has no {PROGRAM}: name a folder that installers/bundle/build has made on Windows."
        )
    makensis = shutil.which("makensis") or shutil.which(r"C:\Program Files (x86)\NSIS\makensis.exe")
    if makensis is None:
        parser.error("makensis is missing: install NSIS (Debian: nsis).")
    print(make(makensis, asked.bundle.resolve(), asked.version or version_of(asked.bundle), asked.into.resolve()))


def make(makensis: str, bundle: Path, version: str, into: Path) -> Path:
    """The installer. Raises subprocess.CalledProcessError."""
    into.mkdir(parents=True, exist_ok=True)
    kind = "full" if (bundle / "_internal" / "torch").is_dir() else "lite"
    output = into / f"photochrom-{version}-{kind}-windows-amd64.exe"
    size = sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file()) // 1024
    numbers = ".".join((*re.findall(r"\d+", version)[:3], *"000")[:4])
    with tempfile.TemporaryDirectory() as lists:
        write_lists(bundle, Path(lists))
        values = {"VERSION": version, "NUMBERS": numbers, "KIND": kind, "SIZE": size, "BUNDLE": bundle}
        subprocess.run(
            [
                *(makensis, "-V2", "-WX", "-INPUTCHARSET", "UTF8"),
                *(f"-D{name}={value}" for name, value in (values | {"LISTS": lists, "OUTPUT": output}).items()),
                str(HERE / "photochrom.nsi"),
            ],
            check=True,
        )
    return output


def write_lists(bundle: Path, lists: Path) -> None:
    """What is installed, and in the other order what is removed: each file, and each folder once it is empty."""
    install, files, folders = [], [], []
    for parent, subfolders, names in os.walk(bundle):
        subfolders.sort()
        inside = Path(parent).relative_to(bundle)
        install.append(f"SetOutPath {in_place(inside)}")
        folders.append(f"RMDir {in_place(inside)}")
        for name in sorted(names):
            install.append(f"File {quoted(f'/oname={escaped(name)}')} {quoted(str(Path(parent, name)))}")
            files.append(f"Delete {in_place(inside / name)}")
    (lists / "install.nsh").write_text("\n".join(install) + "\n", encoding="utf-8")
    (lists / "uninstall.nsh").write_text("\n".join(files + folders[:0:-1]) + "\n", encoding="utf-8")


def in_place(path: Path) -> str:
    """An installed path as a word of NSIS."""
    return quoted("\\".join(("$INSTDIR", *map(escaped, path.parts))))


def escaped(text: str) -> str:
    """Without variables of NSIS."""
    return text.replace("$", "$$")


def quoted(text: str) -> str:
    """A word of NSIS. No file's name on Windows has such a quote."""
    return f'"{text}"'


def version_of(bundle: Path) -> str:
    """As the program itself says it."""
    command = [str(bundle / PROGRAM), "--version"]
    return str(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1])


if __name__ == "__main__":
    main()
