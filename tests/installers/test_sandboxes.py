"""What brings Photochrom into GIMP's Flatpak and Snap: manifests by their schemas, and the use as far as it can be had.

GIMP's own Flatpak and GNOME's SDK are no packages of Debian. So flatpak-builder builds with an SDK that has a few
programs, and the result is used in a stand-in for GIMP with the extension point of the real one.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import photochrom
import pytest
from checkout import PYTHONPATH
from hosts.gimp3.conftest import where
from photochrom.editors.assembly import damage
from ruamel.yaml import YAML

from .conftest import LINUX, REPOSITORY, told

ARCHIVE = f"photochrom-{photochrom.__version__}-lite-linux-x86_64.tar.xz"
ADDRESS = "https://example.org/1.0"
NEEDED = "flatpak", "flatpak-builder", "busybox", "bwrap"


def recipe(kind, bundle, into, *options):
    """The folder that sandboxes.py makes."""
    done = subprocess.run(
        [sys.executable, LINUX.parent / "sandboxes.py", kind, bundle, "--into", into, *options],
        env=os.environ | {"PYTHONPATH": PYTHONPATH},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


@pytest.fixture
def small(tmp_path):
    """An archive with a bundle's name."""
    (tmp_path / "photochrom").mkdir()
    with tarfile.open(tmp_path / ARCHIVE, "w:xz") as tar:
        tar.add(tmp_path / "photochrom", "photochrom")
    return tmp_path / ARCHIVE


