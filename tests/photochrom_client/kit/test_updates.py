"""Which of engine and plug-in is to be updated, and who does it."""

from __future__ import annotations

import json
import os

import pytest
from publisher import publishing

from photochrom_client import EngineError
from photochrom_client.finding import fetched_program
from photochrom_client.kit.updates import get_engine, update, version_of

ENGINE = """#!/bin/sh
case "$1" in
--version) echo "photochrom {version}" ;;
plugin) {install} ;;
esac
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "Ann Müller (1)"
    (folder / "plug-ins" / "photochrom").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(folder / "run"))
    for name in ("XDG_DATA_HOME", "PHOTOCHROM_ENGINE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def plugin(home):
    """An installed plug-in of version 1.2.0."""
    folder = home / "plug-ins" / "photochrom"
    (folder / "version.txt").write_text("1.2.0\n")
    return folder


def engine(home, plugin, version, install="echo $* > {home}/asked"):
    """An engine whose command stands beside the plug-in."""
    path = home / "engine" / "photochrom"
    path.parent.mkdir(exist_ok=True)
    path.write_text(ENGINE.format(version=version, install=install.format(home=f"'{home}'")), encoding="utf-8")
    path.chmod(0o755)
    (plugin / "engine-command.json").write_text(json.dumps({"command": [str(path), "serve"]}), encoding="utf-8")


def go(*_: object) -> bool:
    return True


def test_same_version_and_unknown_one_need_no_update(home, plugin):
    assert update(plugin, "gimp", "1.2.0") is None
    (plugin / "version.txt").unlink()
    assert version_of(plugin) == "" and update(plugin, "gimp", "9") is None


def test_older_plug_in_is_updated_by_the_engine(home, plugin):
    engine(home, plugin, "1.10.0")
    found = update(plugin, "krita", "1.10.0")
    assert "the plug-in should be updated" in found.text and found.offer.label == "Update the plug-in"
    assert "Restart the editor" in found.offer.do(go)
    assert (home / "asked").read_text() == "plugin install --krita\n"


def test_update_that_fails_says_why(home, plugin):
    engine(home, plugin, "1.10.0", install="echo no room >&2; exit 4")
    found = update(plugin, "krita", "1.10.0")
    with pytest.raises(EngineError, match="no room"):
        found.offer.do(go)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_plug_in_of_a_package_is_left_to_the_package(home, plugin):
    engine(home, plugin, "1.10.0")
    plugin.parent.chmod(0o500)
    found = update(plugin, "gimp", "1.10.0")
    assert found.offer is None and "in the way it was installed" in found.text


def test_older_engine_of_pip_is_left_to_pip(home, plugin):
    engine(home, plugin, "1.1.9")
    found = update(plugin, "gimp", "1.1.9")
    assert "the engine should be updated" in found.text and "pip install --upgrade" in found.text
    assert found.offer is None


def test_older_engine_that_still_runs_after_an_update_is_restarted(home, plugin):
    engine(home, plugin, "1.2.0")
    found = update(plugin, "gimp", "1.1.9")
    assert "only has to end" in found.text and found.offer.label == "Restart the engine"
    assert found.offer.do(go) == ""


@pytest.mark.parametrize(
    ("older", "newer"),
    [("0.1.0rc1", "0.1.0"), ("0.1.0rc9", "0.1.0rc10"), ("0.1.0.dev3", "0.1.0a1"), ("0.1.0", "0.1.0.post1")],
)
def test_what_comes_before_a_release_is_older(home, plugin, older, newer):
    (plugin / "version.txt").write_text(older)
    assert "the plug-in should be updated" in update(plugin, "gimp", newer).text
    (plugin / "version.txt").write_text(newer)
    assert "the engine should be updated" in update(plugin, "gimp", older).text


def test_fetched_engine_is_fetched_again(home, plugin, tmp_path, monkeypatch):
    fetched_program().parent.mkdir(parents=True)
    fetched_program().write_text(ENGINE.format(version="1.1.9", install=":"))
    fetched_program().chmod(0o755)
    (tmp_path / "release").mkdir()
    with publishing(tmp_path / "release") as server:
        server.publish()
        monkeypatch.setenv("PHOTOCHROM_RELEASE", server.release)
        found = update(plugin, "gimp", "1.1.9")
        assert "1.2.3" in found.text and "SHA-256: " in found.text and "1 MB" in found.text
        found.offer.do(go)
    assert b"1.2.3" in fetched_program().read_bytes()


def test_without_a_release_the_reason_is_said(home, monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_RELEASE", "http://127.0.0.1:9/release.json")
    text, offer = get_engine()
    assert "cannot be fetched" in text and offer is None
