"""A layer that was turned or converted while it was colored is noticed; one that was retouched is the same."""

import random

import pytest

from photochrom_client.kit.frame import Frame
from photochrom_client.kit.unsuitable import CONVERTED, TURNED, Unsuitable

WIDTH, HEIGHT = 40, 40
GRAY = ("RGB", 8, None)


def picture(seed=0):
    """One byte a pixel, all different enough."""
    numbers = random.Random(seed)
    return [[bytes([numbers.randrange(256)]) for _ in range(WIDTH)] for _ in range(HEIGHT)]


def frame(rows, form=GRAY):
    return Frame.of((len(rows[0]), len(rows)), form, lambda x, y: rows[y][x])


TURNS = {
    "flipped": lambda rows: [row[::-1] for row in rows],
    "upside down": lambda rows: rows[::-1],
    "by 90°": lambda rows: [list(row) for row in zip(*rows[::-1], strict=True)],
    "by 180°": lambda rows: [row[::-1] for row in rows[::-1]],
    "by 270°": lambda rows: [list(row) for row in zip(*rows, strict=True)][::-1],
}


@pytest.mark.parametrize("turn", TURNS)
def test_a_turned_layer_is_noticed(turn):
    with pytest.raises(Unsuitable, match=TURNED):
        frame(TURNS[turn](picture())).check(frame(picture()))


def test_a_cropped_layer_is_noticed():
    with pytest.raises(Unsuitable, match=TURNED):
        frame(picture()[:-1]).check(frame(picture()))


def test_a_converted_layer_is_noticed():
    with pytest.raises(Unsuitable, match=CONVERTED):
        frame(picture(), ("RGB", 16, None)).check(frame(picture()))


@pytest.mark.parametrize("change", [lambda value: value, lambda value: 255 - value, lambda value: value // 2])
def test_a_retouched_layer_is_the_same(change):
    before = picture()
    after = [[bytes([change(pixel[0])]) for pixel in row] for row in before]
    after[3][5] = b"\0"
    frame(after).check(frame(before))


def test_a_plain_layer_is_the_same():
    plain = [[b"\x80"] * WIDTH for _ in range(HEIGHT)]
    frame(plain).check(frame(plain))


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (3, 2)])
def test_small_layers_have_frames(size):
    width, height = size
    small = [row[:width] for row in picture()[: min(height, HEIGHT)]]
    frame(small).check(frame(small))
