"""What the dialog says about who chose the colours."""

from photochrom_client import Model, words


def test_automatic_choice_names_the_best_and_its_share():
    assert words.automatic({"people": 0.714, "scenes": 0.197, "lite": 0.089}) == "Automatic (people, 0.71)"
    assert words.automatic({"lite": 1.0}) == "Automatic (lite, 1.00)"


def test_automatic_choice_that_is_not_known_names_nobody():
    assert words.automatic({}) == "Automatic"


def test_all_who_can_be_seen_are_credited():
    scores = {"people": 0.7, "scenes": 0.202, "lite": 0.05, "nature": 0.048}
    assert words.coloured_by("people", scores) == "people 0.70, scenes 0.20, lite 0.05"


def test_named_colorizer_is_credited_without_a_share():
    assert words.coloured_by("lite", {}) == "lite"


def test_what_is_accepted_is_named_with_its_terms_and_size():
    terms = "Trained on ImageNet, whose terms allow research only."
    model = Model("one", "colorizer", "portraits", "BSD-2-Clause", terms, 128_976_165, "129 MB", True, "", False)
    assert words.licence_to_accept(model) == f"one comes under BSD-2-Clause. {terms} To be downloaded: 129 MB."
