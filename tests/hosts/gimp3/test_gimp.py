"""What the plug-in promises, in a real GIMP 3, without windows."""

import json
import os
import re
import signal
from pathlib import Path

import numpy as np
import pytest

from .conftest import end, where
from .screen import read_when_there, wait_for

pytestmark = pytest.mark.host

ROUNDING = {
    "u8": 0.3,
    "u16": 0.005,
    "u16_linear": 0.3,
    "u32": 0.005,
    "half": 0.05,
    "float": 0.005,
    "float_linear": 0.005,
}
"""Largest change of D50 L* by precision. 16-bit linear light has coarse steps in the darks: 0.3 there is rounding."""


def planes(path, channels):
    return np.fromfile(path, np.float32).reshape(-1, channels)


def lightness_change(cases, name):
    before = planes(cases.out / f"{name}-before.lab", 3)[:, 0]
    after = planes(cases.out / f"{name}-after.lab", 3)[:, 0]
    return float(np.abs(before - after).max())


def mean_chroma(cases, name):
    return float(np.hypot(*planes(cases.out / f"{name}-after.lab", 3)[:, 1:].T).mean())


def assert_colored(cases, name):
    result = cases(name)
    assert result["status"] == "success", result["error"]
    assert mean_chroma(cases, name) > 1
    # A gray or indexed source goes through GIMP's own conversion to RGB, exact but for the last bit of its precision:
    # for an indexed one that of a float, on some processors. 8 bits of linear light are too coarse for its darks.
    most = {"gray": 1e-5, "indexed": 2**-24}.get(result["before"]["type"], 0)
    assert result["source_change"] <= {"gray_profile_u8": 0.002}.get(name, most)
    return result


def top(result):
    return result["document"]["layers"][0]


def unchanged(result):
    return result["document"] == result["before"]


# ------------------------------------------------------------------------------------- tones


@pytest.mark.parametrize("name", ROUNDING)
def test_flattened_result_keeps_lightness_and_precision(cases, name):
    result = assert_colored(cases, name)
    assert lightness_change(cases, name) <= ROUNDING[name]
    assert result["document"]["precision"] == result["before"]["precision"]


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("gray", 0.3),
        ("indexed", 0.3),
        ("gray_u16_alpha", 0.005),
        ("gray_profile_u8", 0.5),  # GIMP rounds linear light to 8 bits of sRGB
        ("gray_profile_u16", 0.005),
        ("gray_profile_u16_alpha", 0.005),
        ("gray_profile_float", 0.005),
        ("rgb_u8", 0.3),
        ("rgb_u16_alpha", 0.005),
        ("rgb_profile_u8_alpha", 0.3),
        ("rgb_profile_u16", 0.04),
        ("rgb_color_below_u8", 0.3),
        ("rgb_color_below_u16", 0.005),
        ("other_profile", 0.03),
    ],
)
def test_lightness_stays_whatever_the_image_is(cases, name, most):
    # 0.03 for Adobe RGB: where a channel is 0, GIMP hands it back as 1e-5 of linear light (its approximation of a
    # pure gamma curve near black), which is 0.012 L* in the darks; in vivid darks two channels are.
    assert_colored(cases, name)
    assert lightness_change(cases, name) <= most


@pytest.mark.parametrize(("name", "most"), [("live_u8", 0.3), ("live_u16", 0.005), ("live_gray_u16", 0.005)])
def test_live_filters_are_seen_and_stay_live(cases, name, most):
    result = assert_colored(cases, name)
    assert len(result["filters"]) == 4
    assert lightness_change(cases, name) <= most
    assert result["document"]["layers"][1:] == result["before"]["layers"] or result["before"]["type"] == "gray"


@pytest.mark.parametrize(
    ("name", "most"), [("normal_layer", 0.3), ("normal_layer_u16", 0.005), ("live_normal_layer", 0.005)]
)
def test_normal_layer_holds_tones_and_colors(cases, name, most):
    result = assert_colored(cases, name)
    assert top(result)["mode"] == "normal"
    assert lightness_change(cases, name) <= most


