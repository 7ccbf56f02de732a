"""The package for Debian: installed, used by GIMP 3 and Krita with its own engine, and removed."""

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import photochrom
import pytest
from hosts.gimp3.conftest import ARTIFACTS, where
from hosts.krita import editor as krita5
from hosts.krita.conftest import screen

from .conftest import HERE, SHARED, SOMEBODY, packed, told
from .people import colorize_by_the_menu, somebody

pytestmark = [pytest.mark.slow, pytest.mark.host]

MODEL = ".local/share/photochrom/models/own/network.bin"
NAME = "photochrom"
PLACE = f"usr/lib/{NAME}"
NEEDED = 5, 2
"""The Krita that the plug-in is for."""
ONLY_IN_OLDER = "_internal/photochrom/py.typed"
ONLY_IN_NEWER = "_internal/only-in-99.1"

MESA = "root/.cache/mesa_shader_cache"
"""What Krita's OpenGL keeps."""

OF_THE_SYSTEM = "proc", "dev", "tmp", "var/lib/apt", "var/lib/dpkg", "var/cache", "var/log", MESA
"""What changes with any package, or when any program runs."""


@pytest.fixture(scope="module")
def package(lite, unpacked):
    """The package of this checkout."""
    return packed("deb", lite.folder, unpacked / "packages", "--uncompressed")


@pytest.fixture(scope="module")
def newer(package, tmp_path_factory):
    """The same as version 99.1, with a file that the older one has not, and without one that it has."""
    root = tmp_path_factory.mktemp("newer") / "root"
    subprocess.run(["dpkg-deb", "--raw-extract", package, root], check=True, timeout=120)
    control = root / "DEBIAN" / "control"
    control.write_text(control.read_text().replace(f"Version: {photochrom.__version__}", "Version: 99.1"))
    (root / PLACE / ONLY_IN_OLDER).unlink()
    (root / PLACE / ONLY_IN_NEWER).touch()
    made = package.with_name("photochrom_99.1_amd64.deb")
    build = ["dpkg-deb", "--root-owner-group", "-Znone", "--build", root, made]
    subprocess.run(build, check=True, timeout=120, stdout=subprocess.DEVNULL)
    return made


def dpkg(gimp, *words):
    """Without waiting for the disk, which nothing depends on here."""
    return as_root(gimp, "dpkg", "--force-unsafe-io", *words)


def apt(gimp, *words):
    return as_root(
        gimp, "apt-get", "--yes", "--no-install-recommends", "-o", "DPkg::Options::=--force-unsafe-io", *words
    )


def as_root(gimp, *words):
    command = gimp.command(*map(str, words), PATH="/usr/sbin:/usr/bin:/sbin:/bin", DEBIAN_FRONTEND="noninteractive")
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def paths(tree):
    """All that is in the tree, but for what changes anyway."""
    found = set()
    for folder, folders, files in os.walk(tree):
        inside = Path(folder).relative_to(tree)
        others_compiled = "__pycache__" if NAME not in inside.parts else None  # Krita's plug-ins, by root's Krita
        folders[:] = [each for each in folders if str(inside / each) not in OF_THE_SYSTEM and each != others_compiled]
        found.update(str(inside / name) for name in (*folders, *files))
    return found


def test_package_brings_menu_and_engine_and_leaves_nothing(gimp, package, tmp_path):
    user = somebody(gimp, gimp.home.with_name("Users") / "Jörg (2)", SOMEBODY)
    as_root(user, "true")  # makes the places of what the tree shares with this machine
    dpkg(gimp, "--version")
    (gimp.tree / MESA).parent.mkdir(exist_ok=True)
    before = paths(gimp.tree)
    apt(gimp, "install", package)

    found = {each["check"]: each for each in map(json.loads, doctor(gimp).splitlines())}
    series = ".".join(gimp.version.split(".")[:2])
    whole = found[f"plug-in of GIMP {series}: files"]
    assert whole["good"], whole
    assert any("GIMP takes it" in each["found"] for each in found.values()), found
    krita = [each for name, each in found.items() if name.startswith("plug-in of Krita")]
    assert "switched off" in krita[0]["found"]  # by Krita's rule: the user decides

    version, result = colorize_in_krita(gimp.tree, tmp_path)
    if version < NEEDED:
        assert result["said"].startswith("Photochrom needs Krita 5.2 or later, and this is Krita ")
        assert result["visible"] and result["new"] == 0
    else:
        assert result["error"] == ""
        assert ["(Photochrom)" in layer[0] for layer in result["layers"]] == [False, True]

    colorize_by_the_menu(user, "gimp-package")
    engine = user.engine()["pid"]
    assert os.path.samefile(f"/proc/{engine}/exe", gimp.tree / "usr/lib/photochrom/photochrom")
    assert os.stat(f"/proc/{engine}").st_uid == SOMEBODY

    apt(gimp, "remove", "photochrom")
    wait_until_ended(user)
    # What is not in the layer, another test has changed in the tree below, such as a place for what it shares.
    layer = gimp.tree.with_name("layer")
    assert [path for path in paths(gimp.tree) ^ before if os.path.lexists(layer / path)] == []
    assert [path.name for path in (layer / "var" / "lib" / "dpkg").rglob("photochrom*")] == []


