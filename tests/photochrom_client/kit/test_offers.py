"""From the offer of a colorizer over the question about its license to its download, and back."""

import pytest

from photochrom_client import Model
from photochrom_client.kit.downloads import Catalog, DownloadFailed, Downloading, DownloadStopped
from photochrom_client.kit.offers import CONNECTING, Offer, OfferList, Shown, offered
from photochrom_client.kit.texts import license_to_accept

MODEL = Model("one", "colorizer", "portraits", "MIT", "Trained on ImageNet.", 10, "10 bytes", True, "", False)
BROUGHT = MODEL._replace(name="two", fetch=False, why_not="Its license is not stated.")


@pytest.fixture
def shown():
    return []


@pytest.fixture
def offer(model, downloads, shown):
    return Offer(model, downloads, shown.append)


def hear(offer, said, kind):
    """Forwards reports of the downloads, up to this one."""
    told = None
    while not isinstance(told, kind):
        told = said.get(timeout=60)
        offer.hear(told)
    return told


def test_what_is_offered_is_no_segmenter_and_not_installed_and_begins_with_what_can_be_fetched():
    installed, segmenter = MODEL._replace(name="three", installed=True), MODEL._replace(name="sam", kind="segmenter")
    assert offered([BROUGHT, installed, segmenter, MODEL]) == [MODEL, BROUGHT]


def test_license_is_asked_about_first(offer, model, mirror, shown):
    assert shown == [Shown(yes="Get…")]
    offer.yes()
    assert shown[-1] == Shown(license_to_accept(model), yes="Accept and download", no="Not now")
    offer.no()
    assert shown[-1] == Shown(yes="Get…")
    assert not mirror.asked


def test_progress_is_shown_until_it_is_stopped(offer, mirror, said, shown):
    mirror.behavior = "stalls"
    offer.yes()
    offer.yes()
    assert shown[-1] == Shown(no="Stop", fraction=0.0, message=CONNECTING)
    told = hear(offer, said, Downloading)
    assert shown[-1] == Shown(no="Stop", fraction=told.fraction, message=told.message)
    offer.no()
    assert shown[-1] == Shown(no="Stop", no_sensitive=False, fraction=told.fraction, message=told.message)
    hear(offer, said, DownloadStopped)
    assert shown[-1] == Shown(yes="Get…")
    offer.yes()
    offer.yes()
    assert shown[-1].no_sensitive


def test_failed_download_gives_the_reason_and_is_offered_again(offer, mirror, said, shown):
    mirror.behavior = "breaks"
    offer.yes()
    offer.yes()
    told = hear(offer, said, DownloadFailed)
    assert shown[-1] == Shown(str(told.error), yes="Get…")
    offer.yes()
    assert shown[-1].yes == "Accept and download"


def test_models_without_a_download_give_the_reason_and_the_way_to_import_them(downloads, shown):
    Offer(BROUGHT, downloads, shown.append)
    assert shown == [Shown("Its license is not stated. Then run: photochrom models import FILE")]


class Row:
    """As an editor's."""

    def __init__(self, model, downloads, rows):
        self.offer = Offer(model, downloads, lambda shown: setattr(self, "shown", shown))
        self.name, self._rows = model.name, rows
        rows.append(self)

    def remove(self):
        self._rows.remove(self)


def test_list_keeps_rows_that_are_still_offered_and_passes_messages_to_theirs(downloads):
    rows, texts, installed = [], [], []
    offers = OfferList(lambda model: Row(model, downloads, rows), texts.append, installed.append)
    assert texts == [CONNECTING]
    offers.hear(Catalog([MODEL, BROUGHT], ["lite"]))
    first, second = rows
    offers.hear(Downloading("one", 0.5, "half"))
    assert first.shown == Shown(no="Stop", fraction=0.5, message="half")
    offers.hear(Catalog([MODEL, BROUGHT._replace(installed=True)], ["lite", "two"]))
    assert rows == [first] and second not in rows
    offers.hear(Catalog([], ["lite", "one", "two"]))
    assert rows == []
    assert texts[1:] == ["", "", "All colorizers that Photochrom knows are installed."]
    assert installed[-1] == ["lite", "one", "two"]
