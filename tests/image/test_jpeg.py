"""JPEG files that other programs open are opened; a missing part is reported, and too large a one refused."""

from __future__ import annotations

import io

import imagecodecs
import numpy as np
import pytest
from photochrom.errors import BadPicture
from photochrom.image.picture import open_picture
from PIL import Image

from .conftest import expected_lightness


@pytest.fixture
def gray(rng):
    ramp = np.linspace(0, 255, 200 * 160).reshape(200, 160)
    return np.clip(ramp + rng.normal(0, 9, ramp.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def data(gray):
    Image.fromarray(gray).save(file := io.BytesIO(), "JPEG", quality=95, exif=_with_a_thumbnail())
    return file.getvalue()


def _with_a_thumbnail() -> bytes:
    """Something in the header that holds a whole JPEG of its own, with an end."""
    Image.new("L", (8, 8)).save(file := io.BytesIO(), "JPEG")
    return b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0" + file.getvalue()


def opened(path, content: bytes):
    path.write_bytes(content)
    picture = open_picture(path)
    with picture.reading():
        return picture, picture.lightness().numpy()


def test_without_its_end_and_with_bytes_around_it(tmp_path, data):
    _, whole = opened(tmp_path / "x.jpg", data)
    for content in (data[:-2], b"\0" + data, b"\r\n" * 8 + data[:-2], data + b"SCANNER" * 99):
        picture, found = opened(tmp_path / "x.jpg", content)
        assert picture.notes == ()
        assert np.array_equal(found, whole)


def test_a_file_truncated_near_its_end_is_read_with_a_note(tmp_path, data):
    _, whole = opened(tmp_path / "x.jpg", data)
    picture, found = opened(tmp_path / "x.jpg", data[: int(len(data) * 0.97)])
    assert "truncated" in picture.notes[0]
    assert np.array_equal(found[:176], whole[:176])


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_broken_off_early_is_refused_with_what_is_there(tmp_path, data, share):
    with pytest.raises(BadPicture, match="of its 200 rows"):
        opened(tmp_path / "x.jpg", data[: int(len(data) * share)])


def test_a_progressive_one_that_broke_off_is_refused(tmp_path, gray):
    Image.fromarray(gray).save(file := io.BytesIO(), "JPEG", quality=95, progressive=True)
    with pytest.raises(BadPicture):
        opened(tmp_path / "x.jpg", file.getvalue()[: len(file.getvalue()) // 2])


@pytest.mark.parametrize(("bits", "options"), [(12, {"level": 98}), (16, {"lossless": True})])
def test_more_than_eight_bits_a_sample(tmp_path, gray, bits, options):
    samples = np.rint(gray / 255 * (2**bits - 1)).astype(np.uint16)
    picture, found = opened(tmp_path / "x.jpg", imagecodecs.jpeg_encode(samples, bitspersample=bits, **options))
    assert picture.format == "ushort"
    assert np.abs(found - expected_lightness(gray)).mean() < 0.5


def test_more_than_eight_bits_without_the_library_says_which(tmp_path, gray, monkeypatch):
    monkeypatch.setattr("photochrom.image.jpeg.find_spec", lambda name: None)
    with pytest.raises(BadPicture, match="12 bits") as refused:
        opened(tmp_path / "x.jpg", imagecodecs.jpeg_encode(gray.astype(np.uint16) * 16, bitspersample=12))
    assert "photochrom[formats]" in refused.value.next_step
    assert "damaged" not in refused.value.cause
