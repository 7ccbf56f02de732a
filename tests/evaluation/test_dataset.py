from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from photochrom.errors import BadPicture, BadRequest
from photochrom.evaluation.dataset import photographs, read_srgb
from PIL import Image, ImageCms


def save(path: Path, color: tuple[int, ...] = (200, 100, 50), mode: str = "RGB") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, (6, 4), color).save(path)
    return path


def test_without_an_index_the_first_folder_is_the_category(tmp_path: Path) -> None:
    save(tmp_path / "sea" / "deep" / "b.png")
    save(tmp_path / "a.PNG")
    (tmp_path / "notes.txt").write_text("no picture")
    found = [(photograph.name, photograph.category) for photograph in photographs(tmp_path)]
    assert found == [("a.PNG", "all"), ("sea/deep/b.png", "sea")]


def test_an_index_says_which_pictures_and_categories(tmp_path: Path) -> None:
    save(tmp_path / "x" / "one.png")
    save(tmp_path / "x" / "left-out.png")
    (tmp_path / "index.csv").write_text("width,path,category\n6,x/one.png,street\n")
    (found,) = photographs(tmp_path)
    assert (found.name, found.category, found.path) == ("x/one.png", "street", tmp_path / "x" / "one.png")


@pytest.mark.parametrize(
    ("index", "said"),
    [("path\nmissing.png\n", "missing.png"), ("name\na.png\n", "no column"), ("path\n", "no photo")],
)
def test_a_wrong_index_says_what_is_wrong(tmp_path: Path, index: str, said: str) -> None:
    save(tmp_path / "a.png")
    (tmp_path / "index.csv").write_text(index)
    with pytest.raises(BadRequest, match=said):
        photographs(tmp_path)


def test_no_folder_and_empty_folder_are_errors(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="not a folder"):
        photographs(tmp_path / "nowhere")
    with pytest.raises(BadRequest, match="no photograph"):
        photographs(tmp_path)


def test_pixels_are_read_exactly(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert np.array_equal(read_srgb(tmp_path / "a.png"), pixels)


def test_pictures_come_upright(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° clockwise
    Image.fromarray(pixels).save(tmp_path / "a.png", exif=exif)
    assert np.array_equal(read_srgb(tmp_path / "a.png"), np.rot90(pixels, -1))


def test_transparent_pixels_lie_on_white(tmp_path: Path) -> None:
    assert np.all(read_srgb(save(tmp_path / "a.png", (200, 100, 50, 0), "RGBA")) == 255)


def test_gray_pictures_become_rgb(tmp_path: Path) -> None:
    assert read_srgb(save(tmp_path / "a.png", (77,), "L")).tolist() == [[[77, 77, 77]] * 6] * 4


def test_a_profile_is_taken_into_account(tmp_path: Path) -> None:
    """The profile of sRGB leaves sRGB as it is, whatever way the values take."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (6, 4), (200, 100, 50)).save(tmp_path / "a.png", icc_profile=profile)
    difference = read_srgb(tmp_path / "a.png").astype(int) - (200, 100, 50)
    assert np.abs(difference).max() <= 1


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 not a picture")
    with pytest.raises(BadPicture, match=r"broken\.jpg"):
        read_srgb(path)


@pytest.mark.parametrize("suffix", [".jp2", ".ppm", ".bmp", ".heic"])
def test_every_kind_that_can_be_colorized_counts(tmp_path: Path, suffix: str) -> None:
    picture = Image.new("RGB", (16, 16), (200, 100, 50))
    if suffix == ".heic":
        import pillow_heif

        pillow_heif.from_pillow(picture).save(tmp_path / "a.heic", quality=-1, chroma=444, matrix_coefficients=0)
    else:
        picture.save(tmp_path / f"a{suffix}")
    (found,) = photographs(tmp_path)
    assert np.abs(read_srgb(found.path).astype(int) - (200, 100, 50)).max() <= 1
