from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photochrom_client.kit.viewing import PaintWatch, Visible, shown

sides = st.integers(1, 20_000)


@given(st.tuples(sides, sides), st.tuples(sides, sides), st.booleans())
def test_view_fits_its_room_and_is_not_larger_than_the_picture(size, room, full):
    width, height = shown(size, room, full)
    assert 1 <= width <= min(size[0], room[0])
    assert 1 <= height <= min(size[1], room[1])


def test_places_of_the_whole_picture():
    visible = Visible((4000, 3000), (400, 300))
    assert visible.place(200, 75) == (0.5, 0.25)
    assert visible.place(-5, 999) == (0, 1)
    assert visible.scales(800, 600) == (0.5, 0.5)


def test_places_of_a_part_at_full_size():
    visible = Visible((4000, 3000), (400, 300), (1000, 600))
    assert visible.place(200, 150) == (0.3, 0.25)
    assert visible.scales(2000, 1500) == (2, 2)


@pytest.mark.parametrize(("looks", "reads"), [("aaa", [0, 0, 0]), ("abb", [0, 0, 1]), ("abcc", [0, 0, 0, 1])])
def test_paint_is_read_when_the_brush_rests(looks, reads):
    watch = PaintWatch("a")
    assert [watch.look(each) for each in looks] == reads


def test_paint_that_was_read_is_not_read_again():
    watch = PaintWatch()
    assert [watch.look("b"), watch.look("b")] == [False, True]
    watch.read("b")
    assert not watch.look("b")
