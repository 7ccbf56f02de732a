"""What else there is: listed and fetched on threads, from a server on this machine; the dialog's end stops all."""

import pytest

from photochrom_client.errors import Unexpected
from photochrom_client.kit.background import Failed
from photochrom_client.kit.downloads import Catalog, DownloadFailed, Downloading, Downloads, DownloadStopped

pytestmark = pytest.mark.slow  # engines of its own


NAME = "zhang2016"


def until(said, kind):
    while True:
        told = said.get(timeout=60)
        if isinstance(told, kind):
            return told
        assert isinstance(told, Downloading), told


def test_list_has_what_is_published_and_what_can_be_asked_for(downloads, said):
    downloads.list()
    told = said.get(timeout=60)
    assert isinstance(told, Catalog)
    assert NAME in {each.name for each in told.models}
    assert {"auto", "lite"} <= {each.name for each in told.colorizers}


def test_missing_engine_is_reported(no_engine, said):
    Downloads(no_engine, said.put).list()
    assert "photochrom plugin install" in str(until(said, Failed).error)


def test_failed_download_gives_the_reason(downloads, model, mirror, said):
    mirror.behavior = "breaks"
    downloads.start(model)
    told = until(said, DownloadFailed)
    assert told.name == NAME
    assert mirror.url in told.error.cause
    assert told.error.next_step


def test_fetch_can_be_stopped_and_begun_again(downloads, model, mirror, said):
    mirror.behavior = "stalls"
    downloads.start(model)
    assert until(said, Downloading).name == NAME
    downloads.stop(NAME)
    assert until(said, DownloadStopped).name == NAME
    assert said.empty()
    downloads.start(model)
    until(said, Downloading)


def test_closed_fetcher_has_stopped_the_engine_too(downloads, model, mirror, said):
    mirror.behavior = "stalls"
    downloads.start(model)
    while not until(said, Downloading).fraction:
        pass
    downloads.close()
    assert mirror.left.wait(60)
    until(said, DownloadStopped)


def test_unexpected_exception_is_reported(mirror, plugin_folder, model, said):
    """Here raised by the receiver of the progress."""

    def tell(told):
        if isinstance(told, Downloading):
            raise OSError("no room for it")
        said.put(told)

    downloads = Downloads(plugin_folder, tell)
    downloads.start(model)
    told = said.get(timeout=60)
    assert (told.name, type(told.error)) == (NAME, Unexpected)
    assert "no room for it" in told.error.cause and told.error.next_step
    downloads.close()
