"""A result has its scan's tones, up to its format's rounding; otherwise the place of the difference is reported."""

from pathlib import Path

import numpy as np
import pytest
import pyvips
from photochrom import Options, colorize_file, open_picture
from photochrom.errors import BadRequest
from photochrom.image.tone_seal import compare, quantized, seal

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tones")


@pytest.fixture(scope="module")
def scans(folder):
    """A gray scan of 8 bits and one of 16, 333 × 257: no whole number of cells."""
    gray = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0].resize(333 / 1024, vscale=257 / 787)
    gray.write_to_file(str(folder / "gray.png"))
    deep = (gray.cast("float") * 257).cast("ushort").copy(interpretation="grey16")
    deep.write_to_file(str(folder / "deep.tif"))
    return {8: folder / "gray.png", 16: folder / "deep.tif"}


@pytest.fixture(scope="module")
def colored(folder, scans):
    def colorize(bits, suffix):
        return colorize_file(scans[bits], folder / f"{bits}-color{suffix}", Options()).output

    return colorize


@pytest.mark.parametrize(("bits", "suffix"), [(8, ".png"), (8, ".tif"), (8, ".webp"), (8, ".jpg"), (16, ".png")])
def test_results_agree(colored, scans, bits, suffix):
    found = compare(open_picture(colored(bits, suffix)), open_picture(scans[bits]))
    assert found.agrees
    assert 0 < found.largest <= found.allowed <= 0.81
    assert found.cells == (suffix == ".jpg")


@pytest.mark.parametrize(("suffix", "step"), [(".png", 3), (".jpg", 12)])
def test_the_place_of_a_difference_is_reported(folder, colored, scans, suffix, step):
    image = pyvips.Image.new_from_file(str(colored(8, suffix))).numpy().copy()
    patch = image[96:120, 200:240]
    patch[...] = np.where(patch > 127, patch - step, patch + step)
    path = folder / f"painted{suffix}"
    pyvips.Image.new_from_array(image).copy(interpretation="srgb").write_to_file(
        str(path), **({"Q": 95, "subsample_mode": "off"} if suffix == ".jpg" else {})
    )
    found = compare(open_picture(path), open_picture(scans[8]))
    assert not found.agrees
    left, top, width, height = found.box
    assert abs(left - 200) <= 8
    assert abs(top - 96) <= 8
    assert abs(width - 40) <= 16
    assert abs(height - 24) <= 16


def test_a_single_pixel_in_the_last_corner_is_seen(folder, colored, scans):
    image = pyvips.Image.new_from_file(str(colored(8, ".png"))).numpy().copy()
    image[-1, -1] = 255 - image[-1, -1]
    path = folder / "corner.png"
    pyvips.Image.new_from_array(image).copy(interpretation="srgb").write_to_file(str(path))
    assert compare(open_picture(path), open_picture(scans[8])).box == (332, 256, 1, 1)


def test_another_photograph_differs(folder, scans):
    gray = pyvips.Image.new_from_file(str(scans[8]))
    gray.fliphor().write_to_file(str(folder / "flipped.png"))
    assert compare(open_picture(folder / "flipped.png"), open_picture(scans[8])).share > 0.5


def test_sizes_must_agree(folder, scans):
    gray = pyvips.Image.new_from_file(str(scans[8]))
    gray.crop(0, 0, 100, 100).write_to_file(str(folder / "cropped.png"))
    with pytest.raises(BadRequest, match="333 × 257"):
        compare(open_picture(folder / "cropped.png"), open_picture(scans[8]))


def test_a_seal_is_of_the_tones_alone(folder, scans):
    gray = pyvips.Image.new_from_file(str(scans[8]))
    gray.write_to_file(str(folder / "again.tif"), compression="lzw")
    assert seal(open_picture(folder / "again.tif")) == seal(open_picture(scans[8]))
    samples = gray.numpy().copy()
    samples[100, 100] += 10
    pyvips.Image.new_from_array(samples).copy(interpretation="b-w").write_to_file(str(folder / "other.png"))
    assert seal(open_picture(folder / "other.png")) != seal(open_picture(scans[8]))


def test_seals_have_256_tones():
    assert quantized(np.array([[0, 0.19, 0.2, 50, 100]], np.float32)).tolist() == [[0, 0, 1, 128, 255]]
