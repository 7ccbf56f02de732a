"""What else there is: listed and fetched on threads, from a server on this machine; the dialog's end stops all."""

import pytest

from photochrom_client.errors import Unexpected
from photochrom_client.kit.fetching import Fetcher

pytestmark = pytest.mark.slow  # engines of its own


NAME = "zhang2016"


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


def test_engine_that_is_not_there_is_told(tmp_path, monkeypatch, said):
    monkeypatch.delenv("PHOTOCHROM_ENGINE", raising=False)
    monkeypatch.setenv("PHOTOCHROM_RUNTIME_DIR", str(tmp_path / "run"))
    Fetcher(tmp_path, said.put).list()
    assert "photochrom plugin install" in str(until(said, "error")["error"])


def test_fetch_that_fails_says_why(fetcher, model, mirror, said):
    mirror.behavior = "breaks"
    fetcher.fetch(model)
    told = until(said, "error")
    assert told["name"] == NAME
    assert mirror.url in told["error"].cause
    assert told["error"].next_step


def test_fetch_can_be_stopped_and_begun_again(fetcher, model, mirror, said):
    mirror.behavior = "stalls"
    fetcher.fetch(model)
    assert until(said, "fraction")["name"] == NAME
    fetcher.stop(NAME)
    assert until(said, "cancelled")["name"] == NAME
    assert said.empty()
    fetcher.fetch(model)
    until(said, "fraction")


def test_closed_fetcher_has_stopped_the_engine_too(fetcher, model, mirror, said):
    mirror.behavior = "stalls"
    fetcher.fetch(model)
    while not until(said, "fraction")["fraction"]:
        pass
    fetcher.close()
    assert mirror.left.wait(60)
    until(said, "cancelled")


def test_exception_that_nobody_expected_is_told(mirror, plugin_folder, model, said):
    """Here of what the progress is told to."""

    def tell(told):
        if "fraction" in told:
            raise OSError("no room for it")
        said.put(told)

    fetcher = Fetcher(plugin_folder, tell)
    fetcher.fetch(model)
    told = said.get(timeout=60)
    assert (told["name"], type(told["error"])) == (NAME, Unexpected)
    assert "no room for it" in told["error"].cause and told["error"].next_step
    fetcher.close()
