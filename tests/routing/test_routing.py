"""The router: shares that sum to one, pools that shrink, names that stand for blends."""

import numpy as np
import pytest
from photochrom import colorizers, models, routing
from photochrom.errors import ModelMissing
from routers import CHOICES, make_router


def thumbnails():
    rows, columns = np.mgrid[0:64, 0:64].astype(np.float32) / 63
    return [100 * rows, 50 + 50 * np.sin(20 * columns) * rows, np.full((64, 64), 30, np.float32)]


@pytest.fixture
def store(tmp_path, monkeypatch, forget):
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "store"))
    forget()
    yield tmp_path / "store"
    forget()


@pytest.fixture
def router(store):
    make_router(store / "router")
    return routing.load()


@pytest.mark.parametrize("thumbnail", thumbnails())
def test_shares_are_of_installed_colorizers_and_sum_to_one(router, thumbnail):
    scores = router.route(thumbnail).scores
    assert set(scores) == set(CHOICES) <= {card.name for card in colorizers.available()}
    assert sum(scores.values()) == pytest.approx(1, abs=1e-6)
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert min(scores.values()) >= 0


def test_router_looks_at_the_picture(router):
    routes = [router.route(thumbnail).scores for thumbnail in thumbnails()]
    assert routes[0] != routes[1] != routes[2]
    assert router.route(thumbnails()[0]).scores == routes[0]


def test_colorizer_that_is_gone_gets_no_share(store):
    make_router(store / "router", ("lite", "gone"))
    router = routing.load()
    assert router.choices == ["lite"]
    assert router.route(thumbnails()[1]).scores == {"lite": 1.0}


def test_without_any_of_its_colorizers_the_router_names_the_next_step(store):
    make_router(store / "router", ("gone", "lost"))
    with pytest.raises(ModelMissing, match="train router"):
        routing.load().route(thumbnails()[0])


@pytest.mark.usefixtures("store")
def test_none_ships():
    assert routing.load() is None


@pytest.mark.usefixtures("router")
def test_router_is_no_colorizer():
    assert "router" not in {card.name for card in colorizers.available()}
    assert "router" in {card.name for card in models.installed()}


def test_small_shares_take_no_part():
    route = routing.Route({"lite": 0.6, "people": 0.36, "scenes": 0.04})
    assert route.best == "lite"
    assert route.taking_part == pytest.approx({"lite": 0.625, "people": 0.375})


@pytest.mark.parametrize(
    ("name", "scores"),
    [
        ("lite", {"lite": 1}),
        ("lite+people", {"lite": 0.5, "people": 0.5}),
        ("lite+people+lite", {"lite": 2 / 3, "people": 1 / 3}),
    ],
)
def test_names_stand_for_blends(name, scores):
    assert routing.fixed(name).scores == pytest.approx(scores)


@pytest.mark.usefixtures("router")
def test_auto_stands_for_all_of_the_routers_colorizers():
    assert routing.stands_for("auto") == list(CHOICES)
    assert routing.stands_for("lite+people") == ["lite", "people"]


@pytest.mark.usefixtures("store")
def test_without_a_router_auto_stands_for_the_embedded_network():
    assert routing.stands_for("auto") == ["auto"]
    assert colorizers.load("auto").card.version == colorizers.load("lite").card.version
