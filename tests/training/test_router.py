"""Teaching the router: on pictures where the best colorizer can be seen, it finds it."""

import json

import numpy as np
import pytest
import torch
from photochrom import models, routing
from photochrom.errors import BadRequest
from photochrom.models import read_card
from photochrom.runtime import torchvision_operators  # noqa: F401 timm imports torchvision
from photochrom.training import router
from photochrom.training.best_colorizer import BestColorizers

EPOCHS = {"blend": 20, "regress": 8, "classify": 8}
"""Enough for what can be seen at a glance; the backbone that learns, too, is the sooner done."""


def visible(count=60):
    """Striped pictures suit the first colorizer, plain ones the second; their errors do not go together."""
    rng = np.random.default_rng(0)
    columns = np.broadcast_to(np.arange(64) % 16 < 8, (64, 64))
    striped = rng.random(count) < 0.5
    thumbnails = np.where(striped[:, None, None], columns * 60 + 20, 50) + rng.normal(0, 3, (count, 64, 64))
    small, large = 0.001, 0.01
    gram = np.zeros((count, 2, 2), np.float32)
    gram[:, 0, 0] = np.where(striped, small, large)
    gram[:, 1, 1] = np.where(striped, large, small)
    gram[:, 0, 1] = gram[:, 1, 0] = 0.95 * np.sqrt(small * large)
    return BestColorizers(
        ("stripes", "plain"), tuple(map(str, range(count))), thumbnails.clip(0, 100).astype(np.float32), gram
    ), striped


@pytest.fixture(scope="module", params=EPOCHS)
def taught(request):
    found, striped = visible()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(router, "EPOCHS", EPOCHS[request.param])
        return router.train(found, objective=request.param, seed=1), found, striped


@pytest.mark.slow
def test_it_beats_the_best_single_colorizer(taught):
    report = taught[0].report
    baselines = report["baselines"]
    single = max(baselines["stripes"], baselines["plain"])
    assert report["cpsnr"]["test"] > single + 0.5 * (baselines["oracle of single ones"] - single)
    assert baselines["oracle with blends of two"] >= baselines["oracle of single ones"]


@pytest.mark.slow
def test_report_has_what_the_paper_reports(taught):
    report = taught[0].report
    assert report["auc"] > 0.9
    blends = set() if report["objective"] == "blend" else {"stripes+plain"}
    assert set(report["recall"]) == {"stripes", "plain"} | blends
    guesses = {name: sum(guessed.values()) for name, guessed in report["confusion"].items()}
    assert guesses == report["labeled"]
    right = {name: guessed.get(name, 0) / max(1, guesses[name]) for name, guessed in report["confusion"].items()}
    assert right == pytest.approx(report["recall"], abs=1e-3)
    assert len(report["learning_curve"]) == EPOCHS[report["objective"]]
    assert report["photographs"] == {"training": 42, "validation": 12, "test": 6}


@pytest.mark.slow
def test_frozen_blocks_stay_as_published(taught):
    frozen, tail, _ = router.backbone("efficientnet-lite0")
    whole = taught[0].report["objective"] == "blend"
    published = torch.nn.Sequential(frozen, tail) if whole else frozen
    kept = taught[0].network.frozen.state_dict()
    assert len(kept) == len(published.state_dict())
    for name, value in published.state_dict().items():
        torch.testing.assert_close(kept[name], value)


@pytest.mark.slow
def test_written_router_gives_the_same_shares(taught, tmp_path, monkeypatch):
    network, found, _ = taught[0].network, *taught[1:]
    card = router.export(taught[0], found, tmp_path / "router")
    assert json.loads(card.read_text())["choices"] == ["stripes", "plain"]

    class Named:
        def __init__(self, name):
            self.name = name

    monkeypatch.setattr(routing, "available", lambda: [Named("stripes"), Named("plain")])
    installed = routing.Router(read_card(card))
    network.eval()
    for row in range(5):
        with torch.no_grad():
            expected = network(torch.from_numpy(found.thumbnails[row])[None, None])[0].tolist()
        scores = installed.route(found.thumbnails[row]).scores
        assert [scores["stripes"], scores["plain"]] == pytest.approx(expected, abs=0.02)
    assert models.read_card(card).kind == "router"


def test_too_few_photographs_are_reported():
    few = BestColorizers(("a", "b"), ("1",), np.zeros((1, 64, 64), np.float32), np.ones((1, 2, 2), np.float32))
    with pytest.raises(BadRequest, match="too few"):
        router.train(few)


def test_smote_balances_and_keeps_what_was_there():
    features = torch.randn(20, 2, 1, 1)
    labels = torch.tensor([0] * 12 + [1] * 7 + [2])
    grown, classes = router.balanced(features, labels)
    assert np.bincount(classes.numpy()).tolist() == [12, 12, 1]
    torch.testing.assert_close(grown[:20], features)


def test_mobilenet_is_split_after_ten_blocks():
    timm = pytest.importorskip("timm", reason="timm brings MobileNetV2; the extras do not")
    whole = timm.create_model("mobilenetv2_100", pretrained=False, in_chans=1).eval()
    picture = torch.randn(2, 1, 64, 64)
    with torch.no_grad():
        expected = whole.forward_features(picture)
        frozen, tail, width = router.split_mobilenet(whole)
        given = tail(frozen(picture))
    assert given.shape[1] == width
    torch.testing.assert_close(given, expected)
