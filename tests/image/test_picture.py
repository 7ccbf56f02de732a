"""Photographs of every kind give the right lightness; what is none gives one error that names it."""

from __future__ import annotations

import os

import numpy as np
import pytest
from photochrom.errors import BadPicture
from photochrom.image.color_spaces import NAMED
from photochrom.image.picture import open_picture
from PIL import Image, ImageCms

from .conftest import HEIGHT, WIDTH, color_science_lab, expected_lightness, lightness, png, tiff


@pytest.fixture
def gray16(rng):
    return rng.integers(0, 65536, (HEIGHT, WIDTH)).astype(np.uint16)


@pytest.fixture
def grayf(rng):
    return rng.random((HEIGHT, WIDTH)).astype(np.float32)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"rowsperstrip": 5},
        {"tile": (16, 16)},
        {"bigtiff": True},
        {"byteorder": ">"},
        {"compression": "zlib", "predictor": True},
        {"compression": "lzw"},
        {"compression": "packbits"},
    ],
)
def test_tiff_of_every_layout(tmp_path, gray16, options):
    assert np.abs(lightness(tiff(tmp_path, gray16, **options)) - expected_lightness(gray16)).max() < 1e-3


def test_tiff_of_every_depth_and_of_separate_planes(tmp_path, gray8, gray16, grayf, rng):
    for data in (gray8, gray16, grayf):
        assert np.abs(lightness(tiff(tmp_path, data)) - expected_lightness(data)).max() < 1e-3
    rgb = rng.random((HEIGHT, WIDTH, 3)).astype(np.float32)
    planes = np.moveaxis(rgb, -1, 0)
    assert np.abs(lightness(tiff(tmp_path, rgb, photometric="rgb")) - expected_lightness(rgb)).max() < 0.005
    path = tiff(tmp_path, planes, photometric="rgb", planarconfig="separate")
    assert np.abs(lightness(path) - expected_lightness(rgb)).max() < 0.005


def test_a_large_scan_in_a_single_strip(tmp_path):
    data = np.zeros((9000, 7000), np.uint8)
    path = tiff(tmp_path, data, compression="zlib", rowsperstrip=9000)
    assert open_picture(path).lightness().max() == 0


def test_tiff_where_white_is_zero(tmp_path, gray8, gray16):
    path = tiff(tmp_path, gray8, photometric="miniswhite")
    assert np.abs(lightness(path) - expected_lightness(255 - gray8)).max() < 1e-3
    path = tiff(tmp_path, gray16, photometric="miniswhite")
    assert np.abs(lightness(path) - expected_lightness(65535 - gray16)).max() < 1e-3


def test_the_first_of_several_pages_is_used_and_it_says_so(tmp_path, gray8):
    path = tiff(tmp_path, np.stack([gray8, 255 - gray8]), photometric="minisblack")
    assert np.abs(lightness(path) - expected_lightness(gray8)).max() < 1e-3
    assert "only the first" in open_picture(path).notes[0]


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_black_and_white_of_one_bit(tmp_path, gray8, suffix):
    path = tmp_path / f"one{suffix}"
    bits = Image.fromarray(gray8).convert("1")
    bits.save(path)
    assert np.array_equal(lightness(path), np.where(np.asarray(bits), 100, 0))


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_palettes(tmp_path, rng, suffix):
    path = tmp_path / f"palette{suffix}"
    rgb = rng.integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    palette = Image.fromarray(rgb).quantize(64)
    palette.save(path)
    assert np.abs(lightness(path) - expected_lightness(np.asarray(palette.convert("RGB")))).max() < 0.005


def test_gray_with_alpha(tmp_path, gray8):
    path = tmp_path / "la.png"
    Image.merge("LA", [Image.fromarray(gray8), Image.fromarray(255 - gray8)]).save(path)
    assert open_picture(path).alpha
    assert np.abs(lightness(path) - expected_lightness(gray8)).max() < 1e-3


@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_jpeg_gray_rgb_and_cmyk(tmp_path, gray8, options):
    path = tmp_path / "x.jpg"
    Image.fromarray(gray8).save(path, quality=100, **options)
    decoded = np.asarray(Image.open(path))
    assert np.abs(lightness(path) - expected_lightness(decoded)).max() < 0.9
    Image.fromarray(gray8).convert("RGB").save(path, quality=100, subsampling=0, **options)
    assert np.abs(lightness(path) - expected_lightness(np.asarray(Image.open(path)))).max() < 1.2
    Image.fromarray(gray8).convert("CMYK").save(path, quality=95, **options)
    assert np.corrcoef(lightness(path).ravel(), expected_lightness(gray8).ravel())[0, 1] > 0.98
    assert "CMYK" in open_picture(path).notes[0]


