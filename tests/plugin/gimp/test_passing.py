"""Progress in stages, alpha that goes by, strips kept on disk."""

import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def passing(load):
    return load("passing")


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-1, 2))
def test_stage_stays_within_its_part_of_the_bar(load, start, length, fraction):
    end = start + length * (1 - start)
    shown = []
    load("passing").stage(start, end, lambda done, message: shown.append((done, message)))(fraction, "Working")
    ((done, message),) = shown
    assert start <= done <= end + 1e-12
    assert message == "Working"


def test_stage_never_tells_the_client_to_stop(passing):
    assert passing.stage(0, 1, lambda *_: False)(0.5, "Working") is None


def test_coverage_lets_everything_through_and_sees_what_is_not_transparent(passing):
    empty, dot = bytes(400), bytes(396) + struct.pack("<f", 0.01)
    clear = passing.Coverage([empty, empty])
    assert list(clear) == [empty, empty]
    assert not clear.anything
    dotted = passing.Coverage([empty, dot, empty])
    assert list(dotted) == [empty, dot, empty]
    assert dotted.anything


def test_kept_strips_come_back_as_often_as_wanted_and_leave_nothing_on_disk(passing, tmp_path):
    from photochrom_client import Strip

    strips = [Strip(0, 2, os.urandom(64)), Strip(2, 1, os.urandom(32))]
    with passing.SpooledStrips(iter(strips), tmp_path) as kept:
        assert list(kept) == strips
        assert list(kept) == strips
        assert not any(path.name for path in tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_broken_off_strips_leave_nothing_on_disk(passing, tmp_path):
    from photochrom_client import Strip

    def broken():
        yield Strip(0, 1, bytes(16))
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        passing.SpooledStrips(broken(), tmp_path)
    assert list(tmp_path.iterdir()) == []
