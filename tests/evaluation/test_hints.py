"""Hints of true color, and what becomes of a colorizer's answer with every one more."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from photochrom.errors import BadRequest, Cancelled, ModelMissing
from photochrom.evaluation.hints import DAB, SIDE, Curve, measure_hints, numbers_of_hints, painted
from PIL import Image

pytest.importorskip("scipy")

CANDIDATES = ["lite", "lite, then spread", "lite, then levin2004", "levin2004"]


@pytest.fixture(scope="module")
def flags(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two photographs of four even fields, each of its own tone and color."""
    folder = tmp_path_factory.mktemp("flags")
    for number, shift in enumerate((0, 25)):
        fields = np.array([[[200, 30, 30], [240, 220, 60]], [[20, 60, 140], [60, 140, 60]]], np.uint8)
        Image.fromarray(np.roll(fields, number, 1) - np.uint8(shift // 5)).resize((32, 32), 0).save(
            folder / f"{number}.png"
        )
    return folder


@pytest.fixture(scope="module")
def curve(flags: Path) -> Curve:
    return measure_hints(flags, ["lite"], (0, 1, 30))


@pytest.mark.parametrize(
    ("text", "counts"), [("1,5,10", (0, 1, 5, 10)), ("50", (0, 50)), ("3,0,3", (0, 3)), (" 2, 1 ", (0, 1, 2))]
)
def test_numbers_of_hints_are_sorted_and_begin_with_none(text: str, counts: tuple[int, ...]) -> None:
    assert numbers_of_hints(text) == counts


@pytest.mark.parametrize("text", ["", "one", "1;2", "-1", "1,,2", "1.5", "100000"])
def test_what_is_no_list_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="from 0 to"):
        numbers_of_hints(text)


def test_dabs_have_the_photographs_color_where_they_lie() -> None:
    colors = np.zeros((320, 480, 3), np.float32)
    colors[..., 0], colors[:, 240:, 1] = 50, 30
    layer = painted(colors, 8, seed=3)
    assert layer.shape == (SIDE, 240, 4)
    assert set(np.unique(layer[..., 3])) == {0, 1}
    assert DAB**2 < layer[..., 3].sum() <= 8 * DAB**2
    dabbed = layer[..., 3] > 0
    assert not layer[:, :112][dabbed[:, :112], 1].any()
    np.testing.assert_allclose(layer[:, 128:][dabbed[:, 128:], 1], 30, atol=1e-4)
    assert not layer[~dabbed].any()


def test_more_hints_are_the_fewer_ones_and_others() -> None:
    colors = np.full((SIDE, SIDE, 3), 20, np.float32)
    few, many, others = painted(colors, 3, 1), painted(colors, 9, 1), painted(colors, 3, 2)
    assert (many[few[..., 3] > 0, 3] == 1).all()
    assert many[..., 3].sum() > few[..., 3].sum()
    assert not np.array_equal(few, others)


def test_hints_bring_every_candidate_nearer(curve: Curve) -> None:
    assert list(curve.psnr) == CANDIDATES
    for name in curve.psnr:
        none, many = curve.estimate(name, 0).value, curve.estimate(name, 30).value
        assert many > none + 3, name


def test_without_hints_the_corrected_answer_is_the_colorizers_own(curve: Curve) -> None:
    assert curve.psnr["lite"][0] == curve.psnr["lite, then levin2004"][0] == curve.psnr["lite, then spread"][0]
    assert curve.psnr["levin2004"][0] != curve.psnr["lite"][0]


def test_table_and_json_hold_the_same_means(curve: Curve, flags: Path) -> None:
    table = curve.table()
    assert table[0][1:] == ["0", "1", "30"]
    found = json.loads(curve.to_json())
    assert found["schema"] == "photochrom-hints/1"
    assert found["dataset"] == flags.name
    assert found["pictures"] == ["0.png", "1.png"]
    for row in table[1:]:
        mean = np.mean(found["psnr"][row[0]]["30"])
        assert found["summary"][row[0]]["30"]["value"] == pytest.approx(mean)
        assert row[3].startswith(f"{mean:.2f} ±")


def test_hints_are_for_single_colorizers(flags: Path) -> None:
    for name in ("auto", "lite+people"):
        with pytest.raises(BadRequest, match="one colorizer at a time"):
            measure_hints(flags, [name], (0,))
    with pytest.raises(ModelMissing):
        measure_hints(flags, ["nobody"], (0,))


def test_progress_can_stop_the_work(flags: Path) -> None:
    seen: list[float] = []

    def watch(share: float, _: str) -> None:
        seen.append(share)
        if len(seen) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        measure_hints(flags, ["lite"], (0, 1), watch)
    assert seen == [0, 0.25]


def test_command_prints_the_curve(run, flags: Path) -> None:
    done = run("evaluate", flags, "--hints", "0")
    assert done.code == 0
    assert [line.split("  ")[0] for line in done.out.splitlines()[1:]] == CANDIDATES
    assert json.loads(run("evaluate", flags, "--hints", "1", "--json").out)["counts"] == [0, 1]
    refused = run("evaluate", flags, "--hints", "1", "--sheet", flags / "sheet.png")
    assert (refused.code, refused.out) == (2, "")


def test_reach_decides_how_far_hints_are_followed(flags: Path, curve: Curve) -> None:
    everywhere = measure_hints(flags, ["lite"], (0, 1), reach=1.0)
    assert everywhere.psnr["lite"][0] == curve.psnr["lite"][0]
    assert everywhere.psnr["lite"][1] != curve.psnr["lite"][1]
