"""A few attempts of each part; `python -m tests.chaos` makes very many."""

from __future__ import annotations

import sys

import pytest
from small_disk import Unavailable

from . import table
from .parts import PARTS

pytestmark = [
    pytest.mark.slow,  # engines and commands in processes of their own
    pytest.mark.skipif(sys.platform != "linux", reason="kills by SIGKILL, and looks into /proc"),
]

SHORT = dict(zip(PARTS, (6, 4, 1200, 1200, 60, 48, 4), strict=True))


@pytest.mark.parametrize("part", PARTS)
def test_nothing_breaks(tmp_path, part):
    try:
        *_, row = PARTS[part](tmp_path, SHORT[part], 1907)
    except Unavailable as error:
        pytest.skip(str(error))
    print(*table.lines([row]), sep="\n")
    assert row.tried == SHORT[part]
    assert not row.faults
