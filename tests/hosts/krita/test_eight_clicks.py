"""A portrait with a blue dress before a green wall, by the eight clicks of docs/eight-clicks.md, in a real Krita."""

import re
from itertools import pairwise

import numpy as np
import pytest

from .. import portraits
from .conftest import screen, told_by
from .editor import REPOSITORY
from .test_krita import ROUNDING, lab

pytestmark = pytest.mark.host

PAGE = REPOSITORY / "docs" / "eight-clicks.md"
BLUE, GREEN = (220, 310), (110, 175)
"""Hues of CIE Lab that people call so, in degrees."""


@pytest.fixture(scope="module")
def small_display(krita):
    """That of a small laptop."""
    with screen(krita, "1366x768") as name:
        yield name


@pytest.fixture(scope="module")
def portrait(krita):
    path = krita.home.parent / "portrait.png"
    return path, portraits.draw(path)


@pytest.fixture(scope="module")
def clicked(krita, small_display, portrait):
    def place(at):
        return ",".join(map(str, at))

    path, _where = portrait
    where = {"PHOTOCHROM_DRESS": place(portraits.ON_DRESS), "PHOTOCHROM_WALL": place(portraits.ON_WALL)}
    return told_by(krita, small_display, "clicking", path, **where)


def hues(values):
    """CIE Lab (n, 3) -> hue in degrees 0…360, chroma."""
    return np.degrees(np.arctan2(values[:, 2], values[:, 1])) % 360, np.hypot(values[:, 1], values[:, 2])


def share(values, hue):
    """How many of CIE Lab (n, 3) have a visible color of this hue, 0…1."""
    angle, chroma = hues(values)
    return float(((angle >= hue[0]) & (angle <= hue[1]) & (chroma > 12)).mean())


def test_the_dress_is_blue_the_wall_green_and_the_face_neither(clicked, portrait):
    result = clicked("clicking")
    assert result["error"] == ""
    assert len(result["clicked"]) <= 8, result["clicked"]
    _path, where = portrait
    after = lab(clicked, result["after"])
    assert share(after[where.dress], BLUE) > 0.9
    assert share(after[where.wall], GREEN) > 0.9
    face = after[where.face]
    assert share(face, BLUE) + share(face, GREEN) < 0.1
    assert hues(face)[1].mean() > 2, "the face has no color"


def test_tones_stay_and_one_undo_takes_it_back(clicked):
    result = clicked("clicking")
    before, after, undone = (lab(clicked, result[name]) for name in ("before", "after", "undone"))
    change = np.abs(after - before)[..., 0]
    # Where the soft edge of one object lies over the color of another, Krita mixes them as they are stored.
    assert (change > ROUNDING["u8"]).mean() < 0.01
    assert change.max() < 4
    assert np.array_equal(before, undone)
    assert result["layers"][0] == result["layers"][1]


def test_the_page_has_these_clicks(clicked):
    steps = re.findall(r"^(\d+)\. (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    numbers = [int(number) for number, _text in steps]
    assert numbers[0] == 1 and all(later == one + 1 for one, later in pairwise(numbers))
    words = {"PHOTOCHROM_DRESS": "the dress", "PHOTOCHROM_WALL": "the background"}
    for what, (_number, text) in zip(clicked("clicking")["clicked"], steps, strict=True):
        assert words.get(what, what) in text
