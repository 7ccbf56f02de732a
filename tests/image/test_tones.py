"""What samples mean: by the file's tags, by its profile, or by a guess with a note."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from photochrom.image.color_spaces import NAMED
from photochrom.image.files import write_picture
from photochrom.image.picture import open_picture
from PIL import Image, ImageCms

from .conftest import HEIGHT, WIDTH, expected_lightness, lightness, no_color, tiff
from .test_color_spaces import gray_profile


@pytest.fixture
def gray16(rng):
    return rng.integers(0, 65536, (HEIGHT, WIDTH)).astype(np.uint16)


def lstar(luminance: np.ndarray) -> np.ndarray:
    return np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16, luminance * 24389 / 27)


LINEAR_GRAY = gray_profile(b"curv\0\0\0\0\0\0\0\0")


def test_gray_with_an_rgb_profile_has_the_profiles_gray_with_a_note(tmp_path, gray16):
    path = tiff(tmp_path, gray16, iccprofile=NAMED["adobe-rgb"].icc)
    assert np.abs(lightness(path) - lstar((gray16 / 65535) ** (563 / 256))).max() < 0.01
    assert "is for RGB" in open_picture(path).notes[0]


def test_rgb_with_a_gray_profile_has_its_curve_with_a_note(tmp_path, gray16):
    path = tiff(tmp_path, np.dstack([gray16] * 3), photometric="rgb", iccprofile=LINEAR_GRAY)
    picture = open_picture(path)
    assert np.abs(picture.lightness().numpy() - lstar(gray16 / 65535)).max() < 0.01
    assert "is for gray" in picture.notes[0]
    write_picture(picture, no_color(), tmp_path / "out.tif", mark=None)
    assert np.abs(lightness(tmp_path / "out.tif") - lstar(gray16 / 65535)).max() < 0.01


@pytest.mark.parametrize(("version", "white", "neutral"), [(4, 65535, 32896), (2, 65280, 32768)])
def test_lab_of_16_bits_is_encoded_as_the_version_of_its_profile_says(tmp_path, gray16, version, white, neutral):
    """Krita 5.2 writes the encoding of version 4, with its profile "Lab identity built-in"."""
    icc = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())
    icc[8] = version
    codes = np.minimum(gray16, white)
    lab = np.dstack([codes, np.full_like(codes, neutral), np.full_like(codes, neutral)])
    picture = open_picture(tiff(tmp_path, lab, photometric="icclab", iccprofile=bytes(icc)))
    assert np.abs(picture.lightness().numpy() - codes / white * 100).max() < 1e-3
    rgb = picture.as_srgb(picture.pixels(), "ushort").numpy()
    assert np.ptp(rgb.astype(int), axis=-1).max() <= 1


@pytest.mark.parametrize(("scale", "said"), [(255, "255"), (65535, "65535"), (1, None), (3, None)])
def test_floats_on_another_scale_are_read_on_it_with_a_note(tmp_path, gray8, scale, said):
    values = (gray8 / 255 * scale).astype(np.float32)
    picture = open_picture(tiff(tmp_path, values))
    assert any(f"{said} is treated as white" in note for note in picture.notes) == bool(said)
    assert any("have no profile" in note for note in picture.notes)
    if said:
        assert np.abs(picture.lightness().numpy() - expected_lightness(gray8)).max() < 0.01


def test_floats_with_a_profile_need_no_note(tmp_path, gray8):
    path = tiff(tmp_path, (gray8 / 255).astype(np.float16), iccprofile=LINEAR_GRAY)
    assert open_picture(path).notes == ()
    assert np.abs(lightness(path) - lstar((gray8 / 255).astype(np.float16).astype(float))).max() < 0.01


@pytest.mark.parametrize("subsampling", [(1, 1), (2, 2)])
def test_luma_and_chroma_without_compression(tmp_path, gray8, subsampling):
    gray = np.kron(gray8, np.ones((2, 2), np.uint8))
    across, down = subsampling
    blocks = gray.reshape(gray.shape[0] // down, down, gray.shape[1] // across, across).transpose(0, 2, 1, 3)
    chroma = np.full((*blocks.shape[:2], 2), 128, np.uint8)
    data = np.concatenate([blocks.reshape(*blocks.shape[:2], -1), chroma], -1).tobytes()
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, np.zeros((*gray.shape, 3), np.uint8), photometric="rgb", metadata=None)
    with tifffile.TiffFile(path, mode="r+b") as file:
        tags = file.pages[0].tags
        file.filehandle.seek(file.pages[0].dataoffsets[0])
        file.filehandle.write(data)
        tags[279].overwrite(len(data))
        tags[262].overwrite(6)
        tags[305].overwrite((2, 2), dtype=3) if 305 in tags else None
    _add_tag(path, 530, subsampling)
    assert np.abs(lightness(path) - expected_lightness(gray)).max() < 0.01


def _add_tag(path, number: int, values: tuple[int, int]) -> None:
    """A tag of two shorts in a little-endian file, in a directory appended to it."""
    data = bytearray(path.read_bytes())
    first = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[first : first + 2], "little")
    entries = [bytes(data[first + 2 + 12 * n : first + 14 + 12 * n]) for n in range(count)]
    short = [value.to_bytes(2, "little") for value in (number, 3)]
    entries.append(b"".join(short) + (2).to_bytes(4, "little") + b"".join(v.to_bytes(2, "little") for v in values))
    entries.sort(key=lambda entry: int.from_bytes(entry[:2], "little"))
    data += b"\0" * (len(data) % 2)
    data[4:8] = len(data).to_bytes(4, "little")
    path.write_bytes(bytes(data) + len(entries).to_bytes(2, "little") + b"".join(entries) + b"\0\0\0\0")


def test_infrared_and_saved_selections_are_no_transparency(tmp_path, gray16):
    infrared = np.full_like(gray16, 9000)
    for data, photometric in (
        (np.dstack([gray16] * 3 + [infrared]), "rgb"),
        (np.dstack([gray16, infrared]), "minisblack"),
    ):
        path = tiff(tmp_path, data, photometric=photometric, extrasamples=["unspecified"])
        picture = open_picture(path)
        assert not picture.alpha
        assert "left out" in picture.notes[0]
        for suffix in (".jpg", ".png", ".tif"):
            write_picture(picture, no_color(), tmp_path / f"out{suffix}", mark=None)
            assert not open_picture(tmp_path / f"out{suffix}").alpha


def test_opacity_that_is_full_everywhere_does_not_stop_a_jpeg(tmp_path, gray8):
    opaque = np.dstack([gray8, np.full_like(gray8, 255)])
    Image.fromarray(opaque, "LA").save(tmp_path / "x.png")
    write_picture(open_picture(tmp_path / "x.png"), no_color(), tmp_path / "out.jpg", mark=None)
    assert np.abs(lightness(tmp_path / "out.jpg") - expected_lightness(gray8)).mean() < 1
