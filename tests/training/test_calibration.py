"""A network with 65 % confidence that is right in 70 of 100 cells is sharpened, and its confidence is then right."""

import hashlib
import json

import numpy as np
import pytest
from photochrom import models
from photochrom.colorizers import lite
from photochrom.colorizers.color_classes import bin_of, center_of
from photochrom.image.lab import srgb_from_lab
from photochrom.runtime.inference import openvino
from photochrom.training import export
from photochrom.training.calibration import choose_temperature, tempered
from PIL import Image

RED, GREEN = (35, 25), (-35, 25)
SAID, RIGHT = 0.65, 0.7
SIDE = 64
PLAIN = {"experts": 1.0, "toe": 0.0, "gain": 1.0, "mean": 1.0}


@pytest.fixture
def card(tmp_path):
    """A network that predicts RED with 65 % and GREEN with 35 % everywhere."""
    ops = openvino.opset13
    planes = ops.parameter([1, 4, -1, -1], np.float32)

    def nothing(cell, channels):
        pooled = ops.avg_pool(planes, [cell, cell], [0, 0], [0, 0], [cell, cell], True)
        zeros = ops.constant(np.zeros((channels, 4, 1, 1), np.float32))
        return ops.convolution(pooled, zeros, [1, 1], [0, 0], [0, 0], [1, 1])

    bins = sorted(int(bin_of(np.array(color, float))) for color in (RED, GREEN))
    said = [SAID if np.abs(center_of(np.array(each)) - RED).max() <= 5 else 1 - SAID for each in bins]
    logits = ops.add(nothing(4, 2), ops.constant(np.log(np.array(said, np.float32)).reshape(1, 2, 1, 1)))
    folder = tmp_path / "models" / "said"
    folder.mkdir(parents=True)
    results = [logits, ops.unsqueeze(nothing(2, 2), 1), nothing(2, 1)]
    openvino.save_model(openvino.Model(results, [planes]), folder / "lite.xml", compress_to_fp16=False)
    content = {
        "name": "said",
        "kind": "colorizer",
        "system": "lite",
        "version": "0",
        "good_at": "tests",
        "license": "GPL-3.0-or-later",
        "proxy_side": SIDE,
        "experts": {"said": "tests"},
        "decode": {"temperature": 1.0, "vivid": PLAIN, "calm": PLAIN},
        "bins": bins,
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("lite.xml", "lite.bin")},
    }
    return export.write_card(folder / "card.json", content)


@pytest.fixture
def picture(rng):
    """Of 256 cells, 70 of 100 are red and the rest green, all equally light."""
    red = np.arange(256) < RIGHT * 256
    cells = np.where(rng.permutation(red).reshape(16, 16, 1), RED, GREEN)
    lab = np.concatenate([np.full((16, 16, 1), 50.0), cells], -1)
    return np.rint(srgb_from_lab(lab) * 255).astype(np.uint8).repeat(4, 0).repeat(4, 1)


def test_confidence_becomes_the_share_of_right_answers(card, picture):
    found = choose_temperature(models.read_card(card), [picture] * 3)
    # What is sought: 0.65 and 0.35, sharpened, are 0.7 and 0.3.
    assert found.temperature == pytest.approx(np.log(0.65 / 0.35) / np.log(0.7 / 0.3), abs=0.04)
    assert found.photographs == 3
    assert found.error_before == pytest.approx(RIGHT - SAID, abs=0.02)
    assert found.error < 0.02


def test_a_card_is_calibrated_once_and_again_the_same(card, picture, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    pack(data, picture)
    before = json.loads(card.read_text())
    found = export.calibrate(card, data)
    after = json.loads(card.read_text())
    assert list(after)[list(after).index("decode") + 1] == "calibration"
    assert after.pop("calibration") == found.on_card
    assert after == before
    assert export.calibrate(card, data) == found  # not calibrated on top of what it was
    calibrated = lite.open_model(models.read_card(card)).predict(np.full((SIDE, SIDE), 50, np.float32))
    assert calibrated.distribution.probabilities.max(-1) == pytest.approx(RIGHT, abs=0.02)


def pack(folder, picture):
    """130 times the same picture, packed as the training data are; some of them are held out."""
    import csv
    import io
    import tarfile

    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    with tarfile.open(folder / "photos-000.tar", "w") as shard, (folder / "index.csv").open("w", newline="") as index:
        rows = csv.writer(index)
        rows.writerow(["path", "source", "width", "height", "mean_chroma", "category", "shard"])
        for number in range(130):
            member = tarfile.TarInfo(f"made/{number:03}.png")
            member.size = file.getbuffer().nbytes
            shard.addfile(member, io.BytesIO(file.getvalue()))
            rows.writerow([member.name, "made", SIDE, SIDE, 43, "object", "photos-000.tar"])


def test_temperature_is_that_of_the_logits(rng):
    logits = rng.normal(size=(5, 7)).astype(np.float32)

    def softmax(values):
        grown = np.exp(values)
        return grown / grown.sum(-1, keepdims=True)

    centers = np.zeros((7, 2), np.float32)
    found = tempered(softmax(logits), 0.7, centers)
    np.testing.assert_allclose(found.probabilities, softmax(logits / 0.7), rtol=1e-4)
    assert found.centers is centers
