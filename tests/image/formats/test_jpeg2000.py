"""JPEG 2000: every depth fills its samples, color and channels as the boxes say, metadata carried over."""

from __future__ import annotations

import struct

import imagecodecs
import numpy as np
import pytest
from photochrom.errors import BadPicture
from photochrom.image.color_spaces import NAMED
from photochrom.image.picture import open_picture
from PIL import Image

from ..conftest import color_science_lab, expected_lightness, lcms_lab, lightness
from .conftest import XMP, color_version, of_depth, to_unit


def jp2(path, samples, **options):
    """A lossless JP2 file."""
    path.write_bytes(imagecodecs.jpeg2k_encode(samples, level=0, codecformat="jp2", reversible=True, **options))
    return path


def box(name, data):
    return struct.pack(">I4s", 8 + len(data), name) + data


def with_header_box(file, name, data):
    """A JP2 file with one more box at the end of its header."""
    start = file.index(b"jp2h") - 4
    size = int.from_bytes(file[start : start + 4], "big")
    more = box(name, data)
    head = struct.pack(">I", size + len(more)) + file[start + 4 : start + size] + more
    return file[:start] + head + file[start + size :]


def with_profile(file, icc):
    """A JP2 file whose color space is given by a profile."""
    start = file.index(b"colr") - 4
    old = file[start : start + 15]
    jp2h = file.index(b"jp2h") - 4
    size = int.from_bytes(file[jp2h : jp2h + 4], "big")
    new = box(b"colr", b"\2\0\0" + icc)
    return (
        file[:jp2h] + struct.pack(">I", size + len(new) - len(old)) + file[jp2h + 4 : start] + new + file[start + 15 :]
    )


@pytest.mark.parametrize("bits", [1, 4, 8, 10, 12, 14, 16])
@pytest.mark.parametrize("bands", [1, 3])
def test_every_depth(tmp_path, gray16, bits, bands):
    gray = of_depth(gray16, bits)
    path = jp2(tmp_path / "x.jp2", gray if bands == 1 else np.dstack([gray] * 3), bitspersample=bits)
    picture = open_picture(path)
    assert (picture.format, picture.pixels().max()) == (("uchar", 255) if bits <= 8 else ("ushort", 65535))
    assert (
        np.abs(picture.lightness().numpy() - expected_lightness(to_unit(gray, bits))).max() < 0.35
        if bits == 4
        else 2e-3
    )


def test_as_pillow_writes_and_reads_it(tmp_path, rgb8):
    Image.fromarray(rgb8).save(tmp_path / "x.jp2")
    with Image.open(tmp_path / "x.jp2") as image:
        assert np.array_equal(np.asarray(image), open_picture(tmp_path / "x.jp2").pixels().numpy())


def test_lossy_and_in_luma_and_chroma(tmp_path, rgb8):
    Image.fromarray(rgb8).convert("YCbCr").save(tmp_path / "x.jp2")
    assert np.abs(lightness(tmp_path / "x.jp2") - expected_lightness(rgb8)).max() < 2.5


def test_a_bare_codestream(tmp_path, gray16):
    (tmp_path / "x.j2k").write_bytes(imagecodecs.jpeg2k_encode(gray16, level=0, codecformat="j2k", reversible=True))
    assert np.abs(lightness(tmp_path / "x.j2k") - expected_lightness(gray16)).max() < 1e-3


def test_color_by_profile(tmp_path, rgb8):
    icc = NAMED["adobe-rgb"].icc
    file = jp2(tmp_path / "x.jp2", rgb8).read_bytes()
    (tmp_path / "x.jp2").write_bytes(with_profile(file, icc))
    expected = color_science_lab(rgb8 / 255, "Adobe RGB (1998)")[..., 0]
    assert np.abs(lightness(tmp_path / "x.jp2") - expected).max() < 0.01
    assert np.abs(lightness(tmp_path / "x.jp2") - lcms_lab(rgb8, icc)[..., 0]).max() < 0.5
    assert color_version(tmp_path / "x.jp2", tmp_path / "out.tif").icc == icc


def test_opacity_counts_where_the_file_says_so(tmp_path, gray8, rgb8):
    Image.fromarray(np.dstack([rgb8, gray8]), "RGBA").save(tmp_path / "said.jp2")
    said = open_picture(tmp_path / "said.jp2")
    assert said.alpha
    assert np.array_equal(said.pixels().numpy()[..., 3], gray8)
    unsaid = open_picture(jp2(tmp_path / "unsaid.jp2", np.dstack([rgb8, gray8])))
    assert not unsaid.alpha
    assert "further channel" in unsaid.notes[0]
    assert np.abs(unsaid.lightness().numpy() - expected_lightness(rgb8)).max() < 0.005


def test_resolution_and_metadata_are_carried_over(tmp_path, gray16):
    file = jp2(tmp_path / "in.jp2", gray16).read_bytes()
    resolution = box(b"resc", struct.pack(">HHHHBB", 15748, 1, 7874, 1, 0, 0))  # samples a metre, down and across
    exif = Image.Exif()
    exif[270] = "The mill"
    xmp = XMP
    file = with_header_box(file, b"res ", resolution)
    file += box(b"uuid", b"JpgTiffExif->JP2" + exif.tobytes().removeprefix(b"Exif\0\0"))
    file += box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + xmp)
    (tmp_path / "in.jp2").write_bytes(file)
    picture = open_picture(tmp_path / "in.jp2")
    assert (round(picture.pixels().xres, 3), round(picture.pixels().yres, 3)) == (7.874, 15.748)
    out = color_version(tmp_path / "in.jp2", tmp_path / "out.tif")
    assert b"by the river" in out.pixels().get("xmp-data")
    with Image.open(tmp_path / "out.tif") as tiff:
        assert tiff.tag_v2[270] == "The mill"
        assert [round(float(dots)) for dots in tiff.info["dpi"]] == [200, 400]


def test_signed_samples(tmp_path, gray8):
    path = tmp_path / "x.jp2"
    jp2(path, (gray8.astype(np.int16) - 128).astype(np.int8))
    assert np.abs(lightness(path) - expected_lightness(gray8)).max() < 1e-3


def test_a_rare_color_space_is_named(tmp_path, rgb8):
    file = bytearray(jp2(tmp_path / "x.jp2", rgb8).read_bytes())
    place = file.index(b"colr") + 7
    file[place : place + 4] = struct.pack(">I", 14)  # CIELab
    (tmp_path / "x.jp2").write_bytes(file)
    with pytest.raises(BadPicture, match="color space"):
        open_picture(tmp_path / "x.jp2")


def test_a_size_that_is_a_bomb_is_refused_by_the_header(tmp_path, gray8):
    file = bytearray(jp2(tmp_path / "x.jp2", gray8).read_bytes())
    place = file.index(b"\xff\x4f\xff\x51") + 8
    file[place : place + 8] = struct.pack(">II", 100_000, 100_000)
    (tmp_path / "x.jp2").write_bytes(file)
    with pytest.raises(BadPicture, match="100000 × 100000"):
        open_picture(tmp_path / "x.jp2")


def test_cut_off(tmp_path, rgb8):
    whole = jp2(tmp_path / "whole.jp2", rgb8).read_bytes()
    for part in (20, 60, 110, len(whole) // 2):
        (tmp_path / "part.jp2").write_bytes(whole[:part])
        with pytest.raises(BadPicture, match=r"part\.jp2"):
            open_picture(tmp_path / "part.jp2").lightness().avg()
