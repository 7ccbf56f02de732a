"""The retoucher's tools in a real Krita: every case ran in one Krita before (see inside/retouching.py)."""

import numpy as np
import pytest

from .test_krita import CONVERTED, ROUNDING, change, lab, rgba

pytestmark = pytest.mark.host

HINTS = "Photochrom hints"


def chroma_near(cases, picture, x, y, size=20):
    """Mean a*, b* of a square."""
    return lab(cases, picture)[y : y + size, x : x + size, 1:].mean(axis=(0, 1))


def test_hints_layer_is_made_on_top_and_selected(cases):
    result = cases("hints")
    assert result["layers"] == ["Photograph", HINTS]
    assert result["active"] == HINTS


def test_preview_follows_a_stroke_and_its_erasing_with_the_layer_sent_once(cases):
    result = cases("hints")
    before, after = result["preview"]
    assert result["sent_once"]
    assert after[0] - after[1] > before[0] - before[1] + 15  # magenta: more red and blue than green
    assert after[2] - after[1] > before[2] - before[1] + 15


def test_hints_are_used_and_are_no_part_of_the_result(cases):
    result = cases("hints")
    assert result["error"] == ""
    assert result["order"][0] == "Photograph" and result["order"][2:] == [HINTS]
    assert result["before"]
    a, _ = chroma_near(cases, result["after"], 40, 40)
    without, _ = chroma_near(cases, result["without"], 40, 40)
    assert a > without + 10
    assert np.abs(lab(cases, result["after"])[..., 0] - lab(cases, result["without"])[..., 0]).max() <= ROUNDING["u16"]


def test_hints_stay_visible_and_selected(cases):
    assert cases("hints")["kept"] == [True, True]


def test_more_hints_refresh_the_colors_in_their_place(cases):
    result = cases("hints_kept")
    assert result["error"] == ""
    assert result["changed"]
    assert len(result["order"]) == 3 and result["order"][2] == HINTS


def test_hints_can_be_erased_moved_and_read_back_from_a_file(cases):
    result = cases("hints_kept")
    assert result["erased"] and result["same"]
    there, _ = chroma_near(cases, result["moved"], 140, 100)
    without, _ = chroma_near(cases, cases("hints")["without"], 140, 100)
    assert there > without + 10


def test_gray_document_becomes_rgb_before_it_gets_hints(cases):
    result = cases("gray_hints")
    assert "grayscale" in result["question"]
    assert result["error"] == ""
    assert result["model"] == "RGBA"
    assert result["active"] == HINTS


def test_variants_are_shown_and_the_chosen_come_as_one_group_and_one_step(cases):
    result = cases("variants")
    assert 4 <= len(result["keys"]) <= 9
    assert result["keys"][0] == "0" and {"1", "calm", "muted", "strong"} <= set(result["keys"])
    assert all(result["titles"])
    assert not result["enabled_first"]
    assert result["error"] == ""
    assert result["group"] == ["Variants (Photochrom)", "grouplayer"]
    assert [visible for _, visible in result["children"]] == [True, False, False]
    assert result["different"]
    assert result["undone"]
    assert result["redone"]


def test_doubt_is_a_heat_map_and_what_to_paint_first_a_selection(cases):
    result = cases("doubt")
    assert result["error"] == ""
    assert result["layer"] == ["Uncertainty: the brighter, the less sure", 128, [0, 0, 240, 160]]
    assert result["colors"] > 20
    assert result["selected_still"]
    assert result["undone"]
    assert result["selected"] and 0.01 < result["share"] < 0.6
    assert result["active"] == HINTS


def test_a_map_of_uncertainty_takes_the_place_of_the_one_before(cases):
    result = cases("doubt")
    assert result["once"] == ["Photograph", "Uncertainty: the brighter, the less sure", "Dust"]
    assert result["other"]
    assert result["selected_instead"] == "Photograph"
    assert result["undone_twice"]


def test_colors_follow_another_picture(cases):
    result = cases("like")
    assert result["error"] == ""
    assert "cannot be opened" in result["missing"] and "open document" in result["missing"]
    for followed in (result["followed"], result["of_document"]):
        assert followed[0] - followed[2] > result["plain"][0] - result["plain"][2] + 5
    assert result["same"]


