"""Colors that follow the photograph, in a real Krita: every case ran in one Krita before (see inside/following.py)."""

import numpy as np
import pytest

from .test_krita import CONVERTED, ROUNDING, change, lab

pytestmark = pytest.mark.host

LAB = ["lab_u8", "lab_u16", "lab_float"]
MOVED = ["cropped", "turned", "mirrored", "moved"]


@pytest.mark.parametrize("name", LAB)
def test_in_lab_colors_alone_lie_over_the_photograph_in_one_undo_step(cases, name):
    result = cases(name)
    assert result["error"] == ""
    assert result["layer"][1:] == ["paintlayer", "normal", ["Lightness"]]
    lightness, chroma = change(cases, result)
    assert lightness == 0
    assert chroma > 1
    assert result["undone"] and result["redone"]
    assert np.array_equal(lab(cases, result["redone_picture"]), lab(cases, result["after"]))


@pytest.mark.parametrize("name", LAB)
def test_in_lab_colors_follow_what_is_burned_later_and_are_kept_in_the_file(cases, name):
    result = cases(name)
    assert "follow your retouching" in result["remarks"] and not result["offered"]
    lightness, chroma = change(cases, result, "burned_alone", "burned")
    assert lightness == 0
    assert chroma > 1
    assert change(cases, result, "before", "burned")[0] > 10
    assert result["kept"] == ["Lightness"]
    assert np.array_equal(lab(cases, result["opened"]), lab(cases, result["burned"]))


def test_rgb_document_becomes_lab_after_a_question_and_variants_follow_too(cases):
    result = cases("lab_variants")
    assert "Convert this document to Lab" in result["question"] and "undo twice" in result["question"]
    assert result["untouched_by_cancel"]
    assert result["error"] == ""
    assert result["space"][:2] == ["LABA", "U16"]
    lightness, chroma = change(cases, result)
    assert lightness == 0
    assert chroma > 1


def test_docker_says_that_a_document_is_no_longer_in_lab_and_refreshes_its_colors(cases):
    result = cases("lab_variants")
    assert "stopped following" in result["converted"]
    lightness, chroma = change(cases, result, "before", "refreshed")
    assert lightness <= ROUNDING["u16"]
    assert chroma > 1


def test_gray_document_can_become_lab(cases):
    result = cases("gray_to_lab")
    assert result["error"] == ""
    assert result["space"][:2] == ["LABA", "U16"] and result["layer"] == ["Lightness"]
    lightness, chroma = change(cases, result)
    assert lightness <= CONVERTED["gray_u16_linear"]
    assert chroma > 1
    assert result["undone_twice"]


def test_mode_color_follows_nearly(cases):
    result = cases("mode_color")
    assert result["error"] == ""
    assert result["mode"] == "color"
    assert result["undone"]
    was, now = lab(cases, result["burned"]), lab(cases, result["after"])
    assert np.abs(was[..., 0] - now[..., 0]).mean() < 1
    assert np.abs(lab(cases, result["before"])[..., 0] - now[..., 0]).mean() > 5


def test_docker_tells_that_the_photograph_has_changed_and_refreshes_its_colors_in_their_place(cases):
    result = cases("stale")
    assert "changed" not in result["fresh"]
    assert "has changed since" in result["stale"]
    assert result["error"] == ""
    (photograph, _, _), (name, opacity, masks) = result["layers"]
    assert photograph == "Photograph" and "Photochrom" in name and (opacity, masks) == (200, 1)
    assert change(cases, result, "burned", "opaque")[0] <= ROUNDING["u16"]
    assert result["undone_twice"] and result["all_undone"]


@pytest.mark.parametrize("what", MOVED)
def test_photograph_that_was_moved_meanwhile_is_refused(cases, what):
    error, layers = cases("moved")[what]
    assert "cropped, turned or moved" in error
    assert layers == 1


def test_photograph_that_was_retouched_meanwhile_gets_its_colors_and_that_is_told(cases):
    assert cases("moved")["burned"] == ["", 2]
    assert "has changed since" in cases("moved")["told"]


def test_docker_says_what_will_be_colored_and_what_may_surprise(cases):
    result = cases("told_before")
    assert result["plain"].strip() == "Colors “Photograph”."
    assert "becomes the mask" in result["selection"]
    for what, words in (("hidden", "is hidden"), ("color", "in color already"), ("animated", "over all its frames")):
        assert words in result[what] and words not in result["plain"]


def test_selection_beside_the_layer_and_a_layer_outside_the_canvas_are_refused(cases):
    result = cases("told_before")
    assert "lies beside “Photograph”" in result["beside"] and "lies beside" in result["refused_beside"]
    assert "lies outside" in result["outside"] and "lies outside" in result["refused_outside"]
    assert result["layers"] == 1


def test_clone_layer_can_be_colored(cases):
    result = cases("other_layers")
    assert result["error"] == ""
    assert result["order"][:2] == ["Photograph", "Clone"] and len(result["order"]) == 3
    lightness, chroma = change(cases, result)
    assert lightness <= ROUNDING["u16"]
    assert chroma > 1


def test_what_to_paint_first_is_added_to_the_selection_with_a_sentence(cases):
    result = cases("first_hint")
    assert result["error"] == ""
    assert result["kept"] == 255
    assert 0.01 < result["share"] < 0.6
    assert result["told"] and "Undo does not take the selection back" in result["told"][0]