def read(path):
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("options", [(), ("--from", ADDRESS)])
def test_manifest_of_the_snap_follows_snapcrafts_schema(small, tmp_path, options):
    folder = recipe("snap", small, tmp_path / "out", *options)
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.snapcraft"]
    done = subprocess.run([*check, folder / "snapcraft.yaml"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    manifest = read(folder / "snapcraft.yaml")
    assert manifest["version"] == photochrom.__version__
    for part in manifest["parts"].values():
        assert part["source"].startswith(f"{ADDRESS}/photochrom-") if options else (folder / part["source"]).is_file()


def test_manifest_of_the_flatpak_has_no_word_unknown_to_flatpak_builder(small, tmp_path):
    if not shutil.which("flatpak-builder"):
        pytest.skip("no flatpak-builder here")
    folder = recipe("flatpak", small, tmp_path / "out")
    (manifest,) = folder.glob("*.yaml")
    show = ["flatpak-builder", "--show-manifest", manifest]
    done = subprocess.run(show, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stderr == ""
    shown, written = json.loads(done.stdout), read(manifest)
    assert set(written) <= set(shown)
    assert shown["build-options"]["no-debuginfo"] is True
    assert [set(each) for each in written["modules"][0]["sources"]] == [
        {*each} for each in shown["modules"][0]["sources"]
    ]


@pytest.mark.parametrize(
    ("kind", "first_line", "program"),
    [
        ("flatpak", b"#!/usr/bin/python3\n", "/app/extensions/Photochrom/lib/photochrom/photochrom"),
        ("snap", b"#!/usr/bin/env python3\n", "/snap/gimp/current/gimp-plugins/photochrom/engine/photochrom"),
    ],
)
def test_plug_in_is_whole_knows_its_python_and_its_engine(small, tmp_path, kind, first_line, program):
    one, two = (recipe(kind, small, tmp_path / name) for name in ("one", "two"))
    (plugin,) = one.glob("*-gimp-*.tar.gz")
    assert plugin.read_bytes() == (two / plugin.name).read_bytes()
    with tarfile.open(plugin) as tar:
        tar.extractall(tmp_path, filter="data")
    assert damage(tmp_path / "photochrom") == ""
    script = tmp_path / "photochrom" / "photochrom.py"
    assert script.read_bytes().startswith(first_line) and os.access(script, os.X_OK)
    assert json.loads((tmp_path / "photochrom" / "engine-command.json").read_text())["command"] == [program, "serve"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("photochrom-0.0.9-lite-linux-x86_64.tar.xz", "The bundle is 0.0.9"), ("other.tar.xz", "no bundle's .tar.xz")],
)
def test_other_archives_are_refused(tmp_path, name, words):
    (tmp_path / name).touch()
    command = [sys.executable, LINUX.parent / "sandboxes.py", "snap", tmp_path / name]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": PYTHONPATH}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and words in done.stderr


# ------------------------------------------------------------------------------------- used

RUNTIME = "[Runtime]\nname={name}\nruntime=org.gnome.Platform/x86_64/48\nsdk=org.gnome.Sdk/x86_64/48\n"
GIMP = """[Application]
name=org.gimp.GIMP
runtime=org.gnome.Platform/x86_64/48
sdk=org.gnome.Sdk/x86_64/48
command=photochrom

[Context]
shared=network;ipc;
filesystems=host;/tmp;

[Extension org.gimp.GIMP.Plugin]
version=3
directory=extensions
add-ld-path=lib
merge-dirs=plug-ins;scripts;help
subdirectories=true
no-autodownload=true
"""
STARTS = """#!/bin/sh
cd /app/extensions/plug-ins/photochrom && test -x photochrom.py &&
    exec $(sed -n 's/.*: \\["\\([^"]*\\)".*/\\1/p' engine-command.json) "$@"
"""
"""As the plug-in does it: with the command that lies beside it, in the folder where GIMP sees it."""


def made_up_runtime(folder, name):
    """busybox, and the C library of this machine with what else the engine takes from a system."""
    programs, libraries = folder / "usr" / "bin", folder / "usr" / "lib" / "x86_64-linux-gnu"
    for each in (programs, libraries, folder / "usr" / "lib64"):
        each.mkdir(parents=True)
    shutil.copy(shutil.which("busybox"), programs / "busybox")
    for each in ("sh", "mkdir", "cp", "sed", "test"):
        (programs / each).symlink_to("busybox")
    (programs / "appstreamcli").write_text('#!/bin/sh\nmkdir -p "${FLATPAK_DEST}/share/app-info/xmls"\n')
    (programs / "appstreamcli").chmod(0o755)
    shutil.copy("/lib64/ld-linux-x86-64.so.2", folder / "usr" / "lib64")
    for each in ("c", "m", "dl", "pthread", "rt", "util", "resolv", "gcc_s", "stdc++", "z"):
        (library,) = Path("/lib/x86_64-linux-gnu").glob(f"lib{each}.so.[0-9]")
        shutil.copy(library, libraries)
    (folder / "metadata").write_text(RUNTIME.format(name=name))


@pytest.mark.slow
def test_flatpak_is_built_and_its_engine_colors_inside_the_sandbox(lite, tmp_path):
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing or os.geteuid() != 0:
        pytest.skip(f"not here: {', '.join(missing) or 'root'}")
    home = tmp_path / "Ann Müller (1)"
    for folder in (home, tmp_path / "run", tmp_path / "gimp" / "files" / "bin", tmp_path / "gimp" / "files/extensions"):
        folder.mkdir(parents=True, mode=0o700)
    environment = {
        **{"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(home), "OMP_WAIT_POLICY": "PASSIVE"},
        **{"XDG_RUNTIME_DIR": str(tmp_path / "run"), "FLATPAK_USER_DIR": str(tmp_path / "flatpak")},
    }

    def run(*words):
        done = subprocess.run(
            list(map(str, words)),
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    for name, folder in (("org.gnome.Sdk", "sdk"), ("org.gnome.Platform", "platform")):
        made_up_runtime(tmp_path / folder, name)
        run("flatpak", "build-export", "--runtime", "--files=usr", "repo", folder, "48")
    (tmp_path / "gimp" / "metadata").write_text(GIMP)
    (tmp_path / "gimp" / "export").mkdir()
    (tmp_path / "gimp" / "files" / "bin" / "photochrom").write_text(STARTS)
    (tmp_path / "gimp" / "files" / "bin" / "photochrom").chmod(0o755)
    run("flatpak", "build-export", "repo", "gimp", "stable")
    run("flatpak", "--user", "remote-add", "--no-gpg-verify", "here", "repo")
    run("flatpak", "--user", "install", "-y", "here", "org.gnome.Sdk", "org.gnome.Platform", "org.gimp.GIMP")

    (manifest,) = recipe("flatpak", lite.archive, tmp_path / "recipe").glob("*.yaml")
    options = "--disable-cache", "--disable-updates", "--force-clean", "--state-dir=state"
    run("flatpak-builder", "--user", "--install", *options, "build", manifest)

    shutil.copy(REPOSITORY / "examples" / "dust-bowl-home.jpg", home / "photograph.jpg")
    assert run("flatpak", "run", "org.gimp.GIMP", "--version").split()[-1] == photochrom.__version__
    run("flatpak", "run", "org.gimp.GIMP", "colorize", home / "photograph.jpg", "-o", home / "color.png")
    assert (home / "color.png").stat().st_size > 100_000
    run("flatpak", "--user", "uninstall", "-y", "org.gimp.GIMP.Plugin.Photochrom")
    assert not list((tmp_path / "flatpak" / "runtime").glob("*Photochrom*"))


@pytest.mark.slow
@pytest.mark.host
def test_gimp_colors_with_plug_in_and_engine_where_its_snap_shows_them(newer_gimp, lite, tmp_path):
    gimp = newer_gimp
    shown = gimp.tree / "snap/gimp/current/gimp-plugins"
    folder = recipe("snap", lite.archive, tmp_path / "recipe")
    for name, part in read(folder / "snapcraft.yaml")["parts"].items():
        place = shown / part["organize"]["*"]
        place.mkdir(parents=True, exist_ok=True)
        packed = folder / part["source"]
        subprocess.run(["tar", "-xf", packed, "--strip-components=1", "-C", place], check=True, timeout=120)
        assert any(place.iterdir()), name
    with (gimp.profile / "gimprc").open("a", encoding="utf-8") as settings:
        settings.write('(plug-in-path "/snap/gimp/current/gimp-plugins:${gimp_plug_in_dir}/plug-ins")\n')
    started = gimp.batch("once.py", **where(gimp.home), PHOTOCHROM_CASE="gimp", PHOTOCHROM_SCALE="0.5")
    result = told(started, gimp.home / "gimp.json")
    assert result["status"] == "success", result["error"]
    engine = gimp.engine()["pid"]
    assert os.path.samefile(f"/proc/{engine}/exe", shown / "photochrom/engine/photochrom")
