"""A bundle as people have it: unpacked in a folder that nobody writes to, run by someone who did not unpack it."""

import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from checkout import PYTHONPATH
from hosts.gimp3 import editor as gimp3
from hosts.gimp3.conftest import end
from hosts.krita import editor as krita5

from . import people

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
LINUX = REPOSITORY / "installers" / "linux" / "build"
PLACE = "Müllers Programme (neu)"
SOMEBODY = 23456
"""A user who has no account and owns nothing but a home."""

SHARED = gimp3.HERE / "inside", krita5.HERE / "inside", HERE / "inside", gimp3.PHOTOGRAPH
"""What of this machine is in the Debian tree too, where nothing of this checkout is."""


@dataclass(frozen=True)
class Bundle:
    """`archive` is the .tar.xz; `folder` is what is in it, unpacked; `home` is that of the user who runs it.

    `name` is the program's, in the folder.
    """

    archive: Path
    folder: Path
    home: Path
    name: str = "photochrom"

    @property
    def program(self) -> Path:
        return self.folder / self.name

    def command(self, *words: object) -> list[str]:
        """As another user, where this process may do that: as root."""
        somebody = ["setpriv", f"--reuid={SOMEBODY}", f"--regid={SOMEBODY}", "--clear-groups"]
        return [*(somebody if os.geteuid() == 0 else []), str(self.program), *map(str, words)]

    @property
    def environment(self) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_WAIT_POLICY": "PASSIVE"}

    def run(self, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        """As `command`, and without any network."""
        apart = ["unshare", "--net"] if os.geteuid() == 0 else []
        return subprocess.run(
            [*apart, *self.command(*words)],
            env=self.environment | environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


@pytest.fixture(scope="session")
def unpacked():
    """A folder that everybody may look into, for what users share. pytest's own are for one user alone."""
    with tempfile.TemporaryDirectory(prefix="photochrom-bundle-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        for path in Path(folder).rglob("*"):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | stat.S_IWUSR)


@pytest.fixture(scope="session")
def lite(unpacked, tmp_path_factory):
    """The lite bundle, built from this checkout; or the one whose archive PHOTOCHROM_BUNDLE names."""
    return _unpack(Path(os.environ.get("PHOTOCHROM_BUNDLE") or _built("lite", tmp_path_factory)), unpacked / "lite")


@pytest.fixture(scope="session")
def full(unpacked):
    """The full bundle whose archive PHOTOCHROM_FULL_BUNDLE names: building it takes too long for every run."""
    archive = os.environ.get("PHOTOCHROM_FULL_BUNDLE")
    if not archive:
        pytest.skip("PHOTOCHROM_FULL_BUNDLE names no archive; installers/bundle/build full makes one.")
    return _unpack(Path(archive), unpacked / "full")


@pytest.fixture(scope="session", params=["lite", "full"])
def bundle(request):
    return request.getfixturevalue(request.param)


def _unpack(archive, folder):
    """The bundle where nobody may write, with the home of a user who did not unpack it."""
    place = folder / PLACE
    place.mkdir(parents=True)
    subprocess.run(["tar", "-xf", archive, "-C", place], check=True, timeout=600)
    for path in (place, *place.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    home = folder / "Ann Müller (1)"
    home.mkdir()
    if os.geteuid() == 0:
        shutil.chown(home, SOMEBODY, SOMEBODY)
    return Bundle(archive, place / "photochrom", home)


@pytest.fixture
def gimp(unpacked, request):
    """GIMP in a layer of its own above the Debian tree, which itself is only read. `packages` is there too.

    GIMP 3, or the 2.10 of the tree that PHOTOCHROM_SUITE names.
    """
    packages = unpacked / "packages"
    packages.mkdir(exist_ok=True)
    place = unpacked / request.node.name[5:40]
    try:
        found = people.find(place / "Ann Müller (1)")
    except gimp3.NoGimp as error:
        pytest.skip(str(error))
    if found.tree is None:
        pytest.skip("GIMP 3 is on this machine itself, where no test installs packages.")
    layer, work, tree = (place / name for name in ("layer", "work", "tree"))
    for folder in (layer, work, tree):
        folder.mkdir(parents=True)
    options = f"lowerdir={found.tree},upperdir={layer},workdir={work}"
    mounted = subprocess.run(
        ["mount", "-t", "overlay", "overlay", "-o", options, tree], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"No layer can be put above the Debian tree here: {mounted.stderr}")
    editor = replace(found, tree=tree, visible=(*SHARED, packages))
    editor.prepare()
    try:
        yield editor
    finally:
        editor.stop_engines()
        subprocess.run(["umount", tree], check=True)


@pytest.fixture
def newer_gimp(gimp):
    """The same where it is GIMP 3."""
    if gimp.version.startswith(people.OLD):
        pytest.skip(f"{gimp.tree} has GIMP {gimp.version}; the scripts of this test are for GIMP 3.")
    return gimp


def _built(kind, tmp_path_factory):
    """The archive, built once for all processes of a test run."""
    folder = tmp_path_factory.getbasetemp()
    into = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / f"dist-{kind}"
    into.mkdir(exist_ok=True)
    with (into / "building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not list(into.glob("*.sha256")):  # the last that a build writes
            build = [sys.executable, REPOSITORY / "installers" / "bundle" / "build", kind, "--fast", "--into", into]
            subprocess.run(build, check=True, timeout=1800)
    return next(into.glob("*.tar.xz"))


def packed(kind, bundle, into, *options):
    """The one file that installers/linux/build makes."""
    into.mkdir(exist_ok=True)
    command = [sys.executable, LINUX, kind, bundle, "--into", into, *options]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": PYTHONPATH}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = into.iterdir()
    return made


def told(started, file):
    """What the script inside an editor has written when that has ended."""
    try:
        said, _ = started.communicate(timeout=1800)
    finally:
        end(started)
    assert file.exists(), said[-3000:]
    return json.loads(file.read_text(encoding="utf-8"))
