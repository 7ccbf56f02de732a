"""What a bundle does differently; tests/installers runs a real one."""

import os
import sys

import pytest
from photochrom import frozen


@pytest.fixture
def bundle(monkeypatch, tmp_path):
    """The program of a bundle in a folder with an awkward name."""
    program = tmp_path / "Müllers Programme (neu)" / "photochrom"
    monkeypatch.setattr(frozen, "FROZEN", True)
    monkeypatch.setattr(sys, "executable", str(program))
    for name in ("APPIMAGE", "APPDIR"):
        monkeypatch.delenv(name, raising=False)
    return program


def test_installed_engine_is_started_as_a_module_of_its_python():
    assert frozen.engine_command() == [sys.executable, "-m", "photochrom", "serve"]


def test_bundle_starts_itself_without_a_module(bundle):
    assert frozen.engine_command() == [str(bundle), "serve"]


def test_appimage_is_started_by_its_own_file_not_its_mount(bundle, monkeypatch):
    monkeypatch.setenv("APPIMAGE", "/home/ann/Photochrom.AppImage")
    monkeypatch.setenv("APPDIR", str(bundle.parent))
    assert frozen.engine_command() == ["/home/ann/Photochrom.AppImage", "serve"]


def test_an_editors_appimage_is_not_taken_for_ours(bundle, monkeypatch):
    monkeypatch.setenv("APPIMAGE", "/home/ann/krita-5.2.9.appimage")
    monkeypatch.setenv("APPDIR", "/tmp/.mount_kritaXYZ")
    assert frozen.program() == str(bundle)


@pytest.mark.parametrize("users", ["/opt/theirs", None])
def test_child_processes_get_the_users_environment(monkeypatch, users):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/photochrom/_internal")
    monkeypatch.setenv("_PYI_ARCHIVE_FILE", "/opt/photochrom/photochrom")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if users is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", users)
    frozen.restore_environment()
    assert os.environ.get("LD_LIBRARY_PATH") == users
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
    assert "_PYI_ARCHIVE_FILE" not in os.environ


@pytest.mark.parametrize("extra", ["pool", "formats"])
def test_pip_is_advice_only_where_there_is_a_pip(extra, monkeypatch):
    assert f"pip install 'photochrom[{extra}]'" in frozen.install_extra(extra)
    monkeypatch.setattr(frozen, "FROZEN", True)
    assert "full bundle" in frozen.install_extra(extra)
    for advice in (frozen.install_extra(extra), frozen.install_extra("train"), frozen.install_again()):
        assert "pip " not in advice
    assert "pip " not in frozen.update_openvino()
