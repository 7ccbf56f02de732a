"""The dialog's text about the colorizer that chose the colors."""

from types import SimpleNamespace

from photochrom_client import Model
from photochrom_client.kit import texts
from photochrom_client.settings import Settings


def test_automatic_choice_names_the_best_and_its_share():
    assert texts.automatic({"Portraits": 0.714, "Scenes": 0.197, "General": 0.089}) == "Automatic (Portraits, 71 %)"
    assert texts.automatic({"zhang2016": 1.0}) == "Automatic (zhang2016, 100 %)"


def test_automatic_choice_that_is_not_known_names_no_colorizer():
    assert texts.automatic({}) == "Automatic"


def test_all_who_can_be_seen_are_credited():
    scores = {"Portraits": 0.7, "Scenes": 0.202, "General": 0.05, "Nature": 0.048}
    assert texts.colored_by("people", scores) == "Portraits 70 %, Scenes 20 %, General 5 %"


def test_named_colorizer_is_credited_without_a_share():
    assert texts.colored_by("lite", {}) == "lite"


def test_what_is_accepted_is_named_with_its_terms_and_size():
    terms = "Trained on ImageNet, whose terms allow research only."
    model = Model("one", "colorizer", "portraits", "BSD-2-Clause", terms, 128_976_165, "129 MB", True, "", False)
    assert texts.license_to_accept(model) == f"one is licensed under BSD-2-Clause. {terms} Download size: 129 MB."


def test_layers_are_named_by_what_tells_them_apart():
    job = SimpleNamespace(title="", shares={"Portraits": 0.7, "General": 0.3}, colorizer_title="Portraits + General")
    assert texts.layer_name(job) == "Portraits (Photochrom)"
    assert texts.layer_name(job, recolored=True) == "Recolored (Photochrom)"
    job.title = "red, left"
    assert texts.layer_name(job) == "red, left (Photochrom)"
    job.title, job.shares = "", {}
    assert texts.layer_name(job) == "Portraits + General (Photochrom)"


def test_summary_says_what_is_unusual():
    assert texts.summary(Settings()) == "Vivid"
    unusual = Settings(style="calm", chroma=0.8, warmth=-0.2, tint=None, variant=2, reference="palette")
    assert texts.summary(unusual) == (
        "Calm, strength 80 %, warmth -20 %, paper's tint kept, like another picture, variant 2"
    )
