"""HEIC as phones write it: tones, color by profile or code points, turned once, metadata carried over."""

from __future__ import annotations

import numpy as np
import pillow_heif
import pytest
from photochrom.errors import BadPicture, BadRequest
from photochrom.image.color_spaces import NAMED
from photochrom.image.picture import open_picture
from PIL import Image

from ..conftest import HEIGHT, WIDTH, color_science_lab, expected_lightness, lightness
from .conftest import color_version, of_depth, to_unit


def heic(path, samples, mode, **options):
    """A lossless HEIC file; 16-bit samples are written with ten."""
    image = pillow_heif.from_bytes(mode, (samples.shape[1], samples.shape[0]), samples.tobytes())
    image.save(path, quality=-1, chroma=444, **options)
    return path


def test_gray_and_rgb_of_eight_bits(tmp_path, gray8, rgb8):
    for mode, samples in (("L", gray8), ("RGB", rgb8)):
        path = heic(tmp_path / f"{mode}.heic", samples, mode, matrix_coefficients=0 if mode == "RGB" else 6)
        assert open_picture(path).format == "uchar"
        assert np.abs(lightness(path) - expected_lightness(samples)).max() < 0.005


def test_ten_bits_fill_sixteen(tmp_path, gray16):
    ten = of_depth(gray16, 10)
    for mode, samples in (("L;16", ten), ("RGB;16", np.dstack([ten] * 3))):
        path = heic(tmp_path / f"{mode[0]}.heic", samples << 6, mode, matrix_coefficients=0 if mode[0] == "R" else 6)
        picture = open_picture(path)
        assert (picture.format, picture.pixels().max()) == ("ushort", 65535)
        assert np.abs(picture.lightness().numpy() - expected_lightness(to_unit(samples, 10))).max() < 2e-3


def test_color_by_code_points(tmp_path, rgb8):
    path = heic(
        *(tmp_path / "p3.heic", rgb8, "RGB"), matrix_coefficients=0, color_primaries=12, transfer_characteristics=13
    )
    assert np.abs(lightness(path) - color_science_lab(rgb8 / 255, "Display P3")[..., 0]).max() < 0.01
    assert color_version(path, tmp_path / "out.png").space.name == NAMED["display-p3"].name


def test_color_by_profile(tmp_path, rgb8):
    icc = NAMED["adobe-rgb"].icc
    image = pillow_heif.from_pillow(Image.fromarray(rgb8))
    image.info["icc_profile"] = icc
    image.save(tmp_path / "adobe.heic", quality=-1, chroma=444, matrix_coefficients=0)
    expected = color_science_lab(rgb8 / 255, "Adobe RGB (1998)")[..., 0]
    assert np.abs(lightness(tmp_path / "adobe.heic") - expected).max() < 0.01
    assert color_version(tmp_path / "adobe.heic", tmp_path / "out.tif").icc == icc


@pytest.mark.parametrize("transfer", [16, 18])
def test_high_dynamic_range_is_refused_by_its_name(tmp_path, rgb8, transfer):
    path = heic(tmp_path / "hdr.heic", rgb8, "RGB", color_primaries=9, transfer_characteristics=transfer)
    with pytest.raises(BadPicture, match="PQ" if transfer == 16 else "HLG"):
        open_picture(path)


def test_alpha(tmp_path, rgb8, gray8):
    path = heic(tmp_path / "a.heic", np.dstack([rgb8, gray8]), "RGBA", matrix_coefficients=0)
    picture = open_picture(path)
    assert picture.alpha
    assert np.array_equal(picture.pixels().numpy()[..., 3], gray8)


def test_turned_once_and_metadata_carried_over(tmp_path, gray8):
    exif = Image.Exif()
    exif[274], exif[270], exif[305] = 6, "On the beach, 1931", "Phone 12"
    pillow_heif.from_pillow(Image.fromarray(gray8)).save(
        tmp_path / "in.heic", quality=-1, exif=exif.tobytes(), xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
    )
    rotated = pillow_heif.open_heif(tmp_path / "in.heic").to_pillow()
    picture = open_picture(tmp_path / "in.heic")
    assert (picture.width, picture.height) == rotated.size == (HEIGHT, WIDTH)
    assert np.abs(picture.lightness().numpy() - expected_lightness(np.rot90(gray8, -1))).max() < 1e-3
    for suffix in ("png", "jpg", "tif"):
        color_version(tmp_path / "in.heic", tmp_path / f"out.{suffix}")
        with Image.open(tmp_path / f"out.{suffix}") as out:
            assert out.size == (HEIGHT, WIDTH)
            found = out.getexif()
            assert (found.get(274, 1), found[270], found[305]) == (1, "On the beach, 1931", "Phone 12")


def test_of_several_the_main_one_is_taken(tmp_path, gray8, rgb8):
    file = pillow_heif.from_pillow(Image.fromarray(rgb8[:11]))
    file.add_from_pillow(Image.fromarray(gray8))
    file.save(tmp_path / "two.heic", quality=-1, chroma=444, primary_index=1)
    picture = open_picture(tmp_path / "two.heic")
    assert picture.height == HEIGHT
    assert "2 pictures" in picture.notes[0]
    assert open_picture(tmp_path / "two.heic", 2).height == 11
    with pytest.raises(BadRequest, match="no picture 3"):
        open_picture(tmp_path / "two.heic", 3)


def test_cut_off(tmp_path, rgb8):
    whole = heic(tmp_path / "whole.heic", rgb8, "RGB").read_bytes()
    for part in (30, 120, len(whole) // 2, len(whole) - 40):
        (tmp_path / "part.heic").write_bytes(whole[:part])
        with pytest.raises(BadPicture, match=r"part\.heic"):
            open_picture(tmp_path / "part.heic").lightness().avg()
