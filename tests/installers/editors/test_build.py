"""The archives for the editors' own ways of installing hold whole plug-ins, and nothing else."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import photochrom
import pytest
from photochrom import editors
from photochrom.editors.assembly import damage
from photochrom.editors.gimp3 import EXTENSION

REPOSITORY = Path(__file__).parents[3]
BUILD = runpy.run_path(str(REPOSITORY / "installers" / "editors" / "build.py"))["build"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Each archive by the last word of its name."""
    paths = BUILD(tmp_path_factory.mktemp("dist"))
    return {path.stem.removeprefix(f"photochrom-{photochrom.__version__}-"): path for path in paths}


def unpacked(path: Path, folder: Path) -> Path:
    """As unzip does it: with the modes."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            archive.extract(entry, folder)
            (folder / entry.filename).chmod(entry.external_attr >> 16 & 0o777)
    return folder


def test_same_sources_give_the_same_bytes(made, tmp_path):
    assert [path.read_bytes() for path in BUILD(tmp_path)] == [path.read_bytes() for path in made.values()]


@pytest.mark.parametrize(
    ("name", "place"),
    [(name, "photochrom") for name in ("krita", "gimp", "gimp210")] + [("gimp-extension", f"{EXTENSION}/photochrom")],
)
def test_plug_in_is_whole_and_without_words_about_this_machine(made, tmp_path, name, place):
    plugin = unpacked(made[name], tmp_path) / place
    assert damage(plugin) == ""
    assert (plugin / "version.txt").read_text().strip() == photochrom.__version__
    assert (plugin / "photochrom_client" / "locale" / "de" / "LC_MESSAGES" / "photochrom.mo").is_file()
    assert not (plugin / "engine-command.json").exists()
    assert not [path for path in plugin.rglob("*") if path.suffix == ".pyc"]
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and os.fsencode(REPOSITORY) in path.read_bytes()]


@pytest.mark.parametrize("name", ["gimp", "gimp210", "gimp-extension"])
def test_script_for_gimp_may_be_executed_and_names_its_python(made, tmp_path, name):
    (script,) = unpacked(made[name], tmp_path).rglob("photochrom/photochrom.py")
    assert os.access(script, os.X_OK)
    assert script.read_bytes().startswith(b"#!/usr/bin/python3\n")


def test_extension_describes_itself(made, tmp_path):
    folder = unpacked(made["gimp-extension"], tmp_path) / EXTENSION
    component = ET.parse(folder / f"{EXTENSION}.metainfo.xml").getroot()
    assert component.findtext("id") == folder.name
    assert component.find("releases/release").get("version") == photochrom.__version__
    assert (folder / component.findtext("custom/value[@key='GIMP::plug-in-path']")).is_file()
    if shutil.which("appstreamcli"):
        command = ["appstreamcli", "validate", "--no-net", folder / f"{EXTENSION}.metainfo.xml"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "Ann Müller (1)"
    (folder / ".config/GIMP/3.0").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PATH", str(folder / "bin"))
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(folder / "run"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "GIMP3_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    return folder


def wrong():
    return [each.found for each in editors.findings() if not each.good and "engine" not in each.name]


def test_doctor_knows_an_extension_and_whether_it_is_on(made, home):
    profile = home / ".config/GIMP/3.0"
    unpacked(made["gimp-extension"], profile / "extensions")
    (found,) = wrong()
    assert "not switched on" in found
    (profile / "extensionrc").write_text(f'(GimpExtension "{EXTENSION}"\n    (active yes))\n')
    assert wrong() == []


def test_installed_plug_in_replaces_an_extension_and_removal_removes_it(made, home):
    extensions = home / ".config/GIMP/3.0/extensions"
    unpacked(made["gimp-extension"], extensions)
    assert any(EXTENSION in str(action) for action in editors.install(["gimp"], dry_run=True))
    editors.install(["gimp"])
    assert not list(extensions.iterdir()) and wrong() == []
    unpacked(made["gimp-extension"], extensions)
    (found,) = wrong()
    assert "twice" in found
    editors.remove(["gimp"])
    assert not list(extensions.iterdir()) and not list((home / ".config/GIMP/3.0/plug-ins").iterdir())


def test_plug_in_of_an_archive_uses_the_engine_that_is_installed(made, home):
    unpacked(made["gimp"], home / ".config/GIMP/3.0/plug-ins")
    (missing,) = [each for each in editors.findings() if not each.good]
    assert "no engine in the usual places" in missing.found
    engine = home / ".local" / "bin" / "photochrom"
    engine.parent.mkdir(parents=True)
    engine.write_text("#!/bin/sh\n")
    engine.chmod(0o755)
    assert not [each for each in editors.findings() if not each.good]
