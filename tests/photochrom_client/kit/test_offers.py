"""From the offer of a colorizer over the question about its license to its download, and back."""

import pytest

from photochrom_client import Model
from photochrom_client.kit.offers import Offer, Shown, to_be_had
from photochrom_client.kit.words import license_to_accept

MODEL = Model("one", "colorizer", "portraits", "MIT", "Trained on ImageNet.", 10, "10 bytes", True, "", False)
BROUGHT = MODEL._replace(name="two", fetch=False, why_not="Its license is not stated.")


@pytest.fixture
def shown():
    return []


@pytest.fixture
def offer(model, fetcher, shown):
    return Offer(model, fetcher, shown.append)


def hear(offer, said, kind):
    """Passes on what the fetcher tells, up to this."""
    told = {}
    while kind not in told:
        told = said.get(timeout=60)
        offer.hear(told)
    return told


def test_what_is_offered_is_no_segmenter_and_not_installed_and_begins_with_what_can_be_fetched():
    installed, segmenter = MODEL._replace(name="three", installed=True), MODEL._replace(name="sam", kind="segmenter")
    assert to_be_had([BROUGHT, installed, segmenter, MODEL]) == [MODEL, BROUGHT]


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
    assert shown[-1] == Shown(no="Stop", fraction=0.0, message="Asking the engine…")
    told = hear(offer, said, "fraction")
    assert shown[-1] == Shown(no="Stop", fraction=told["fraction"], message=told["message"])
    offer.no()
    assert shown[-1] == Shown(no="Stop", no_sensitive=False, fraction=told["fraction"], message=told["message"])
    hear(offer, said, "cancelled")
    assert shown[-1] == Shown(yes="Get…")
    offer.yes()
    offer.yes()
    assert shown[-1].no_sensitive


def test_fetch_that_fails_says_why_and_is_offered_again(offer, mirror, said, shown):
    mirror.behavior = "breaks"
    offer.yes()
    offer.yes()
    told = hear(offer, said, "error")
    assert shown[-1] == Shown(str(told["error"]), yes="Get…")
    offer.yes()
    assert shown[-1].yes == "Accept and download"


def test_what_no_button_may_fetch_says_why_and_how_to_bring_it(fetcher, shown):
    Offer(BROUGHT, fetcher, shown.append)
    assert shown == [Shown("Its license is not stated. Then run: photochrom models import FILE")]
