"""Alpha that is streamed, strips kept on disk."""

import io
import os
import struct

import pytest

from photochrom_client import EngineError, Strip
from photochrom_client.kit import spool


def test_coverage_lets_everything_through_and_sees_what_is_not_transparent():
    empty, dot = bytes(400), bytes(396) + struct.pack("<f", 0.01)
    clear = spool.Coverage([empty, empty])
    assert list(clear) == [empty, empty]
    assert not clear.anything
    dotted = spool.Coverage([empty, dot, empty])
    assert list(dotted) == [empty, dot, empty]
    assert dotted.anything


def test_kept_strips_come_back_as_often_as_wanted_and_leave_nothing_on_disk(tmp_path):
    strips = [Strip(0, 2, os.urandom(64), "rgb8"), Strip(2, 1, os.urandom(32), "rgb8")]
    with spool.SpooledStrips(iter(strips), tmp_path) as kept:
        assert list(kept) == strips
        assert list(kept) == strips
        assert not any(path.name for path in tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_broken_off_strips_leave_nothing_on_disk(tmp_path):
    def broken():
        yield Strip(0, 1, bytes(16))
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        spool.SpooledStrips(broken(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a file on a full disk")
def test_full_disk_is_reported_with_what_to_do(tmp_path, monkeypatch):
    full = io.BufferedWriter(io.FileIO("/dev/full", "w"))
    monkeypatch.setattr(spool.tempfile, "TemporaryFile", lambda dir: full)
    with pytest.raises(EngineError) as raised:
        spool.SpooledStrips([Strip(0, 1, bytes(16))], tmp_path)
    assert raised.value.code == "disk-full"
    assert str(tmp_path) in raised.value.cause and "Free some space" in raised.value.next_step


def test_folder_that_is_gone_is_reported(tmp_path):
    with pytest.raises(EngineError, match="cannot be written: No such file"):
        spool.SpooledStrips([], tmp_path / "gone")
