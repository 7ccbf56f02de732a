"""The AppImage's folder run as its runtime runs it, and what an AppImage consists of."""

import json
import os
import shutil
import subprocess
from dataclasses import replace

import photochrom
import pytest

from .conftest import LINUX, REPOSITORY, packed

PHOTOGRAPH = REPOSITORY / "examples" / "dust-bowl-home.jpg"
IN_PLUGIN = ".local/share/krita/pykrita/photochrom/engine-command.json"


@pytest.mark.slow
def test_plug_ins_are_told_the_image_and_not_its_mount(lite, unpacked):
    folder = packed("appimage", lite.folder, unpacked / "AppImage (gemountet)")
    image = unpacked / "Photochrom.AppImage"  # what the runtime does, with a folder for the mount
    image.write_text(f"#!/bin/sh\nexport APPIMAGE='{image}' APPDIR='{folder}'\nexec '{folder}/AppRun' \"$@\"\n")
    image.chmod(0o755)
    home = unpacked / "AppImage Müller"
    (home / ".local" / "share" / "krita").mkdir(parents=True)
    if os.geteuid() == 0:
        for path in (home, *home.rglob("*")):
            shutil.chown(path, *[lite.home.stat().st_uid] * 2)
    shutil.copy(PHOTOGRAPH, unpacked / "photograph.jpg")
    (unpacked / "photograph.jpg").chmod(0o644)
    user = replace(lite, folder=image.parent, home=home, name=image.name)

    done = user.run("plugin", "install", "--krita")
    assert done.returncode == 0, done.stderr
    assert json.loads((home / IN_PLUGIN).read_text())["command"] == [str(image), "serve"]
    done = user.run("colorize", unpacked / "photograph.jpg", "-o", "color.png")
    assert done.returncode == 0, done.stderr
    assert (home / "color.png").stat().st_size > 100_000


@pytest.fixture
def small(tmp_path):
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "photochrom").write_text(f'#!/bin/sh\necho photochrom {photochrom.__version__} "$@"\n')
    (folder / "photochrom").chmod(0o755)
    return folder


def test_folder_runs_without_a_runtime_from_anywhere(small, tmp_path):
    folder = packed("appimage", small, tmp_path / "out")
    assert {path.name for path in folder.iterdir()} >= {"AppRun", ".DirIcon", "photochrom.desktop", "photochrom.svg"}
    link = tmp_path / "photochrom"
    link.symlink_to(folder / "AppRun")
    said = subprocess.run([link, "a b"], cwd="/", capture_output=True, text=True, check=True).stdout
    assert said.split() == ["photochrom", photochrom.__version__, "a", "b"]


def test_desktop_file_is_valid():
    if not shutil.which("desktop-file-validate"):
        pytest.skip("no desktop-file-validate here")
    checked = subprocess.run(
        ["desktop-file-validate", LINUX.parent / "appimage" / "photochrom.desktop"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.stdout == "" and checked.returncode == 0


def test_image_is_the_runtime_and_the_folder_behind_it(small, tmp_path):
    if not shutil.which("mksquashfs"):
        pytest.skip("no mksquashfs here")
    runtime = tmp_path / "runtime"
    runtime.write_bytes(b"\x7fELF" + bytes(996))
    made = [packed("appimage", small, tmp_path / name, "--runtime", runtime) for name in ("one", "two")]
    assert made[0].read_bytes() == made[1].read_bytes()
    assert made[0].read_bytes().startswith(runtime.read_bytes()) and os.access(made[0], os.X_OK)
    subprocess.run(
        ["unsquashfs", "-quiet", "-no-progress", "-offset", "1000", "-dest", tmp_path / "inside", made[0]],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    said = subprocess.run([tmp_path / "inside" / "AppRun"], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["photochrom", photochrom.__version__]
