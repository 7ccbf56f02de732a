"""Images that change while they are colored, in a real GIMP 3, without windows: what inside/changing.py did."""

import pytest

from .conftest import told_by
from .test_gimp import planes

pytestmark = pytest.mark.host

TURNED = "cropped, turned or moved"
CONVERTED = "The image was converted"
CLOSED = "The image was closed"
REMOVED = "The layer was removed"
TOOLS = "uncertainty", "paint_first", "select_object"


@pytest.fixture(scope="module")
def changing(gimp):
    return told_by(gimp, "changing")


def refused(result, words):
    """Nothing but what the user did has happened."""
    assert words in result["error"]
    assert result["document"] == result["then"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        *((f"whole-{change}", TURNED) for change in ("crop", "scale", "turn", "turn_round")),
        *((f"whole-{change}", TURNED) for change in ("flip", "flip_down", "flip_retouched")),
        *((f"square-{change}", TURNED) for change in ("turn", "turn_round", "flip")),
        *((f"whole-{change}", CONVERTED) for change in ("deepen", "gray", "other_profile")),
        ("gray-crop", TURNED),
        ("gray-rgb", CONVERTED),
        ("whole-close", CLOSED),
        ("whole-remove", REMOVED),
    ],
)
def test_colors_do_not_go_where_the_photograph_no_longer_is(changing, name, words):
    refused(changing(name), words)


@pytest.mark.parametrize("change", ["move", "enlarge_canvas", "retouch", "brighten", "add_alpha"])
def test_photograph_may_be_moved_and_retouched_meanwhile(changing, change):
    result = changing(f"whole-{change}")
    assert result["error"] == ""
    colors, *others = result["document"]["layers"]
    assert others == result["then"]["layers"]
    assert (colors["offset"], colors["size"]) == (others[0]["offset"], others[0]["size"])


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(("change", "words"), [("close", CLOSED), ("remove", REMOVED), ("flip", TURNED)])
def test_tools_leave_a_changed_image_alone(changing, tool, change, words):
    refused(changing(f"{tool}-{change}"), words)


def test_uncertainty_is_where_the_photograph_is(changing):
    heat, photograph = changing("uncertainty-move")["document"]["layers"]
    assert heat["offset"] == photograph["offset"] == [30, -20]
    assert changing("paint_first-move")["error"] == ""


def test_object_is_not_selected_where_it_was(changing):
    refused(changing("select_object-move"), TURNED)


def test_colors_are_not_replaced_by_those_of_the_unturned_photograph(changing):
    told = changing("refilled")
    refused(told["flip"], TURNED)
    refused(told["flip_colors"], TURNED)
    refused(told["crop"], TURNED)
    refused(told["removed"], REMOVED)
    assert told["move"]["error"] == ""
    assert told["move"]["document"]["layers"] != told["move"]["then"]["layers"]


def test_recolored_object_is_all_that_the_dialog_shows(changing):
    top, rest, _photograph = changing("recolored")["layers"]
    assert top["mask"] and rest["mask"] is None
    assert planes(changing.out / "recolored.mask", 1).mean() > 0.005
