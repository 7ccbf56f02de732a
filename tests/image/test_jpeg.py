"""JPEG files that other programs open are opened; a missing part is reported, and too large a one refused."""

from __future__ import annotations

import io
import struct

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


DEEP = [(12, {"level": 98}), (16, {"lossless": True})]


def encoded(gray, bits, **options) -> bytes:
    samples = np.rint(gray / 255 * (2**bits - 1)).astype(np.uint16 if bits > 8 else np.uint8)
    return bytes(imagecodecs.jpeg_encode(samples, bitspersample=bits, **options))


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def turned(data: bytes, header: bytes = b"Exif\0\0") -> bytes:
    """With EXIF that says: on its left side."""
    block = b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 274, 3, 1, 6) + b"\0\0\0\0"
    return data[:2] + segment(0xE1, header + block) + data[2:]


@pytest.mark.parametrize(("bits", "options"), DEEP)
@pytest.mark.parametrize("junk", [b"", b"\0\n\0"])
def test_more_than_eight_bits_are_turned_by_exif(tmp_path, gray, bits, options, junk):
    picture, found = opened(tmp_path / "x.jpg", junk + turned(encoded(gray, bits, **options)))
    assert (picture.width, picture.height) == (gray.shape[0], gray.shape[1])
    assert np.abs(found - expected_lightness(np.rot90(gray, -1))).mean() < 0.5


def test_an_odd_header_of_exif_turns_the_picture_too(tmp_path, data, gray):
    picture, found = opened(tmp_path / "x.jpg", turned(data, b"Exif\0\xff"))
    assert (picture.width, picture.height) == (gray.shape[0], gray.shape[1])
    assert np.abs(found - expected_lightness(np.rot90(gray, -1))).mean() < 1


@pytest.mark.parametrize(("bits", "options"), DEEP)
def test_more_than_eight_bits_without_an_end_and_truncated(tmp_path, gray, bits, options):
    data = encoded(gray, bits, **options)
    _, whole = opened(tmp_path / "x.jpg", data)
    for content in (data[:-2], b"\r\n" * 4 + data, data + b"SCANNER" * 9):
        picture, found = opened(tmp_path / "x.jpg", content)
        assert picture.notes == ()
        assert np.array_equal(found, whole)
    picture, found = opened(tmp_path / "x.jpg", data[: int(len(data) * 0.95)])
    assert "truncated" in picture.notes[0]
    assert np.array_equal(found[:170], whole[:170])
    for share in (0.3, 0.8):
        with pytest.raises(BadPicture, match="of its 200 rows"):
            opened(tmp_path / "x.jpg", data[: int(len(data) * share)])


def test_cmyk_of_twelve_bits_is_what_it_is_of_eight(tmp_path, gray):
    def inks(bits):
        white = 2**bits - 1
        black = np.rint(gray / 255 * white).astype(np.uint16 if bits > 8 else np.uint8)
        samples = np.dstack([np.full_like(black, white)] * 3 + [black])  # complements, as Adobe's programs write them
        options = {"colorspace": "cmyk", "outcolorspace": "cmyk", "bitspersample": bits, "level": 98}
        return opened(tmp_path / "x.jpg", imagecodecs.jpeg_encode(samples, **options))[1]

    eight, twelve = inks(8), inks(12)
    assert np.corrcoef(twelve.ravel(), gray.ravel())[0, 1] > 0.99
    assert np.abs(twelve - eight).mean() < 0.5


@pytest.mark.parametrize("bits", [2, 5, 7, 10])
def test_lossless_of_any_depth(tmp_path, gray, bits):
    picture, found = opened(tmp_path / "x.jpg", encoded(gray, bits, lossless=True))
    assert picture.format == ("uchar" if bits < 8 else "ushort")
    steps = 2**bits - 1
    assert (
        np.abs(found - expected_lightness(np.rint(np.rint(gray / 255 * steps) * 65535 / steps).astype(np.uint16))).max()
        < 0.5
    )


@pytest.mark.parametrize("bits", [8, 16])
def test_jpeg_ls(tmp_path, gray, bits):
    data = bytes(imagecodecs.jpegls_encode(gray if bits == 8 else gray.astype(np.uint16) * 257))
    picture, found = opened(tmp_path / "x.jpg", data)
    assert picture.notes == ()
    assert np.abs(found - expected_lightness(gray)).max() < 0.1
    with pytest.raises(BadPicture, match="damaged or truncated"):
        opened(tmp_path / "x.jpg", data[: len(data) // 2])


def late_height(data: bytes) -> bytes:
    """With the height in a segment after the scan."""
    frame = next(place for marker in (b"\xff\xc0", b"\xff\xc1", b"\xff\xc3") if (place := data.rfind(marker)) >= 0)
    lines = data[frame + 5 : frame + 7]
    return data[: frame + 5] + b"\0\0" + data[frame + 7 : -2] + b"\xff\xdc\0\4" + lines + b"\xff\xd9"


def test_the_height_after_the_scan(tmp_path, data, gray):
    for content in (data, encoded(gray, 12, level=98), encoded(gray, 16, lossless=True)):
        _, whole = opened(tmp_path / "x.jpg", content)
        for late in (late_height(content), b"\0" + late_height(content)):
            picture, found = opened(tmp_path / "x.jpg", late)
            assert picture.notes == ()
            assert np.array_equal(found, whole)


@pytest.mark.parametrize("marker", [0xC5, 0xC7, 0xCB, 0xCD, 0xCF, 0xDE])
def test_what_nothing_decodes_is_refused_by_name(tmp_path, data, marker):
    frame = data.rfind(b"\xff\xc0")
    if marker == 0xDE:
        content = data[:frame] + segment(0xDE, data[frame + 4 : frame + 13]) + data[frame:]
    else:
        content = data[:frame] + bytes((0xFF, marker)) + data[frame + 2 :]
    with pytest.raises(BadPicture, match=r"hierarchical|arithmetically") as refused:
        opened(tmp_path / "x.jpg", content)
    assert "damaged" not in refused.value.cause