def test_upgrade_and_downgrade_keep_models_and_settings_and_end_the_engine(gimp, package, newer):
    older, place = photochrom.__version__, gimp.tree / PLACE
    dpkg(gimp, "--install", package)
    kept = {gimp.profile / "photochrom-settings.json": "{}", gimp.home / MODEL: "weights"}
    for path, text in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    start_engine(gimp)

    said = dpkg(gimp, "--install", newer)
    assert f"photochrom (99.1) over ({older})" in said and "Going back" not in said
    wait_until_ended(gimp)
    assert (place / ONLY_IN_NEWER).exists() and not (place / ONLY_IN_OLDER).exists()

    assert f"Going back from Photochrom 99.1 to the older {older}" in dpkg(gimp, "--install", package)
    assert (place / ONLY_IN_OLDER).exists() and not (place / ONLY_IN_NEWER).exists()
    start_engine(gimp)
    dpkg(gimp, "--remove", "photochrom")
    wait_until_ended(gimp)
    assert {path: path.read_text() for path in kept} == kept


def test_two_users_have_engines_and_settings_of_their_own(newer_gimp, package, unpacked):
    gimp = newer_gimp
    dpkg(gimp, "--install", package)
    users = [somebody(gimp, unpacked / "users" / name, uid) for name, uid in (("Ann Müller", 23461), ("Jörg", 23462))]
    started = [
        user.batch("once.py", **where(user.home), PHOTOCHROM_CASE="gimp", PHOTOCHROM_SCALE="0.5") for user in users
    ]
    try:
        for user, each in zip(users, started, strict=True):
            result = told(each, user.home / "gimp.json")
            assert result["status"] == "success", result["error"]
        for user, other in (users, users[::-1]):
            uid = user.home.stat().st_uid
            assert os.stat(f"/proc/{user.engine()['pid']}").st_uid == uid
            assert {path.stat().st_uid for path in user.home.rglob("*")} == {uid}
            assert (user.profile / "photochrom-history.json").is_file()
            peek = other.command("cat", str(user.runtime / "engine.json"))
            assert subprocess.run(peek, capture_output=True, check=False).returncode != 0
        one, two = (user.engine() for user in users)
        assert one["pid"] != two["pid"] and one["token"] != two["token"]
        dpkg(gimp, "--remove", "photochrom")
        for user in users:
            wait_until_ended(user)
    finally:
        for user in users:
            user.stop_engines()


def start_engine(gimp):
    subprocess.Popen(gimp.command("photochrom", "serve"), start_new_session=True, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while gimp.engine() is None:
        assert time.monotonic() < until, "no engine"
        time.sleep(0.1)


def wait_until_ended(gimp):
    until = time.monotonic() + 30
    while gimp.engine() is not None:
        assert time.monotonic() < until, "the engine has outlived its package"
        time.sleep(0.1)


def doctor(gimp):
    """Not all is well, with a plug-in that is switched off: the exit status is no matter here."""
    command = gimp.command("photochrom", "doctor", "--json")
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False).stdout


def colorize_in_krita(tree, tmp_path):
    """The version of Krita, as numbers, and what came of it for a user who has switched the plug-in on."""
    asked = ["chroot", str(tree), "krita_version"]
    said = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=True).stdout
    version = tuple(map(int, re.match(r"(\d+)\.(\d+)", said).groups()))
    krita = krita5.Krita(tree, said.strip(), tmp_path / "Jörg Müller (2)", SHARED)
    krita.prepare()
    switched_on = krita.settings.read_text(encoding="utf-8").replace("[python]", "[python]\nenable_photochrom=true")
    krita.settings.write_text(switched_on, encoding="utf-8")
    try:
        with screen(krita, "1280x900") as display:
            script = "krita_refused.py" if version < NEEDED else "krita_once.py"
            started = krita.window(HERE / "inside" / script, display, **where(tmp_path))
            result = told(started, tmp_path / "krita.json")
        for picture in tmp_path.glob("krita-*.png"):
            ARTIFACTS.mkdir(exist_ok=True)
            shutil.copy(picture, ARTIFACTS)
        assert (krita.resources / "photochrom-history.json").is_file() == (version >= NEEDED)
        return version, result
    finally:
        krita.stop_engines()
