"""The archive for a user's home: installed, used, upgraded, downgraded and removed by a user without any rights."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import photochrom
import pytest
from photochrom.editors.assembly import damage

from .conftest import LINUX, REPOSITORY, SOMEBODY, packed
from .people import colorize_by_the_menu, somebody

PHOTOGRAPH = REPOSITORY / "examples" / "dust-bowl-home.jpg"
SETTINGS = ".config/GIMP/3.0/photochrom-settings.json"
MODEL = ".local/share/photochrom/models/own/network.bin"
OF_GIMP = r"\.cache|\.config/(GIMP/(3\.\d|2\.10)|gtk-3\.0)|\.local$|\.local/share$|\.local/share/(gegl|recently)"
"""What GIMP itself leaves in a home."""
PLUGINS = ".config/GIMP/3.0/plug-ins/photochrom", ".local/share/krita/pykrita/photochrom"


def snapshot(home):
    """Every path in a folder with what it is: the bytes of a file, the target of a link."""
    every = {}
    for path in sorted(home.rglob("*")):
        content = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
        every[str(path.relative_to(home))] = content
    return every


class User:
    """Somebody with a home in which GIMP 2.10, 3.0 and Krita have been started, and who has a plug-in of their own."""

    def __init__(self, home):
        self.home = home
        for name, text in {
            ".config/GIMP/2.10/plug-ins/own/own.py": "#!/usr/bin/python3\n",
            ".config/GIMP/3.0/plug-ins/own/own.py": "#!/usr/bin/python3\n",
            ".config/kritarc": "[python]\nenable_own=true\n",
            ".cache/own/own": "own",
            ".local/share/krita/pykrita/own.desktop": "[Desktop Entry]\n",
            "Bilder/dust bowl.jpg": PHOTOGRAPH.read_bytes(),
        }.items():
            self.put(name, text)

    def put(self, name, content):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if os.geteuid() == 0:
            for each in (path, *path.parents):
                if each == self.home.parent:
                    break
                shutil.chown(each, SOMEBODY, SOMEBODY)

    def run(self, *words):
        """Without network, where this process may arrange that: as root."""
        apart = ["unshare", "--net", "setpriv", f"--reuid={SOMEBODY}", f"--regid={SOMEBODY}", "--clear-groups"]
        return subprocess.run(
            [*(apart if os.geteuid() == 0 else []), *map(str, words)],
            env={"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OMP_WAIT_POLICY": "PASSIVE"},
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def must(self, *words):
        done = self.run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def archive(lite, tmp_path_factory):
    """The folder that is in the archive, unpacked where everybody may read it."""
    made = packed("tarball", lite.folder, tmp_path_factory.mktemp("tarball"), "--uncompressed")
    place = lite.folder.parent.parent / "Heruntergeladen (neu)"
    place.mkdir()
    subprocess.run(["tar", "-xf", made, "-C", place], check=True, timeout=120)
    (folder,) = place.iterdir()
    assert folder.name == made.name.removesuffix(".tar")
    return folder


@pytest.fixture(scope="module")
def newer(archive):
    """The same engine as version 99.1, with a file that the older one has not, and without one that it has."""
    folder = archive.with_name("newer")
    subprocess.run(["cp", "-al", archive, folder], check=True, timeout=60)
    for name in ("version.txt", "photochrom/LICENSE"):
        (folder / name).unlink()
    (folder / "version.txt").write_text("99.1\n")
    (folder / "photochrom" / "_internal" / "only-in-99.1").touch()
    return folder


@pytest.fixture
def user(unpacked, request):
    home = unpacked / f"Jörg {request.node.name[5:20]} (2)"
    home.mkdir()
    return User(home)


@pytest.mark.slow
def test_user_installs_colorizes_and_removes(user, archive):
    before = snapshot(user.home)
    user.must(archive / "install.sh")
    command = user.home / ".local" / "bin" / "photochrom"
    assert command.resolve() == user.home / ".local/lib/photochrom/photochrom"
    assert all((user.home / plugin / "version.txt").is_file() for plugin in PLUGINS)
    assert user.must(command, "--version").split()[-1] == photochrom.__version__

    found = user.run(command, "doctor").stdout
    assert [line for line in found.splitlines() if line.startswith(" FAIL")] == [], found
    assert "plug-in of GIMP 3.0: files: all there" in found
    assert "plug-in of Krita: files: all there" in found
    user.must(command, "colorize", "Bilder/dust bowl.jpg", "-o", "Bilder/färbig.png")
    assert (user.home / "Bilder" / "färbig.png").stat().st_size > 100_000
    (user.home / "Bilder" / "färbig.png").unlink()

    assert "removed" in user.must(user.home / ".local/lib/photochrom/uninstall.sh", "--purge")
    assert differences(before, snapshot(user.home)) == []
    again = user.run(archive / "uninstall.sh")
    assert again.returncode == 1 and "nothing to remove" in again.stderr


@pytest.mark.slow
@pytest.mark.host
def test_users_gimp_colorizes_and_nothing_stays(gimp, archive):
    user = somebody(
        replace(gimp, visible=(*gimp.visible, archive)), gimp.home.with_name("Users") / "Jörg (2)", SOMEBODY
    )
    before = set(snapshot(user.home))
    must(user, archive / "install.sh")
    colorize_by_the_menu(user, "gimp-archive")
    place = user.home / ".local" / "lib" / "photochrom"
    assert os.path.samefile(f"/proc/{user.engine()['pid']}/exe", place / "photochrom")
    must(user, place / "uninstall.sh", "--purge")
    assert user.engine() is None
    left = set(snapshot(user.home)) - before
    assert [name for name in left if "photochrom" in name or not re.match(OF_GIMP, name)] == []


def must(user, *words):
    done = subprocess.run(user.command(*map(str, words)), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_upgrade_and_downgrade_keep_models_settings_and_files_of_others(user, archive, newer):
    place = user.home / ".local" / "lib" / "photochrom"
    user.must(archive / "install.sh")
    kept = {SETTINGS: "{}", MODEL: "weights", ".local/lib/photochrom/my notes.txt": "mine"}
    for name, text in kept.items():
        user.put(name, text)

    assert f"Upgrading Photochrom {photochrom.__version__} to 99.1" in user.must(newer / "install.sh")
    assert (place / "version.txt").read_text() == "99.1\n"
    assert (place / "_internal" / "only-in-99.1").exists() and not (place / "LICENSE").exists()
    user.must(user.home / ".local/bin/photochrom", "--version")

    said = user.must(archive / "install.sh")
    assert f"Going back from Photochrom 99.1 to the older {photochrom.__version__}" in said
    assert not (place / "_internal" / "only-in-99.1").exists() and (place / "LICENSE").exists()
    assert {name: (user.home / name).read_text() for name in kept} == kept

    assert "stay in" in user.must(place / "uninstall.sh")
    assert {name: (user.home / name).read_text() for name in kept} == kept
    assert [path.name for path in place.iterdir()] == ["my notes.txt"]
    assert not any((user.home / plugin).exists() for plugin in PLUGINS)


@pytest.mark.slow
def test_what_others_have_installed_stays(user, archive):
    user.put(".local/bin/photochrom", "#!/bin/sh\n")
    user.put(".local/lib/photochrom/photochrom", "#!/bin/sh\n")
    before = snapshot(user.home)
    done = user.run(archive / "install.sh")
    assert done.returncode == 1 and "did not install it" in done.stderr
    assert snapshot(user.home) == before

    shutil.rmtree(user.home / ".local" / "lib" / "photochrom")
    before = snapshot(user.home)
    assert "another program" in user.must(archive / "install.sh", "--no-plugins")
    assert not any((user.home / plugin).exists() for plugin in PLUGINS)
    user.must(user.home / ".local/lib/photochrom/uninstall.sh")
    assert differences(before, snapshot(user.home)) == []


def differences(before, after):
    """The paths that have come, gone or changed."""
    return [name for name in sorted({*before, *after}) if before.get(name, "") != after.get(name, "")]


@pytest.fixture
def small(tmp_path):
    """A folder as a bundle's: with a program that says its version, a library, a link, a file nobody else may read."""
    folder = tmp_path / "bundle"
    (folder / "_internal").mkdir(parents=True)
    (folder / "LICENSE").write_text("GPL")
    (folder / "photochrom").write_text(f"#!/bin/sh\necho photochrom {photochrom.__version__}\n")
    (folder / "photochrom").chmod(0o700)
    (folder / "_internal" / "libx.so.1").write_bytes(b"\x7fELF")
    (folder / "_internal" / "libx.so").symlink_to("libx.so.1")
    (folder / "_internal" / "own.txt").write_text("own")
    (folder / "_internal" / "own.txt").chmod(0o600)
    return folder


