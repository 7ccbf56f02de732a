"""Netpbm files, raw and plain, of every depth: as Pillow and netpbm's manual understand them."""

from __future__ import annotations

import numpy as np
import pytest
from photochrom.errors import BadPicture
from photochrom.image.picture import open_picture
from PIL import Image

from ..conftest import HEIGHT, WIDTH, expected_lightness, lightness
from .conftest import of_depth, to_unit


@pytest.mark.parametrize("suffix", ["pgm", "ppm", "pbm"])
def test_raw_as_pillow_writes_it(tmp_path, gray8, rgb8, suffix):
    image = {"pgm": Image.fromarray(gray8), "ppm": Image.fromarray(rgb8), "pbm": Image.fromarray(gray8).convert("1")}
    image[suffix].save(tmp_path / f"x.{suffix}")
    seen = np.asarray(image[suffix].convert("L") if suffix == "pbm" else image[suffix])
    assert np.abs(lightness(tmp_path / f"x.{suffix}") - expected_lightness(seen)).max() < 0.005


@pytest.mark.parametrize("bits", [3, 8, 10, 12, 16])
@pytest.mark.parametrize("bands", [1, 3])
def test_raw_of_every_depth(tmp_path, gray16, bits, bands):
    gray = of_depth(gray16, bits)
    samples = gray if bands == 1 else np.dstack([gray] * 3)
    head = f"P{5 if bands == 1 else 6}\n# a remark\n{WIDTH} {HEIGHT}\n{2**bits - 1}\n".encode()
    (tmp_path / "x.pnm").write_bytes(head + samples.astype(">u2" if bits > 8 else "u1").tobytes())
    picture = open_picture(tmp_path / "x.pnm")
    assert (picture.format, picture.pixels().max()) == (("uchar", 255) if bits <= 8 else ("ushort", 65535))
    white = 255 if bits <= 8 else 65535
    seen = np.round(samples * (white / (2**bits - 1))).astype(np.uint8 if bits <= 8 else np.uint16)
    assert np.array_equal(picture.pixels().numpy().reshape(samples.shape), seen)


def test_plain(tmp_path, gray8):
    numbers = "\n".join(" ".join(map(str, row)) for row in gray8)
    (tmp_path / "x.pgm").write_text(f"P2 {WIDTH} {HEIGHT} 255\n{numbers}\n")
    assert np.abs(lightness(tmp_path / "x.pgm") - expected_lightness(gray8)).max() < 1e-3
    bits = (gray8 < 128).astype(int)
    digits = "\n".join("".join(map(str, row)) for row in bits)
    (tmp_path / "x.pbm").write_text(f"P1\n# {WIDTH} columns\n{WIDTH} {HEIGHT}\n{digits}\n")
    assert np.array_equal(open_picture(tmp_path / "x.pbm").pixels().numpy().squeeze(), 255 - 255 * bits)


def test_pam_with_opacity(tmp_path, gray16):
    head = f"P7\nWIDTH {WIDTH}\nHEIGHT {HEIGHT}\nDEPTH 2\nMAXVAL 65535\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n".encode()
    (tmp_path / "x.pam").write_bytes(head + np.dstack([gray16, 65535 - gray16]).astype(">u2").tobytes())
    picture = open_picture(tmp_path / "x.pam")
    assert picture.alpha
    assert np.array_equal(picture.pixels().numpy()[..., 1], 65535 - gray16)
    assert np.abs(picture.lightness().numpy() - expected_lightness(to_unit(gray16, 16))).max() < 1e-3


BAD = {
    "cut.pgm": b"P5 100 100 255\n" + b"\0" * 50,
    "size.pgm": b"P5 0 100 255\n" + b"\0" * 50,
    "deep.pgm": b"P5 3 3 70000\n" + b"\0" * 50,
    "words.pgm": b"P2 2 2 255\none two three four\n",
    "few.ppm": b"P3 2 2 255\n1 2 3 4\n",
    "head.ppm": b"P6 what is it",
    "bomb.pgm": b"P5 99999999 99999999 255\n",
    "odd.pam": b"P7\nWIDTH 2\nHEIGHT 2\nDEPTH 5\nMAXVAL 255\nENDHDR\n" + b"\0" * 20,
}


@pytest.mark.parametrize("name", BAD)
def test_what_makes_no_sense_is_one_error(tmp_path, name):
    (tmp_path / name).write_bytes(BAD[name])
    with pytest.raises(BadPicture, match=name):
        open_picture(tmp_path / name).lightness().avg()
