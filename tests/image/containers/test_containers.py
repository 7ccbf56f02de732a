"""Metadata that changes while the picture stays, byte for byte, in every container."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import pyvips
import tifffile
from photochrom.errors import BadPicture, OutputFailed
from photochrom.image import containers
from PIL import Image, PngImagePlugin

PACKET = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>Gro\xc3\x9fmutter</a></x:xmpmeta>'
Maker = Callable[[Path, np.ndarray], None]


def _tiff(**options: object) -> Maker:
    return lambda path, pixels: tifffile.imwrite(path, pixels, photometric="rgb", **options)


def _pillow(format: str, **options: object) -> Maker:
    return lambda path, pixels: Image.fromarray(pixels).save(path, format, **options)


def _animated(path: Path, pixels: np.ndarray) -> None:
    Image.fromarray(pixels).save(path, save_all=True, append_images=[Image.fromarray(255 - pixels)])


def _openraster(path: Path, pixels: np.ndarray) -> None:

    merged, layer = io.BytesIO(), io.BytesIO()
    Image.fromarray(pixels).save(merged, "PNG")
    Image.fromarray(255 - pixels).save(layer, "PNG")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "image/openraster", zipfile.ZIP_STORED)
        archive.writestr("stack.xml", "<image/>")
        archive.writestr("data/layer.png", layer.getvalue(), zipfile.ZIP_STORED)
        archive.writestr("mergedimage.png", merged.getvalue(), zipfile.ZIP_STORED)


MAKERS: dict[str, Maker] = {
    "gray.png": lambda path, pixels: Image.fromarray(pixels[..., 0]).save(path),
    "text.png": _pillow("PNG", pnginfo=(text := PngImagePlugin.PngInfo())),
    "baseline.jpg": _pillow("JPEG"),
    "exif.jpg": _pillow("JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0", icc_profile=b"icc" * 30000),
    "progressive.jpg": _pillow("JPEG", progressive=True),
    "little.tif": _tiff(),
    "big-endian.tif": _tiff(byteorder=">"),
    "bigtiff.tif": _tiff(bigtiff=True),
    "tiled.tif": _tiff(tile=(16, 16), compression="deflate"),
    "lossy.webp": _pillow("WEBP"),
    "lossless.webp": _pillow("WEBP", lossless=True),
    "alpha.webp": lambda path, pixels: Image.fromarray(np.dstack([pixels, pixels[..., 0]])).save(path, lossless=True),
    "exif.webp": _pillow("WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"),
    "animated.webp": _animated,
    "layers.ora": _openraster,
}
text.add_text("Title", "Großmutter")


@pytest.fixture(params=MAKERS)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    pixels = np.random.default_rng(5).integers(0, 256, (41, 53, 3), dtype=np.uint8)
    path = tmp_path / request.param
    MAKERS[request.param](path, pixels)
    return path


def picture_bytes(path: Path) -> bytes:
    """The bytes that are the picture, by an independent reading of the container."""
    data = path.read_bytes()
    if data.startswith(b"\xff\xd8"):
        return data[data.index(b"\xff\xda") :]
    if data.startswith(b"\x89PNG"):
        return data[data.index(b"IDAT") - 4 :]
    if data[8:12] == b"WEBP":
        place, found = 12, b""
        while place < len(data):
            kind, size = struct.unpack_from("<4sI", data, place)
            found += data[place : place + 8 + size] if kind in (b"VP8 ", b"VP8L", b"ALPH", b"ANMF", b"ANIM") else b""
            place += 8 + size + size % 2
        return found
    if data.startswith(b"PK"):
        with zipfile.ZipFile(path) as archive:
            return b"".join(archive.read(name) for name in archive.namelist() if name != "mergedimage.png")
    with tifffile.TiffFile(path) as tiff:
        segments = zip(tiff.pages[0].dataoffsets, tiff.pages[0].databytecounts, strict=True)
        return b"".join(data[at : at + size] for at, size in segments)


def shown(path: Path) -> np.ndarray:
    if path.suffix == ".ora":
        with zipfile.ZipFile(path) as archive:
            return pyvips.Image.new_from_buffer(archive.read("mergedimage.png"), "").numpy()
    pages = {"n": -1} if path.suffix == ".webp" else {}
    return pyvips.Image.new_from_file(str(path), revalidate=True, **pages).numpy()


def test_a_packet_is_put_in_and_the_picture_stays(file):
    picture, pixels, others = picture_bytes(file), shown(file), _others(file)
    assert containers.packet_of(file) is None
    containers.rewrite(file, lambda _packet: PACKET)
    assert containers.packet_of(file) == PACKET
    assert picture_bytes(file) == picture
    np.testing.assert_array_equal(shown(file), pixels)
    assert _others(file) == others


def test_a_packet_is_replaced_by_a_longer_and_by_none(file):
    containers.rewrite(file, lambda _packet: PACKET)
    picture, pixels = picture_bytes(file), shown(file)
    containers.rewrite(file, lambda packet: packet + b" " * 5000)
    assert containers.packet_of(file) == PACKET + b" " * 5000
    containers.rewrite(file, lambda _packet: None)
    assert containers.packet_of(file) is None
    assert picture_bytes(file) == picture
    np.testing.assert_array_equal(shown(file), pixels)


def test_other_readers_find_the_packet(file):
    if file.suffix == ".ora":
        pytest.skip("they do not look into OpenRaster")
    containers.rewrite(file, lambda _packet: PACKET)
    with Image.open(file) as image:
        found = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or image.tag_v2[700]
    assert (found if isinstance(found, bytes) else found.encode()) == PACKET


def test_png_other_forms_of_the_packet_are_read_and_replaced(tmp_path):
    Image.new("RGB", (3, 3)).save(tmp_path / "plain.png")
    plain = (tmp_path / "plain.png").read_bytes()
    hexadecimal = b"\nxmp\n %d\n" % len(PACKET) + PACKET.hex().encode() + b"\n"
    forms = {
        b"iTXt": b"XML:com.adobe.xmp\0\1\0en\0X\0" + zlib.compress(PACKET),
        b"zTXt": b"Raw profile type xmp\0\0" + zlib.compress(hexadecimal),
        b"tEXt": b"XML:com.adobe.xmp\0" + PACKET,
    }
    for kind, data in forms.items():
        chunk = struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))
        file = tmp_path / "form.png"
        file.write_bytes(plain[:-12] + chunk + plain[-12:])  # after the picture, as is allowed
        assert containers.packet_of(file) == PACKET
        containers.rewrite(file, lambda packet: packet + b" ")
        assert containers.packet_of(file) == PACKET + b" "
        written = file.read_bytes()
        assert written.count(b"com.adobe.xmp") + written.count(b"Raw profile type") == 1


LONG = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:source>{long}</dc:source>
<dc:format>short</dc:format></rdf:Description></rdf:RDF></x:xmpmeta>""".format(long="Box 7. " * 12000).encode()
"""Longer than a segment of JPEG."""


