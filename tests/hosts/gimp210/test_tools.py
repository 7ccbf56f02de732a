"""The tools beside Colorize, in a real GIMP 2.10, without windows."""

import numpy as np
import pytest

from .test_colorizing import INDEXED, LCH_COLOR, NORMAL, RGB, planes, run_in, top

pytestmark = pytest.mark.host

PASS_THROUGH = 61


@pytest.fixture(scope="module")
def cases(photochrom, tmp_path_factory):
    return run_in(photochrom, "tools", tmp_path_factory.mktemp("tools"))


def ab(cases, name, size):
    width, height = size
    return planes(cases.out / f"{name}.lab", 4).reshape(height, width, 4)[..., 1:3]


def mask_of(cases, name, size):
    width, height = size
    return planes(cases.out / f"{name}.mask", 1).reshape(height, width)


def test_adjusted_colors_keep_their_layer_and_stay_where_nothing_is_selected(cases):
    result = cases("adjust")
    assert (result["adjusted"]["error"], result["selected"]["error"], result["same"]) == ("", "", True)
    made, every, some = (ab(cases, f"adjust-{name}", result["size"]) for name in ("made", "all", "selected"))
    assert np.percentile(np.abs(every - made / 2), 99) < 0.1  # the others were at the limits of the gamut
    half = result["size"][0] // 2
    assert np.abs(some[:, :half]).max() < 0.1
    assert np.abs(some[:, half:] - every[:, half:]).max() == 0
    assert (top(result["selected"])["opacity"], len(result["selected"]["document"]["layers"])) == (70, 2)
    assert result["stored"]["chroma"] == 0.5  # of the whole
    assert "Photochrom made" in result["not_colors"]["error"]
    assert "locked" in result["locked"]["error"]


