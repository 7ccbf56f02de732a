"""A Krita that is too old is told so, and no other."""

import pytest


@pytest.mark.parametrize("version", ["5.1.5", "5.0.0-beta1", "4.4.8"])
def test_older_krita_is_refused_in_a_sentence(load, version):
    said = load("requirement").refusal(version)
    assert said.startswith(f"Photochrom needs Krita 5.2 or later, and this is Krita {version}.")


@pytest.mark.parametrize("version", ["5.2.9", "5.3.1", "5.10.0", "6.0.0-prealpha (git 1234567)", "nightly"])
def test_others_have_the_plug_in(load, version):
    assert load("requirement").refusal(version) == ""
