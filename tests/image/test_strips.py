"""Color in integers by strips: the samples that libvips' own arithmetic gives; tones as they were; whole or refused."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
import pyvips
from checkout import PYTHONPATH
from photochrom.errors import BadPicture, Cancelled
from photochrom.image import gamut, strips
from photochrom.image.color_spaces import NAMED, SRGB
from photochrom.image.files import write_picture
from photochrom.image.lab import lab_from_srgb
from photochrom.image.picture import open_picture
from photochrom.sampling import upsampling

ALONE = """
import gc, sys
import numpy as np
from photochrom.image.color_spaces import SRGB
from photochrom.image.picture import open_picture
from photochrom.image.strips import Composer, Kernel, reader

class Neutral:
    def rows(self, lightness, top):
        return np.zeros_like(lightness), np.zeros_like(lightness)

picture = open_picture(sys.argv[1])
composer = Composer(reader(picture.lightness()), Neutral(), Kernel(SRGB, "uchar"))
gc.collect()
samples = np.zeros((picture.height, picture.width, 3), np.uint8)
composer.rows(0, samples)
print(samples.any())
"""
"""The caller keeps no image: that of libvips alone would ask a file that Python has let go, and end the process."""

SIZES = [(1, 1), (7, 5), (5, 300), (613, 401)]


def coefficients(rng, cells=(6, 9), strength=20.0):
    return upsampling.Coefficients(rng.normal(0, strength, (*cells, 4)).astype(np.float32) * [0.02, 0.02, 1, 1])


def picture_of(rng, width, height):
    """L* with whole black and whole white in it."""
    values = rng.uniform(-20, 120, (height, width)).clip(0, 100).astype(np.float32)
    return pyvips.Image.new_from_array(values)


def pixels(image):
    return np.asarray(image.numpy(), np.int32).reshape(image.height, image.width, image.bands)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("space", list(NAMED))
@pytest.mark.parametrize("strength", [20.0, 200.0])
@pytest.mark.parametrize(("format", "most"), [("uchar", 0.52), ("ushort", 2.1)])
def test_samples_are_those_of_libvips(rng, monkeypatch, size, space, strength, format, most):
    monkeypatch.setattr(strips, "BLOCKS", 3)
    monkeypatch.setattr(strips, "BLOCK", 3_000)
    space = NAMED[space]
    lightness, planes = picture_of(rng, *size), coefficients(rng, strength=strength)
    full = upsampling.FullSize(planes, *size[::-1])
    found = strips.image(lightness, full, space, format)
    assert (found.format, found.bands) == (format, 3)
    light = gamut.linear_rgb(lightness, full.image(lightness), space)
    white = 255 if format == "uchar" else 65535
    exact = space.encode(light, "float").numpy().reshape(*size[::-1], 3).clip(0, 1) * white
    off = np.abs(pixels(found) - exact)
    # Next to black a pure power curve turns the last bit of a float into many codes.
    black = light.numpy().reshape(off.shape) < 1e-6
    assert off[~black].max() < most
    assert off[black].max(initial=0) < max(most, white / 1000)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cells", [(1, 1), (1, 4), (6, 9)])
def test_rows_are_those_of_the_image(rng, size, cells):
    lightness = picture_of(rng, *size)
    full = upsampling.FullSize(coefficients(rng, cells), *size[::-1])
    whole = pixels(full.image(lightness) * 1000)
    top = size[1] // 3
    a, b = full.rows(np.asarray(lightness.numpy(), np.float32).reshape(size[::-1])[top:], top)
    np.testing.assert_allclose(np.stack([a, b], -1) * 1000, whole[top:], atol=1.5)


@pytest.mark.parametrize("strength", [20.0, 150.0])
def test_tones_stay_to_the_rounding_of_a_code(rng, strength):
    lightness = picture_of(rng, 400, 300)
    full = upsampling.FullSize(coefficients(rng, strength=strength), 300, 400)
    rgb = pixels(strips.image(lightness, full, SRGB, "uchar"))
    moved = lab_from_srgb(rgb / 255)[..., 0] - lightness.numpy()
    gray = pixels(SRGB.encode(gamut.linear_rgb(lightness, lightness.bandjoin(lightness) * 0, SRGB), "uchar"))
    rounding = lab_from_srgb(gray / 255)[..., 0] - lightness.numpy()
    assert np.abs(moved).max() <= 1.05 * np.abs(rounding).max()


def test_what_is_no_color_is_black_or_the_neutral(rng):
    lightness = pyvips.Image.new_from_array(np.array([[0, 50, 100, 150, -20]], np.float32))
    planes = np.zeros((1, 1, 4), np.float32)
    planes[..., 2:] = 1e6, -1e6
    rgb = pixels(strips.image(lightness, upsampling.FullSize(upsampling.Coefficients(planes), 1, 5), SRGB, "uchar"))
    assert rgb[0, [0, 2, 3, 4]].tolist() == [[0] * 3, [255] * 3, [255] * 3, [0] * 3]


@pytest.fixture
def photograph(tmp_path, rng):
    values = rng.integers(0, 255, (900, 1500)).astype(np.uint8)
    path = tmp_path / "in.jpg"
    pyvips.Image.new_from_array(values).write_to_file(str(path), Q=90)
    return path


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".ora"])
def test_files_are_written_by_it(rng, photograph, tmp_path, suffix, monkeypatch):
    picture = open_picture(photograph)
    full = upsampling.FullSize(coefficients(rng), picture.height, picture.width)
    asked = []
    real = strips.image
    monkeypatch.setattr(strips, "image", lambda *given: asked.append(given) or real(*given))
    write_picture(picture, full, tmp_path / f"one{suffix}", mark=None)
    assert len(asked) == 1
    write_picture(picture, full.image(picture.lightness()), tmp_path / f"other{suffix}", mark=None)
    if suffix == ".ora":
        return
    one, other = (pixels(pyvips.Image.new_from_file(str(tmp_path / f"{name}{suffix}"))) for name in ("one", "other"))
    # A code more or less moves a coefficient of JPEG by a step.
    assert np.abs(one - other).max() <= (16 if suffix == ".jpg" else 1)
    assert np.abs(one - other).mean() < 0.01


def test_a_damaged_source_is_reported(rng, photograph, tmp_path):
    whole = photograph.read_bytes()
    picture = open_picture(photograph)
    photograph.write_bytes(whole[: len(whole) // 2])  # Whole when it was opened, as on a drive that is pulled out.
    full = upsampling.FullSize(coefficients(rng), picture.height, picture.width)
    with pytest.raises(BadPicture):
        write_picture(picture, full, tmp_path / "out.png", mark=None)
    assert not (tmp_path / "out.png").exists()


def test_it_can_be_cancelled(rng, photograph, tmp_path):
    picture = open_picture(photograph)
    full = upsampling.FullSize(coefficients(rng), picture.height, picture.width)

    def stop(done, _doing):
        if done > 0.1:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_picture(picture, full, tmp_path / "out.png", mark=None, progress=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jpg"]


def test_a_composer_keeps_the_file_that_it_reads(photograph):
    environment = {**os.environ, "PYTHONPATH": PYTHONPATH}
    command = [sys.executable, "-c", ALONE, str(photograph)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr[-500:]