def test_webp(tmp_path, gray8):
    path = tmp_path / "x.webp"
    Image.fromarray(gray8).save(path, lossless=True)
    assert np.abs(lightness(path) - expected_lightness(gray8)).max() < 1e-3


def test_what_is_not_a_number_counts_as_black(tmp_path, grayf):
    grayf[2, 3], grayf[4, 5] = np.nan, np.inf
    values = lightness(tiff(tmp_path, grayf))
    assert np.isfinite(values).all()
    assert values[2, 3] == 0


@pytest.mark.parametrize("name", list(NAMED))
def test_profiles_are_honored(tmp_path, rng, name):
    rgb = rng.integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    Image.fromarray(rgb).save(tmp_path / "x.png", icc_profile=NAMED[name].icc)
    science = {"srgb": "sRGB", "display-p3": "Display P3", "adobe-rgb": "Adobe RGB (1998)"}[name]
    assert np.abs(lightness(tmp_path / "x.png") - color_science_lab(rgb / 255, science)[..., 0]).max() < 0.005
    assert open_picture(tmp_path / "x.png").space.name == NAMED[name].name


def test_a_profile_of_another_kind_is_ignored_and_it_says_so(tmp_path, gray8):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    Image.fromarray(gray8).convert("RGB").save(tmp_path / "x.tif", icc_profile=profile)
    picture = open_picture(tmp_path / "x.tif")
    assert "sRGB is assumed" in picture.notes[0]
    assert np.abs(picture.lightness().numpy() - expected_lightness(gray8)).max() < 1e-3


def test_lightness_can_be_asked_for_many_times(tmp_path, gray8):
    Image.fromarray(gray8).save(tmp_path / "x.png")
    picture = open_picture(tmp_path / "x.png")
    first, second = picture.lightness(), picture.lightness()
    assert (first - second).abs().max() == 0
    assert np.abs(picture.lightness().numpy() - expected_lightness(gray8)).max() < 1e-3


BAD = {
    "empty.png": b"",
    "text.jpg": b"This is no picture, whatever its name says. " * 9,
    "gif.png": b"GIF89a" + b"\0" * 99,
    "program.tif": b"\x7fELF" + b"\0" * 99,
    "zero.png": png(0, 10),
    "absurd.png": png(2**31 - 1, 2**31 - 1),
    "bomb.png": png(60_000, 60_000, b"\0" * 9000),
    "ribbon.png": png(2_000_000, 3, b"\0" * 9000),
    "header.tif": b"II*\0\x08\0\0\0",
    "loop.tif": b"II*\0\x08\0\0\0\x01\0\0\x01\x04\0\x01\0\0\0\x05\0\0\0\x08\0\0\0",
    "head.webp": b"RIFF\x10\0\0\0WEBPVP8L",
    "head.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_give_one_error_that_names_them(strange_folder, name):
    (strange_folder / name).write_bytes(BAD[name])
    with pytest.raises(BadPicture) as failure:
        open_picture(strange_folder / name)
    assert name in failure.value.cause
    assert failure.value.next_step


def test_a_folder_and_a_missing_file(tmp_path):
    for path in (tmp_path, tmp_path / "none.png", tmp_path / "no" / "none.png", tmp_path / ("x" * 300)):
        with pytest.raises(BadPicture) as failure:
            open_picture(path)
        assert str(path) in failure.value.cause
        assert failure.value.next_step


def test_the_limit_of_pixels_can_be_set(tmp_path):
    (tmp_path / "x.png").write_bytes(png(100, 100, b"\0" * 10100))
    assert open_picture(tmp_path / "x.png", max_pixels=10_000).width == 100
    with pytest.raises(BadPicture, match="100 × 100"):
        open_picture(tmp_path / "x.png", max_pixels=9_999)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_files_that_may_not_be_read(tmp_path, gray8):
    path = tmp_path / "x.png"
    Image.fromarray(gray8).save(path)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(BadPicture, match="no permission to read"):
        open_picture(path)
