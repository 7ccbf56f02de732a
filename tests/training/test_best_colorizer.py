"""The Best Colorizer data set: its errors are those of the pictures, and broken work goes on."""

import numpy as np
import pytest
import pyvips
from photochrom import colorizers
from photochrom.image.lab import lab_from_srgb, srgb_from_lab
from photochrom.sampling.proxy import reduce
from photochrom.sampling.resize import stretch
from photochrom.training import best_colorizer
from photochrom.training.best_colorizer import blends_of_two, build, cpsnr

CHOICES = ("lite", "people")


def picture(seed):
    noise = np.random.default_rng(seed).random((6, 8, 3), np.float32)
    image = pyvips.Image.new_from_array((255 * noise).astype(np.uint8)).resize(24)
    return image.cast("uchar")


@pytest.fixture
def album(tmp_path):
    folder = tmp_path / "Müllers Album"
    folder.mkdir()
    for number in range(3):
        picture(number).write_to_file(str(folder / f"{number}.png"))
    return folder


def test_errors_are_those_of_the_pictures(album, tmp_path):
    found = build(album, CHOICES, 3, 0, tmp_path / "found.npz")
    assert found.thumbnails.shape == (3, 64, 64)
    row = found.paths.index("1.png")
    rgb = picture(1).numpy().astype(np.float32) / 255
    plane = lab_from_srgb(rgb)[..., 0]
    lightness = pyvips.Image.new_from_array(plane)
    ab = colorizers.load("people").predict(reduce(lightness, colorizers.load("people").card.proxy_side)).ab
    full = stretch(pyvips.Image.new_from_array(ab), 144, 192).numpy()
    ours = np.clip(srgb_from_lab(np.dstack([plane, full])), 0, 1)
    expected = -10 * np.log10(np.mean((ours - rgb) ** 2))
    assert found.cpsnr(np.array([0, 1], np.float32))[row] == pytest.approx(expected, abs=0.01)
    assert found.thumbnails[row].mean() == pytest.approx(plane.mean(), abs=0.5)


def test_blend_has_the_error_of_the_mean():
    residuals = np.array([[0.3, -0.1, 0.2], [-0.1, 0.3, 0.0]], np.float32)
    gram = (residuals @ residuals.T / 3)[None]
    expected = -10 * np.log10(np.mean(residuals.mean(0) ** 2))
    assert cpsnr(gram, np.array([0.5, 0.5], np.float32))[0] == pytest.approx(expected, abs=1e-4)


def test_exact_picture_has_a_finite_cpsnr():
    assert cpsnr(np.zeros((1, 2, 2), np.float32), np.array([1, 0], np.float32))[0] == pytest.approx(58.92, abs=0.01)


def test_interrupted_work_resumes_where_it_stopped(album, tmp_path, monkeypatch):
    monkeypatch.setattr(best_colorizer, "KEPT_EVERY", 1)
    file = tmp_path / "found.npz"

    def interrupted(done, _):
        if done > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(album, CHOICES, 3, 0, file, interrupted)
    assert len(best_colorizer.read(file).paths) == 2
    heard = []
    found = build(album, CHOICES, 3, 0, file, lambda done, _: heard.append(done))
    assert heard == [pytest.approx(2 / 3)]
    assert sorted(found.paths) == ["0.png", "1.png", "2.png"]


def test_another_pool_starts_from_scratch(album, tmp_path):
    file = tmp_path / "found.npz"
    build(album, CHOICES, 1, 0, file)
    assert build(album, ("lite",), 2, 0, file).gram.shape == (2, 1, 1)


def test_choices_are_the_single_ones_and_every_pair():
    choices = blends_of_two(3)
    assert choices.shape == (6, 3)
    np.testing.assert_allclose(choices.sum(1), 1)
    assert sorted((row > 0).sum() for row in choices) == [1, 1, 1, 2, 2, 2]
