"""Editors are found, and the plug-in is installed, replaced, checked and removed."""

import json
import os
import sys
from pathlib import Path

import pytest
from photochrom import editors
from photochrom.errors import OutputFailed, PhotochromError

from .conftest import profile

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")


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
    found = editors.detect(("gimp",))
    assert [str(each.folder.relative_to(home)) for each in found] == [
        ".config/GIMP/3.0",
        ".config/GIMP/3.2",
        ".var/app/org.gimp.GIMP/config/GIMP/3.0",
        "snap/gimp/525/.config/GIMP/3.0",
    ]


def test_gimp_2_10_is_found_beside_gimp_3_where_it_is_installed(home):
    for place in (".config/GIMP/2.10", ".config/GIMP/3.0", "snap/gimp/525/.config/GIMP/2.10"):
        profile(home, place)
    profile(home, ".var/app/org.gimp.GIMP/config/GIMP/2.10")
    profile(home, ".var/app/org.gimp.GIMP/config/GIMP/3.0")

    def found():
        return [str(each.folder.relative_to(home)) for each in editors.detect(("gimp",)) if each.version == "2.10"]

    assert found() == ["snap/gimp/525/.config/GIMP/2.10"]
    program(home, "gimp-2.10", "GNU Image Manipulation Program version 2.10.34")
    assert found() == [".config/GIMP/2.10", "snap/gimp/525/.config/GIMP/2.10"]
    assert [each.version for each in editors.detect(("gimp",))].count("3.0") == 2


def test_both_gimps_get_the_plug_in_of_their_own_and_lose_it(home):
    for version in ("2.10", "3.0"):
        profile(home, f".config/GIMP/{version}")
    program(home, "gimp-2.10", "says nothing of its version, and is not asked about the plug-in")
    editors.install(("gimp",))
    old, new = editors.detect(("gimp",))
    assert (old.place / "gimpfu_compat" / "plugin_process.py").is_file() and (old.place / "gimp.py").is_file()
    assert "gi.repository" not in (old.place / "photochrom.py").read_text()
    assert "gi.repository" in (new.place / "photochrom.py").read_text() and not (new.place / "gimp.py").exists()
    for each in (old, new):
        assert os.access(each.place / "photochrom.py", os.X_OK)
        assert [finding for finding in each.check() if not finding.good] == []
    (old.place / "gimp.py").unlink()
    (wrong,) = [each for each in editors.findings() if not each.good]
    assert wrong.name == "plug-in of GIMP 2.10: files" and "missing: gimp.py" in wrong.found
    assert "photochrom plugin install" in wrong.next_step
    editors.remove(("gimp",))
    assert not old.place.exists() and not new.place.exists()


def test_gimp_2_10_that_was_never_started_gets_a_profile(home):
    program(home, "gimp-2.10", "GNU Image Manipulation Program version 2.10.34")
    assert "create" in str(editors.install(("gimp",))[0])
    assert (home / ".config/GIMP/2.10/plug-ins/photochrom/photochrom.py").is_file()


def test_config_folder_of_the_environment_is_honored(home, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "elsewhere"))
    profile(home, "elsewhere/GIMP/3.0")
    (found,) = editors.detect(("gimp",))
    assert found.plugins == home / "elsewhere/GIMP/3.0/plug-ins"
    monkeypatch.setenv("GIMP3_DIRECTORY", str(home / "mine"))
    (found,) = editors.detect(("gimp",))
    assert found.plugins == home / "mine/plug-ins"
    monkeypatch.setenv("GIMP2_DIRECTORY", str(home / "old"))
    assert [each.plugins for each in editors.detect(("gimp",))] == [home / "old/plug-ins", home / "mine/plug-ins"]
    monkeypatch.delenv("GIMP3_DIRECTORY")
    assert [each.plugins for each in editors.detect(("gimp",))] == [home / "old/plug-ins"]


