"""A bundle's folder becomes the same archive, whether xz packs it or Python alone, as on Windows."""

import runpy
import tarfile

import pytest

from .conftest import REPOSITORY

BUILD = REPOSITORY / "installers" / "bundle" / "build"


@pytest.mark.parametrize("by", ["xz", "Python"])
def test_archive_has_all_files_one_owner_and_one_time(tmp_path, monkeypatch, by):
    build = runpy.run_path(str(BUILD))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    if by == "Python":
        monkeypatch.setattr(build["shutil"], "which", lambda name: None)
    elif build["shutil"].which("xz") is None:
        pytest.skip("no xz here")
    folder = tmp_path / "photochrom-lite"
    (folder / "Müller").mkdir(parents=True)
    (folder / "photochrom").write_text("program")
    (folder / "photochrom").chmod(0o700)
    (folder / "Müller" / "a.txt").write_text("text")
    (folder / "Müller" / "link").symlink_to("a.txt")
    with tarfile.open(build["pack"](folder, tmp_path / "out.tar.xz", "-1")) as tar:
        found = {each.name: (each.mode, each.uid, each.mtime, each.linkname) for each in tar}
    assert found == {
        "photochrom": (0o755, 0, 1e9, ""),
        "photochrom/photochrom": (0o755, 0, 1e9, ""),
        "photochrom/Müller": (0o755, 0, 1e9, ""),
        "photochrom/Müller/a.txt": (0o644, 0, 1e9, ""),
        "photochrom/Müller/link": (0o755, 0, 1e9, "a.txt"),
    }
