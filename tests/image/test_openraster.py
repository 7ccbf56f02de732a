"""Layered files that GIMP and Krita open: the source untouched, the color above it."""

from __future__ import annotations

import io
import time
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import numpy as np
import pytest
import pyvips
import tifffile
from photochrom.image.color_spaces import SRGB
from photochrom.image.files import write_picture
from photochrom.image.mark import DIGITAL_SOURCE_TYPE, Mark
from photochrom.image.picture import open_picture
from PIL import Image, ImageCms

from .conftest import HEIGHT, WIDTH, color, color_science_lab


def written(source: Path) -> zipfile.ZipFile:
    out = source.with_suffix(".ora")
    picture = open_picture(source)
    write_picture(picture, color(picture.height, picture.width), out, mark=Mark("lite", "0.1.0"))
    return zipfile.ZipFile(out)


def pixels(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    return pyvips.Image.new_from_buffer(archive.read(name), "").numpy()


@pytest.fixture
def gray_file(tmp_path, gray8) -> Path:
    Image.fromarray(gray8).save(tmp_path / "Großmutter.png")
    return tmp_path / "Großmutter.png"


def test_the_zip_is_as_openraster_wants_it(gray_file):
    archive = written(gray_file)
    assert archive.testzip() is None
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type, archive.read(first)) == ("mimetype", 0, b"image/openraster")
    assert gray_file.with_suffix(".ora").read_bytes()[30:54] == b"mimetypeimage/openraster"
    assert set(archive.namelist()) >= {"stack.xml", "mergedimage.png", "Thumbnails/thumbnail.png"}


def test_the_stack_is_the_photograph_below_and_its_color_above(gray_file):
    image = ET.fromstring(written(gray_file).read("stack.xml"))
    assert (image.tag, image.get("w"), image.get("h")) == ("image", str(WIDTH), str(HEIGHT))
    layers = image.findall("stack/layer")
    assert [layer.get("name") for layer in layers] == ["Photochrom color", "Photograph"]
    for layer in layers:
        assert layer.get("composite-op") == "svg:src-over"
        assert (layer.get("x"), layer.get("y"), layer.get("visibility")) == ("0", "0", "visible")
        assert layer.get("src") in zipfile.ZipFile(gray_file.with_suffix(".ora")).namelist()


def test_the_photograph_is_untouched_and_the_color_keeps_its_tones(gray_file, gray8):
    archive = written(gray_file)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read("data/source.png")))), gray8)
    rgb = np.asarray(Image.open(io.BytesIO(archive.read("data/color.png"))))
    gray = np.repeat(gray8[..., None], 3, -1)
    difference = color_science_lab(rgb / 255)[..., 0] - color_science_lab(gray / 255)[..., 0]
    assert np.abs(difference).max() <= 0.3
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read("mergedimage.png")))), rgb)
    assert DIGITAL_SOURCE_TYPE.encode() in archive.read("mergedimage.png")
    assert DIGITAL_SOURCE_TYPE.encode() not in archive.read("data/source.png")
    assert Image.open(io.BytesIO(archive.read("data/color.png"))).info["icc_profile"] == SRGB.icc


def test_sixteen_bits_and_alpha_are_untouched(tmp_path, rng):
    data = rng.integers(0, 65536, (HEIGHT, WIDTH, 4)).astype(np.uint16)
    tifffile.imwrite(tmp_path / "x.tif", data, photometric="rgb", extrasamples=["unassalpha"])
    archive = written(tmp_path / "x.tif")
    assert np.array_equal(pixels(archive, "data/source.png"), data)
    assert np.array_equal(pixels(archive, "data/color.png")[..., 3], data[..., 3])
    layers = ET.fromstring(archive.read("stack.xml")).findall("stack/layer")
    assert [layer.get("visibility") for layer in layers] == ["visible", "hidden"]


@pytest.mark.parametrize(("height", "width"), [(600, 300), (300, 600), (4, 900)])
def test_the_thumbnail_is_small_and_8_bit(tmp_path, height, width):
    tifffile.imwrite(tmp_path / "x.tif", np.full((height, width), 30000, np.uint16))
    thumbnail = pixels(written(tmp_path / "x.tif"), "Thumbnails/thumbnail.png")
    assert max(thumbnail.shape[:2]) == 256
    assert thumbnail.dtype == np.uint8


def test_cmyk_and_float_sources_become_layers_too(tmp_path, gray8, rng):
    Image.fromarray(gray8).convert("CMYK").save(tmp_path / "cmyk.jpg", quality=95)
    archive = written(tmp_path / "cmyk.jpg")
    difference = np.asarray(Image.open(io.BytesIO(archive.read("data/source.png"))).convert("L")).astype(int) - gray8
    assert np.abs(difference).mean() < 25
    values = rng.random((HEIGHT, WIDTH)).astype(np.float32)
    tifffile.imwrite(tmp_path / "float.tif", values)
    assert np.abs(pixels(written(tmp_path / "float.tif"), "data/source.png") / 65535 - values).max() < 1e-5


def test_every_layer_says_what_its_samples_are(tmp_path, rng):
    gray = rng.integers(0, 65536, (HEIGHT, WIDTH)).astype(np.uint16)
    tifffile.imwrite(tmp_path / "gray.tif", gray)
    archive = written(tmp_path / "gray.tif")
    profile = ImageCms.ImageCmsProfile(
        io.BytesIO(Image.open(io.BytesIO(archive.read("data/source.png"))).info["icc_profile"])
    )
    assert profile.profile.xcolor_space.strip() == "GRAY"
    (tmp_path / "again.png").write_bytes(archive.read("data/source.png"))
    again = open_picture(tmp_path / "again.png")
    assert np.array_equal(again.pixels().numpy(), gray)
    assert np.abs(again.lightness().numpy() - open_picture(tmp_path / "gray.tif").lightness().numpy()).max() < 0.01
    for name in archive.namelist():
        if name.endswith(".png"):
            assert Image.open(io.BytesIO(archive.read(name))).info["icc_profile"]


def test_lab_sources_become_layers_too(tmp_path, rng):
    lab = rng.integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "lab.tif", lab, photometric="icclab")
    (tmp_path / "source.png").write_bytes(written(tmp_path / "lab.tif").read("data/source.png"))
    lightness = open_picture(tmp_path / "source.png").lightness().numpy()
    assert np.abs(lightness - lab[..., 0] / 2.55).max() < 0.6


def test_a_photograph_that_is_opaque_everywhere_is_shown(tmp_path, gray8):
    tifffile.imwrite(tmp_path / "x.tif", np.dstack([gray8, np.full_like(gray8, 255)]), extrasamples=["unassalpha"],
                     photometric="minisblack")  # fmt: skip
    layers = ET.fromstring(written(tmp_path / "x.tif").read("stack.xml")).findall("stack/layer")
    assert [layer.get("visibility") for layer in layers] == ["visible", "visible"]


def test_a_clock_before_1980_does_not_matter(gray_file, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 0.0)
    with written(gray_file) as archive:
        assert archive.testzip() is None
