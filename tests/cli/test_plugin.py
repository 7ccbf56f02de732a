"""`photochrom plugin …`."""

from __future__ import annotations


def test_plug_in_is_installed_and_removed_and_both_say_so(run, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIMP3_DIRECTORY", str(tmp_path / "GIMP" / "3.0"))
    (tmp_path / "GIMP" / "3.0").mkdir(parents=True)
    place = tmp_path / "GIMP" / "3.0" / "plug-ins" / "photochrom"
    planned = run("plugin", "install", "--gimp", "--dry-run")
    assert planned.code == 0 and planned.out.startswith("would ") and not place.exists()
    done = run("plugin", "install", "--gimp")
    assert done.code == 0 and str(place) in done.out and (place / "photochrom.py").exists()
    assert run("plugin", "remove", "--gimp").code == 0
    assert not place.exists()
