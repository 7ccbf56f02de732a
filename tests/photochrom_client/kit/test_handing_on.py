"""Names of exported files, and the folder in which the editor leaves its pictures for the engine."""

import os
import time

from photochrom_client.kit import scratch
from photochrom_client.kit.handing_on import ARCHIVE, FOR_GIMP, FOR_KRITA, PHOTOSHOP, last_for_gimp, proposed, renamed


def test_a_file_gets_the_suffix_of_its_program_and_never_the_name_of_the_image():
    assert proposed("Scan 7.xcf", PHOTOSHOP) == "Scan 7-color.psd"
    assert proposed("scan.tif", ARCHIVE) == "scan-color.tif"
    assert proposed("", ARCHIVE) == "-color.tif"
    assert renamed("/a.b/scan-color.ora", ARCHIVE) == "/a.b/scan-color.tif"
    assert renamed("/a.b/scan.PSD", PHOTOSHOP) == "/a.b/scan.PSD"
    assert renamed("/a.b/scan", PHOTOSHOP) == "/a.b/scan.psd"


def test_each_editor_exports_for_others():
    assert [each.name for each in FOR_GIMP] == ["krita", "photoshop", "archive"]
    assert [each.name for each in FOR_KRITA] == ["gimp", "photoshop", "archive"]


def test_program_that_was_exported_for_last_is_proposed_again():
    assert last_for_gimp("/a.b/scan.PSD") is PHOTOSHOP
    assert last_for_gimp("/a.b/scan.jpg") is last_for_gimp("") is FOR_GIMP[0]


def test_folder_goes_away_and_takes_along_what_a_killed_editor_left(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(scratch, "spool_folder", lambda: tmp_path / "photochrom" / "spool")
    with scratch.scratch() as old:
        (old / "photograph.tif").write_bytes(b"x")
        assert old.stat().st_mode & 0o077 == 0
        killed = old.with_name(old.name + "-killed")
        young = old.with_name(old.name + "-young")
        for folder in (killed, young):
            folder.mkdir()
            (folder / "colored.tif").write_bytes(b"x")
        long_ago = time.time() - scratch.FORGOTTEN - 1
        os.utime(killed, (long_ago, long_ago))
    assert not old.exists()
    with scratch.scratch() as new:
        assert new.is_dir()
        assert not killed.exists()
        assert young.exists()
