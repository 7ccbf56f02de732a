"""A plug-in that came with a package for all users is found and checked, whichever series of GIMP it is for."""

import sys

import pytest
from photochrom import editors
from photochrom.editors import gimp3
from photochrom.editors.assembly import assemble, list_contents

from .conftest import profile

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")


@pytest.mark.parametrize(
    ("of_gimp", "of_us"),
    [
        (".config/GIMP/3.0", "usr/lib/x86_64-linux-gnu/gimp/3.0/plug-ins/photochrom"),
        (".config/GIMP/3.2", "usr/lib/x86_64-linux-gnu/gimp/3.0/plug-ins/photochrom"),
        (".config/GIMP/3.2", "usr/lib/gimp/3.0/plug-ins/photochrom"),
        (
            ".var/app/org.gimp.GIMP/config/GIMP/3.2",
            ".local/share/flatpak/runtime/org.gimp.GIMP.Plugin.Photochrom/x86_64/3/active/files/plug-ins/photochrom",
        ),
        ("snap/gimp/525/.config/GIMP/3.2", "all/snap/gimp-plugins-photochrom/current/photochrom"),
    ],
)
def test_plug_in_of_a_package_serves_each_gimp_that_has_its_interface(home, monkeypatch, of_gimp, of_us):
    monkeypatch.setattr(gimp3, "LIBRARIES", home / "usr" / "lib")
    monkeypatch.setattr(gimp3, "SNAP", home / "all" / "snap")
    profile(home, of_gimp)
    assert any("not in" in each.found for each in editors.findings())
    plugin = home / of_us
    plugin.parent.mkdir(parents=True)
    assemble("gimp", plugin)
    (plugin / "photochrom.py").chmod(0o755)
    list_contents(plugin)
    inside = "/bin/sh" if "usr" in of_us else "/app/engine/photochrom"
    (plugin / "engine-command.json").write_text(f'{{"command": ["{inside}", "serve"]}}')
    assert [each for each in editors.findings() if not each.good] == []
    assert str(plugin) in next(editors.findings()).found
