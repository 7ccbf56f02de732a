"""What the plug-in promises, in a real GIMP 2.10, without windows."""

import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
from photochrom.image.color_spaces import NAMED

from . import editor
from .screen import told_in_time, wait_for

pytestmark = pytest.mark.host

PHOTOGRAPH = editor.REPOSITORY / "examples" / "dust-bowl-home.jpg"
ROUNDING = {
    **{"u8": 0.3, "u16": 0.005, "u16_linear": 0.3, "u32": 0.005, "half": 0.05, "float": 0.005, "float_linear": 0.005},
    **{"gray": 0.3, "indexed": 0.3, "gray_u16_alpha": 0.005, "normal_layer": 0.3, "group_and_offset": 0.3},
    **{"alpha": 0.005, "other_profile": 0.03, "indexed_other_profile": 0.3},
}
"""Largest change of D50 L* by case. 16-bit linear light has coarse steps in the darks: 0.3 there is rounding."""

RGB, GRAY, INDEXED = range(3)
LCH_COLOR, NORMAL = 26, 28


@pytest.fixture(scope="module")
def cases(photochrom, tmp_path_factory):
    return run_in(photochrom, "colorizing", tmp_path_factory.mktemp("colorizing"))


def run_in(gimp, script, out):
    """The outcome of the cases of a script of inside/, run in one GIMP: a function from the case's name to its dict."""
    (out / "wide.icc").write_bytes(NAMED["adobe-rgb"].icc)
    said = gimp.batch(scheme(f"test-{script}", out), seconds=1200)

    def told(name):
        return editor.told(out, name, said)

    told.out = out
    return told


def scheme(procedure, out, *more):
    return f"(python-fu-{procedure} 1 {editor.scheme_text(out)} {editor.scheme_text(PHOTOGRAPH)} {' '.join(more)})"


def planes(path, channels):
    return np.fromfile(path, np.float32).reshape(-1, channels)


def chroma(cases, name):
    return float(np.hypot(*planes(cases.out / f"{name}-after.lab", 3)[:, 1:].T).mean())


def assert_colored(cases, name):
    result = cases(name)
    assert result["error"] == ""
    assert chroma(cases, name) > 1
    return result


def top(result):
    return result["document"]["layers"][0]


@pytest.mark.parametrize("name", ROUNDING)
def test_flattened_result_keeps_lightness_and_precision(cases, name):
    result = assert_colored(cases, name)
    before, after = (planes(cases.out / f"{name}-{when}.lab", 3)[:, 0] for when in ("before", "after"))
    assert float(np.abs(before - after).max()) <= ROUNDING[name]
    assert result["document"]["precision"] == result["before"]["precision"]
    assert result["document"]["type"] == RGB


def test_strength_scales_chroma(cases):
    assert cases("half_chroma")["error"] == ""
    assert chroma(cases, "half_chroma") == pytest.approx(chroma(cases, "u8") / 2, rel=0.1)


def test_layer_is_in_lch_color_mode_right_above_its_source_which_stays(cases):
    result = assert_colored(cases, "u8")
    assert (top(result)["mode"], top(result)["opacity"], top(result)["mask"]) == (LCH_COLOR, 100, None)
    assert top(result)["name"] == result["returned"] == "General (Photochrom)"
    assert result["document"]["layers"][1:] == result["before"]["layers"]
    assert result["document"]["selected"] == result["returned"]
    assert top(assert_colored(cases, "normal_layer"))["mode"] == NORMAL


def test_image_that_is_not_srgb_gets_a_layer_with_its_tones(cases):
    """GIMP 2.10 computes the lightness of every image as if it were sRGB."""
    assert [top(cases(name))["mode"] for name in ("other_profile", "indexed_other_profile")] == [NORMAL, NORMAL]


def test_images_of_every_type_became_rgb(cases):
    types = {name: cases(name)["before"]["type"] for name in ("u8", "gray", "gray_u16_alpha", "indexed")}
    assert types == {"u8": RGB, "gray": GRAY, "gray_u16_alpha": GRAY, "indexed": INDEXED}


def test_layer_goes_into_the_group_of_its_source_with_its_offset(cases):
    result = assert_colored(cases, "group_and_offset")
    (group,) = result["document"]["layers"]
    assert result["parent"] == "group"
    assert [child["name"] for child in group["children"]] == ["above", result["returned"], "scan", "below"]
    assert group["children"][1]["offset"] == [-37, 21]
    assert group["children"][1]["size"] == group["children"][2]["size"]
    assert result["document"]["size"] == result["before"]["size"]


def test_selection_becomes_the_mask(cases):
    result = assert_colored(cases, "selection")
    width, height = top(result)["size"]
    shape = planes(cases.out / "selection.mask", 1).reshape(height, width)  # of the image
    mask = planes(cases.out / "selection-layer.mask", 1).reshape(height, width)  # 11 right and 7 up of it
    assert 0.1 < shape.mean() < 0.9
    assert np.abs(shape[: height - 7, 11:] - mask[7:, : width - 11]).max() <= 1 / 255
    assert top(result)["offset"] == [11, -7]
    assert result["still_selected"]


