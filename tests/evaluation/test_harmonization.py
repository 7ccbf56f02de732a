"""The ruler of harmonizing."""

import numpy as np
import pytest
from photochrom import segmenters
from photochrom.errors import BadPicture
from photochrom.evaluation import harmonization
from photochrom.evaluation.harmonization import compare, examine, noise_within, read_labels, table
from PIL import Image

from .conftest import colorful


@pytest.fixture(scope="module")
def scenes(tmp_path_factory):
    """Two photographs, of which one was segmented: (their folder, the folder of segmentations)."""
    photographs, segmentations = tmp_path_factory.mktemp("photographs"), tmp_path_factory.mktemp("segmentations")
    for number in range(2):
        Image.fromarray(colorful(number, 48, 64)).save(photographs / f"{number}.png")
    labels = np.repeat(np.arange(4, dtype=np.uint16), 16)[None].repeat(48, 0) * 300
    Image.fromarray(labels).save(segmentations / "1.png")
    return photographs, segmentations


@pytest.fixture(scope="module")
def found(scenes):
    return compare(*scenes, colorizer="lite")


def test_noise_is_the_distance_from_the_mean_of_ones_own_segment():
    lab = np.zeros((2, 4, 3), np.float32)
    lab[..., 0] = 50
    lab[:, 2:, 1] = 40
    lab[0, 0, 1:], lab[0, 1, 1:] = (3, 4), (-3, -4)
    labels = np.repeat([[0, 0, 7, 7]], 2, 0)
    # Two of eight pixels lie 5 from their segment's mean, the rest on it.
    assert noise_within(lab, labels) == pytest.approx((2 * 25 / 8) ** 0.5)


def test_noise_of_one_segment_is_the_spread_of_all(rng):
    lab = rng.normal(0, 20, (9, 7, 3))
    spread = np.sqrt(lab[..., 1].var() + lab[..., 2].var())
    assert noise_within(lab, np.full((9, 7), 3)) == pytest.approx(spread)


def test_labels_come_as_they_were_drawn(scenes):
    labels = read_labels(scenes[1] / "1.png")
    assert labels.shape == (48, 64)
    assert np.unique(labels).tolist() == [0, 300, 600, 900]
    assert read_labels(scenes[1] / "0.png") is None


def test_every_way_has_its_scores(found):
    assert [each.photograph.name for each in found] == ["0.png", "1.png"]
    for each, segmented in zip(found, (False, True), strict=True):
        assert set(each.scores) == {"original", "before", "as printed", "ours"}
        assert all(("noise" in scores) == segmented for scores in each.scores.values())
        for name in harmonization.CHANGES:
            gained = each.scores[name]["psnr"] - each.scores["before"]["psnr"]
            assert each.scores[name]["gained"] == gained


def test_before_is_what_the_pipeline_gives(found, scenes):
    from photochrom.evaluation import metrics
    from photochrom.evaluation.dataset import read_srgb
    from photochrom.evaluation.lightness_only import colorize_lightness

    original = read_srgb(scenes[0] / "1.png")
    made, _ = colorize_lightness(original, "lite")
    assert found[1].scores["before"]["psnr"] == pytest.approx(metrics.psnr(original, made), abs=1e-3)


def test_table_has_means_over_the_photographs_that_have_the_score(found):
    cells = {
        row.split(" | ")[0].strip("| "): [cell.strip() for cell in row.strip("|").split("|")] for row in table(found)
    }
    wanted = np.mean([each.scores["ours"]["psnr"] for each in found])
    assert cells["ours"][1] == f"{wanted:.3f}"
    assert cells["before"][2].startswith("+0.000")
    assert cells["ours"][5] == f"{found[1].scores['ours']['noise']:.3f}"
    assert cells["original"][1] == ""


def test_segmentation_of_another_size_is_refused(scenes):
    from photochrom.evaluation.dataset import photographs

    first = photographs(scenes[0])[0]
    with pytest.raises(BadPicture, match="another size"):
        examine(first, np.zeros((9, 9), np.int32), "lite", segmenters.load("felzenszwalb"))
