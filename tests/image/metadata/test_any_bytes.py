"""Arbitrary bytes in blocks of metadata: reading never raises, writing never loses the picture, and notes report it."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
import pyvips
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from photochrom.image.files import write_picture
from photochrom.image.metadata import Facts, add, of_result, read
from photochrom.image.metadata.directories import Directory
from photochrom.image.picture import open_picture

from tests.image.conftest import color
from tests.image.metadata import builders as b

EXIF = b.structure(
    {270: b.text("Family"), 274: b.short(6), 282: b.rational(300, 1), 283: b.rational(300, 1), 18246: b.short(5)},
    {36867: b.text("1931:05:02 12:00:00"), 37500: (7, b"OLYMP\0\1\0" + bytes(60)), 40962: b.long(24)},
    {1: b.text("N"), 2: b.rational(50, 1, 54, 1, 0, 1)},
)
XMP = b.xmp(
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6">'
    "<dc:title><rdf:Alt><rdf:li>Großmutter</rdf:li></rdf:Alt></dc:title>"
)
IPTC = b"\x1c\x01\x5a\0\x03\x1b%G\x1c\x02\x05\0\x05Title\x1c\x02\x37\0\x0819310502"
RESOURCES = (
    b"8BIM" + struct.pack(">HHI", 1028, 0, len(IPTC)) + IPTC + b"8BIM" + struct.pack(">HHI", 2000, 0, 26) + bytes(26)
)


@st.composite
def damaged(draw: st.DrawFn, sound: bytes) -> bytes:
    """Any bytes, or sound ones with some of them changed, lost or put in."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.binary(max_size=60))
    data = bytearray(sound)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(data)))
        gone = draw(st.integers(0, 6))
        data[place : place + gone] = draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b"\xff" * 4, b"\0" * 4, b"<"]))
        )
    return bytes(data)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file of any container with damaged blocks of every kind that it has."""
    encoding = draw(st.sampled_from(["utf-8", "utf-16", "utf-16-be", "latin-1"]))
    block, packet = draw(damaged(EXIF)), draw(damaged(XMP.encode(encoding)))
    records, resources, note = draw(damaged(IPTC)), draw(damaged(RESOURCES)), draw(damaged(b"Canon" * 9))
    container = draw(st.sampled_from(["jpeg", "png", "webp", "tiff"]))
    if container == "jpeg":
        tail = draw(damaged(b"A" * 32 + struct.pack(">II", len(packet), 0) + packet))
        return b.jpeg(
            b.segment(0xE1, b"Exif\0\0" + block),
            b.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet),
            b.segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + tail),
            b.segment(0xE2, b"MPF\0" + draw(damaged(EXIF))),
            b.segment(0xED, b"Photoshop 3.0\0" + resources),
            b.segment(0xFE, draw(st.binary(max_size=20))),
        )
    if container == "png":
        return b.png(
            b.chunk(b"eXIf", block),
            b.chunk(b"iTXt", draw(damaged(b"XML:com.adobe.xmp\0\0\0\0\0")) + packet),
            b.chunk(b"tEXt", draw(damaged("Größe\0groß".encode("latin-1")))),
            b.chunk(b"zTXt", draw(damaged(b"Comment\0\0x\x9c"))),
            after=(b.chunk(b"tEXt", b"Raw profile type iptc\0\niptc\n 9\n" + draw(damaged(records.hex().encode()))),),
        )
    if container == "webp":
        return b.webp((b"EXIF", block), (b"XMP ", packet))
    photo = {37500: (7, note), 37510: (7, b"UNICODE\0" + note)}
    return b.tiff({700: (1, packet), 33723: (7, records), 34377: (1, resources)}, photo, {1: (2, note)})


def others(tags: Directory, known: set[int]) -> Directory:
    return {tag: values for tag, values in tags.items() if tag not in known}


RESULTS = {"png": (".png", {}), "jpeg": (".jpg", {}), "tiff": (".tif", {}), "webp": (".webp", {"lossless": True})}


@pytest.fixture(scope="module")
def results() -> dict[str, bytes]:
    """A small color picture as libvips writes it, in every container."""
    picture = pyvips.Image.new_from_array(
        np.arange(24 * 16 * 3, dtype=np.uint8).reshape(24, 16, 3), interpretation="srgb"
    )
    return {name: picture.write_to_buffer(suffix, keep="icc", **more) for name, (suffix, more) in RESULTS.items()}


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(source=files(), container=st.sampled_from(sorted(RESULTS)), orientation=st.integers(1, 8), mark=st.booleans())
def test_any_metadata_can_be_read_and_written(results, source, container, orientation, mark):
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "in"), Path(folder, f"out{RESULTS[container][0]}")
        path.write_bytes(source)
        out.write_bytes(results[container])
        found = read(path)
        assert found is not None
        facts = Facts(container, 16, 24, 3, False, 8, "sRGB", True, orientation)
        written = of_result(found, facts, b.MARK if mark else None)
        notes = add(out, container, written)
        before = pyvips.Image.new_from_buffer(results[container], "").numpy()
        assert np.array_equal(pyvips.Image.new_from_file(str(out)).numpy(), before)
        again = read(out)
        assert again is not None
        assert not again.notes, "what was written is sound"
        if not notes:
            assert (again.xmp is None) == (written.xmp is None)
            ours = {274, 282, 283, 296}  # TIFF always says how it lies
            assert others(again.exif.image, ours) == others(written.exif.image, ours)
            assert again.resolution == written.resolution
            assert (again.exif.photo, again.exif.gps) == (written.exif.photo, written.exif.gps) or container == "tiff"
        if mark:
            assert again.xmp is not None and b"DigitalSourceType" in again.xmp
        if container in ("jpeg", "tiff"):
            assert again.iptc == written.iptc


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(source=files(), suffix=st.sampled_from([".png", ".jpg", ".tif", ".webp", ".ora"]))
def test_any_metadata_leaves_a_whole_picture(source, suffix):
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "in"), Path(folder, f"out{suffix}")
        path.write_bytes(source)
        picture = open_picture(path)
        write_picture(picture, color(picture.height, picture.width), out, mark=b.MARK)
        if suffix != ".ora":
            done = pyvips.Image.new_from_file(str(out))
            assert (done.width, done.height) == (picture.width, picture.height)
