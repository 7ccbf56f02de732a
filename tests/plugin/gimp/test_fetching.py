"""What else there is: listed and fetched on threads, from a server on this machine; the dialog's end stops all."""

import queue

import pytest
from mirror import serving

NAME = "zhang2016"


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(tmp_path / "models"))
    (tmp_path / "mirror" / NAME).mkdir(parents=True)
    with serving(tmp_path / "mirror") as server:
        monkeypatch.setenv("PHOTOCHROM_MIRROR", server.url)
        yield server


@pytest.fixture
def said():
    return queue.Queue()


@pytest.fixture
def fetcher(load, mirror, folder, said):
    fetcher = load("fetching").Fetcher(folder, said.put)
    yield fetcher
    fetcher.close()


@pytest.fixture
def model(fetcher, mirror, said):
    """One that is published; what the mirror has in its place is not it."""
    fetcher.list()
    found = next(each for each in until(said, "models")["models"] if each.name == NAME)
    with (mirror.folder / NAME / "colorization_release_v2-9b330a0b.pth").open("wb") as empty:
        empty.truncate(found.bytes)
    return found


def until(said, kind):
    while True:
        told = said.get(timeout=60)
        if kind in told:
            return told
        assert {"fraction", "message"} <= set(told), told


def test_list_has_what_is_published_and_what_can_be_asked_for(fetcher, said):
    fetcher.list()
    told = said.get(timeout=60)
    assert NAME in {each.name for each in told["models"]}
    assert {"auto", "lite"} <= {each.name for each in told["colorizers"]}


def test_engine_that_is_not_there_is_told(load, tmp_path, monkeypatch, said):
    monkeypatch.delenv("PHOTOCHROM_ENGINE", raising=False)
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path / "run"))
    load("fetching").Fetcher(tmp_path, said.put).list()
    assert "photochrom plugin install" in str(until(said, "error")["error"])


def test_fetch_that_fails_says_why(fetcher, model, mirror, said):
    mirror.behaviour = "breaks"
    fetcher.fetch(model)
    told = until(said, "error")
    assert told["name"] == NAME
    assert mirror.url in told["error"].cause
    assert told["error"].next_step


def test_fetch_can_be_stopped_and_begun_again(fetcher, model, mirror, said):
    mirror.behaviour = "stalls"
    fetcher.fetch(model)
    assert until(said, "fraction")["name"] == NAME
    fetcher.stop(NAME)
    assert until(said, "cancelled")["name"] == NAME
    assert said.empty()
    fetcher.fetch(model)
    until(said, "fraction")


def test_closed_fetcher_has_stopped_the_engine_too(fetcher, model, mirror, said):
    mirror.behaviour = "stalls"
    fetcher.fetch(model)
    while not until(said, "fraction")["fraction"]:
        pass
    fetcher.close()
    assert mirror.left.wait(10)
    until(said, "cancelled")
