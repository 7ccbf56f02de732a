"""The engine's texts are translated into the language of the editor, names and numbers untouched."""

from pathlib import Path

import polib
import pytest

from photochrom_client import engine_words

GERMAN = Path(__file__).resolve().parents[2] / "photochrom_client" / "locale" / "de" / "LC_MESSAGES" / "photochrom.po"


@pytest.fixture
def german(monkeypatch):
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(GERMAN))}
    monkeypatch.setattr(engine_words, "translated", lambda text: known.get(text, text))


def test_progress_is_translated_with_the_names_in_it(german):
    assert engine_words.work("Choosing colors") == "Farben werden gewählt"
    assert engine_words.work("Loading the colorizer") == "Der Kolorierer wird geladen"
    assert engine_words.work("Loading lite") == "lite wird geladen"
    assert engine_words.work("model.pth: 3 of 120 MB") == "model.pth: 3 von 120 MB"
    assert engine_words.work("model.pth: 3 MB") == "model.pth: 3 MB"


def test_a_variant_is_translated_word_by_word(german):
    assert engine_words.variant("red, left; blue, all over") == "rot, links; blau, überall"
    assert engine_words.variant("") == ""


def test_the_name_of_a_colorizer_stays(german):
    assert engine_words.described("nature: animals, flowers") == "nature: Tiere, Blumen"
    assert engine_words.described("Automatic") == "Automatisch"
    assert engine_words.described("mine: good at: everything") == "mine: good at: everything"


def test_in_english_everything_stays():
    for text in ("Loading lite", "Choosing colors", "something new"):
        assert engine_words.work(text) == text
    assert engine_words.variant("red, left; blue, all over") == "red, left; blue, all over"
    assert engine_words.sentence("") == ""