def test_every_krita_is_found_with_its_settings(home):
    for place in (
        ".local/share/krita",
        ".var/app/org.kde.krita/data/krita",
        "snap/krita/12/.local/share/krita",
    ):
        profile(home, place)
    (home / "snap/krita/current").symlink_to("12")
    found = editors.detect(("krita",))
    assert [(str(each.plugins.relative_to(home)), str(each.settings.relative_to(home))) for each in found] == [
        (".local/share/krita/pykrita", ".config/kritarc"),
        (".var/app/org.kde.krita/data/krita/pykrita", ".var/app/org.kde.krita/config/kritarc"),
        ("snap/krita/12/.local/share/krita/pykrita", "snap/krita/12/.config/kritarc"),
    ]


def test_installed_plug_in_is_whole_and_passes_its_check(home):
    profile(home, ".config/GIMP/3.0")
    actions = editors.install(("gimp",))
    (gimp,) = editors.detect(("gimp",))
    assert any(action.path == gimp.place for action in actions)
    assert os.access(gimp.place / "photochrom.py", os.X_OK)
    assert (gimp.place / "photochrom_client" / "__init__.py").is_file()
    assert (gimp.place / "photochrom_client" / "locale" / "de" / "LC_MESSAGES" / "photochrom.mo").is_file()
    assert not list(gimp.place.rglob("__pycache__"))
    command = json.loads((gimp.place / "engine-command.json").read_text())["command"]
    assert command == [sys.executable, "-m", "photochrom", "serve"]
    assert [each for each in gimp.check() if not each.good] == []
    assert [entry.name for entry in gimp.folder.iterdir()] == ["plug-ins"]


def test_older_installation_is_replaced_whole(home):
    older = profile(home, ".config/GIMP/3.0/plug-ins/photochrom")
    (older / "left-over.py").touch()
    actions = editors.install(("gimp",))
    assert str(actions[0]).startswith("replace")
    assert not (older / "left-over.py").exists()
    assert (older / "photochrom.py").exists()


def test_link_in_the_place_of_the_plug_in_is_replaced_and_its_target_stays(home):
    target = profile(home, "checkout")
    (target / "photochrom.py").write_text("mine")
    place = profile(home, ".config/GIMP/3.0/plug-ins") / "photochrom"
    (place.parents[1] / "gimprc").touch()
    place.symlink_to(target)
    editors.install(("gimp",))
    assert not place.is_symlink()
    editors.remove(("gimp",))
    place.symlink_to(target)
    editors.remove(("gimp",))
    assert not place.is_symlink()
    assert (target / "photochrom.py").read_text() == "mine"


def test_dry_run_prints_the_same_and_changes_nothing(home):
    profile(home, ".config/GIMP/3.0")
    before = sorted(home.rglob("*"))
    planned = editors.install(("gimp",), dry_run=True)
    assert sorted(home.rglob("*")) == before
    assert editors.install(("gimp",)) == planned
    installed = sorted(home.rglob("*"))
    planned = editors.remove(("gimp",), dry_run=True)
    assert sorted(home.rglob("*")) == installed
    assert editors.remove(("gimp",)) == planned


def test_removed_plug_in_leaves_other_plug_ins_alone(home):
    other = profile(home, ".config/GIMP/3.0/plug-ins/other")
    editors.install(("gimp",))
    editors.remove(("gimp",))
    assert [entry.name for entry in other.parent.iterdir()] == ["other"]
    assert "no plug-in" in str(editors.remove(("gimp",))[0])


def test_gimp_that_was_never_started_gets_a_profile(home):
    program(home, "gimp", "GNU Image Manipulation Program version 3.0.4")
    actions = editors.install(("gimp",))
    assert str(actions[0]).startswith("create")
    assert (home / ".config/GIMP/3.0/plug-ins/photochrom/photochrom.py").exists()


def test_without_gimp_3_the_error_says_what_to_do(home):
    program(home, "gimp", "GNU Image Manipulation Program version 2.10.34")
    with pytest.raises(PhotochromError) as error:
        editors.install(("gimp",))
    assert "Install GIMP 3" in error.value.next_step
    (missing,) = editors.findings()
    assert not missing.good and "GIMP 3 or Krita" in missing.found


