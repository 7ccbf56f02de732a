"""The content decides what a file is; what is not read is refused by its name; a missing extra is named."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest
from photochrom.errors import BadPicture, ExtraMissing
from photochrom.image import formats, kinds
from photochrom.image.files import WRITABLE
from photochrom.image.kinds import kind_of, result_suffix
from photochrom.image.picture import open_picture
from PIL import Image

from .conftest import expected_lightness, lightness

REFUSED = {
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "a PostScript document": b"%!PS-Adobe-3.0",
    "a DjVu document": b"AT&TFORM\0\0\1\0DJVM",
    "an SVG drawing": b"<?xml version='1.0'?>\n<!-- made by hand -->\n<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a web page": b"<!DOCTYPE html><html>",
    "a GIMP document": b"gimp xcf v011\0" + b"\0" * 40,
    "an OpenEXR picture": b"\x76\x2f\x31\x01\2\0\0\0",
    "a Radiance picture": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n",
    "a FITS file": b"SIMPLE  =                    T",
    "a DICOM file": b"\0" * 128 + b"DICM",
    "a JPEG XR picture": b"II\xbc\x01\x08\0\0\0",
    "a Kodak Photo CD picture": b"\xff" * 2048 + b"PCD_IPI",
    "a video": b"\0\0\0\x18ftypmp42\0\0\0\0isommp42",
    "a gzip archive": b"\x1f\x8b\x08\0",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_read_is_named_with_a_way_out(tmp_path, what):
    (tmp_path / "scan.jpg").write_bytes(REFUSED[what] + b"\0" * 100)
    with pytest.raises(BadPicture, match=what) as failure:
        open_picture(tmp_path / "scan.jpg")
    assert "damaged" not in failure.value.cause
    assert failure.value.next_step


@pytest.mark.parametrize(
    ("mime", "what"),
    [("application/x-krita", "a Krita document"), ("image/openraster", "an OpenRaster"), ("", "a ZIP")],
)
def test_archives_are_named_by_what_is_in_them(tmp_path, mime, what):
    with zipfile.ZipFile(tmp_path / "x.kra", "w") as archive:
        archive.writestr("mimetype" if mime else "readme", mime)
    with pytest.raises(BadPicture, match=what):
        open_picture(tmp_path / "x.kra")


def test_targa_is_known_by_its_end(tmp_path, gray8):
    Image.fromarray(gray8).save(tmp_path / "x.tga")
    with pytest.raises(BadPicture, match="Targa"):
        open_picture(tmp_path / "x.tga")


@pytest.mark.parametrize("name", ["a.jfif", "b.jpe", "c.jif", "d.tif", "e"])
def test_a_jpeg_is_read_whatever_its_name(tmp_path, gray8, name):
    Image.fromarray(gray8).save(tmp_path / name, "JPEG", quality=100)
    with Image.open(tmp_path / name) as image:
        seen = np.asarray(image)
    assert np.abs(lightness(tmp_path / name) - expected_lightness(seen)).max() < 1e-3


def test_gif_and_its_first_picture(tmp_path, gray8):
    Image.fromarray(gray8).save(tmp_path / "one.gif")
    assert np.abs(lightness(tmp_path / "one.gif") - expected_lightness(gray8)).max() < 0.005
    frames = [Image.fromarray(255 - gray8), Image.fromarray(gray8 // 2)]
    Image.fromarray(gray8).save(tmp_path / "three.gif", save_all=True, append_images=frames)
    picture = open_picture(tmp_path / "three.gif")
    assert "3 pictures" in picture.notes[0]
    assert np.abs(picture.lightness().numpy() - expected_lightness(gray8)).max() < 0.005


@pytest.mark.parametrize("kind", [kind for kind in kinds.READ if kind.needs])
def test_a_missing_extra_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(formats, "find_spec", lambda _: None)
    with pytest.raises(ExtraMissing, match=kind.needs[0]) as failure:
        formats.open_stored(kind, tmp_path / "x", 1, 1000)
    assert kind.name in failure.value.cause
    assert "pip install 'photochrom[formats]'" in failure.value.next_step


def test_every_result_can_be_written():
    assert {kind.result for kind in kinds.READ} <= set(WRITABLE)
    assert all(kind.result in kind.suffixes or kind.result in (".png", ".tif") for kind in kinds.READ)


def test_the_result_is_named_by_the_content(tmp_path, gray8):
    for name, format, suffix in (
        ("a.jfif", "JPEG", ".jfif"), ("a.JPG", "JPEG", ".JPG"), ("a", "JPEG", ".jpg"), ("a.jpg", "TIFF", ".tif"),
        ("a.TIF", "TIFF", ".TIF"), ("a.bmp", "BMP", ".png"), ("a.jp2", "JPEG2000", ".tif"), ("a.avif", "AVIF", ".png"),
    ):  # fmt: skip
        Image.fromarray(gray8).save(tmp_path / name, format)
        assert result_suffix(tmp_path / name) == suffix
    assert result_suffix(tmp_path / "none.webp") == ".webp"
    assert result_suffix(tmp_path / "none.xyz") == ".png"


def test_brands_distinguish_types_that_share_a_container(tmp_path):
    for brands, name in (
        (b"heic\0\0\0\0mif1heic", "HEIC"), (b"mif1\0\0\0\0mif1heic", "HEIC"), (b"avif\0\0\0\0avifmif1", "AVIF"),
        (b"crx \0\0\0\1crx isom", "camera raw"),
    ):  # fmt: skip
        (tmp_path / "x").write_bytes(b"\0\0\0" + bytes([8 + len(brands)]) + b"ftyp" + brands + b"\0" * 50)
        assert kind_of(tmp_path / "x").name == name
