"""The editors are found, and the plug-in is put in, replaced, checked and taken out."""

import json
import os
import sys
from pathlib import Path

import pytest
from photochrom import plugins
from photochrom.errors import OutputFailed, PhotochromError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "Ann Müller (1)"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PATH", str(folder / "bin"))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "GIMP3_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    return folder


def profile(home: Path, place: str) -> Path:
    folder = home / place
    folder.mkdir(parents=True)
    return folder


def program(home: Path, name: str, says: str) -> None:
    """Puts a program on the PATH that prints one line, as `gimp --version` does."""
    path = home / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def test_every_version_is_found_and_older_ones_are_left_alone(home):
    for place in (".config/GIMP/2.10", ".config/GIMP/3.0", ".config/GIMP/3.2", ".config/GIMP/3.0-backup"):
        profile(home, place)
    profile(home, ".var/app/org.gimp.GIMP/config/GIMP/3.0")
    profile(home, "snap/gimp/525/.config/GIMP/3.0")
    (home / "snap/gimp/current").symlink_to("525")
    found = plugins.detect(("gimp",))
    assert [str(each.profile.relative_to(home)) for each in found] == [
        ".config/GIMP/3.0",
        ".config/GIMP/3.2",
        ".var/app/org.gimp.GIMP/config/GIMP/3.0",
        "snap/gimp/525/.config/GIMP/3.0",
    ]


def test_config_folder_of_the_environment_is_honoured(home, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "elsewhere"))
    profile(home, "elsewhere/GIMP/3.0")
    (found,) = plugins.detect(("gimp",))
    assert found.plugins == home / "elsewhere/GIMP/3.0/plug-ins"
    monkeypatch.setenv("GIMP3_DIRECTORY", str(home / "mine"))
    (found,) = plugins.detect(("gimp",))
    assert found.plugins == home / "mine/plug-ins"


def test_krita_folders_are_found(home):
    folder = profile(home, ".local/share/krita/pykrita")
    assert [each.plugins for each in plugins.detect(("krita",))] == [folder]


def test_installed_plug_in_is_whole_and_passes_its_check(home):
    profile(home, ".config/GIMP/3.0")
    actions = plugins.install(("gimp",))
    (gimp,) = plugins.detect(("gimp",))
    assert any(action.path == gimp.place for action in actions)
    assert os.access(gimp.place / "photochrom.py", os.X_OK)
    assert (gimp.place / "photochrom_client" / "__init__.py").is_file()
    assert not list(gimp.place.rglob("__pycache__"))
    command = json.loads((gimp.place / "engine-command.json").read_text())["command"]
    assert command == [sys.executable, "-m", "photochrom", "serve"]
    assert [each for each in plugins.check(gimp) if not each.good] == []
    assert [entry.name for entry in gimp.profile.iterdir()] == ["plug-ins"]


def test_older_installation_is_replaced_whole(home):
    older = profile(home, ".config/GIMP/3.0/plug-ins/photochrom")
    (older / "left-over.py").touch()
    actions = plugins.install(("gimp",))
    assert str(actions[0]).startswith("replace")
    assert not (older / "left-over.py").exists()
    assert (older / "photochrom.py").exists()


def test_link_in_the_place_of_the_plug_in_is_replaced_and_its_target_stays(home):
    target = profile(home, "checkout")
    (target / "photochrom.py").write_text("mine")
    place = profile(home, ".config/GIMP/3.0/plug-ins") / "photochrom"
    place.symlink_to(target)
    plugins.install(("gimp",))
    assert not place.is_symlink()
    plugins.remove(("gimp",))
    place.symlink_to(target)
    plugins.remove(("gimp",))
    assert not place.is_symlink()
    assert (target / "photochrom.py").read_text() == "mine"


