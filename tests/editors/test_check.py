"""The check of installed plug-ins names what is wrong and what to do."""

import json
import sys

import pytest
from photochrom import editors

from .conftest import profile

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")


def _switched_off(place):
    settings = place.parents[4] / ".config" / "kritarc"
    settings.write_text(settings.read_text().replace("true", "false"))


def _no_desktop_file(place):
    place.with_suffix(".desktop").unlink()


def _no_start(place):
    (place / "__init__.py").unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [(_switched_off, "switched off"), (_no_desktop_file, "photochrom.desktop"), (_no_start, "__init__.py")],
)
def test_check_of_krita_names_what_is_wrong_and_what_to_do(home, damage, words):
    profile(home, ".local/share/krita")
    editors.install(("krita",))
    (krita,) = editors.detect(("krita",))
    damage(krita.place)
    (wrong,) = [each for each in editors.findings() if not each.good]
    assert words in wrong.found
    assert "photochrom plugin install" in wrong.next_step


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
        (_not_executable, "executable"),
        (_renamed, "photochrom.py"),
        (_other_version, "0.0.1"),
        (_no_command, "engine-command.json"),
        (_damaged_command, "engine-command.json"),
        (_engine_gone, "gone"),
    ],
)
def test_check_names_what_is_wrong_and_what_to_do(home, damage, words):
    profile(home, ".config/GIMP/3.0")
    editors.install(("gimp",))
    (gimp,) = editors.detect(("gimp",))
    damage(gimp.place)
    (wrong,) = [each for each in editors.findings() if not each.good]
    assert words in wrong.found
    assert "photochrom plugin install" in wrong.next_step


def test_plug_in_that_is_not_installed_is_reported_missing(home):
    profile(home, ".config/GIMP/3.0")
    (missing,) = editors.findings()
    assert not missing.good


def test_missing_and_changed_files_are_named(home):
    profile(home, ".config/GIMP/3.0")
    editors.install(("gimp",))
    (gimp,) = editors.detect(("gimp",))
    (gimp.place / "photochrom_client" / "tint.py").unlink()
    (gimp.place / "layers.py").write_text("")
    (wrong,) = [each for each in editors.findings() if not each.good]
    assert "missing: photochrom_client/tint.py" in wrong.found and "changed: layers.py" in wrong.found
    assert "photochrom plugin install" in wrong.next_step


def test_editor_without_the_plug_in_is_no_failure_where_another_has_it(home):
    profile(home, ".config/GIMP/3.0")
    profile(home, ".local/share/krita")
    editors.install(("krita",))
    found = {each.name: each for each in editors.findings()}
    assert found["plug-in of GIMP 3.0"].good and "photochrom plugin install" in found["plug-in of GIMP 3.0"].next_step


def test_user_of_one_editor_hears_nothing_of_the_other(home):
    profile(home, ".local/share/krita")
    editors.install(("krita",))
    assert not [each for each in editors.findings() if "GIMP" in each.name + each.found]
