"""Leak of hints: answers whose leak is known, on a label map of four fields."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from photochrom.errors import BadPicture, BadRequest
from photochrom.evaluation import leak
from photochrom.evaluation.leak import STRENGTH, Dab, SegmentFolder, depths, objects, painted
from PIL import Image

LIGHTNESS = np.full((40, 60), 50, np.float32)


def labels() -> np.ndarray:
    """A ground, and on it a square of 10 × 10 (4.2 %), one of 8 × 8 (2.7 %), and a line of one pixel."""
    found = np.zeros((40, 60), np.uint16)
    found[5:15, 5:15] = 7
    found[20:28, 30:38] = 9
    found[35, 5:55] = 3
    return found


def following(reach: int):
    """Paint recolors its object's square enlarged by `reach` pixels a side; all else stays."""

    def answer(lightness, paint):
        ab = np.full((*lightness.shape, 2), (6, 8), np.float32)
        if paint is not None:
            number = labels()[paint[..., 3] > 0][0]
            rows, columns = np.nonzero(labels() == number)
            color = paint[paint[..., 3] > 0][0, 1:3]
            place = slice(rows.min() - reach, rows.max() + 1 + reach), slice(columns.min() - reach, columns.max() + 1 + reach)  # fmt: skip  # noqa: E501
            ab[place] = color
        return ab

    return answer


def test_objects_are_of_middling_size_and_deep_enough() -> None:
    found = list(objects(labels()))
    assert [int(each.segment.sum()) for each in found] == [100, 64]
    for each in found:
        assert each.place.any()
        assert not (each.place & ~each.segment).any()


def test_depth_is_the_distance_to_the_outside() -> None:
    """5 × 5 in the middle of 7 × 9, and one that touches the border: the border is outside."""
    segment = np.zeros((7, 9), bool)
    segment[1:6, 2:7] = True
    assert depths(segment)[3].tolist() == [0, 0, 1, 2, 3, 2, 1, 0, 0]
    assert depths(np.ones((3, 3), bool)).tolist() == [[1, 1, 1], [1, 2, 1], [1, 1, 1]]


def test_paint_is_opposite_and_strong() -> None:
    segment = np.zeros((4, 4), bool)
    segment[:2] = True
    place = np.zeros((4, 4), bool)
    place[0, 0] = True
    plain = np.full((4, 4, 2), (3, 4), np.float32)
    layer = painted(plain, Dab(segment, place))
    np.testing.assert_allclose(layer[0, 0], [0, -0.6 * STRENGTH, -0.8 * STRENGTH, 1])
    assert not layer[1:].any()
    gray = painted(np.zeros((4, 4, 2), np.float32), Dab(segment, place))
    assert np.hypot(*gray[0, 0, 1:3]) == STRENGTH


def test_what_stops_at_its_object_does_not_leak() -> None:
    """(6, 8) becomes (-30, -40): 60 apart, inside alone."""
    found = leak.leak(LIGHTNESS, labels(), {"ideal": following(0)})["ideal"]
    assert found == pytest.approx({"leak_inside": 60, "leak_outside": 0})


def test_area_beyond_is_in_units_of_the_objects_area() -> None:
    """Two pixels farther: 14² - 10² = 96 of 100, 12² - 8² = 80 of 64; the median of two is between them."""
    found = leak.leak(LIGHTNESS, labels(), {"leaking": following(2)})["leaking"]
    assert found["leak_outside"] == pytest.approx((0.96 + 1.25) / 2)
    assert found["leak_inside"] == pytest.approx(60)


def test_small_changes_are_no_leak_and_nothing_followed_is_nothing_inside() -> None:
    def tinted(lightness, paint):
        return np.full((*lightness.shape, 2), 0 if paint is None else 7, np.float32)  # 9.9 apart

    assert leak.leak(LIGHTNESS, labels(), {"tinted": tinted})["tinted"] == pytest.approx(
        {"leak_inside": np.hypot(7, 7), "leak_outside": 0}
    )


def test_without_objects_there_is_nothing_to_say() -> None:
    assert leak.leak(LIGHTNESS, np.zeros((40, 60), np.uint16), {"ideal": following(0)}) == {}


class TestSegmentFolder:
    def test_label_maps_are_found_by_name(self, tmp_path: Path) -> None:
        Image.fromarray(labels()).save(tmp_path / "cat.png")
        folder = SegmentFolder(tmp_path)
        found = folder.of(Path("elsewhere/cat.jpg"), 40, 60)
        assert found is not None
        assert np.array_equal(found, labels())
        assert folder.of(Path("dog.jpg"), 40, 60) is None

    def test_a_label_map_that_does_not_fit_is_reported(self, tmp_path: Path) -> None:
        Image.fromarray(labels()).save(tmp_path / "cat.png")
        Image.new("RGB", (60, 40)).save(tmp_path / "dog.png")
        (tmp_path / "cow.png").write_bytes(b"no picture")
        folder = SegmentFolder(tmp_path)
        with pytest.raises(BadPicture, match="60 × 40 with 1 bands, the photograph 30 × 40"):
            folder.of(Path("cat.jpg"), 40, 30)
        with pytest.raises(BadPicture, match="3 bands"):
            folder.of(Path("dog.jpg"), 40, 60)
        with pytest.raises(BadPicture, match="cannot be read"):
            folder.of(Path("cow.jpg"), 40, 60)

    def test_a_folder_without_maps_is_refused(self, tmp_path: Path) -> None:
        for folder in (tmp_path, tmp_path / "nowhere"):
            with pytest.raises(BadRequest, match="no label maps"):
                SegmentFolder(folder)
