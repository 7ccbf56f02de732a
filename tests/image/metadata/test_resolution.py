"""The resolution: that of the source, to the last digit, or none."""

from __future__ import annotations

import struct
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from photochrom.image.metadata import resolution
from photochrom.image.metadata.model import Resolution
from PIL import Image

from tests.image.metadata import builders as b

ALL = [".jpg", ".png", ".tif", ".webp"]
NAMES = ("XResolution", "YResolution", "PixelsPerUnitX", "PixelsPerUnitY")


def tagged(x: tuple[int, int], y: tuple[int, int], unit: int | None) -> bytes:
    return b.tiff({282: b.rational(*x), 283: b.rational(*y), **({296: b.short(unit)} if unit else {})})


def jfif(unit: int, x: int, y: int) -> bytes:
    data = bytearray(b.jpeg())
    place = data.index(b"JFIF\0")
    data[place + 7 : place + 12] = struct.pack(">BHH", unit, x, y)
    return bytes(data)


@b.needs_exiftool
@pytest.mark.parametrize("out", ALL)
@pytest.mark.parametrize(
    ("suffix", "source"),
    [
        (".png", b.png()),
        (".tif", b.tiff()),
        (".jpg", jfif(0, 1, 1)),
        (".webp", b.webp()),
        (".tif", tagged((0, 0), (0, 0), 2)),
    ],
    ids=["png", "tiff", "jpeg", "webp", "zero"],
)
def test_no_resolution_is_invented(tmp_path, suffix, source, out):
    result, _ = b.colorized(tmp_path, source, suffix, out)
    said = {name: value for name, value in b.exiftool(result).items() if name.endswith(NAMES)}
    assert said == ({"JFIF:XResolution": 1, "JFIF:YResolution": 1} if out == ".jpg" else {})
    assert b.exiftool(result).get("JFIF:ResolutionUnit", 0) == 0


@b.needs_exiftool
@pytest.mark.parametrize("out", ALL)
@pytest.mark.parametrize("dots", [72, 180, 300, 1270, 6400])
def test_whole_dots_an_inch_stay_whole(tmp_path, dots, out):
    result, _ = b.colorized(tmp_path, tagged((dots, 1), (dots, 1), 2), ".tif", out)
    said = b.exiftool(result)
    assert (said["IFD0:XResolution"], said["IFD0:YResolution"], said["IFD0:ResolutionUnit"]) == (dots, dots, 2)
    if out == ".png":
        assert said["PNG-pHYs:PixelsPerUnitX"] == round(dots / 0.0254)
    if out == ".jpg":
        assert (said["JFIF:XResolution"], said["JFIF:ResolutionUnit"]) == (dots, 1)


def test_rationals_of_tiff_stay_as_they_are(tmp_path):
    result, _ = b.colorized(tmp_path, tagged((2362204, 10000), (1181101, 5003), 3), ".tif", ".tif")
    tags = Image.open(result).tag_v2
    assert (Fraction(*_halves(tags[282])), Fraction(*_halves(tags[283]))) == (
        Fraction(2362204, 10000),
        Fraction(1181101, 5003),
    )
    assert tags[296] == 3


def _halves(value) -> tuple[int, int]:
    return value.numerator, value.denominator


@b.needs_exiftool
def test_a_number_without_a_unit_stays_one(tmp_path):
    result, _ = b.colorized(tmp_path, tagged((300, 1), (300, 1), 1), ".tif", ".tif")
    said = b.exiftool(result)
    assert (said["IFD0:XResolution"], said["IFD0:ResolutionUnit"]) == (300, 1)


@b.needs_exiftool
@pytest.mark.parametrize("out", [".tif", ".jpg", ".webp"])
def test_dots_of_png_come_back_as_what_they_were(tmp_path, out):
    source = b.png(b.chunk(b"pHYs", struct.pack(">IIB", 11811, 23622, 1)))
    said = b.exiftool(b.colorized(tmp_path, source, ".png", out)[0])
    assert (said["IFD0:XResolution"], said["IFD0:YResolution"], said["IFD0:ResolutionUnit"]) == (300, 600, 2)


@b.needs_exiftool
def test_jfif_counts_where_exif_has_none(tmp_path):
    said = b.exiftool(b.colorized(tmp_path, jfif(2, 236, 118), ".jpg", ".tif")[0])
    assert (said["IFD0:XResolution"], said["IFD0:YResolution"], said["IFD0:ResolutionUnit"]) == (236, 118, 3)


@given(st.fractions(Fraction(1, 1 << 31), Fraction(1 << 31)), st.fractions(Fraction(1, 1 << 31), Fraction(1 << 31)))
def test_tags_hold_any_resolution_as_closely_as_they_can(x, y):
    found = resolution.of_tags(resolution.to_tags(Resolution(x, y, 2)))
    assert found is not None
    assert abs(found.x / x - 1) < 1e-3 or abs(found.x - x) < Fraction(1, 1 << 31)
    if max(x.denominator, x.numerator) < 1 << 32:
        assert found.x == x


@given(st.binary(max_size=20))
def test_resolutions_of_any_bytes_never_raise(data):
    resolution.of_photoshop(data)
    for kind in range(20):
        resolution.of_tags({282: (kind, data), 283: (kind, data), 296: (kind, data)})