def test_dry_run_says_the_same_and_touches_nothing(home):
    profile(home, ".config/GIMP/3.0")
    before = sorted(home.rglob("*"))
    planned = plugins.install(("gimp",), dry_run=True)
    assert sorted(home.rglob("*")) == before
    assert plugins.install(("gimp",)) == planned
    installed = sorted(home.rglob("*"))
    planned = plugins.remove(("gimp",), dry_run=True)
    assert sorted(home.rglob("*")) == installed
    assert plugins.remove(("gimp",)) == planned


def test_removed_plug_in_leaves_other_plug_ins_alone(home):
    other = profile(home, ".config/GIMP/3.0/plug-ins/other")
    plugins.install(("gimp",))
    plugins.remove(("gimp",))
    assert [entry.name for entry in other.parent.iterdir()] == ["other"]
    assert "no plug-in" in str(plugins.remove(("gimp",))[0])


def test_gimp_that_was_never_started_gets_a_profile(home):
    program(home, "gimp", "GNU Image Manipulation Program version 3.0.4")
    actions = plugins.install(("gimp",))
    assert str(actions[0]).startswith("create")
    assert (home / ".config/GIMP/3.0/plug-ins/photochrom/photochrom.py").exists()


def test_without_gimp_3_the_error_says_what_to_do(home):
    program(home, "gimp", "GNU Image Manipulation Program version 2.10.34")
    with pytest.raises(PhotochromError) as error:
        plugins.install(("gimp",))
    assert "Install GIMP 3" in error.value.next_step
    assert [each.good for each in plugins.findings()] == [False]


def test_krita_is_told_to_have_no_plug_in_yet(home):
    assert plugins.install(("krita",)) == [plugins.Action(plugins.NO_KRITA)]
    assert plugins.remove(("krita",)) == [plugins.Action(plugins.NO_KRITA)]


def test_sandboxed_gimp_is_told_how_to_reach_the_engine(home):
    profile(home, ".var/app/org.gimp.GIMP/config/GIMP/3.0")
    assert any("Flatpak" in str(action) and "photochrom serve" in str(action) for action in plugins.install(("gimp",)))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_cannot_be_written_to_is_an_error_in_words(home):
    folder = profile(home, ".config/GIMP/3.0")
    folder.chmod(0o500)
    with pytest.raises(OutputFailed):
        plugins.install(("gimp",))


def test_file_in_the_place_of_the_folder_is_an_error_in_words(home):
    (profile(home, ".config/GIMP/3.0") / "plug-ins").touch()
    with pytest.raises(OutputFailed) as error:
        plugins.install(("gimp",))
    assert "plug-ins" in error.value.cause


def _not_executable(place):
    (place / "photochrom.py").chmod(0o644)


def _renamed(place):
    (place / "photochrom.py").rename(place / "other.py")


def _other_version(place):
    (place / "version.txt").write_text("0.0.1\n")


def _no_command(place):
    (place / "engine-command.json").unlink()


def _damaged_command(place):
    (place / "engine-command.json").write_text("{}")


def _engine_gone(place):
    (place / "engine-command.json").write_text(json.dumps({"command": [str(place / "gone"), "serve"]}))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_not_executable, "executed"),
        (_renamed, "photochrom.py"),
        (_other_version, "0.0.1"),
        (_no_command, "engine-command.json"),
        (_damaged_command, "engine-command.json"),
        (_engine_gone, "gone"),
    ],
)
def test_check_names_what_is_wrong_and_what_to_do(home, damage, words):
    profile(home, ".config/GIMP/3.0")
    plugins.install(("gimp",))
    (gimp,) = plugins.detect(("gimp",))
    damage(gimp.place)
    (wrong,) = [each for each in plugins.findings() if not each.good]
    assert words in wrong.found
    assert "photochrom plugin install" in wrong.next_step


def test_plug_in_that_is_not_installed_is_found_missing(home):
    profile(home, ".config/GIMP/3.0")
    (missing,) = plugins.findings()
    assert not missing.good
