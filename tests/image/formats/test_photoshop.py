"""The flat picture of Photoshop documents: every depth and mode, its opacity, its resources."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from photochrom.errors import BadPicture
from photochrom.image.color_spaces import NAMED
from photochrom.image.picture import open_picture
from PIL import Image

from ..conftest import HEIGHT, WIDTH, color_science_lab, expected_lightness, lightness
from .conftest import XMP, color_version, to_unit

BITMAP, GRAY, INDEXED, RGB, CMYK, MULTICHANNEL, DUOTONE, LAB = 0, 1, 2, 3, 4, 7, 8, 9


def psd(path, planes, mode, *, palette=b"", resources=(), layers=None, version=1):
    """A document with the flat picture `planes` (bands, h, w) alone; `layers`: how many it says it has."""
    depth = 1 if mode == BITMAP else planes.dtype.itemsize * 8
    wide = ">I" if version == 1 else ">Q"
    file = b"8BPS" + struct.pack(">H6xHIIHH", version, len(planes), HEIGHT, WIDTH, depth, mode)
    file += struct.pack(">I", len(palette)) + palette
    body = b"".join(
        b"8BIM" + struct.pack(">HHI", number, 0, len(data)) + data + b"\0" * (len(data) % 2)
        for number, data in resources
    )
    file += struct.pack(">I", len(body)) + body
    if layers is None:
        file += struct.pack(wide, 0)
    else:
        empty = struct.pack(">4IH", 0, 0, 0, 0, 0) + b"8BIMnorm" + b"\xff\0\0\0" + struct.pack(">I", 12) + b"\0" * 12
        records = struct.pack(">h", layers) + empty * abs(layers)
        information = struct.pack(wide, len(records)) + records + struct.pack(">I", 0)
        file += struct.pack(wide, len(information)) + information
    data = np.packbits(planes[0] == 0, axis=1).tobytes() if mode == BITMAP else planes.tobytes()
    path.write_bytes(file + struct.pack(">H", 0) + data)
    return path


def planes_of(samples):
    """(h, w[, bands]) in the machine's order to (bands, h, w) in Photoshop's."""
    planes = samples[None] if samples.ndim == 2 else np.moveaxis(samples, -1, 0)
    return np.ascontiguousarray(planes).astype(planes.dtype.newbyteorder(">"))


def test_gray_and_rgb_of_eight_and_sixteen_bits(tmp_path, gray8, gray16, rgb8):
    rgb16 = np.dstack([gray16, 65535 - gray16, gray16 // 2])
    for mode, samples in ((GRAY, gray8), (GRAY, gray16), (RGB, rgb8), (RGB, rgb16)):
        path = psd(tmp_path / "x.psd", planes_of(samples), mode)
        assert np.abs(lightness(path) - expected_lightness(samples)).max() < 0.005
    path = psd(tmp_path / "x.psb", planes_of(gray16), GRAY, version=2)
    assert np.abs(lightness(path) - expected_lightness(gray16)).max() < 1e-3


def test_as_pillow_reads_it(tmp_path, rgb8, gray8):
    path = psd(tmp_path / "x.psd", planes_of(rgb8), RGB)
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image), open_picture(path).pixels().numpy())


def test_floating_point_is_linear_light(tmp_path, gray16):
    light = to_unit(gray16, 16)
    path = psd(tmp_path / "x.psd", planes_of(light), GRAY)
    expected = np.where(light > 216 / 24389, 116 * np.cbrt(light) - 16, light * 24389 / 27)
    assert np.abs(lightness(path) - expected).max() < 0.01


def test_bitmap_duotone_and_palette(tmp_path, gray8, rgb8):
    bits = np.where(gray8 > 127, 255, 0).astype(np.uint8)
    assert np.array_equal(open_picture(psd(tmp_path / "1.psd", bits[None], BITMAP)).pixels().numpy().squeeze(), bits)
    duotone = open_picture(psd(tmp_path / "2.psd", planes_of(gray8), DUOTONE, palette=b"\0" * 524))
    assert np.abs(duotone.lightness().numpy() - expected_lightness(gray8)).max() < 1e-3
    assert "duotone" in duotone.notes[0]
    palette = np.random.default_rng(4).integers(0, 256, (256, 3)).astype(np.uint8)
    path = psd(tmp_path / "3.psd", planes_of(gray8), INDEXED, palette=palette.T.tobytes())
    assert np.array_equal(open_picture(path).pixels().numpy(), palette[gray8])


def test_lab_by_its_lightness(tmp_path, gray8, gray16):
    for samples, white, neutral in ((gray8, 255, 128), (gray16, 65535, 32896)):
        lab = np.dstack([samples, np.full_like(samples, neutral), np.full_like(samples, neutral)])
        path = psd(tmp_path / "x.psd", planes_of(lab), LAB)
        assert np.abs(lightness(path) - samples * (100 / white)).max() < 1e-3


def test_cmyk_is_ink(tmp_path, gray8):
    lack = np.dstack([np.full_like(gray8, 255)] * 3 + [gray8])  # Photoshop stores the lack of ink
    assert np.corrcoef(lightness(psd(tmp_path / "x.psd", planes_of(lack), CMYK)).ravel(), gray8.ravel())[0, 1] > 0.95


def test_the_first_further_channel_is_opacity_only_where_layers_say_so(tmp_path, rgb8, gray8):
    planes = planes_of(np.dstack([rgb8, gray8]))
    selection = open_picture(psd(tmp_path / "selection.psd", planes, RGB))
    assert not selection.alpha
    assert "further channel" in selection.notes[0]
    transparent = open_picture(psd(tmp_path / "transparent.psd", planes, RGB, layers=-1))
    assert transparent.alpha
    assert np.array_equal(transparent.pixels().numpy()[..., 3], gray8)


def test_profile_resolution_and_metadata_are_carried_over(tmp_path, rgb8):
    exif = Image.Exif()
    exif[270] = "The mill"
    icc = NAMED["adobe-rgb"].icc
    resources = (
        (1005, struct.pack(">IHHIHH", 300 << 16, 1, 1, 600 << 16, 1, 1)),
        (1039, icc),
        (1058, exif.tobytes().removeprefix(b"Exif\0\0")),
        (1060, XMP),
    )
    path = psd(tmp_path / "in.psd", planes_of(rgb8), RGB, resources=resources)
    expected = color_science_lab(rgb8 / 255, "Adobe RGB (1998)")[..., 0]
    assert np.abs(lightness(path) - expected).max() < 0.01
    out = color_version(path, tmp_path / "out.tif")
    assert out.icc == icc
    assert b"by the river" in out.pixels().get("xmp-data")
    with Image.open(tmp_path / "out.tif") as tiff:
        assert tiff.tag_v2[270] == "The mill"
        assert [round(float(dots)) for dots in tiff.info["dpi"]] == [300, 600]


def test_what_has_no_flat_picture_or_no_known_colors_is_refused_by_its_name(tmp_path, gray8):
    version = struct.pack(">IB", 1, 0) + struct.pack(">I", 0) * 2 + struct.pack(">I", 1)
    blank = psd(tmp_path / "blank.psd", planes_of(gray8), GRAY, resources=((1057, version),))
    with pytest.raises(BadPicture, match="without a flattened picture") as failure:
        open_picture(blank)
    assert "Maximize Compatibility" in failure.value.next_step
    with pytest.raises(BadPicture, match="multichannel"):
        open_picture(psd(tmp_path / "many.psd", planes_of(gray8), MULTICHANNEL))


def test_cut_off_and_absurd(tmp_path, rgb8):
    whole = psd(tmp_path / "x.psd", planes_of(rgb8), RGB).read_bytes()
    absurd = whole[:14] + struct.pack(">II", 300_000, 300_000) + whole[22:]
    for bad in (whole[:10], whole[:30], whole[:500], absurd):
        (tmp_path / "bad.psd").write_bytes(bad)
        with pytest.raises(BadPicture, match=r"bad\.psd"):
            open_picture(tmp_path / "bad.psd").lightness().avg()