@pytest.mark.parametrize("kind", ["tarball", "deb"])
def test_same_bundle_gives_the_same_bytes(kind, small, tmp_path):
    if kind == "deb" and not shutil.which("dpkg-deb"):
        pytest.skip("no dpkg-deb here")
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(packed(kind, small, tmp_path / name))
        (small / "_internal" / "own.txt").touch()
    assert made[0].name == made[1].name
    assert made[0].read_bytes() == made[1].read_bytes()


def test_package_has_a_plug_in_for_each_editor(small, tmp_path):
    if not shutil.which("dpkg-deb"):
        pytest.skip("no dpkg-deb here")
    (tmp_path / "out").mkdir()
    root = tmp_path / "root"
    package = packed("deb", small, tmp_path / "out", "--uncompressed")
    subprocess.run(["dpkg-deb", "--raw-extract", package, root], check=True, timeout=60)
    (new,) = (root / "usr" / "lib").glob("*-linux-*/gimp/3.0/plug-ins/photochrom")
    old, krita = root / "usr/lib/gimp/2.0/plug-ins/photochrom", root / "usr/share/krita/pykrita/photochrom"
    for plugin in (new, old, krita):
        assert damage(plugin) == ""
        assert "/usr/lib/photochrom/photochrom" in (plugin / "engine-command.json").read_text()
    for plugin in (new, old):
        script = plugin / "photochrom.py"
        assert script.stat().st_mode & 0o111 == 0o111
        assert script.read_text(encoding="utf-8").startswith("#!/usr/bin/python3\n")
    assert (old / "gimpfu.py").is_file()  # GIMP 2.10's own is for Python 2, if there is one
    assert krita.with_suffix(".desktop").is_file()


def test_everybody_may_read_what_the_archive_holds(small, tmp_path):
    (tmp_path / "out").mkdir()
    with tarfile.open(packed("tarball", small, tmp_path / "out")) as tar:
        modes = {Path(each.name).name: each.mode for each in tar if not each.issym()}
        assert {(each.uid, each.gid) for each in tar} == {(0, 0)}
    assert modes["photochrom"] == modes["install.sh"] == modes["uninstall.sh"] == 0o755
    assert modes["own.txt"] == modes["libx.so.1"] == 0o644


def test_folder_without_a_bundle_is_refused(tmp_path):
    done = subprocess.run([sys.executable, LINUX, "deb", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "has no program photochrom" in done.stderr
