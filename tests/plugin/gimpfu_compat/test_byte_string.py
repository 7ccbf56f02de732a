"""Bytes that behave as strings did in Python 2."""

import ctypes
import gc
import tracemalloc
from array import array

import pytest
from gimpfu_compat.byte_string import ByteString, raw, to_be_filled
from hypothesis import given
from hypothesis import strategies as st

PIXELS = ByteString(b"\x01\x02\xff\x00")


def test_items_are_one_byte_long():
    assert PIXELS[2] == b"\xff"
    assert ord(PIXELS[-1]) == 0
    assert [ord(each) for each in PIXELS] == [1, 2, 255, 0]
    assert PIXELS[1:3] == "\x02\xff"
    with pytest.raises(IndexError):
        PIXELS[4]


def test_text_is_taken_wherever_bytes_are():
    data = ByteString(b"one,two")
    assert data == "one,two"
    assert data != "one"
    assert data.split(",") == ["one", "two"]
    assert data.replace("o", "0").startswith("0ne")
    assert "two" in data
    assert ("<" + data + ">")[0] == "<"
    assert str(data) == "one,two"
    assert "{}".format(data) == "one,two"  # noqa: UP032  as scripts write it
    assert ByteString(b",").join(["a", b"b", data]) == "a,b,one,two"
    assert {data: 1}[ByteString(b"one,two")] == 1


@given(st.binary(), st.binary())
def test_it_is_the_bytes_it_was_made_of(one, other):
    assert bytes(ByteString(one) + ByteString(other)) == one + other
    assert raw(ByteString(one).decode("latin-1")) == one
    assert raw(array("B", one)) == raw(bytearray(one)) == raw(list(one)) == one


def test_what_fits_no_byte_is_refused():
    for wrong in ("€", [256], [-1]):
        with pytest.raises(ValueError):
            raw(wrong)
    for wrong in (None, 1.5, object()):
        with pytest.raises(TypeError):
            raw(wrong)


@given(st.binary(max_size=5000))
def test_memory_that_was_filled_is_like_any_other(data):
    pixels, memory = to_be_filled(len(data))
    ctypes.memmove(memory, data, len(data))
    assert pixels == data
    assert hash(pixels) == hash(data) == hash(ByteString(data))
    assert type(pixels[0:2]) is ByteString
    assert pixels + b"x" == data + b"x"
    assert ctypes.string_at(memory, len(data) + 1)[-1] == 0  # as C expects of bytes


def test_memory_of_pixels_is_given_back():
    tracemalloc.start()
    try:
        for size in (*range(100), *[10_000_000] * 50):
            pixels, _memory = to_be_filled(size)
            assert len(pixels) == size
        del pixels
        gc.collect()
        now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert now < 1_000_000
    assert 10_000_000 < peak < 30_000_000
