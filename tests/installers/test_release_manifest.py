"""What describes a release is what plug-ins read."""

from __future__ import annotations

import json
import platform
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "installers" / "release_manifest.py"
PUBLISHER = runpy.run_path(str(Path(__file__).parents[1] / "photochrom_client" / "publisher.py"))


def test_described_bundle_is_fetched_and_runs(tmp_path, monkeypatch):
    from photochrom_client.fetch import fetch
    from photochrom_client.release import newest

    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    archive = tmp_path / f"photochrom-1.2.3-lite-linux-{platform.machine().lower()}.tar.xz"
    PUBLISHER["archive"](archive)
    said = subprocess.run([sys.executable, SCRIPT, archive], capture_output=True, text=True, check=True).stdout
    (tmp_path / "release.json").write_text(said)
    with PUBLISHER["publishing"](tmp_path) as publisher:
        monkeypatch.setenv("PHOTOCHROM_RELEASE", publisher.release)
        assert fetch(newest(), lambda *_: True).exists()
    assert json.loads(said)["version"] == "1.2.3"


@pytest.mark.parametrize(
    "names", [["bundle.tar.xz"], ["photochrom-1-lite-linux-x.tar.xz", "photochrom-2-lite-linux-x.tar.xz"]]
)
def test_other_names_and_mixed_versions_are_refused(tmp_path, names):
    manifest = runpy.run_path(str(SCRIPT))["manifest"]
    for name in names:
        PUBLISHER["archive"](tmp_path / name, padding=10)
    with pytest.raises(ValueError, match=r"named|one version"):
        manifest([tmp_path / name for name in names])