def test_strength_scales_chroma(cases):
    assert cases("no_chroma")["status"] == "success"
    assert mean_chroma(cases, "no_chroma") < 0.1
    assert cases("half_chroma")["status"] == "success"
    assert mean_chroma(cases, "half_chroma") == pytest.approx(mean_chroma(cases, "u8") / 2, rel=0.1)


# ------------------------------------------------------------------------------------- document


def test_layer_is_returned_named_and_in_lch_color_mode_right_above_its_source(cases):
    result = assert_colored(cases, "u8")
    assert top(result)["mode"] == "lch-color"
    assert top(result)["opacity"] == 100
    assert top(result)["name"] == result["returned"]
    assert result["returned"].endswith(" (Photochrom)")
    assert result["document"]["layers"][1:] == result["before"]["layers"]
    assert result["document"]["selected"] == [result["returned"]]
    assert top(result)["mask"] is None


def test_layer_goes_into_the_group_of_its_source_with_its_offset(cases):
    result = assert_colored(cases, "group_and_offset")
    (group,) = result["document"]["layers"]
    assert result["parent"] == "group"
    assert [child["name"] for child in group["children"]] == ["above", result["returned"], "scan", "below"]
    assert group["children"][1]["offset"] == [-37, 21]
    assert group["children"][1]["size"] == group["children"][2]["size"]
    assert result["document"]["size"] == result["before"]["size"]
    assert lightness_change(cases, "group_and_offset") <= 0.3


@pytest.mark.parametrize("name", ["gray", "gray_u16_alpha", "indexed"])
def test_image_without_color_becomes_rgb(cases, name):
    result = assert_colored(cases, name)
    assert result["before"]["type"] in {"gray", "indexed"}
    assert result["document"]["type"] == "rgb"
    assert result["document"]["precision"] == result["before"]["precision"]


def test_selection_becomes_the_mask(cases):
    result = assert_colored(cases, "selection")
    shape, mask = (planes(cases.out / name, 1) for name in ("selection.mask", "selection-layer.mask"))
    assert 0.1 < shape.mean() < 0.9
    assert np.abs(shape - mask).max() <= 1 / 255
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
    assert lightness_change(cases, "alpha") <= 0.005


def test_run_with_last_values(cases):
    assert_colored(cases, "last_values")


def test_one_pixel_is_a_picture_too(cases):
    assert cases("one_pixel")["status"] == "success"


def test_procedure_is_in_the_menu_and_documented(cases):
    menu = cases("menu")
    assert menu["paths"] == ["<Image>/Colors/Photochrom"]
    assert menu["label"] == "_Colorize Photograph…"
    assert menu["blurb"]
    assert {"colorizer", "chroma", "output"} <= set(menu["arguments"])
    assert menu["returns"][-1] == "layer"


# ------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rejected_group", "layer group"),
        ("rejected_two_layers", "2 layers"),
        ("rejected_no_layer", "No layer"),
        ("rejected_channel", "channel"),
        ("rejected_mask", "mask"),
        ("rejected_empty_layer", "transparent"),
        ("rejected_text_layer", "text layer"),
        ("rejected_off_canvas", "“scan” lies outside of the image"),
        ("rejected_selection_beside", "lies beside “scan”"),
    ],
)
def test_what_cannot_be_colored_is_refused_in_words(cases, name, words):
    result = cases(name)
    assert result["status"] in {"calling-error", "execution-error"}
    assert words in result["error"]
    assert unchanged(result)


def test_unknown_colorizer_is_an_error_with_a_next_step(cases):
    result = cases("unknown_colorizer")
    assert result["status"] == "execution-error"
    assert "no-such-colorizer" in result["error"]
    assert "Log: " in result["error"]
    assert unchanged(result)


