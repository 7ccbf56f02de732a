"""Nothing in an archive lands outside of its folder."""

from __future__ import annotations

import io
import os
import tarfile

import pytest

from photochrom_client.unpacking import Refused, unpack


def packed(path, *members):
    """Takes (name, kind, link or content)."""
    with tarfile.open(path, "w:xz", preset=0) as tar:
        for name, kind, more in members:
            member = tarfile.TarInfo(name)
            member.type = kind
            if kind == tarfile.REGTYPE:
                member.size = len(more)
                tar.addfile(member, io.BytesIO(more))
            else:
                member.linkname = more
                tar.addfile(member)
    return path


def unpacked(path, folder, most=10_000):
    unpack(path, folder, most=most, on_progress=lambda _done: None)


FILE, LINK = tarfile.REGTYPE, tarfile.SYMTYPE
HOSTILE = {
    "parent": [("x/../../out", FILE, b"1")],
    "absolute": [("/tmp/out", FILE, b"1")],
    "drive": [("x/C:out", FILE, b"1")],
    "backslash": [("x/..\\out", FILE, b"1")],
    "link out": [("x/link", LINK, "../../out")],
    "absolute link": [("x/link", LINK, "/etc/passwd")],
    "link behind a link": [("x/a", LINK, "."), ("x/link", LINK, "a/../../out")],
    "file through a link": [("x/a", LINK, ".."), ("x/a/out", FILE, b"1")],
    "hard link": [("x/link", tarfile.LNKTYPE, "/etc/passwd")],
    "device": [("x/null", tarfile.CHRTYPE, "")],
    "pipe": [("x/pipe", tarfile.FIFOTYPE, "")],
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE)
def test_what_does_not_belong_there_is_refused(tmp_path, members):
    archive = packed(tmp_path / "hostile.tar.xz", *members)
    with pytest.raises((Refused, OSError)):
        unpacked(archive, tmp_path / "folder" / "fresh" if (tmp_path / "folder").mkdir() is None else None)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder", "hostile.tar.xz"]
    assert [entry.name for entry in (tmp_path / "folder").iterdir()] == ["fresh"]


def test_more_than_was_said_is_refused_while_it_is_unpacked(tmp_path):
    archive = packed(tmp_path / "bomb.tar.xz", *((f"x/{n}", FILE, bytes(4000)) for n in range(9)))
    with pytest.raises(Refused, match="larger"):
        unpacked(archive, tmp_path / "fresh")
    assert len(list((tmp_path / "fresh").iterdir())) == 2


@pytest.mark.parametrize("cut", [0, 10, 100])
def test_damaged_archive_is_refused(tmp_path, cut):
    archive = packed(tmp_path / "cut.tar.xz", ("x/data", FILE, os.urandom(5000)))
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(Refused, match="damaged"):
        unpacked(archive, tmp_path / "fresh")
