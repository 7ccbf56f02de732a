"""JPEG XL: every depth, its own color space, metadata from its boxes, turned once."""

from __future__ import annotations

import io
import struct

import imagecodecs
import numpy as np
import pytest
from photochrom.errors import BadPicture
from photochrom.image.formats.jpegxl_header import read
from photochrom.image.picture import open_picture
from PIL import Image

from ..conftest import HEIGHT, WIDTH, expected_lightness
from .conftest import XMP, color_version, of_depth


def jxl(path, samples, **options):
    """A lossless JPEG XL file. The encoder says sRGB of 8 bits, and linear light of more."""
    path.write_bytes(imagecodecs.jpegxl_encode(samples, lossless=True, **options))
    return path


def lightness_of_linear(luminance):
    return np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16, luminance * 24389 / 27)


@pytest.mark.parametrize("bands", [1, 2, 3, 4])
def test_eight_bits(tmp_path, gray8, bands):
    samples = np.dstack([gray8] * (bands - 1 if bands in (2, 4) else bands) + [255 - gray8] * (bands in (2, 4)))
    picture = open_picture(jxl(tmp_path / "x.jxl", samples.squeeze()))
    assert picture.alpha == (bands in (2, 4))
    assert np.array_equal(picture.pixels().numpy().reshape(samples.shape), samples)
    assert np.abs(picture.lightness().numpy() - expected_lightness(gray8)).max() < 0.005


@pytest.mark.parametrize("bits", [10, 12, 16])
@pytest.mark.parametrize("bands", [1, 3])
def test_more_bits_fill_sixteen(tmp_path, gray16, bits, bands):
    gray = of_depth(gray16, bits)
    samples = gray if bands == 1 else np.dstack([gray] * 3)
    picture = open_picture(jxl(tmp_path / "x.jxl", samples, bitspersample=bits))
    assert (picture.format, picture.pixels().max()) == ("ushort", 65535)
    expected = lightness_of_linear(gray / (2**bits - 1))
    assert np.abs(picture.lightness().numpy() - expected).max() < 0.01


def test_floating_point(tmp_path, gray16):
    samples = (gray16 / 65535).astype(np.float32)
    picture = open_picture(jxl(tmp_path / "x.jxl", samples))
    assert picture.format == "float"
    assert np.abs(picture.lightness().numpy() - lightness_of_linear(samples)).max() < 0.01


def test_lossy(tmp_path, gray8):
    (tmp_path / "x.jxl").write_bytes(imagecodecs.jpegxl_encode(np.dstack([gray8] * 3), distance=0.5))
    assert np.abs(open_picture(tmp_path / "x.jxl").lightness().numpy() - expected_lightness(gray8)).mean() < 1


def box(name, data):
    return struct.pack(">I4s", 8 + len(data), name) + data


@pytest.mark.parametrize("packed", [False, True])
def test_metadata_of_the_boxes_is_carried_over(tmp_path, gray8, packed):
    exif = Image.Exif()
    exif[274], exif[270] = 6, "The mill"
    blocks = {b"Exif": b"\0\0\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")}
    blocks[b"xml "] = XMP
    file = box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl \0\0\0\0jxl ")
    for name, data in blocks.items():
        file += box(b"brob", name + imagecodecs.brotli_encode(data)) if packed else box(name, data)
    file += box(b"jxlc", imagecodecs.jpegxl_encode(gray8, lossless=True, usecontainer=False))
    (tmp_path / "in.jxl").write_bytes(file)
    out = color_version(tmp_path / "in.jxl", tmp_path / "out.png")
    assert (out.width, out.height) == (WIDTH, HEIGHT)  # the codestream alone says how it is turned
    assert b"by the river" in out.pixels().get("xmp-data")
    with Image.open(tmp_path / "out.png") as png:
        assert (png.getexif().get(274, 1), png.getexif()[270]) == (1, "The mill")


def test_made_from_a_rotated_jpeg(tmp_path, gray8):
    import pillow_jxl  # noqa: F401  # lets Pillow write such files

    exif = Image.Exif()
    exif[274] = 6
    jpeg = io.BytesIO()
    Image.fromarray(gray8).convert("RGB").save(jpeg, "JPEG", quality=95, subsampling=0, exif=exif.tobytes())
    (tmp_path / "in.jpg").write_bytes(jpeg.getvalue())
    with Image.open(tmp_path / "in.jpg") as image:
        image.save(tmp_path / "in.jxl", lossless_jpeg=True)
        seen = np.asarray(image.convert("L"))
    picture = open_picture(tmp_path / "in.jxl")
    assert (picture.width, picture.height) == (HEIGHT, WIDTH)
    assert np.abs(picture.lightness().numpy() - expected_lightness(np.rot90(seen, -1))).max() < 1.5


def test_sizes_and_turns_of_the_header():
    for height, width in ((8, 8), (23, 37), (600, 800), (1080, 1920), (3000, 9)):
        found = read(imagecodecs.jpegxl_encode(np.zeros((height, width), np.uint8), lossless=True, usecontainer=False))
        assert (found.width, found.height, found.bits, found.gray) == (width, height, 8, True)


def test_cut_off_and_absurd(tmp_path, rgb8):
    whole = imagecodecs.jpegxl_encode(rgb8, lossless=True, usecontainer=False)
    absurd = b"\xff\x0a" + (0b11 << 1 | ((1 << 30) - 1) << 3 | 1 << 33).to_bytes(40, "little")
    for bad in (whole[:3], whole[:12], whole[: len(whole) // 2], absurd):
        (tmp_path / "bad.jxl").write_bytes(bad)
        with pytest.raises(BadPicture, match=r"bad\.jxl"):
            open_picture(tmp_path / "bad.jxl").lightness().avg()