def test_without_an_engine_the_error_says_how_to_install_it(gimp, out, no_engine_running):
    command = gimp.profile / "plug-ins" / "photochrom" / "engine-command.json"
    aside = command.rename(out / "aside.json")
    # Where an engine that has run before noted itself.
    (gimp.home / ".local" / "share" / "photochrom" / command.name).unlink(missing_ok=True)
    try:
        result = run_once(gimp, out, "no_engine", PHOTOCHROM_ENGINE="")
    finally:
        aside.rename(command)
    assert result["status"] == "execution-error"
    assert "photochrom plugin install" in result["error"]
    assert str(gimp.home) in result["error"].split("Log: ")[1]
    assert unchanged(result)


def test_engine_killed_in_the_middle_leaves_the_document_alone(gimp, out, no_engine_running):
    started = start_once(gimp, out, "killed", scale=5)
    try:
        read_when_there(out / "killed-begins.json")
        engine = wait_for(gimp.engine, 120, "an engine")
        wait_for(lambda: logged(gimp, engine, "/jobs 201"), 120, "a job that has just begun")
        assert not (out / "killed.json").exists(), "it was faster than this test: nothing was in the middle"
        os.kill(engine["pid"], signal.SIGKILL)
        result = read_when_there(out / "killed.json")
    finally:
        end(started)
    assert result["status"] == "execution-error"
    assert "Log: " in result["error"]
    assert unchanged(result)


def test_cancelled_plug_in_leaves_the_document_alone_and_stops_the_engine(gimp, out, no_engine_running):
    """GIMP's Cancel button sends SIGKILL to the plug-in: so does this test."""
    started = start_once(gimp, out, "cancelled", scale=5)
    try:
        read_when_there(out / "cancelled-begins.json")
        engine = wait_for(gimp.engine, 120, "an engine")
        plug_in = wait_for(lambda: plug_ins(gimp), 60, "a plug-in")[0]
        wait_for(lambda: logged(gimp, engine, "/jobs 201"), 120, "a job that has just begun")
        os.kill(plug_in, signal.SIGKILL)
        result = read_when_there(out / "cancelled.json")

        def stopped():
            """What the engine says when nobody works on the job any more: in the middle of its colors, or of its
            pixels where the machine was slower to kill than to color."""
            rows = [re.search(r"(\d+) of (\d+) rows read", line) for line in logged(gimp, engine, "rows read")]
            assert not [found for found in rows if found and found[1] == found[2]], "it was faster than this test"
            return rows or logged(gimp, engine, " cancelled")

        wait_for(stopped, 60, lambda: f"the end of the job, not {logged(gimp, engine)}")
    finally:
        end(started)
    assert result["status"] != "success"
    assert unchanged(result)
    assert gimp.engine() == engine, "the engine itself lives on"


def test_two_gimps_at_once_share_one_engine(gimp, out, no_engine_running):
    both = [start_once(gimp, out, name) for name in ("first", "second")]
    try:
        results = [read_when_there(out / f"{name}.json") for name in ("first", "second")]
    finally:
        for each in both:
            end(each)
    assert [result["status"] for result in results] == ["success", "success"], results
    assert wait_for(lambda: len(gimp.engines()) == 1, 10, "one engine")
    assert gimp.engines() == [gimp.engine()["pid"]]


def start_once(gimp, out, case, scale=0.5, **environment):
    settings = {"PHOTOCHROM_CASE": case, "PHOTOCHROM_SCALE": str(scale)}
    return gimp.batch("once.py", **where(out), **settings, **environment)


def run_once(gimp, out, case, **environment):
    started = start_once(gimp, out, case, **environment)
    try:
        said, _ = started.communicate(timeout=600)
    finally:
        end(started)
    path = out / f"{case}.json"
    assert path.exists(), said
    return json.loads(path.read_text(encoding="utf-8"))


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


def logged(gimp, engine, text=""):
    """The lines of this engine's log that have this text."""
    log = gimp.home / ".local" / "state" / "photochrom" / "engine.log"
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return [line for line in lines if f" {engine['pid']} " in line and text in line]
