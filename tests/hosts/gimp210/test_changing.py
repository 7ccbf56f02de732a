"""Images that change while they are colored, in a real GIMP 2.10, without windows."""

import pytest

from .test_colorizing import planes, run_in

pytestmark = pytest.mark.host

TURNED = "cropped, turned or moved"
CONVERTED = "The image was converted"
GONE = "The layer was removed"


@pytest.fixture(scope="module")
def changing(photochrom, tmp_path_factory):
    return run_in(photochrom, "changing", tmp_path_factory.mktemp("changing"))


def refused(result, words):
    """Nothing but what the user did has happened."""
    assert words in result["error"]
    assert result["document"] == result["then"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        *((f"whole-{change}", TURNED) for change in ("crop", "turn_round", "flip")),
        *((f"whole-{change}", CONVERTED) for change in ("deepen", "to_gray")),
        ("whole-close", GONE),
        ("gray-flip", TURNED),
        *(
            (f"{tool}-{change}", words)
            for tool in ("uncertainty", "select_object")
            for change, words in (("close", GONE), ("flip", TURNED))
        ),
        ("select_object-move", TURNED),
    ],
)
def test_what_is_made_does_not_go_where_the_photograph_no_longer_is(changing, name, words):
    refused(changing(name), words)


@pytest.mark.parametrize("name", ["whole-move", "whole-retouch", "uncertainty-move"])
def test_photograph_may_be_moved_and_retouched_meanwhile(changing, name):
    result = changing(name)
    assert result["error"] == ""
    made, *others = result["document"]["layers"]
    assert others == result["then"]["layers"]
    assert (made["offset"], made["size"]) == (others[0]["offset"], others[0]["size"])


def test_colors_are_not_replaced_by_those_of_the_unturned_photograph(changing):
    told = changing("refilled")
    refused(told["flip"], TURNED)
    refused(told["crop"], TURNED)
    assert told["move"]["error"] == ""
    assert told["move"]["document"]["layers"] != told["move"]["then"]["layers"]


def test_recolored_object_is_all_that_the_dialog_shows(changing):
    assert changing("recolored")["layers"][0]["mask"]
    assert planes(changing.out / "recolored.mask", 1).mean() > 0.005
