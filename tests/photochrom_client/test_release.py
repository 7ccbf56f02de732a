"""What a release offers for this computer."""

from __future__ import annotations

from pathlib import Path

import pytest
from publisher import publishing

import photochrom_client
from photochrom_client.release import FetchFailed, newest


@pytest.fixture
def publisher(tmp_path, monkeypatch):
    with publishing(tmp_path) as server:
        monkeypatch.setenv("PHOTOCHROM_RELEASE", server.release)
        yield server


def test_lite_bundle_of_this_computer_is_offered_with_size_and_hash(publisher):
    publisher.publish()
    bundle = newest()
    (archive,) = publisher.folder.glob("*.tar.xz")
    assert (bundle.version, bundle.kind, bundle.size) == ("1.2.3", "lite", archive.stat().st_size)
    assert bundle.address == publisher.release.replace("release.json", archive.name)
    assert len(bundle.sha256) == 64


def test_other_computers_bundles_are_not_offered(publisher):
    publisher.publish(machine="pdp11")
    with pytest.raises(FetchFailed) as error:
        newest()
    assert "no bundle for this kind of computer" in error.value.cause and "pip install" in error.value.next_step


WRONG = [{"size": "9"}, {"size": -1}, {"unpacked": 1}, {"unpacked": 1 << 60}, {"sha256": "x"}, {"sha256": None}]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_manifest_that_is_not_one_is_refused(publisher, wrong):
    publisher.publish(**wrong)
    with pytest.raises(FetchFailed, match="does not describe a release"):
        newest()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": "1", "bundles": 3}', " " * (2 << 20)], ids=range(5))
def test_what_is_no_manifest_is_refused(publisher, content):
    (publisher.folder / "release.json").write_text(content)
    with pytest.raises(FetchFailed, match="does not describe a release"):
        newest()


def test_address_without_a_release_says_what_to_do(publisher):
    with pytest.raises(FetchFailed) as error:
        newest()
    assert "HTTP 404" in error.value.cause and "by hand" in error.value.next_step


@pytest.mark.parametrize("address", ["http://example.org/release.json", "file:///etc/passwd", "ftp://127.0.0.1/x", "x"])
def test_programs_come_over_https_alone(monkeypatch, address):
    monkeypatch.setenv("PHOTOCHROM_RELEASE", address)
    with pytest.raises(FetchFailed, match="only https is safe"):
        newest()


def test_bundle_of_a_manifest_may_not_lie_elsewhere_without_https(publisher):
    from photochrom_client.fetch import fetch

    publisher.publish(file="http://example.org/photochrom.tar.xz")
    with pytest.raises(FetchFailed, match="only https is safe"):
        fetch(newest(), lambda *_: True)


def test_address_stands_in_one_place():
    client = Path(photochrom_client.__file__).parent
    assert [path.name for path in client.rglob("*.py") if "release.json" in path.read_text()] == ["release.py"]