def test_object_gets_its_color_as_a_layer_with_its_outline(cases):
    result = cases("recolor")
    assert (result["pointed"]["error"], result["chosen"]["error"]) == ("", "")
    pointed, chosen = (mask_of(cases, f"recolor-{name}", result["size"]) for name in ("pointed", "chosen"))
    x, y = result["at"]
    assert pointed[y, x] > 0.9 and 0.01 < pointed.mean() < 0.6
    assert chosen[: result["size"][1] // 8].mean() > 0.5
    assert np.abs(pointed - chosen).mean() > 0.1
    assert ab(cases, "recolor-pointed", result["size"])[y, x][0] < -10  # green
    names = [layer["name"] for layer in result["chosen"]["document"]["layers"]]
    assert names[2:] == [result["whole"], "Background"] or names[2] == result["whole"]
    before, after = (planes(cases.out / f"recolor-{when}.lab", 3)[:, 0] for when in ("before", "after"))
    assert np.abs(before - after).max() <= 0.35
    assert "outside" in result["outside"]["error"]
    assert "selected" in result["nothing"]["error"]


def test_object_becomes_the_selection(cases):
    result = cases("select_object")
    deep = result["deep"]
    assert [deep[name]["error"] for name in ("recolored", "result")] == ["", ""]
    assert (deep["result"]["document"], deep["channels"], deep["returned"]) == (deep["before"], [], True)
    (width, height), (left, top), (wide, high) = deep["size"], deep["offsets"], deep["layer"]
    outline = mask_of(cases, "select-deep", deep["layer"])
    chosen = planes(cases.out / "select-deep.selection", 1).reshape(height, width)
    inside = np.zeros_like(chosen)
    inside[top:, : wide + left] = outline[: height - top, -left:width]
    assert 0.01 < inside.mean() < 0.6
    assert np.abs(chosen - inside).max() <= 1 / 255
    assert (wide, high) == (width, height), "the layer reaches beyond the image on two sides"


def test_object_of_an_indexed_image_is_selected_and_the_image_stays_indexed(cases):
    result = cases("select_object")
    assert (result["indexed"]["error"], result["type"]) == ("", INDEXED)
    chosen = planes(cases.out / "select-indexed.selection", 1).reshape(result["size"][::-1])
    x, y = result["at"]
    assert chosen[y, x] > 0.9 and 0.01 < chosen.mean() < 0.6
    assert "outside" in result["outside"]["error"] and result["empty"]


def test_next_colors_go_by_painted_hints(cases):
    result, paint = cases("hints"), "Photochrom hints"
    assert "no hints" in result["none"]["error"]
    assert [result[name]["error"] for name in ("made", "empty", "hinted", "fresh")] == [""] * 4
    assert result["made"]["document"]["type"] == RGB
    plain, hinted = (ab(cases, f"hints-{name}", result["size"]) for name in ("plain", "hinted"))
    x, y = result["at"]
    assert hinted[y, x][1] < plain[y, x][1] - 10  # bluer
    assert (result["hinted"]["document"]["selected"], len(result["hinted"]["document"]["layers"])) == (paint, 3)
    shown = {
        name: next(layer["visible"] for layer in result[name]["document"]["layers"] if layer["name"] == paint)
        for name in ("hinted", "fresh")
    }
    assert shown == {"hinted": True, "fresh": False}


def test_several_variants_are_a_group_with_the_first_one_shown(cases):
    result = cases("variants")
    assert [result[name]["error"] for name in ("several", "one", "removed", "of_gray")] == [""] * 4
    first = top(result["several"])
    assert (first["name"], first["mode"], first["visible"]) == (result["name"], PASS_THROUGH, True)
    assert [child["visible"] for child in first["children"]] == [True, False, False, False]
    assert {(child["mode"], *child["offset"]) for child in first["children"]} == {(LCH_COLOR, 3, 2)}
    assert result["several"]["document"]["selected"] == first["children"][0]["name"]
    assert result["removed"]["document"] == result["before"]
    assert result["of_gray"]["document"]["type"] == RGB
    assert [child["visible"] for child in top(result["of_gray"])["children"]] == [True, False]


def test_variants_differ_as_they_say(cases):
    cases("variants")
    main, other, muted, calm = (planes(cases.out / f"variants-{number}.lab", 4)[:, 1:3] for number in range(4))
    strong = planes(cases.out / "variants-strong.lab", 4)[:, 1:3]
    chroma = np.hypot(*main.T).mean()
    assert np.hypot(*(main - other).T).max() > 15
    assert np.hypot(*muted.T).mean() == pytest.approx(0.6 * chroma, rel=0.1)
    assert np.hypot(*strong.T).mean() == pytest.approx(1.4 * chroma, rel=0.15)  # less where the gamut ends
    assert np.abs(main - calm).mean() > 0.3


def test_variant_that_is_not_there_changes_nothing(cases):
    result = cases("variants")
    assert "No variant" in result["none"]["error"]
    assert "nobody" in result["unknown"]["error"]
    assert result["unknown"]["document"]["layers"] == result["several"]["document"]["layers"]


def test_variants_and_objects_of_a_negative_are_those_of_its_positive(cases):
    result = cases("scanned")
    for name in ("print", "negative"):
        assert [result[name]["error"], result[f"{name}-object"]["error"]] == ["", ""]
        assert result[f"{name}-stored"] == name
    assert result["variant"]["error"] == ""
    negative, again, plain = (ab(cases, f"scanned-{name}", result["size"]) for name in ("negative", "variant", "print"))
    assert np.abs(negative - again).mean() < 0.01
    assert np.abs(negative - plain).mean() > 0.3
    objects = [ab(cases, f"scanned-{name}-object", result["size"]) for name in ("print", "negative")]
    assert np.abs(objects[0] - objects[1]).max() > 0.3
    assert "slide" in result["unknown"]["error"]


def test_doubt_is_a_half_opaque_layer_that_the_next_tool_does_not_color(cases):
    result = cases("doubt")
    assert [result[name]["error"] for name in ("heat", "again", "on_heat", "again_on_heat")] == [""] * 4
    heat, scan = result["heat"]["document"]["layers"]
    assert (heat["name"], heat["mode"], heat["opacity"]) == ("Uncertainty (Photochrom)", NORMAL, 50)
    assert (heat["offset"], heat["size"]) == ([7, -4], scan["size"])
    assert result["heat"]["document"]["selected"] == scan["name"]
    assert len(np.unique(np.fromfile(cases.out / "doubt-heat.rgba", np.uint8)[3::4])) > 20
    assert len(result["again"]["document"]["layers"]) == 2, "instead of the first one"
    assert result["colored"] == result["source"]


def test_what_to_paint_first_is_selected_and_the_hints_layer_too(cases):
    result = cases("doubt")
    assert result["first"]["error"] == ""
    selected = mask_of(cases, "doubt-first", result["size"])
    assert 0.005 < selected.mean() < 0.9
    assert selected[:5, :5].min() == 1, "what was selected before"
    assert result["first"]["document"]["selected"] == "Photochrom hints" == result["hinted"]
    assert len(result["first"]["document"]["layers"]) == len(result["again_on_heat"]["document"]["layers"]) + 1
    assert (result["of_indexed"]["error"], result["of_indexed"]["document"]["type"]) == ("", RGB)
    assert result["selected"]


def test_removing_takes_what_shows_uncertainty_too(cases):
    result = cases("doubt")["removed"]
    assert result["error"] == ""
    assert [layer["name"] for layer in result["document"]["layers"]] == ["Photochrom hints", "Background"]


def test_colors_follow_a_picture(cases):
    result = cases("color_like")
    assert [result[name]["error"] for name in ("palette", "again", "regions", "last")] == [""] * 4
    found = {
        name: planes(cases.out / f"like-{name}.lab", 4) for name in ("plain", "palette", "again", "regions", "last")
    }
    for name in ("palette", "regions"):
        assert found[name][:, 2].mean() < found["plain"][:, 2].mean() - 8, name
    assert np.abs(found["palette"] - found["again"]).mean() < 0.01
    assert np.abs(found["regions"] - found["last"]).mean() < 0.01
    assert result["stored"]["reference"] == "palette"
    assert result["stored"]["reference_file"].endswith("blau.png")


def test_picture_that_cannot_be_followed_is_reported(cases):
    result = cases("color_like")
    assert "Color Like" in result["none"]["error"]
    assert "closely" in result["way"]["error"]
    assert "cannot be opened" in result["gone"]["error"]


def test_clicks_and_boxes_show_an_object(cases):
    result = cases("prompts")
    assert [result[name]["error"] for name in ("small", "large", "box")] == [""] * 3
    small, large, box = (mask_of(cases, f"prompts-{name}", result["size"]) for name in ("small", "large", "box"))
    assert small.mean() < large.mean()
    height, width = small.shape
    assert small[round(0.42 * height), round(0.55 * width)] > 0.9
    assert large[round(0.9 * height), round(0.1 * width)] < 0.1
    assert box[: round(0.3 * height)].sum() > 0.9 * box.sum() > 0
    assert "clicks" in result["nothing"]["error"] and "clicks" in result["garbled"]["error"]


def test_photograph_is_found_in_a_copy_of_the_image(cases):
    result = cases("copied")
    assert result["again"]["error"] == ""
    names = [layer["name"] for layer in result["again"]["document"]["layers"]]
    assert (names[0], names[-1], len(names)) == ("border", "Background", 5)
    assert result["border"] == 2, "the number that the photograph has in the image"
    assert (result["made"]["source"], result["made"]["chroma"]) == (result["photograph"], 0.6)
    assert result["place"] == 2, "above the colors that were copied, which would hide it"


def test_colors_in_a_copy_of_the_image_are_refreshed_by_hints(cases):
    hinted = cases("copied")["hinted"]
    assert hinted["error"] == ""
    assert len(hinted["document"]["layers"]) == 5, "no other layer"


def test_removed_colors_leave_the_photograph_as_it_was(cases):
    result = cases("removed")
    assert result["removed"]["error"] == ""
    assert result["removed"]["document"] == result["before"]
    assert "no colors" in result["nothing"]["error"]


def test_folder_of_photographs_is_colored(cases):
    result = cases("batch")
    assert "scan.png" in result["results"]
    assert result["report"].endswith("report.html")
    assert "folder" in result["error"]