def test_one_object_gets_another_color(cases):
    result = cases("recolor")
    assert result["error"] == ""
    first, larger, _less, again = result["shares"]
    assert 0 < first < larger
    assert again == larger
    assert result["sky"][2] < 128
    assert result["clicks"] == 1
    assert result["selection"] == pytest.approx(result["share"], abs=0.05)
    boxed = result["boxed"]
    assert boxed["error"] == ""
    assert boxed["outside"] < 128
    assert boxed["used"] == 1
    assert boxed["color"] != boxed["picked"]
    assert len(result["suggestions"]) > 1
    assert result["layer"] == "Recolored (Photochrom)"
    assert 0.001 < result["share"] < 0.95
    assert result["undone"]
    assert result["selected"] == ["Recolored (Photochrom)", []]


def test_settings_of_an_earlier_result_are_taken_over(cases):
    result = cases("history")
    assert result["error"] == ""
    assert result["none"] == ["There are none yet."]
    assert (result["reset"], result["taken"]) == (100, 60)
    assert result["same"]
    assert [entry["result"] for entry in result["kept"]] == result["names"]
    assert [entry["settings"]["chroma"] for entry in result["kept"]] == [1.0, 0.6]
    assert all("photograph" in entry["picture"] for entry in result["kept"])
    for title, entry in zip(result["titles"], result["kept"], strict=True):
        assert title.startswith(entry["when"]) and entry["result"].removesuffix(" (Photochrom)") in title
        assert ("strength 60 %" in title) == (entry["settings"]["chroma"] == 0.6)


def test_toned_photograph_keeps_its_tint(cases):
    result = cases("sepia")
    assert result["error"] == ""
    source = lab(cases, result["before"])
    toned = source[np.hypot(source[..., 1], source[..., 2]) > 3][:, 1:].mean(axis=0)
    assert np.hypot(*toned) > 8
    assert result["tint"] == pytest.approx(toned, abs=1)
    assert result["saved"] is None  # that of the next photograph is another
    kept, away = lab(cases, result["kept"]), lab(cases, result["away"])
    middle = (source[..., 0] > 40) & (source[..., 0] < 80)  # near black and white no such tint is in gamut
    assert kept[middle][:, 1:].mean(axis=0) == pytest.approx(result["tint"], abs=2)
    assert np.abs(away[..., 1:]).max() < 1
    assert np.abs(kept[..., 0] - source[..., 0]).max() <= ROUNDING["u16"]
    assert result["same"] and result["checked"]
    with_tint, without = result["preview"]
    assert with_tint[0] - with_tint[2] > 20 and abs(without[0] - without[2]) < 4


def test_gray_photograph_has_no_tint(cases):
    result = cases("sepia")
    assert np.abs(lab(cases, result["of_gray"])[..., 1:]).max() < 1


def test_retoucher_s_whole_way(cases):
    """Colored, two hints, the changed result, a variant, all undone and done again, saved, opened, run again."""
    result = cases("story")
    assert result["error"] == ""
    lightness, chroma = change(cases, result, "before", "colored")
    assert lightness <= CONVERTED["gray_u16_linear"] and chroma > 1
    lightness, _ = change(cases, result, "before", "hinted")
    assert lightness <= CONVERTED["gray_u16_linear"]
    plain, hinted = (lab(cases, result[each]) for each in ("colored", "hinted"))
    assert (hinted - plain)[30:50, 30:50, 1].mean() > 10  # magenta
    assert (hinted - plain)[110:130, 180:200, 1].mean() < -5  # green
    assert not np.array_equal(rgba(cases, result["hinted"]), rgba(cases, result["end"]))
    assert result["undone"]
    assert np.array_equal(rgba(cases, result["undone_picture"]), rgba(cases, result["before"]))
    assert result["redone"]
    assert np.array_equal(rgba(cases, result["redone_picture"]), rgba(cases, result["end"]))
    assert result["new"] and result["same"]
    assert np.array_equal(rgba(cases, result["end_again"]), rgba(cases, result["end"]))
