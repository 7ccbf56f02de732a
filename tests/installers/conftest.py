"""A bundle as people have it: unpacked in a folder that nobody writes to, run by someone who did not unpack it."""

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
    archive = Path(os.environ.get("PHOTOCHROM_BUNDLE") or _built("lite", tmp_path_factory.mktemp("dist")))
    place = unpacked / PLACE
    place.mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", place], check=True, timeout=120)
    for path in (place, *place.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    home = unpacked / "Ann Müller (1)"
    home.mkdir()
    if os.geteuid() == 0:
        shutil.chown(home, SOMEBODY, SOMEBODY)
    return Bundle(archive, place / "photochrom", home)


@pytest.fixture
def gimp(unpacked, request):
    """GIMP 3 in a layer of its own above the Debian tree, which itself is only read. `packages` is there too."""
    packages = unpacked / "packages"
    packages.mkdir(exist_ok=True)
    place = unpacked / request.node.name[5:40]
    try:
        found = gimp3.find(place / "Ann Müller (1)")
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


def _built(kind, into):
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
