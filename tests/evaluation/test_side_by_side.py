"""One photograph in everybody's colors, on one sheet."""

from pathlib import Path

import numpy as np
import pytest
from photochrom import colorizers
from photochrom.errors import BadPicture, BadRequest, Cancelled, ModelMissing, OutputFailed
from photochrom.evaluation import side_by_side
from photochrom.evaluation.side_by_side import GAP, LABEL, write_sheet
from PIL import Image

HUT = Path(__file__).parents[2] / "examples" / "dust-bowl-home.jpg"


@pytest.fixture
def photograph(tmp_path, rng):
    path = tmp_path / "Großmutter & <Kind>.png"
    rows = np.linspace(30, 220, 90)[:, None] + rng.normal(0, 8, (90, 120))
    Image.fromarray(rows.clip(0, 255).astype(np.uint8)).save(path)
    return path


def tiles(sheet, across, width, height):
    """The pictures of a sheet, without their labels."""
    pixels = np.asarray(Image.open(sheet).convert("RGB")).astype(int)
    down = (pixels.shape[0] - GAP) // (height + LABEL + GAP // 2 + GAP)
    corners = [
        (GAP + row * (height + LABEL + GAP // 2 + GAP), GAP + column * (width + GAP))
        for row in range(down)
        for column in range(across)
    ]
    return [pixels[top : top + height, left : left + width] for top, left in corners], pixels


def colorfulness(tile):
    return np.ptp(tile, axis=2).mean()


def test_the_photograph_stands_first_and_gray_then_each_in_its_own_colors(photograph, tmp_path):
    sheet = tmp_path / "sheet.png"
    assert write_sheet(photograph, sheet, ["lite", "nature"]) == {}
    (gray, lite, nature), _ = tiles(sheet, 3, 120, 90)
    assert colorfulness(gray) == 0
    assert min(colorfulness(lite), colorfulness(nature)) > 2
    assert np.abs(lite - nature).max() > 2


def test_each_picture_has_a_label(photograph, tmp_path):
    sheet = tmp_path / "sheet.png"
    write_sheet(photograph, sheet, ["lite"])
    _, pixels = tiles(sheet, 2, 120, 90)
    labels = pixels[GAP + 90 :]
    for left in (GAP, 2 * GAP + 120):
        assert labels[:, left : left + 120].min() < 100


def test_without_names_all_that_are_installed_are_shown():
    assert side_by_side.everyone() == ["auto", *(card.name for card in colorizers.available())]


def test_one_that_is_missing_stays_gray_and_its_error_comes_back(photograph, tmp_path):
    sheet = tmp_path / "sheet.png"
    failed = write_sheet(photograph, sheet, ["nobody", "lite"])
    assert list(failed) == ["nobody"]
    assert isinstance(failed["nobody"], ModelMissing)
    (_, nobody, lite), _ = tiles(sheet, 3, 120, 90)
    assert colorfulness(nobody) == 0
    assert colorfulness(lite) > 2


def test_chroma_is_applied(photograph, tmp_path):
    sheet = tmp_path / "sheet.png"
    write_sheet(photograph, sheet, ["lite"], chroma=0)
    assert colorfulness(tiles(sheet, 2, 120, 90)[0][1]) == 0


def test_style_is_applied(tmp_path):
    sheet, photograph = tmp_path / "sheet.png", tmp_path / "hut.png"
    with Image.open(HUT) as hut:
        hut.resize((120, 90)).save(photograph)
    found = {}
    for style in ("vivid", "calm"):
        write_sheet(photograph, sheet, ["lite"], style=style)
        found[style] = colorfulness(tiles(sheet, 2, 120, 90)[0][1])
    assert found["calm"] > 0 and found["vivid"] > 0
    assert found["calm"] != found["vivid"]


def test_wrong_names_and_paths_are_reported(photograph, tmp_path):
    with pytest.raises(BadRequest, match="no name for a sheet"):
        write_sheet(photograph, tmp_path / "sheet.gif", ["lite"])
    with pytest.raises(OutputFailed):
        write_sheet(photograph, tmp_path / "nowhere" / "sheet.png", ["lite"])
    with pytest.raises(BadPicture):
        write_sheet(tmp_path / "none.png", tmp_path / "sheet.png", ["lite"])
    assert not (tmp_path / "sheet.png").exists()


def test_cancelling_leaves_no_sheet(photograph, tmp_path):
    def cancel(done, doing):
        if doing == "nature":
            raise Cancelled

    with pytest.raises(Cancelled):
        write_sheet(photograph, tmp_path / "sheet.png", ["lite", "nature"], progress=cancel)
    assert list(tmp_path.iterdir()) == [photograph]
