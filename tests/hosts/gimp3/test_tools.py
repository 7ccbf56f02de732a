"""The tools beside Colorize, in a real GIMP 3, without windows: what inside/tools.py did, looked at."""

import numpy as np
import pytest

from .test_gimp import planes
from .told import good, layer, mask, names, refused, same

pytestmark = pytest.mark.host


# ------------------------------------------------------------------------------------- settings, and again


def test_settings_change_the_colors_and_are_stored_with_the_layer(tools):
    told = tools("settings")
    good(told["plain"]), good(told["first"])
    plain, first = layer(tools, "settings-plain"), layer(tools, "settings-first")
    assert np.abs(plain[:, 1:3] - first[:, 1:3]).mean() > 1
    stored = told["stored"]
    assert {name: stored[name] for name in told["given"]} == told["given"]
    assert stored["output"] == "color-layer"


def test_run_again_gives_the_same_pixels_in_a_new_layer_above(tools):
    told = tools("settings")
    before, after = good(told["first"])["document"]["layers"], good(told["again"])["document"]["layers"]
    assert len(after) == len(before) + 1
    assert after[1:] == before
    assert same(tools, "settings-first", "settings-again")


def test_run_again_after_saving_and_opening_gives_the_same_pixels(tools):
    good(tools("settings")["reopened"])
    assert same(tools, "settings-first", "settings-reopened")


def test_run_again_from_a_layer_of_another_kind_says_what_to_select(tools):
    refused(tools("settings")["nothing"], "Photochrom made")


# ------------------------------------------------------------------------------------- afterwards


def test_adjusted_colors_are_those_that_would_have_been_made_so(tools):
    told = tools("adjust")
    good(told["made"]), good(told["adjusted"]), good(told["fresh"])
    assert told["same_layer"]
    assert same(tools, "adjust-all", "adjust-fresh")
    assert {name: told["stored"][name] for name in told["changes"]} == told["changes"]


def test_adjusting_changes_the_pixels_of_one_layer_and_nothing_else(tools):
    told = tools("adjust")
    before, after = told["before"], told["adjusted"]["document"]
    changed = before["layers"][0] | {"digest": after["layers"][0]["digest"]}
    assert before["layers"][0] != changed
    assert after == before | {"layers": [changed, *before["layers"][1:]]}


