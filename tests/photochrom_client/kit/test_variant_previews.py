"""The answers to choose from, by a real engine: all that there are, whatever else is missing."""

import json
import os
import queue
import shutil
import signal
import struct

import pytest
from photochrom import models

import photochrom_client
from photochrom_client.errors import EngineGone, Unexpected
from photochrom_client.kit import variants
from photochrom_client.kit.background import Failed, Working
from photochrom_client.kit.guidance import Guidance
from photochrom_client.kit.preview import Reduced
from photochrom_client.kit.variant_previews import Complete, Variant, VariantPreviews
from photochrom_client.settings import SELECTED, Settings

pytestmark = pytest.mark.slow  # engines of its own


WIDTH, HEIGHT = 64, 48
ROW = struct.pack(f"<{WIDTH}f", *(100 * x / WIDTH for x in range(WIDTH)))
LAYER = Reduced(WIDTH, HEIGHT, ROW * HEIGHT, None)
FLAT = Reduced(WIDTH, HEIGHT, struct.pack("<f", 99.0) * (WIDTH * HEIGHT), None)
"""White, of which there are few variants."""

CHOOSE = "Choose one or several."


def asked(plugin_folder, settings, layer=LAYER, heard=lambda told: None, **given):
    """The answers by their keys, and the last report."""
    said, answers = queue.Queue(), {}
    asking = VariantPreviews(plugin_folder, layer, Guidance(**given), settings, said.put)
    try:
        while True:
            told = said.get(timeout=120)
            heard(told)
            if isinstance(told, Variant):
                answers[told.key] = told
            elif not isinstance(told, Working):
                return answers, told
    finally:
        asking.close()
        assert not asking._thread.alive


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """The name of a colorizer in the store whose weights were cut off; there is room to show every colorizer."""
    monkeypatch.setattr(variants, "MOST", 20)
    store = tmp_path / "store"
    monkeypatch.setenv("PHOTOCHROM_MODELS", str(store))
    folder = shutil.copytree(models.shipped_folder() / "lite", store / "broken")
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    (folder / "card.json").write_text(json.dumps({**card, "name": "broken"}), encoding="utf-8")
    for name in card["files"]:
        (folder / name).write_bytes((folder / name).read_bytes()[:100])
    return "broken"


def test_all_answers_come_with_the_settings_they_mean(plugin_folder):
    settings = Settings("lite", chroma=0.5)
    answers, end = asked(plugin_folder, settings)
    assert end == Complete(CHOOSE)
    assert {"0", "calm", "muted", "strong", "nature"} <= set(answers)
    assert "lite" not in answers  # it is the main answer
    assert answers["0"].settings == settings and answers["0"].title
    assert answers["nature"].title == "colorizer: Nature"
    assert answers["muted"].settings == settings._replace(chroma=0.3)
    assert answers["nature"].settings.colorizer == "nature"
    assert answers["calm"].settings == settings._replace(style="calm")
    for told in answers.values():
        assert len(told.preview.rgb) == 3 * told.preview.width * told.preview.height
    assert answers["muted"].preview != answers["0"].preview != answers["calm"].preview


def test_guidance_given_with_the_layer_is_used(plugin_folder):
    magenta = struct.pack("<4f", 50.0, 60.0, -40.0, 1.0) * (WIDTH * HEIGHT)
    plain, _ = asked(plugin_folder, Settings("lite"))
    hinted, _ = asked(plugin_folder, Settings("lite"), hints=(WIDTH, HEIGHT, magenta))

    def magenta_of(answers):
        rgb = answers["0"].preview.rgb
        return (sum(rgb[0::3]) + sum(rgb[2::3])) / 2 - sum(rgb[1::3])

    assert magenta_of(hinted) > magenta_of(plain) + 10 * WIDTH * HEIGHT / 4


@pytest.mark.parametrize("name", ["zhang2016", "lite+zhang2016"])
def test_missing_colorizer_is_replaced_by_the_automatic_choice_with_a_note(plugin_folder, name):
    answers, end = asked(plugin_folder, Settings(name, chroma=0.5))
    assert {"0", "muted", "strong", "lite"} <= set(answers)
    assert answers["0"].settings == Settings("auto", chroma=0.5)
    assert answers["muted"].settings.colorizer == "auto"
    said, choose = end.text.splitlines()
    assert "No longer installed: zhang2016." in said and "automatic choice" in said
    assert choose == CHOOSE


def test_colorizer_that_cannot_run_is_left_out_with_a_note(plugin_folder, broken):
    answers, end = asked(plugin_folder, Settings("scenes"), FLAT)
    assert broken not in answers and {"0", "muted", "strong", "people"} <= set(answers)
    said, choose = end.text.splitlines()
    assert said.startswith(f"Left out: {broken} (")
    assert choose == CHOOSE


def test_colorizer_that_cannot_run_leaves_the_others_to_choose_from(plugin_folder, broken):
    answers, end = asked(plugin_folder, Settings(broken), FLAT)
    assert set(answers) >= {"lite", "people"} and not set(answers) & {"0", "muted", "strong", broken}
    assert end.text.startswith("Left out: as predicted, calm colors, weaker colors, stronger colors (")


def test_photograph_that_no_colorizer_takes_is_an_error(plugin_folder):
    """Here by a selection that was not given: it fails for each in the same words."""
    answers, end = asked(plugin_folder, Settings("lite", object=SELECTED))
    assert not answers
    assert isinstance(end.error, photochrom_client.EngineError) and "selection" in end.error.cause


def test_engine_that_ends_is_an_error(plugin_folder):
    def kill(told):
        if isinstance(told, Variant) and told.key == "0":
            os.kill(photochrom_client.connect(plugin_folder).pid, signal.SIGKILL)

    answers, end = asked(plugin_folder, Settings("lite"), heard=kill)
    assert "0" in answers
    assert type(end.error) is EngineGone


def test_unexpected_exception_is_reported(plugin_folder):
    """Here of a layer with fewer bytes than its size says."""
    _, end = asked(plugin_folder, Settings(), LAYER._replace(lightness=bytes(40)))
    assert type(end.error) is Unexpected
    assert "instead of" in str(end.error) and "photochrom doctor" in str(end.error)


def test_stopped_answers_say_nothing_more(plugin_folder):
    said = queue.Queue()
    answers = VariantPreviews(plugin_folder, LAYER, Guidance(), Settings("lite"), said.put)
    while not isinstance(said.get(timeout=120), Variant):
        pass
    answers.close()
    assert not answers._thread.alive
    while not said.empty():
        assert not isinstance(said.get(), Complete | Failed)
