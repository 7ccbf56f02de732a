"""The ruler of reference pictures."""

import numpy as np
from photochrom import colorizers
from photochrom.evaluation.reference_guidance import examine, halves, pairs, table
from PIL import Image

from .conftest import colorful


def test_a_picture_is_cut_across_its_longer_side():
    wide, high = colorful(1, 48, 65), colorful(2, 70, 40)
    first, second = halves(wide)
    assert np.array_equal(np.concatenate([first, second], 1), wide)
    first, second = halves(high)
    assert np.array_equal(np.concatenate([first, second], 0), high)


def test_each_picture_meets_its_other_half_and_another_scene(tmp_path):
    pictures = [colorful(number, 40, 60) for number in range(4)]
    for number, picture in enumerate(pictures):
        Image.fromarray(picture).save(tmp_path / f"{number}.png")
    found = list(pairs(tmp_path, 4))
    assert [kind for kind, _, _ in found] == ["the other half", "another scene"] * 4
    for number, (_, picture, reference) in enumerate(found[::2]):
        assert np.array_equal(np.concatenate([reference, picture], 1), pictures[number])
    for number, (_, picture, reference) in enumerate(found[1::2]):
        assert np.array_equal(picture, found[2 * number][1])
        assert not np.array_equal(reference, found[2 * number][2])


def test_a_picture_is_colored_best_like_itself_and_the_table_says_so():
    y, x = np.mgrid[:128, :160]
    picture = np.empty((128, 160, 3), np.uint8)
    picture[:] = 200, 120, 110
    picture[np.hypot(y - 64, x - 80) < 40] = 60, 90, 170
    scores = examine(picture, picture, colorizers.load("lite"))
    assert scores["tones (Welsh 2002)"]["psnr"] > scores["alone"]["psnr"] + 5
    assert scores["regions"]["psnr"] > scores["alone"]["psnr"] + 5
    lines = table({"itself": [scores, scores]})
    assert len(lines) == 2 + len(scores)
    gained = scores["regions"]["psnr"] - scores["alone"]["psnr"]
    assert f"| itself | regions | {scores['regions']['psnr']:.2f} | {gained:+.2f} " in "\n".join(lines)
