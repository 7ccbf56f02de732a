"""Export for… in a real GIMP 2.10: the files that it writes, and its dialog, driven as a person would."""

import zipfile

import numpy as np
import pytest
from photochrom.image import marking
from photochrom.image.picture import open_picture
from photochrom.image.tones import lab_by_lcms

from .editor import GIMPRC, scheme_text
from .screen import running, told_in_time
from .test_colorizing import PHOTOGRAPH, planes, run_in

pytestmark = [pytest.mark.host, pytest.mark.flaky(reruns=1, only_rerun=["NotInTime"])]

TITLE = "Photochrom: Export for"
ROUNDING = 0.35
"""The largest difference in L* that is due to the rounding of 8 bits."""


@pytest.fixture(scope="module")
def cases(photochrom, tmp_path_factory):
    """Run by a user who has GIMP leave profiles out of exported files."""
    settings = photochrom.profile / "gimprc"
    settings.write_text(f"{GIMPRC}(export-color-profile no)\n", encoding="utf-8")
    yield run_in(photochrom, "exporting", tmp_path_factory.mktemp("exporting"))
    settings.write_text(GIMPRC, encoding="utf-8")


def lab(picture):
    """L*, a* and b* of a picture's pixels."""
    color = lab_by_lcms(picture.color_of(picture.pixels())).numpy().reshape(-1, 3)
    return np.hstack([picture.lightness().numpy().reshape(-1, 1), color[:, 1:]])  # that of lcms is coarse


def members(folder, path):
    """The photograph and what is above it in an OpenRaster file."""
    with zipfile.ZipFile(path) as archive:
        for name in ("source", "color"):
            archive.extract(f"data/{name}.png", folder)
    return [open_picture(folder / "data" / f"{name}.png") for name in ("source", "color")]


def assert_exported(result):
    assert result["errors"] == [""] * 3
    assert result["same"]


def assert_shows(shown, seen):
    assert np.abs(shown[:, 0] - seen[:, 0]).max() <= ROUNDING
    assert np.hypot(*shown[:, 1:].T).mean() == pytest.approx(np.hypot(*seen[:, 1:].T).mean(), rel=0.02)


@pytest.mark.parametrize("name", ["plain", "deep"])
def test_files_show_what_the_image_shows(cases, tmp_path, name):
    assert_exported(cases(name))
    seen = planes(cases.out / f"{name}.lab", 3)
    assert np.hypot(*seen[:, 1:].T).mean() > 4
    _below, above = members(tmp_path, cases.out / f"{name}.ora")
    for shown in (above, *(open_picture(cases.out / f"{name}.{suffix}") for suffix in ("psd", "tif"))):
        assert_shows(lab(shown), seen)


def test_photograph_below_has_its_own_samples(cases, tmp_path):
    below, above = members(tmp_path, cases.out / "plain.ora")
    assert below.format == above.format == "uchar"
    gray = np.fromfile(cases.out / "photograph.gray", np.uint8)
    samples = below.pixels().numpy()[..., :3].reshape(-1, 3)
    assert np.array_equal(samples, np.repeat(gray[:, None], 3, axis=1))


def test_more_than_8_bits_become_16(cases, tmp_path):
    assert {each.format for each in members(tmp_path, cases.out / "deep.ora")} == {"ushort"}


def test_note_is_in_every_file_unless_it_is_not_wanted(cases):
    for name in ("plain", "deep"):
        assert_exported(cases(name))
        for suffix in ("ora", "tif"):
            assert marking.read(cases.out / f"{name}.{suffix}").is_ours == (name == "plain")
        assert (b"Photochrom, colorizer" in (cases.out / f"{name}.psd").read_bytes()) == (name == "plain")


def test_hints_and_uncertainty_are_no_part_of_it(cases, tmp_path):
    result = cases("with_more")
    assert result["layers"] == 4
    assert_exported(result)
    below, above = members(tmp_path, cases.out / "with_more.ora")
    assert_shows(lab(above), planes(cases.out / "with_more-seen.lab", 3))
    assert np.ptp(below.pixels().numpy()[..., :3].astype(int), axis=-1).max() == 0  # the photograph is shown


def test_what_cannot_be_exported_is_refused_in_words(cases):
    told = {name: result["error"] for name, result in cases("refused").items()}
    assert "no colors in this image" in told["nothing"]
    assert "Name the file" in told["nameless"]
    assert "suffix" in told["other"]
    assert "Nothing is visible" in told["hidden"]
    assert [each.name for each in cases.out.glob("refused.*")] == ["refused.json"]


def test_file_is_named_by_its_program_and_written(newcomer, display, tmp_path):
    with running(newcomer, display, "python-fu-test-export-dialog", tmp_path, scheme_text(PHOTOGRAPH)) as screen:
        before = told_in_time(tmp_path / "before.json", 120)
        dialog = screen.window(TITLE)
        screen.picture(dialog, "gimp210-export.png")
        screen.keys(dialog, "alt+x", "Down")  # in the list of programs, the next one is Photoshop
        screen.picture(dialog, "gimp210-export-program.png")
        screen.keys(dialog, "alt+n", "ctrl+a")
        screen.write(dialog, str(tmp_path / "barn"))
        screen.leave(dialog, TITLE, "Return")  # twice: first the name gets its suffix
        result = told_in_time(tmp_path / "result.json", 120)
        assert result["error"] == ""
        assert result["document"] == before
        written = tmp_path / "barn.psd"
        picture = open_picture(written)
        assert [picture.width, picture.height] == before["size"]
        assert b"Photochrom, colorizer" in written.read_bytes()
        assert told_in_time(tmp_path / "again.json", 120)["error"] == ""
