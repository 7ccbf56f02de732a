from __future__ import annotations

from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from photochrom.errors import BadRequest, OutputFailed
from photochrom.evaluation.results import Evaluation
from photochrom.evaluation.sheet import CELL, GAP, LONGEST_SIDE, contact_sheet, encode, spread
from PIL import Image

from .conftest import colorful


def test_pictures_are_spread_over_categories_and_quality(evaluation: Evaluation) -> None:
    shown = spread(evaluation, "fading 0.8", 6)
    assert Counter(picture.category for picture in shown) == {"sea": 2, "street": 2, "people": 2}
    for category in evaluation.categories:
        ranked = sorted(evaluation.of_category(category), key=lambda picture: picture.scores["fading 0.8"]["cpsnr"])
        assert [picture for picture in shown if picture.category == category] == [ranked[1], ranked[3]]


def test_all_are_shown_when_there_are_fewer(evaluation: Evaluation) -> None:
    shown = spread(evaluation, "fading 0.8", 100)
    assert {picture.name for picture in shown} == {picture.name for picture in evaluation.pictures}
    assert len(shown) == 12


def test_sheet_has_gray_result_and_original_of_each(evaluation: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    contact_sheet(evaluation, path, 6)
    sheet = np.asarray(Image.open(path).convert("RGB")).astype(int)
    triple = 3 * CELL + 4
    assert sheet.shape == (3 * CELL + 2 * GAP, 2 * triple + GAP, 3)
    gray, result, original = (sheet[:CELL, left : left + CELL] for left in (0, CELL + 2, 2 * CELL + 4))
    assert np.ptp(gray, axis=2).mean() < 3
    assert np.ptp(gray, axis=2).mean() < np.ptp(result, axis=2).mean() < np.ptp(original, axis=2).mean()


def test_shows_auto_where_it_was_measured(pool: Evaluation, tmp_path: Path) -> None:
    files = {}
    for name in (None, "auto", "nature"):
        files[name] = tmp_path / f"{name}.png"
        contact_sheet(pool, files[name], 4, name)
    ours, auto, nature = (np.asarray(Image.open(file)) for file in files.values())
    assert np.array_equal(ours, auto)
    assert not np.array_equal(ours, nature)


def test_large_pictures_are_embedded_smaller() -> None:
    with Image.open(BytesIO(encode(colorful(1, 600, 1200)))) as image:
        assert image.size == (LONGEST_SIDE, LONGEST_SIDE // 2)
    with Image.open(BytesIO(encode(colorful(1, 30, 20)))) as image:
        assert (image.size, image.format) == ((20, 30), "WEBP")


def test_saved_scores_have_no_pictures_to_show(evaluation: Evaluation, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no images"):
        contact_sheet(replace(evaluation, images={}), tmp_path / "sheet.png")


def test_an_unwritable_path_is_reported(evaluation: Evaluation, tmp_path: Path) -> None:
    with pytest.raises(OutputFailed, match="nowhere"):
        contact_sheet(evaluation, tmp_path / "nowhere" / "sheet.png")
