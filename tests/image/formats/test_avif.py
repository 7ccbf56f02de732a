"""AVIF: every depth fills its samples, color by code points, turned once."""

from __future__ import annotations

import imagecodecs
import numpy as np
import pytest
from photochrom.errors import BadPicture
from photochrom.image.picture import open_picture
from PIL import Image

from ..conftest import HEIGHT, WIDTH, color_science_lab, expected_lightness, lightness
from .conftest import color_version, of_depth, to_unit


def avif(path, samples, **options):
    """A lossless AVIF file."""
    path.write_bytes(imagecodecs.avif_encode(samples, level=100, pixelformat="444", **options))
    return path


@pytest.mark.parametrize("bits", [8, 10, 12])
def test_every_depth(tmp_path, gray16, bits):
    samples = np.dstack([of_depth(gray16, bits)] * 3)
    path = avif(tmp_path / "x.avif", samples, bitspersample=bits)
    picture = open_picture(path)
    assert (picture.format, picture.pixels().max()) == (("uchar", 255) if bits == 8 else ("ushort", 65535))
    assert np.abs(lightness(path) - expected_lightness(to_unit(samples, bits))).max() < 2e-3


def with_code_points(file, primaries, transfer):
    """An AVIF file whose `colr` box says these code points."""
    place = file.index(b"colrnclx") + 8
    return file[:place] + primaries.to_bytes(2, "big") + transfer.to_bytes(2, "big") + file[place + 4 :]


@pytest.mark.parametrize(("points", "space"), [((12, 13), "Display P3"), ((1, 1), "ITU-R BT.709")])
def test_color_by_code_points(tmp_path, rgb8, points, space):
    file = avif(tmp_path / "x.avif", rgb8).read_bytes()
    (tmp_path / "x.avif").write_bytes(with_code_points(file, *points))
    with Image.open(tmp_path / "x.avif") as image:
        seen = np.asarray(image)
    expected = color_science_lab(seen / 255, space)[..., 0]
    assert np.abs(lightness(tmp_path / "x.avif") - expected).max() < 0.05


def test_high_dynamic_range_is_refused(tmp_path, rgb8):
    file = avif(tmp_path / "x.avif", rgb8).read_bytes()
    (tmp_path / "x.avif").write_bytes(with_code_points(file, 9, 16))
    with pytest.raises(BadPicture, match="PQ"):
        open_picture(tmp_path / "x.avif")


def test_turned_once_and_metadata_carried_over(tmp_path, rgb8):
    exif = Image.Exif()
    exif[274], exif[270] = 8, "On the beach, 1931"
    Image.fromarray(rgb8).save(tmp_path / "in.avif", quality=100, subsampling="4:4:4", exif=exif.tobytes())
    picture = open_picture(tmp_path / "in.avif")
    assert (picture.width, picture.height) == (HEIGHT, WIDTH)
    assert np.abs(picture.lightness().numpy() - expected_lightness(np.rot90(rgb8))).mean() < 0.5
    color_version(tmp_path / "in.avif", tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as out:
        assert (out.getexif().get(274, 1), out.getexif()[270]) == (1, "On the beach, 1931")


def test_alpha(tmp_path, rgb8, gray8):
    picture = open_picture(avif(tmp_path / "a.avif", np.dstack([rgb8, gray8])))
    assert picture.alpha
    assert np.array_equal(picture.pixels().numpy()[..., 3], gray8)


def test_cut_off(tmp_path, rgb8):
    whole = avif(tmp_path / "whole.avif", rgb8).read_bytes()
    for part in (40, 150, len(whole) // 2, len(whole) - 40):
        (tmp_path / "part.avif").write_bytes(whole[:part])
        with pytest.raises(BadPicture, match=r"part\.avif"):
            open_picture(tmp_path / "part.avif").lightness().avg()
