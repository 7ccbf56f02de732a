"""Color is measured: toned and faded prints are none, photographs in faint colors are."""

import numpy as np
import pytest
import pyvips
from photochrom.batch.already_color import THRESHOLD, color_spread, is_color
from photochrom.batch.reading import lab_of
from photochrom.image import lab
from photochrom.image.picture import open_picture

from .conftest import PHOTOGRAPH


def picture(lightness, a, b):
    return np.stack(np.broadcast_arrays(lightness, a, b), -1).astype(np.float32)


@pytest.fixture
def lightness():
    return open_picture(PHOTOGRAPH).lightness().resize(0.25).numpy()


def test_gray_has_no_spread(lightness):
    assert color_spread(picture(lightness, 0, 0)) == 0


def test_a_strong_tone_is_no_color(lightness):
    sepia = picture(lightness, 12 * np.sin(lightness / 32), 35 * np.sin(lightness / 32))
    assert color_spread(sepia) < THRESHOLD / 2


def test_a_tone_that_faded_at_one_side_with_a_noisy_scanner_is_no_color(lightness, rng):
    faded = np.linspace(0.7, 1, lightness.shape[1]) * 18
    noise = rng.normal(0, 1, (2, *lightness.shape))
    assert not is_color(picture(lightness, 4 + noise[0], faded + noise[1]))


def test_faint_colors_are_color(lightness):
    height, width = lightness.shape
    blue_above_brown = np.where(np.arange(height)[:, None] < height / 2, -6, 6)
    assert is_color(picture(lightness, np.zeros(width), blue_above_brown))


@pytest.mark.parametrize("name", ["rgb.tif", "rgb.png", "deep.tif", "alpha.png"])
def test_files_are_measured_whatever_their_samples(tmp_path, lightness, name):
    y = np.linspace(-20, 20, lightness.shape[0])[:, None]
    rgb = np.clip(lab.srgb_from_lab(picture(lightness * 0.6 + 20, y, -y)), 0, 1)
    if name == "alpha.png":
        rgb = np.concatenate([rgb, np.ones((*lightness.shape, 1))], -1)
    white, interpretation = (65535, "rgb16") if name == "deep.tif" else (255, "srgb")
    samples = (rgb * white + 0.5).astype(np.uint16 if white > 255 else np.uint8)
    path = tmp_path / name
    pyvips.Image.new_from_array(samples).copy(interpretation=interpretation).write_to_file(str(path))
    measured = color_spread(lab_of(open_picture(path)))
    assert measured == pytest.approx(color_spread(picture(lightness, y, -y)), rel=0.15)


def test_a_file_that_stores_gray_is_not_looked_at(write, tmp_path):
    assert lab_of(open_picture(write(tmp_path / "gray.jpg"))) is None