def test_adjusting_with_a_selection_changes_what_is_selected(tools):
    told = tools("adjust")
    good(told["selected"])
    width, height = told["size"]
    before, after = (layer(tools, f"adjust-{name}").reshape(height, width, 4) for name in ("all", "selected"))
    assert np.abs(after[:, : width // 2, 1:3]).max() < 0.1
    assert np.abs(before[:, : width // 2, 1:3]).mean() > 1
    assert np.array_equal(after[:, width // 2 :], before[:, width // 2 :])
    assert told["stored_then"] == told["stored"]


@pytest.mark.parametrize(
    ("name", "why"),
    [("photograph", "Photochrom made"), ("scaled", "size"), ("locked", "locked"), ("object", "Recolor Object")],
)
def test_layers_that_cannot_be_adjusted_are_reported(tools, name, why):
    refused(tools("adjust")[name], why)


def test_tint_of_the_paper_is_kept_where_that_is_asked_for(tools):
    told = tools("sepia")
    good(told["kept"]), good(told["away"])
    source = planes(tools.out / "sepia-source.lab", 3)
    toned = source[np.hypot(*source[:, 1:].T) > 3][:, 1:].mean(0)
    assert told["tint"] == pytest.approx(toned, abs=1)
    assert np.hypot(*toned) > 8
    kept, away = layer(tools, "sepia-kept"), layer(tools, "sepia-away")
    middle = (source[:, 0] > 40) & (source[:, 0] < 80)  # near black and white no such tint is in gamut
    assert kept[middle, 1:3].mean(0) == pytest.approx(told["tint"], abs=2)
    assert np.abs(away[:, 1:3]).max() < 1


def test_gray_image_has_no_tint(tools):
    told = tools("sepia")
    good(told["of_gray"])
    assert told["gray_tint"] == [0, 0]


# ------------------------------------------------------------------------------------- one object


def test_recolored_object_is_a_layer_with_its_outline_as_mask(tools):
    told = tools("recolor")
    top = good(told["pointed"])["document"]["layers"][0]
    assert top["mode"] == "lch-color"
    assert top["offset"] == [5, 3]
    outline = mask(tools, "recolor-pointed", told["size"])
    x, y = told["at"]
    assert outline[y, x] > 0.9
    assert 0.005 < outline.mean() < 0.6
    colors = layer(tools, "recolor-pointed")
    inside = outline.ravel() > 0.95
    assert colors[:, 3].min() == 1, "the mask alone is to hide"
    hue = np.degrees(np.arctan2(colors[inside, 2], colors[inside, 1]))
    lit = np.hypot(*colors[inside, 1:3].T) > 5
    assert np.abs(hue[lit] - np.degrees(np.arctan2(30, -40))).max() < 8
    assert told["stored"]["color"] == pytest.approx([-40, 30], abs=0.1)


def test_object_that_the_selection_surrounds_is_recolored_from_the_layer_that_was_made_before(tools):
    told = tools("recolor")
    good(told["chosen"])
    assert len(told["chosen"]["document"]["layers"]) == len(told["pointed"]["document"]["layers"]) + 1
    outline = mask(tools, "recolor-chosen", told["size"])
    x, y, width, height = told["sky"]
    assert outline[y : y + height, x : x + width].mean() > 0.5
    assert outline[-told["size"][1] // 4 :].mean() < 0.1


def test_object_has_the_same_outline_again(tools):
    told = tools("recolor")
    good(told["again"])
    outlines = [mask(tools, f"recolor-{name}", told["size"]) for name in ("pointed", "again")]
    assert np.array_equal(*outlines)


def test_object_that_cannot_be_found_is_reported(tools):
    told = tools("recolor")
    refused(told["nothing"], "selected")
    refused(told["outside"], "outside")


def test_objects_stay_above_the_colors_of_the_whole(tools):
    told = tools("recolor")
    later = names(good(told["later"]))
    objects = [name for name in later if name.startswith("Recolored")]
    assert len(objects) == 3
    assert later[:3] == objects
    assert told["later"]["document"]["layers"][4]["name"] == told["whole"]


def test_recolored_picture_keeps_its_tones_and_its_photograph(tools):
    told = tools("recolor")
    before, after = (planes(tools.out / f"recolor-{name}.lab", 3)[:, 0] for name in ("before", "after"))
    assert np.abs(before - after).max() <= 0.5  # of four 8-bit layers
    assert told["later"]["document"]["layers"][-1] == told["before"]["layers"][-1]


# ------------------------------------------------------------------------------------- hints


def around(colors, told, side=10):
    """(a, b) in the middle of what was painted on."""
    width, height = told["size"]
    x, y = told["at"]
    plane = colors.reshape(height, width, 4)[y - side // 2 : y + side // 2, x - side // 2 : x + side // 2]
    return plane[..., 1:3].reshape(-1, 2).mean(0)


def test_hints_layer_is_made_on_top_transparent_and_selected(tools):
    made = good(tools("hints")["made"])["document"]
    top = made["layers"][0]
    assert (top["name"], top["mode"], top["visible"]) == ("Photochrom hints", "normal", True)
    assert top["size"] == made["size"]
    assert made["selected"] == ["Photochrom hints"]


def test_colorize_with_hints_follows_the_paint(tools):
    told = tools("hints")
    result = good(told["hinted"])["document"]
    assert around(layer(tools, "hints-hinted"), told)[1] < around(layer(tools, "hints-plain"), told)[1] - 12
    assert result["precision"] == "u16-non-linear"


def test_update_refreshes_the_color_layer_and_leaves_the_hints_to_be_painted_on(tools):
    told = tools("hints")
    before, after = told["empty"]["document"], told["hinted"]["document"]
    assert names(told["hinted"]) == names(told["empty"])
    assert after["layers"][0]["visible"] and after["selected"] == ["Photochrom hints"]
    colors, earlier = after["layers"][1], before["layers"][1]
    assert earlier != colors == earlier | {"digest": colors["digest"]}


def test_update_is_for_all_of_the_layer_whatever_is_selected_to_paint_in(tools):
    told = tools("hints")
    good(told["more"]), good(told["erased"])
    assert np.abs(layer(tools, "hints-more") - layer(tools, "hints-hinted"))[:, 1:3].max() > 10
    assert same(tools, "hints-erased", "hints-hinted")
    assert told["still_selected"]
    assert names(told["erased"]) == names(told["hinted"])
    assert told["erased"]["document"]["selected"] == ["Photochrom hints"]


def test_hint_holds_in_variants(tools):
    told = tools("hints")
    good(told["variant"])
    assert np.abs(layer(tools, "hints-variant") - layer(tools, "hints-hinted"))[:, 1:3].max() > 5
    hinted, variant = (around(layer(tools, f"hints-{name}"), told) for name in ("hinted", "variant"))
    assert np.abs(hinted - variant).max() < 5


def test_hints_are_read_back_from_a_saved_file(tools):
    good(tools("hints")["read_back"])
    assert same(tools, "hints-read-back", "hints-hinted")


def test_hints_moved_to_another_photograph_color_that(tools):
    told = tools("hints")
    good(told["on_second"])
    assert told["sources"][0] == told["sources"][1]
    assert around(layer(tools, "hints-on-second"), told)[1] < around(layer(tools, "hints-plain"), told)[1] - 12


def test_hints_count_for_run_again_and_are_gone_when_erased(tools):
    told = tools("hints")
    good(told["again"]), good(told["cleared"])
    assert same(tools, "hints-hinted", "hints-again")
    assert same(tools, "hints-cleared", "hints-plain")


def test_hints_layer_is_shown_again(tools):
    shown = good(tools("hints")["shown"])["document"]
    assert [each["name"] for each in shown["layers"]].count("Photochrom hints") == 1
    assert shown["layers"][0]["visible"]


def test_without_paint_the_error_says_where_to_paint(tools):
    told = tools("hints")
    refused(told["none"], "Hints Layer")


def test_without_paint_the_colors_are_those_without_hints(tools):
    good(tools("hints")["empty"])
    assert same(tools, "hints-empty", "hints-plain")


# ------------------------------------------------------------------------------------- variants


def test_several_variants_are_a_group_with_the_first_one_shown(tools):
    told = tools("variants")
    top = good(told["several"])["document"]["layers"][0]
    assert top["name"] == told["name"]
    assert top["mode"] == "pass-through"
    assert len(top["children"]) == 4
    assert [child["visible"] for child in top["children"]] == [True, False, False, False]
    assert len({child["name"] for child in top["children"]}) >= 3


def test_variants_differ_as_they_say(tools):
    tools("variants")
    main, other, muted, lite = (layer(tools, f"variants-{number}")[:, 1:3] for number in range(4))
    vivid = layer(tools, "variants-vivid")[:, 1:3]
    assert np.hypot(*(main - other).T).max() > 15
    chroma = np.hypot(*main.T).mean()
    assert np.hypot(*muted.T).mean() == pytest.approx(0.6 * chroma, rel=0.1)
    assert np.hypot(*vivid.T).mean() == pytest.approx(1.4 * chroma, rel=0.15)  # less where the gamut ends
    assert np.abs(main - lite).mean() > 0.3


def test_single_variant_is_a_layer(tools):
    top = good(tools("variants")["one"])["document"]["layers"][0]
    assert top["mode"] == "lch-color"


def test_variant_that_is_not_there_changes_nothing(tools):
    told = tools("variants")
    refused(told["none"], "No variant")
    assert told["unknown"]["status"] == "execution-error"
    assert "nobody" in told["unknown"]["error"]
    assert told["unknown"]["document"] == told["one"]["document"]


# ------------------------------------------------------------------------------------- as the colors say


def test_variants_and_objects_of_a_negative_are_those_of_its_positive(tools):
    told = tools("scanned")
    good(told["negative-object"]), good(told["variant"])
    assert [told["print-stored"], told["negative-stored"]] == ["print", "negative"]
    pairs = [("negative", "variant"), ("negative", "print"), ("negative-object", "print-object")]
    pixels = [[layer(tools, f"scanned-{each}") for each in pair] for pair in pairs]
    alike, *different = (np.abs(one - other).mean() for one, other in pixels)
    assert alike < 0.01 and min(different) > 0.3


# ------------------------------------------------------------------------------------- started on a layer of ours


def test_tools_started_on_what_photochrom_made_work_on_its_photograph(tools):
    told = tools("started_on_ours")
    for name in ("doubt", "on_doubt", "doubt_again", "inserted", "on_selected", "on_group", "on_part", "on_mask"):
        good(told[name])
    assert told["sources"] == [told["source"]]


def test_shown_doubt_is_one_layer_that_the_next_tool_does_not_color(tools):
    told = tools("started_on_ours")
    assert told["doubt"]["document"]["selected"] == ["scan"]
    assert sum(name == "Uncertainty (Photochrom)" for name in names(told["doubt_again"])) == 1


def test_inserted_variants_leave_the_visible_one_selected(tools):
    told = tools("started_on_ours")
    group = told["inserted"]["document"]["layers"][1]
    assert told["inserted"]["document"]["selected"] == [group["children"][0]["name"]]
    assert told["run_again_on_group"] == 1


def test_removing_takes_what_shows_uncertainty_too(tools):
    assert names(good(tools("started_on_ours")["removed"])) == ["scan"]


# ------------------------------------------------------------------------------------- doubt


def test_doubt_is_a_half_opaque_layer_over_the_photograph(tools):
    told = tools("doubt")
    top = good(told["heat"])["document"]["layers"][0]
    assert (top["mode"], top["opacity"], top["offset"]) == ("normal", 50, [7, -4])
    assert top["size"] == told["heat"]["document"]["layers"][1]["size"]
    heat = np.fromfile(tools.out / "doubt-heat.rgba", np.uint8).reshape(-1, 4)
    assert len(np.unique(heat[:, 3])) > 20
    assert good(told["of_gray"])["document"]["type"] == "rgb"


def test_what_to_paint_first_is_selected_and_the_hints_layer_too(tools):
    told = tools("doubt")
    first = good(told["first"])["document"]
    selected = mask(tools, "doubt-first", told["size"])
    assert 0.005 < selected.mean() < 0.9
    assert selected[:5, :5].min() == 1, "what was selected before"
    assert first["selected"] == ["Photochrom hints"] == [told["hinted"]]
    assert len(first["layers"]) == len(told["heat"]["document"]["layers"]) + 1


# ------------------------------------------------------------------------------------- a reference


def test_colors_follow_a_picture(tools):
    told = tools("color_like")
    good(told["palette"]), good(told["regions"])
    plain = layer(tools, "like-plain")[:, 2].mean()
    for name in ("palette", "regions"):
        assert layer(tools, f"like-{name}")[:, 2].mean() < plain - 8, name
    assert told["stored"]["reference"] == "palette"
    assert told["stored"]["reference_file"].endswith("blue.png")


def test_picture_is_followed_again(tools):
    good(tools("color_like")["again"])
    away = np.abs(layer(tools, "like-palette") - layer(tools, "like-again"))
    # This layer has 8 bit: where a value lies between two of them, the order of a network's sums decides.
    assert away.max() < 1.5
    assert away.mean() < 0.01


def test_missing_picture_is_reported(tools):
    told = tools("color_like")
    refused(told["none"], "Color Like")
    refused(told["gone"], "cannot be opened")


# ------------------------------------------------------------------------------------- history


def test_last_results_are_kept_with_their_settings(tools):
    for name in ("settings", "recolor", "variants", "doubt"):
        tools(name)
    entries = tools("history")["entries"]
    assert len(entries) == 20
    assert all(" (Photochrom)" in entry["result"] for entry in entries)
    assert [entry["when"] for entry in entries] == sorted((entry["when"] for entry in entries), reverse=True)
    assert {entry["settings"]["chroma"] for entry in entries} >= {0.6, 1.4}


# ------------------------------------------------------------------------------------- the whole way


def test_a_retouchers_way_with_a_16_bit_gray_scan(tools):
    told = tools("story")
    assert told["opened"] == ["gray", "u16-non-linear"]
    for step in ("plain", "hinted", "variant", "reopened"):
        good(told[step])
    plain, hinted, variant = (layer(tools, f"story-{step}") for step in ("plain", "hinted", "variant"))
    assert np.abs(plain - hinted).max() > 10
    assert np.abs(hinted - variant).max() > 5
    assert same(tools, "story-variant", "story-reopened")
    before, after = (planes(tools.out / f"story-{when}.lab", 3) for when in ("before", "after"))
    assert np.abs(before[:, 0] - after[:, 0]).max() < 0.3
