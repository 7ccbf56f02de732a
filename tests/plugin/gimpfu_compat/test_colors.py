"""The colors of gimpcolor."""

import pytest

colors = pytest.importorskip("gimpfu_compat.colors", exc_type=ImportError)


def test_whole_numbers_count_to_255_and_fractions_to_1():
    color = colors.RGB(255, 0.5, 0)
    assert (color.r, color.g, color.b, color.a) == (1.0, 0.5, 0.0, 1.0)
    assert color[0:3] == (255, 128, 0)
    assert tuple(color) == (255, 128, 0, 255)
    red, _, _, alpha = color
    assert (red, alpha) == (255, 255)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("red", (255, 0, 0)),
        ("#0000ff", (0, 0, 255)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
        ((1, 2, 3), (1, 2, 3)),
        ([1, 2, 3, 255], (1, 2, 3)),
        ((0.0, 1.0, 0.2), (0, 255, 51)),
        (colors.HSV(120, 100, 100), (0, 255, 0)),
        (colors.HSL(240, 100, 50), (0, 0, 255)),
        (colors.CMYK(0.0, 1.0, 1.0, 0.0), (255, 0, 0)),
    ],
)
def test_colors_as_scripts_write_them(given, wanted):
    assert colors.to_rgb(given)[0:3] == wanted


def test_conversions_go_back():
    for color in (colors.RGB(10, 200, 30), colors.RGB(255, 255, 255), colors.RGB(0, 0, 7)):
        for there in (color.to_hsv(), color.to_hsl(), color.to_cmyk()):
            assert there.to_rgb()[0:3] == color[0:3]
    assert colors.RGB(255, 0, 0).to_hsv()[0:3] == (0, 100, 100)


def test_arithmetic():
    one, other = colors.RGB(0.25, 0.5, 0.75), colors.RGB(0.25, 0.25, 0.25)
    assert (one + other)[0:3] == (128, 191, 255)
    assert (one - other).r == 0.0
    assert (one * 2).g == 1.0
    assert one.r == 0.25  # unchanged
    one.add(other)
    assert one.g == 0.75
    assert one.max() == 1.0
    assert one.min() == 0.5
    assert 0 < other.luminance() < 1
    assert one.distance(one) == 0
    one.r = 0.1
    one[1] = 255
    assert (one.red, one.green) == (0.1, 1.0)


def test_a_name_that_is_no_color_is_an_error():
    with pytest.raises(ValueError, match="no color of this name"):
        colors.to_rgb("no color of this name")
    with pytest.raises(TypeError):
        colors.to_rgb((1, 2, 3, 4, 5))


def test_between_four_corners():
    black, white = colors.RGB(0, 0, 0), colors.RGB(255, 255, 255)
    assert colors.bilinear(0.5, 0.5, [0, 0, 1, 1]) == 0.5
    assert colors.bilinear_rgb(0.0, 0.75, [black, black, white, white])[0:3] == (191, 191, 191)
    assert dict(colors.names())["navy"][0:3] == (0, 0, 128)