def test_mask_of_the_source_hides_color_too(cases):
    assert_colored(cases, "selection_and_mask")
    hidden, chosen, mask = (
        planes(cases.out / f"selection_and_mask-{name}.mask", 1) for name in ("hidden", "chosen", "layer")
    )
    assert np.abs(np.minimum(hidden, chosen) - mask).max() <= 1 / 255
    assert 0.02 < mask.mean() < min(hidden.mean(), chosen.mean())


def test_alpha_of_the_layer_is_the_source_s(cases):
    assert_colored(cases, "alpha")
    source = planes(cases.out / "alpha-source.alpha", 2)[:, 1]
    assert len(np.unique(source)) > 50
    assert np.abs(source - planes(cases.out / "alpha-layer.lab", 4)[:, 3]).max() <= 1 / 65535


def test_image_says_who_made_its_colors(cases):
    result = assert_colored(cases, "u8")
    assert result["before"]["said"] == [None, None, None]
    assert result["document"]["said"][0].endswith("compositeWithTrainedAlgorithmicMedia")
    assert result["document"]["said"][1] == "Photochrom, colorizer lite"


def test_settings_are_used_again_also_in_a_file_opened_again(cases):
    result = cases("run_again")
    assert [result[name]["error"] for name in ("first", "again", "last")] == ["", "", ""]
    first, again, last = (planes(cases.out / f"run_again-{name}.lab", 4) for name in ("first", "again", "last"))
    assert np.abs(first - again).mean() < 1e-3  # 8 bit: what lies between two values may become either
    assert np.abs(first - last).mean() < 1e-3
    assert "Photochrom made" in result["nothing"]["error"]


def test_one_pixel_is_a_picture_too(cases):
    assert cases("one_pixel")["error"] == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rejected_group", "layer group"),
        ("rejected_channel", "channel"),
        ("rejected_mask", "mask"),
        ("rejected_empty_layer", "transparent"),
        ("rejected_outside", "outside of the image"),
        ("rejected_beside", "beside"),
        ("impossible_value", "lively"),
        ("unknown_colorizer", "no-such-colorizer"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(cases, name, words):
    result = cases(name)
    assert words in result["error"]
    assert result["document"] == result["before"]


def test_without_an_engine_the_error_says_how_to_install_it(photochrom, tmp_path):
    photochrom.stop_engines()
    command = photochrom.profile / "plug-ins" / "photochrom" / "engine-command.json"
    aside = command.rename(tmp_path / "aside.json")
    # Where an engine that has run before noted itself.
    (photochrom.home / ".local" / "share" / "photochrom" / command.name).unlink(missing_ok=True)
    try:
        said = photochrom.batch(scheme("test-once", tmp_path, "0.5"), PHOTOCHROM_ENGINE="")
    finally:
        aside.rename(command)
    result = editor.told(tmp_path, "once", said)
    assert "photochrom plugin install" in result["error"]
    assert result["document"] == result["before"]


def test_engine_killed_in_the_middle_leaves_the_document_alone(photochrom, tmp_path):
    with large(photochrom, tmp_path):
        wait_for(lambda: photochrom.logged("/jobs 201"), 120, "a job that has just begun")
        assert not (tmp_path / "once.json").exists(), "it was faster than this test: nothing was in the middle"
        os.kill(photochrom.engine()["pid"], signal.SIGKILL)
        result = told_in_time(tmp_path / "once.json")
    assert "Log: " in result["error"]
    assert result["document"] == result["before"]


def test_cancelled_plug_in_leaves_the_document_alone_and_stops_the_engine_s_work(photochrom, tmp_path):
    """GIMP's Cancel button ends the plug-in: so does this test."""
    with large(photochrom, tmp_path):
        plug_in = wait_for(lambda: plug_ins(photochrom), 60, "a plug-in")[0]
        wait_for(lambda: photochrom.logged("/jobs 201"), 120, "a job that has just begun")
        engine = photochrom.engine()
        os.kill(plug_in, signal.SIGKILL)
        result = told_in_time(tmp_path / "once.json")
        wait_for(lambda: photochrom.logged(" cancelled") or photochrom.logged("rows read"), 60, "the end of the job")
    assert result["error"]
    assert result["document"] == result["before"]
    assert photochrom.engine() == engine, "the engine itself lives on"


class large:  # noqa: N801  (used as a function)
    """GIMP without windows coloring a large image; killed at the end."""

    def __init__(self, gimp, out):
        gimp.stop_engines()
        words = ["gimp", "-i", "--no-splash", "-d", "-f", "-b", scheme("test-once", out, "5.0")]
        self._out = out
        self._gimp = subprocess.Popen(
            words, env=gimp.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )

    def __enter__(self):
        told_in_time(self._out / "begins.json", 120)

    def __exit__(self, *reason):
        self._gimp.kill()
        self._gimp.communicate()


def plug_ins(gimp):
    """The processes of our plug-in that this user runs now."""
    script = str(gimp.profile / "plug-ins" / "photochrom" / "photochrom.py").encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if script in words:
            found.append(int(folder.name))
    return found
