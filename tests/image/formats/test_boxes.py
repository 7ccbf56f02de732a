"""Boxes as they lie in a file, and what is left of them where it ends."""

from __future__ import annotations

import io
import struct

import pytest
from photochrom.image.formats.boxes import Box, walk


def walked(content: bytes) -> list[Box]:
    return list(walk(io.BytesIO(content), 0, len(content)))


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def test_boxes_follow_each_other_and_the_last_may_have_no_length():
    content = (
        box(b"ftyp", b"jp2 ") + struct.pack(">I4sQ", 1, b"long", 20) + b"1234" + struct.pack(">I4s", 0, b"rest") + b"56"
    )
    assert walked(content) == [Box(b"ftyp", 8, 4), Box(b"long", 28, 4), Box(b"rest", 40, 2)]


@pytest.mark.parametrize("size", [100, 2**63 - 1, 2**63, 2**64 - 1])
def test_a_box_that_claims_more_than_the_file_ends_with_it(size):
    content = box(b"ftyp", b"") + struct.pack(">I4sQ", 1, b"huge", size) + b"1234"
    assert walked(content) == [Box(b"ftyp", 8, 0), Box(b"huge", 24, 4)]


def test_a_box_shorter_than_its_own_head_ends_the_walk():
    assert walked(box(b"ftyp", b"") + struct.pack(">I4s", 7, b"less")) == [Box(b"ftyp", 8, 0)]
