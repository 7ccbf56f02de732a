from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from photochrom.evaluation.dataset import read_srgb
from photochrom.evaluation.small_faces import part_around, scores

PHOTOGRAPH = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.mark.parametrize("box", [(90, 50, 10, 12), (0, 0, 8, 8), (190, 110, 10, 10)])
def test_part_has_the_box_as_near_to_its_middle_as_edges_allow(box):
    photograph = np.random.default_rng(3).integers(0, 256, (120, 200, 3), np.uint8)
    part = part_around(photograph, box)
    assert part.pixels.shape == (60, 100, 3)
    np.testing.assert_array_equal(part.pixels, photograph[part.y : part.y + 60, part.x : part.x + 100])
    assert (part.x, part.y) == (
        min(max(0, box[0] + box[2] // 2 - 50), 100),
        min(max(0, box[1] + box[3] // 2 - 30), 60),
    )


def test_album_brings_what_is_in_both_pictures_together():
    photograph = read_srgb(PHOTOGRAPH)[::4, ::4]
    house = round(0.4 * photograph.shape[1]), round(0.3 * photograph.shape[0]), 60, 40
    ((alone, album),) = scores(np.ascontiguousarray(photograph), [house])
    assert 0 < album[0] < alone[0]
    assert len(alone) == len(album) == 5