def test_jpeg_long_packet_is_stored_in_parts(tmp_path):
    file = tmp_path / "a.jpg"
    Image.new("RGB", (3, 3)).save(file)
    picture = picture_bytes(file)
    containers.rewrite(file, lambda _packet: LONG)
    with Image.open(file) as image:
        image.load()
        assert b"HasExtendedXMP" in image.info["xmp"]
        assert b"short" in image.info["xmp"]
    assert file.read_bytes().count(b"http://ns.adobe.com/xmp/extension/\0") == 2
    assert picture_bytes(file) == picture
    containers.rewrite(file, lambda packet: packet.replace(b"short", b"brief"))
    assert file.read_bytes().count(b"http://ns.adobe.com/xmp/extension/\0") == 2
    assert b"brief" in containers.packet_of(file)


def test_jpeg_that_has_no_room_is_left_alone(tmp_path):
    file = tmp_path / "a.jpg"
    Image.new("RGB", (3, 3)).save(file)
    containers.rewrite(file, lambda _packet: LONG)
    before = file.read_bytes()
    with pytest.raises(OutputFailed, match="does not fit into a JPEG"):
        containers.rewrite(file, lambda _packet: LONG)
    assert file.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.jpg"]


def test_jpeg_packet_stands_after_exif_and_before_the_rest(tmp_path):
    file = tmp_path / "exif.jpg"
    MAKERS["exif.jpg"](file, np.zeros((8, 8, 3), np.uint8))
    containers.rewrite(file, lambda _packet: PACKET)
    data = file.read_bytes()
    assert data.index(b"Exif\0\0") < data.index(b"http://ns.adobe.com/xap/1.0/") < data.index(b"ICC_PROFILE")


