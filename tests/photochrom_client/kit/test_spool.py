"""Alpha that is streamed, strips kept on disk."""

import os
import struct

import pytest

from photochrom_client import Strip
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
