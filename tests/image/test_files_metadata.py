"""Metadata of photographs in the files of their colors: kept, merged, marked."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from photochrom.image.files import write_picture
from photochrom.image.mark import DIGITAL_SOURCE_TYPE, Mark
from photochrom.image.picture import open_picture
from PIL import Image, IptcImagePlugin
from PIL.PngImagePlugin import PngInfo

from .conftest import (
    color,
    expected_lightness,
    lightness,
    no_color,
    tiff,
)

MARK = Mark("lite", "0.1.0")


def xmp_of(picture: Image.Image) -> bytes:
    return picture.tag_v2[700] if picture.format == "TIFF" else picture.info["xmp"]


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
@pytest.mark.parametrize("source_suffix", [".jpg", ".png", ".webp", ".tif"])
def test_exif_and_resolution_stay_and_xmp_is_marked(tmp_path, gray8, source_suffix, suffix):
    exif = Image.Exif()
    exif[0x010F], exif[0x8298], exif[0x0112] = "Leitz", "Stadtarchiv", 6
    exif.get_ifd(0x8769)[0x9003] = "1937:05:06 19:25:00"
    path, out = tmp_path / f"in{source_suffix}", tmp_path / f"out{suffix}"
    Image.fromarray(gray8).save(path, exif=exif, dpi=(600, 600))
    picture = open_picture(path)
    write_picture(picture, color(picture.height, picture.width), out, mark=MARK)
    result = Image.open(out)
    kept = result.getexif()
    assert (kept[0x010F].strip(), kept[0x8298].strip()) == ("Leitz", "Stadtarchiv")
    if source_suffix != ".tif":  # Pillow does not write EXIF dates into TIFF
        assert kept.get_ifd(0x8769)[0x9003] == "1937:05:06 19:25:00"
    result.load()  # Pillow reads text after the pixels only then
    assert DIGITAL_SOURCE_TYPE.encode() in xmp_of(result)
    if ".webp" not in (suffix, source_suffix):
        assert np.allclose([float(v) for v in result.info["dpi"]], 600, atol=1)


IPTC = b"\x1c\x02\x00\x00\x02\x00\x04\x1c\x02\x5a\x00\x07Hamburg"


PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:source>Box 12</dc:source>'
    b"</rdf:Description></rdf:RDF></x:xmpmeta>"
)


@pytest.mark.parametrize("suffix", [".tif", ".jpg"])
def test_iptc_and_resolution_of_tiff_stay_and_its_xmp_is_merged(tmp_path, gray8, suffix):
    path = tiff(
        tmp_path,
        gray8,
        resolution=(120, 120),
        resolutionunit="CENTIMETER",
        extratags=[(700, 7, len(PACKET), PACKET, True), (33723, 7, len(IPTC), IPTC, True)],
    )
    out = tmp_path / f"out{suffix}"
    write_picture(open_picture(path), color(), out, mark=MARK)
    data = out.read_bytes()
    if suffix == ".jpg":
        assert IptcImagePlugin.getiptcinfo(Image.open(out))[(2, 90)] == b"Hamburg"
    else:
        assert tifffile.TiffFile(out).pages[0].tags[33723].value == IPTC
    assert b"Box 12" in data
    assert DIGITAL_SOURCE_TYPE.encode() in data
    if suffix == ".tif":
        tags = tifffile.TiffFile(out).pages[0].tags
        assert (tags["XResolution"].value[0] / tags["XResolution"].value[1], tags["ResolutionUnit"].value) == (120, 3)


def test_iptc_of_jpeg_is_whole_in_tiff(tmp_path, gray8):
    path = tiff(tmp_path, gray8, extratags=[(33723, 7, len(IPTC), IPTC, True)])
    write_picture(open_picture(path), no_color(), tmp_path / "a.jpg", mark=None)
    write_picture(open_picture(tmp_path / "a.jpg"), no_color(), tmp_path / "a.tif", mark=None)
    assert tifffile.TiffFile(tmp_path / "a.tif").pages[0].tags[33723].value[: len(IPTC)] == IPTC


def test_xmp_of_png_is_merged(tmp_path, gray8):
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", PACKET.decode())
    Image.fromarray(gray8).save(tmp_path / "in.png", pnginfo=info)
    write_picture(open_picture(tmp_path / "in.png"), no_color(), tmp_path / "out.png", mark=MARK)
    packet = Image.open(tmp_path / "out.png").info["xmp"]
    assert b"Box 12" in packet
    assert DIGITAL_SOURCE_TYPE.encode() in packet


def test_alpha_multiplied_into_the_colors_is_taken_out(tmp_path, gray8, rng):
    alpha = rng.integers(64, 256, gray8.shape).astype(np.uint8)
    alpha[0, :5] = 0
    data = np.stack([np.rint(gray8 / 255 * alpha).astype(np.uint8), alpha], -1)
    path = tiff(tmp_path, data, photometric="minisblack", planarconfig="contig", extrasamples=["assocalpha"])
    visible = alpha > 0
    assert (
        np.abs(lightness(path) - expected_lightness(gray8))[visible].max() < 2.5
    )  # libvips divides it out, rounding down
    write_picture(open_picture(path), no_color(), tmp_path / "out.tif", mark=None)
    assert np.array_equal(tifffile.imread(tmp_path / "out.tif")[..., 3], alpha)
    assert tifffile.TiffFile(tmp_path / "out.tif").pages[0].tags["ExtraSamples"].value == (2,)


def test_xmp_too_long_for_a_jpeg_segment_is_extended_with_a_note(tmp_path, gray8):
    packet = PACKET.replace(b"Box 12", b"Box" * 40_000)
    path = tiff(tmp_path, gray8, extratags=[(700, 7, len(packet), packet, True)])
    (note,) = write_picture(open_picture(path), no_color(), tmp_path / "out.jpg", mark=MARK)
    assert "extended XMP" in note
    assert DIGITAL_SOURCE_TYPE.encode() in Image.open(tmp_path / "out.jpg").info["xmp"]
    assert (tmp_path / "out.jpg").read_bytes().count(b"http://ns.adobe.com/xmp/extension/") == 2
    assert write_picture(open_picture(path), no_color(), tmp_path / "out.png", mark=MARK) == ()
    assert len(Image.open(tmp_path / "out.png").info["xmp"]) > len(packet)


def test_without_the_mark_xmp_is_unchanged(tmp_path, gray8):
    path = tiff(tmp_path, gray8, extratags=[(700, 7, len(PACKET), PACKET, True)])
    write_picture(open_picture(path), color(), tmp_path / "out.tif", mark=None)
    assert b"<dc:source>Box 12</dc:source>" in tifffile.TiffFile(tmp_path / "out.tif").pages[0].tags[700].value
    assert b"digitalsourcetype" not in (tmp_path / "out.tif").read_bytes()
