"""The installer for Windows around a made-up bundle: built by makensis, and used under Wine where that is.

The program in the made-up bundle is one that makensis makes, too: it writes down with which words it was started.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import REPOSITORY

WINDOWS = REPOSITORY / "installers" / "windows"
WINE = shutil.which("wine64") or shutil.which("wine64", path="/usr/lib/wine")
PROGRAM = r"""
Unicode true
Target amd64-unicode
SilentInstall silent
RequestExecutionLevel user
OutFile "photochrom.exe"
Section
  FileOpen $0 "$LOCALAPPDATA\said.txt" a
  FileSeek $0 0 END
  FileWriteUTF16LE $0 "$CMDLINE$\n"
  FileClose $0
  IfFileExists "$LOCALAPPDATA\fails.txt" 0 +2
  SetErrorLevel 3
SectionEnd
"""
KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Photochrom"
INSIDE = {"LICENSE": "GPL", "_internal/Müllers $HOME (1)/ä $INSTDIR.txt": "text", "_internal/lib.dll": "MZ"}

pytestmark = pytest.mark.skipif(not shutil.which("makensis"), reason="no makensis here (Debian: nsis)")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("program")
    (folder / "program.nsi").write_text(PROGRAM, encoding="utf-8")
    subprocess.run(["makensis", "-V1", "program.nsi"], cwd=folder, check=True, timeout=120)
    return folder / "photochrom.exe"


def installer(folder, program, version, files):
    """The installer of a bundle with these files."""
    bundle = folder / f"bundle {version}"
    for name, text in files.items():
        (bundle / name).parent.mkdir(parents=True, exist_ok=True)
        (bundle / name).write_text(text, encoding="utf-8")
    shutil.copy(program, bundle)
    command = [sys.executable, WINDOWS / "installer.py", bundle, "--version", version, "--into", folder / "out"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Path(done.stdout.strip())


def test_same_bundle_gives_the_same_bytes(program, tmp_path):
    made = [installer(tmp_path / name, program, "1.2.3", INSIDE) for name in ("one", "two")]
    assert made[0].name == "photochrom-1.2.3-lite-windows-amd64.exe"
    assert made[0].read_bytes() == made[1].read_bytes()


def test_folder_without_the_program_is_refused(tmp_path):
    command = [sys.executable, WINDOWS / "installer.py", tmp_path, "--version", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "has no photochrom.exe" in done.stderr


@pytest.fixture(scope="module")
def wine(tmp_path_factory):
    """Runs a program, and returns its exit status; the folder of the user's programs is its attribute `programs`."""
    if WINE is None:
        pytest.skip("no wine here (Debian: wine64)")
    prefix = tmp_path_factory.mktemp("wine") / "prefix"
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    environment |= {"WINEPREFIX": str(prefix), "WINEDEBUG": "-all", "LANG": "C.UTF-8"}

    def run(*words):
        return subprocess.run([WINE, *map(str, words)], env=environment, timeout=300, check=False).returncode

    assert run("wineboot", "-i") == 0
    (run.local,) = (prefix / "drive_c" / "users").glob("*/AppData/Local")
    run.listed = lambda: run("reg", "query", KEY) == 0
    yield run
    run("wineboot", "--shutdown")
    subprocess.run(["wineserver", "-k"], env=environment, check=False) if shutil.which("wineserver") else None


@pytest.mark.slow
def test_installs_upgrades_goes_back_and_removes_exactly_what_it_put(wine, program, tmp_path):
    place, said = wine.local / "Programs" / "Photochrom", wine.local / "said.txt"

    def words():
        lines = said.read_text(encoding="utf-16-le").splitlines() if said.exists() else []
        said.unlink(missing_ok=True)
        return [line.split('photochrom.exe" ', 1)[-1].strip() for line in lines]

    def installed():
        return {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}

    older = installer(tmp_path, program, "1.2.3", INSIDE)
    newer = installer(tmp_path, program, "1.10", {"LICENSE": "GPL", "_internal/new.dll": "MZ"})
    program_files = {"photochrom.exe", "uninstall.exe"}
    others = place / "_internal" / "mine.txt"

    assert wine(older, "/S") == 0
    assert installed() == {*INSIDE, *program_files}
    assert words() == ["plugin install"]

    others.write_text("mine")
    assert wine(newer, "/S") == 0
    assert installed() == {"LICENSE", "_internal/new.dll", "_internal/mine.txt", *program_files}
    assert words() == ["stop", "plugin install"]
    assert wine(older, "/S", "/NOPLUGINS") == 0
    assert installed() == {*INSIDE, "_internal/mine.txt", *program_files}
    assert words() == ["stop"]

    (wine.local / "fails.txt").touch()  # as when an editor holds the plug-in
    assert wine(place / "uninstall.exe", "/S", rf"_?={windows(place)}") != 0
    assert installed() == {*INSIDE, "_internal/mine.txt", *program_files}
    (wine.local / "fails.txt").unlink()
    words()
    remove(wine, place, "/PURGE")
    assert words() == ["plugin remove --purge"]
    assert installed() == {"_internal/mine.txt"} and not wine.listed()

    assert wine(older, "/S") != 0  # files of others are there
    assert installed() == {"_internal/mine.txt"} and words() == []
    others.unlink()
    others.parent.rmdir()
    place.rmdir()
    assert wine(older, "/S") == 0 and wine.listed()
    remove(wine, place)
    assert not place.exists()


def remove(wine, place, *options):
    """The program copies itself elsewhere, to be able to go too, and the copy does the rest."""
    wine(place / "uninstall.exe", "/S", *options)
    until = time.monotonic() + 120
    while wine.listed() or (place / "uninstall.exe").exists():
        assert time.monotonic() < until, "it is still there"
        time.sleep(0.5)


def windows(path):
    """A path in Wine's drive C, as Windows writes it."""
    return "C:\\" + str(path).split("drive_c/", 1)[1].replace("/", "\\")