def test_krita_gets_its_plug_in_and_it_is_switched_on(home):
    resources = profile(home, ".local/share/krita")
    actions = editors.install(("krita",))
    place = resources / "pykrita" / "photochrom"
    assert any(action.path == place for action in actions)
    assert (resources / "pykrita" / "photochrom.desktop").is_file()
    for name in ("__init__.py", "photochrom_client/__init__.py", "photochrom_client/settings.py"):
        assert (place / name).is_file()
    assert (home / ".config/kritarc").read_text() == "[python]\nenable_photochrom=true\n"
    assert [each for each in editors.findings() if not each.good] == []
    assert sorted(entry.name for entry in resources.iterdir()) == ["pykrita"]


KRITARC = "[MainWindow]\nState=AAA\n\n[python]\nenable_other=true\n{}\n[theme]\nTheme=Krita dark\n"


@pytest.mark.parametrize("before", ["", "enable_photochrom=false\n"])
def test_other_settings_of_krita_stay_as_they_are(home, before):
    profile(home, ".local/share/krita")
    settings = profile(home, ".config") / "kritarc"
    settings.write_text(KRITARC.format(before))
    settings.chmod(0o600)
    editors.install(("krita",))
    editors.install(("krita",))
    text = settings.read_text()
    assert sorted(text.splitlines()) == sorted([*KRITARC.format("").splitlines(), "enable_photochrom=true"])
    group = text[text.index("[python]") : text.index("[theme]")]
    assert "enable_photochrom=true" in group and "enable_other=true" in group
    assert settings.stat().st_mode & 0o777 == 0o600
    editors.remove(("krita",))
    assert settings.read_text() == KRITARC.format("")


def test_settings_without_the_group_get_it(home):
    profile(home, ".local/share/krita")
    settings = profile(home, ".config") / "kritarc"
    settings.write_text("[theme]\nTheme=Krita dark\n")
    editors.install(("krita",))
    assert settings.read_text() == "[theme]\nTheme=Krita dark\n\n[python]\nenable_photochrom=true\n"


def test_removed_plug_in_leaves_other_plug_ins_of_krita_alone(home):
    other = profile(home, ".local/share/krita/pykrita/other")
    editors.install(("krita",))
    editors.remove(("krita",))
    assert [entry.name for entry in other.parent.iterdir()] == ["other"]
    assert "no plug-in" in str(editors.remove(("krita",))[0])


def test_krita_that_was_never_started_gets_a_folder(home):
    program(home, "krita", "krita 5.2.9")
    actions = editors.install(("krita",))
    assert str(actions[0]).startswith("create")
    assert (home / ".local/share/krita/pykrita/photochrom/__init__.py").exists()


def test_one_editor_is_enough(home):
    profile(home, ".local/share/krita")
    editors.install()
    assert [each for each in editors.findings() if not each.good] == []


@pytest.mark.parametrize("wanted", [("krita",), editors.EDITORS])
def test_without_an_editor_the_error_says_what_to_do(home, wanted):
    with pytest.raises(PhotochromError) as error:
        editors.install(wanted)
    assert "Krita" in error.value.cause and "photochrom plugin install" in error.value.next_step


@pytest.mark.parametrize("kind", ["Flatpak", "Snap"])
def test_sandboxed_krita_gets_instructions_for_reaching_the_engine(home, kind):
    profile(home, ".var/app/org.kde.krita/data/krita" if kind == "Flatpak" else "snap/krita/12/.local/share/krita")
    assert any(kind in str(action) and "photochrom serve" in str(action) for action in editors.install(("krita",)))


def test_sandboxed_gimp_gets_instructions_for_reaching_the_engine(home):
    profile(home, ".var/app/org.gimp.GIMP/config/GIMP/3.0")
    assert any("Flatpak" in str(action) and "photochrom serve" in str(action) for action in editors.install(("gimp",)))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_folder_that_cannot_be_written_to_is_an_error_in_words(home):
    folder = profile(home, ".config/GIMP/3.0")
    folder.chmod(0o500)
    with pytest.raises(OutputFailed):
        editors.install(("gimp",))


def test_file_in_the_place_of_the_folder_is_an_error_in_words(home):
    (profile(home, ".config/GIMP/3.0") / "plug-ins").touch()
    with pytest.raises(OutputFailed) as error:
        editors.install(("gimp",))
    assert "plug-ins" in error.value.cause
