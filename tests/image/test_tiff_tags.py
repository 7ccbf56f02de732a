"""Tags as careless programs write them: of another type, out of range, or pointing nowhere."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile
from photochrom.errors import BadPicture
from photochrom.image.picture import Picture, open_picture
from PIL import Image

from .conftest import expected_lightness

WIDTH, HEIGHT = 64, 48

BYTE, ASCII, SHORT, LONG = 1, 2, 3, 4


@pytest.fixture
def scan() -> np.ndarray:
    """A gradient, so that JPEG loses little of it."""
    return np.tile(np.linspace(10, 240, WIDTH).astype(np.uint8), (HEIGHT, 1))


def written(path: Path, data: bytes, tags: dict[int, tuple[int, list[int]]], order: str = "<") -> Path:
    """A TIFF with one strip of `data` and these tags: number -> (type, values)."""
    tags = {273: (LONG, [8]), 278: (LONG, [HEIGHT]), 279: (LONG, [len(data)]), **tags}
    tags = {256: (SHORT, [WIDTH]), 257: (SHORT, [HEIGHT]), 258: (SHORT, [8]), 259: (SHORT, [1]), **tags}
    tags = {262: (SHORT, [1]), 277: (SHORT, [1]), **tags}
    data += bytes(len(data) % 2)
    directory = 8 + len(data)
    entries, further = b"", b""
    for tag, (kind, values) in sorted(tags.items()):
        code = {BYTE: "B", ASCII: "B", SHORT: "H", LONG: "I"}[kind]
        packed = struct.pack(f"{order}{len(values)}{code}", *values)
        if len(packed) > 4:
            packed, stored = struct.pack(order + "I", directory + 6 + 12 * len(tags) + len(further)), packed
            further += stored + bytes(len(stored) % 2)
        entries += struct.pack(order + "HHI", tag, kind, len(values)) + packed.ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", directory)
    path.write_bytes(head + data + struct.pack(order + "H", len(tags)) + entries + bytes(4) + further)
    return path


def check(path: Path, samples: np.ndarray, within: float = 1e-3) -> Picture:
    picture = open_picture(path)
    with picture.reading():
        assert np.abs(picture.lightness().numpy() - expected_lightness(samples)).max() < within
    return picture


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("tag", [259, 262, 266, 274, 284, 296])
def test_a_tag_may_be_a_byte(tmp_path, scan, tag, order):
    check(written(tmp_path / "x.tif", scan.tobytes(), {tag: (BYTE, [1])}, order), scan)


def test_an_extra_sample_named_by_a_byte_is_opacity(tmp_path, scan):
    both = np.dstack([scan, scan])
    tags = {258: (SHORT, [8, 8]), 277: (SHORT, [2]), 338: (BYTE, [2])}
    assert check(written(tmp_path / "x.tif", both.tobytes(), tags), scan).alpha


@pytest.mark.parametrize("tag", [256, 257, 258, 277, 278, 339])
def test_a_byte_where_it_cannot_be_read_is_refused_without_pythons_words(tmp_path, scan, tag):
    value = {256: WIDTH, 257: HEIGHT, 258: 8, 277: 1, 278: HEIGHT, 339: 1}[tag]
    path = written(tmp_path / "x.tif", scan.tobytes(), {tag: (BYTE, [value])})
    try:
        check(path, scan)
    except BadPicture as error:
        assert not any(word in str(error) for word in ("int()", "b'", "not supported between"))


def test_a_photometric_that_is_no_number_does_not_make_a_negative(tmp_path, scan):
    with pytest.raises(BadPicture, match="kind of color"):
        open_picture(written(tmp_path / "x.tif", scan.tobytes(), {262: (ASCII, [ord("1"), 0])}))


@pytest.mark.parametrize(("tag", "value"), [(266, 0), (266, 3), (274, 9), (284, 0), (284, 3), (296, 0), (296, 7)])
@pytest.mark.parametrize("bands", [1, 3])
def test_a_value_out_of_range_is_the_usual_one(tmp_path, scan, tag, value, bands):
    tags = {tag: (SHORT, [value]), 258: (SHORT, [8] * bands), 277: (SHORT, [bands]), 262: (SHORT, [min(bands, 2)])}
    picture = check(written(tmp_path / "x.tif", np.dstack([scan] * bands).tobytes(), tags), scan)
    assert (picture.width, picture.notes) == (WIDTH, ())


@pytest.mark.parametrize("places", [[0], [10**8], [20], [0, 0], [10**8, 10**8]])
def test_lower_directories_that_are_none_are_ignored(tmp_path, scan, places):
    assert check(written(tmp_path / "x.tif", scan.tobytes(), {330: (LONG, places)}), scan).pages == 1


@pytest.mark.parametrize("others", [[], [0]])
def test_a_thumbnail_whose_picture_below_is_lost_is_not_the_picture(tmp_path, scan, others):
    path = written(tmp_path / "x.tif", scan.tobytes(), {254: (LONG, [1]), 330: (LONG, [*others, 10**8])})
    with pytest.raises(BadPicture, match="holds a thumbnail"):
        open_picture(path)


def test_a_thumbnail_with_nothing_below_is_the_picture(tmp_path, scan):
    check(written(tmp_path / "x.tif", scan.tobytes(), {254: (LONG, [1]), 330: (LONG, [0])}), scan)


def test_a_thumbnail_beside_another_is_not_the_picture_if_that_is_lost(tmp_path, scan):
    path = tmp_path / "x.tif"
    with tifffile.TiffWriter(path) as file:
        for options in ({"subifds": 2}, {}, {}):
            file.write(scan, subfiletype=1, photometric="minisblack", metadata=None, **options)
    with tifffile.TiffFile(path) as tiff:
        place = tiff.pages[0].tags[330].valueoffset
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, place + 4, 10**8)
    path.write_bytes(data)
    with pytest.raises(BadPicture, match="holds a thumbnail"):
        open_picture(path)


@pytest.mark.parametrize("order", ["<", ">"])
def test_whole_numbers_of_24_bits_are_refused_by_name(tmp_path, scan, order):
    data = np.repeat(scan, 3, axis=1).tobytes()
    with pytest.raises(BadPicture, match="24 bits"):
        open_picture(written(tmp_path / "x.tif", data, {258: (SHORT, [24])}, order))


@pytest.mark.parametrize(
    ("kind", "said"), [(0, "unknown"), (2, "signed"), (5, "complex"), (6, "complex"), (7, "unknown")]
)
def test_a_sample_format_is_refused_by_its_own_name(tmp_path, scan, kind, said):
    with pytest.raises(BadPicture, match=said):
        open_picture(written(tmp_path / "x.tif", scan.tobytes(), {339: (SHORT, [kind])}))


@pytest.mark.parametrize("bits", [20, 32])
@pytest.mark.parametrize("bands", [1, 3])
def test_whole_numbers_of_many_bits_are_not_called_floating_point(tmp_path, scan, bits, bands):
    path, samples = tmp_path / "x.tif", np.dstack([scan] * bands)
    data = (samples.astype(np.uint64) * (2**bits - 1) // 255).astype(np.uint32)
    form = "minisblack" if bands == 1 else "rgb"
    tifffile.imwrite(path, data.squeeze(), photometric=form, bitspersample=bits, metadata=None)
    picture = check(path, scan, 0.01)
    assert picture.notes == ()
    with_16_bits = tmp_path / "y.tif"
    tifffile.imwrite(with_16_bits, (samples.astype(np.uint16) * 257).squeeze(), photometric=form, metadata=None)
    assert picture.space.icc == open_picture(with_16_bits).space.icc


@pytest.mark.parametrize("compression", [None, "zlib", "zstd", "lzma"])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("place", [False, True])
def test_a_strip_without_data_is_damage_not_black(tmp_path, scan, compression, whole, place):
    path = tmp_path / "x.tif"
    options = {"rowsperstrip": HEIGHT if whole else 8, "compression": compression, "metadata": None}
    tifffile.imwrite(path, scan / 255, photometric="minisblack", **options)
    emptied(path, 279, None if whole else 2)
    if place:
        emptied(path, 273, None if whole else 2)
    with pytest.raises(BadPicture, match="damaged or truncated: parts of its picture have no data"):
        open_picture(path)


@pytest.mark.parametrize("compression", ["zlib", "zstd"])
def test_tiles_that_are_all_left_out_are_damage_not_black(tmp_path, scan, compression):
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, scan, tile=(16, 16), photometric="minisblack", compression=compression, metadata=None)
    emptied(path, 324, None)
    emptied(path, 325, None)
    with pytest.raises(BadPicture, match="damaged or truncated"):
        check(path, scan)


def emptied(path: Path, tag: int, number: int | None) -> None:
    """Makes one value of a tag 0, or all of them."""
    with tifffile.TiffFile(path) as tiff:
        found = tiff.pages[0].tags[tag]
        place, count, size = found.valueoffset, found.count, {SHORT: 2, LONG: 4, 16: 8}[int(found.dtype)]
    data = bytearray(path.read_bytes())
    first, last = (0, count) if number is None else (number, number + 1)
    data[place + first * size : place + last * size] = bytes((last - first) * size)
    path.write_bytes(data)


def old_jpeg(path: Path, scan: np.ndarray, tags: dict[int, tuple[int, list[int]]]) -> Path:
    stream = io.BytesIO()
    Image.fromarray(scan).save(stream, "JPEG", quality=98)
    data = stream.getvalue()
    usual = {259: (SHORT, [6]), 512: (SHORT, [1]), 513: (LONG, [8]), 514: (LONG, [len(data)])}
    return written(path, data, {**usual, **tags})


def test_an_old_jpeg_stands_in_its_strip_or_at_a_tag_of_its_own(tmp_path, scan):
    pytest.importorskip("imagecodecs")
    for number, tags in enumerate(({}, {279: (LONG, [0])}, {273: (LONG, [0]), 279: (LONG, [0])})):
        check(old_jpeg(tmp_path / f"{number}.tif", scan, tags), scan, 3)


def test_an_old_jpeg_in_parts_is_one_for_another_program(tmp_path, scan):
    pytest.importorskip("imagecodecs")
    with pytest.raises(BadPicture) as caught:
        open_picture(old_jpeg(tmp_path / "x.tif", scan, {273: (LONG, [400]), 279: (LONG, [300])}))
    assert "old-style JPEG" in caught.value.cause
    assert "Another program" in caught.value.next_step and "scan it again" not in caught.value.next_step


def float_tiff(path: Path, color: np.ndarray, opacity: np.ndarray, extra: int) -> Path:
    both = np.dstack([color, opacity]).astype(np.float32)
    tifffile.imwrite(path, both, photometric="minisblack", planarconfig="contig", extrasamples=[extra], metadata=None)
    return path


@pytest.mark.parametrize("extra", [1, 2])
@pytest.mark.parametrize("color_white", [1, 255])
@pytest.mark.parametrize("opaque", [1, 255])
def test_floating_point_opacity_has_the_white_of_color_or_its_own(tmp_path, scan, extra, color_white, opaque):
    opacity = np.linspace(0.2, 1, HEIGHT)[:, None] * np.ones(WIDTH) * opaque
    color = scan / 255 * color_white * (opacity if extra == 1 else 1)
    path = float_tiff(tmp_path / "x.tif", color, opacity, extra)
    picture = check(path, scan, 0.1)
    assert picture.alpha
    assert np.abs(picture.pixels().numpy()[..., 1] - opacity / opaque).max() < 1e-3


def test_word_aligned_fax_is_refused_by_name(tmp_path, scan):
    with pytest.raises(BadPicture, match="word-aligned fax") as caught:
        open_picture(written(tmp_path / "x.tif", scan.tobytes(), {258: (SHORT, [1]), 259: (SHORT, [32771])}))
    assert "Another program" in caught.value.next_step