def test_jpeg_packet_that_krita_misplaced_is_moved_to_its_place(tmp_path):
    file = tmp_path / "krita.jpg"
    Image.new("RGB", (3, 3)).save(file)
    plain = file.read_bytes()
    adobe = struct.pack(">BBH", 0xFF, 0xEE, 14) + b"Adobe\0d\0\0\0\0\0"  # says how colors are coded: must stay
    content = b"http://ns.adobe.com/xap/1.0/" + PACKET
    file.write_bytes(plain[:2] + adobe + struct.pack(">BBH", 0xFF, 0xEE, len(content) + 2) + content + plain[2:])
    assert containers.packet_of(file) is None
    containers.rewrite(file, lambda packet: packet + b" ")
    assert containers.packet_of(file) == PACKET + b" "
    data = file.read_bytes()
    assert adobe in data
    assert data.count(b"xap/1.0/") == 1


def test_tiff_only_the_first_page_changes(tmp_path):
    file = tmp_path / "pages.tif"
    pages = np.random.default_rng(2).integers(0, 256, (3, 20, 30, 3), dtype=np.uint8)
    tifffile.imwrite(file, pages, photometric="rgb", description="three")
    containers.rewrite(file, lambda _packet: PACKET)
    with tifffile.TiffFile(file) as tiff:
        assert [700 in page.tags for page in tiff.pages] == [True, False, False]
        assert tiff.pages[0].description
        np.testing.assert_array_equal(np.stack([page.asarray() for page in tiff.pages]), pages)


def test_openraster_layers_of_the_same_packet_stay_in_step(tmp_path):

    file = tmp_path / "a.ora"
    _openraster(file, np.zeros((4, 4, 3), np.uint8))
    containers.rewrite(file, lambda _packet: PACKET)
    with zipfile.ZipFile(file) as archive:
        marked = {name: archive.read(name) for name in archive.namelist()}
    marked["data/color.png"] = marked["mergedimage.png"]
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in marked.items():
            archive.writestr(name, data)
    containers.rewrite(file, lambda _packet: None)
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist()[0] == "mimetype"
        for name in archive.namelist():
            if name.endswith(".png"):
                assert b"xmp" not in archive.read(name), name
                Image.open(io.BytesIO(archive.read(name))).load()


def test_damaged_files_are_named_and_left_alone(file):
    whole = file.read_bytes()
    for end in (40, 70, len(whole) // 2, len(whole) - 14):
        file.write_bytes(whole[:end])
        try:
            containers.rewrite(file, lambda _packet: PACKET)
        except BadPicture as error:
            assert file.name in error.cause
            assert file.read_bytes() == whole[:end]
        assert os.listdir(file.parent) == [file.name]


@pytest.mark.parametrize("place", [1000, 2**63 - 1, 2**63, 2**64 - 1])
def test_places_beyond_the_end_are_damage(tmp_path, place):
    """Also those that no file can be sought at."""
    head = b"II" + struct.pack("<HHH", 43, 8, 0)
    directory = struct.pack("<QHHQQQ", 1, 700, 1, 100, place, 0)
    for content in (struct.pack("<Q", place), struct.pack("<Q", 16) + directory):
        (tmp_path / "a.tif").write_bytes(head + content)
        with pytest.raises(BadPicture, match="ends before"):
            containers.rewrite(tmp_path / "a.tif", lambda _packet: PACKET)
        assert (tmp_path / "a.tif").read_bytes() == head + content


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.psd", b"8BPS" + bytes(60), "no file whose metadata"), ("b.png", b"", "is empty"), ("c", None, "There is no")],
)
def test_files_that_cannot_be_written_are_reported(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadPicture, match=said):
        containers.rewrite(tmp_path / name, lambda _packet: PACKET)


def test_permissions_and_links_stay(tmp_path):
    real, link = tmp_path / "real.png", tmp_path / "link.png"
    Image.new("RGB", (3, 3)).save(real)
    real.chmod(0o640)
    link.symlink_to(real)
    containers.rewrite(link, lambda _packet: PACKET)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert containers.packet_of(real) == PACKET


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_write_protected_files_stay(tmp_path):
    file = tmp_path / "a.png"
    Image.new("RGB", (3, 3)).save(file)
    file.chmod(0o444)
    with pytest.raises(OutputFailed, match="write-protected"):
        containers.rewrite(file, lambda _packet: PACKET)


def _others(path: Path) -> list[object]:
    """A file's other metadata, by another reader."""
    if path.suffix == ".ora":
        return []
    with Image.open(path) as image:
        names = ("exif", "icc_profile", "Title", "dpi")
        return [getattr(image, "n_frames", 1), *(image.info.get(name) for name in names)]
