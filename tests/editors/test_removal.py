"""Removal leaves the user's settings, and purges them when asked to."""

import sys

import pytest
from photochrom import editors

from .conftest import profile
from .test_editors import program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")


def _leave_settings(home):
    """What the plug-ins of both editors write for their user, and the engine's own files."""
    gimp, krita = home / ".config/GIMP/3.0", home / ".local/share/krita"
    (gimp / "plug-in-settings").mkdir()
    ours = [
        gimp / "photochrom-history.json",
        gimp / "photochrom-settings.json",
        gimp / "plug-in-settings" / "plug-in-photochrom-colorize.last",
        krita / "photochrom-history.json",
        profile(home, ".local/state/photochrom") / "engine.log",
        profile(home, ".cache/photochrom/networks") / "0.network",
        profile(home, ".local/share/photochrom") / "engine-command.json",
    ]
    for path in ours:
        path.write_text("ours")
    (gimp / "plug-in-settings" / "file-png-export.last").write_text("others'")
    kritarc = home / ".config" / "kritarc"
    groups = "[MainWindow][DockWidget photochrom_docker]\nDockArea=2\n\n[photochrom]\nnote=false\n"
    kritarc.write_text(f"{kritarc.read_text()}\n{groups}\n[theme]\nTheme=Krita dark\n")
    return ours


def test_removal_keeps_settings_and_says_where_they_are(home):
    profile(home, ".config/GIMP/3.0")
    profile(home, ".local/share/krita")
    editors.install()
    ours = _leave_settings(home)
    said = "\n".join(map(str, editors.remove()))
    assert all(path.exists() for path in ours)
    assert all(str(path) in said or str(path.parent) in said for path in ours)
    assert "--purge" in said


def test_purge_removes_all_that_is_ours_and_nothing_else(home):
    profile(home, ".config/GIMP/3.0")
    profile(home, ".local/share/krita")
    other = home / "run" / "notes.txt"
    other.write_text("others'")
    editors.install()
    _leave_settings(home)
    editors.remove(purge=True)
    assert not [path for path in home.rglob("*") if "photochrom" in path.name.lower()]
    assert (home / ".config/GIMP/3.0/plug-in-settings/file-png-export.last").exists() and other.exists()
    settings = (home / ".config/kritarc").read_text()
    assert settings.endswith("[theme]\nTheme=Krita dark\n") and "photochrom" not in settings


def test_nothing_is_left_where_editors_were_never_started(home):
    program(home, "gimp", "GNU Image Manipulation Program version 3.0.4")
    program(home, "krita", "krita 5.2.9")
    before = sorted(home.rglob("*"))
    editors.install()
    assert (home / ".config" / "kritarc").exists()
    profile(home, ".local/state/photochrom").joinpath("engine.log").write_text("ours")
    editors.remove(purge=True)
    assert sorted(home.rglob("*")) == before


def test_engine_s_files_stay_while_another_editor_has_the_plug_in(home):
    profile(home, ".config/GIMP/3.0")
    profile(home, ".local/share/krita")
    editors.install()
    ours = _leave_settings(home)
    editors.remove(("gimp",), purge=True)
    assert [path.exists() for path in ours] == [False, False, False, True, True, True, True]
