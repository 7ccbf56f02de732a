"""The catalogs have all that the plug-ins say, with the same placeholders; and the language is the editor's."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import photochrom
import polib
import pytest
from photochrom import models, segmenters
from photochrom.guidance import color_names
from photochrom.models import catalog

import photochrom_client
from photochrom_client import engine_words

ENGINE = Path(photochrom.__file__).parent
CLIENT = Path(photochrom_client.__file__).parent
PLUGIN = CLIENT.parent / "plugin"
CATALOGS = sorted(CLIENT.glob("locale/*/LC_MESSAGES/photochrom.po"))


def said():
    """Every text in `_(…)` of the plug-ins."""
    texts = set()
    for source in [*PLUGIN.glob("**/*.py"), *CLIENT.rglob("*.py")]:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                texts.add(ast.literal_eval(node.args[0]))
    return texts


def said_by_the_engine():
    """Every text of the engine that editors show, but for errors."""
    places = {"left", "right", "top", "bottom", "middle", "all over"}
    every = [*catalog.published(), *(card for card in models.shipped() if card.kind == "colorizer")]
    about = {getattr(each, field, "") for each in every for field in ("good_at", "weights_license", "why_not")}
    about |= {each.title for each in models.shipped() if each.title != each.name}
    about |= {each.good_at for each in segmenters.available()}
    done = {text for text in done_by_the_engine() if "{}" not in text}
    return {"Waiting"} | places | set(color_names.COLORS) | set(engine_words.TEMPLATES) | (about - {""}) | done


def done_by_the_engine():
    """What it gives to `progress` and `report` in words, {} for each name."""
    parts = "image", "pipeline", "service", "harmonization", "segmenters", "models"
    sources = [path for part in parts for path in ENGINE.glob(f"{part}/**/*.py")]
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if not named or node.func.id not in {"progress", "report"} or len(node.args) != 2:
                continue
            if isinstance(node.args[1], ast.Constant):
                yield node.args[1].value
            if isinstance(node.args[1], ast.JoinedStr):
                parts = node.args[1].values
                yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in parts)


def test_what_the_engine_does_is_known_here():
    known = {re.sub(r"{\w+}", "{}", template) for template in engine_words.TEMPLATES}
    said = {text for text in done_by_the_engine() if "{}" in text}
    assert len(said) > 4
    assert said - known <= {"{}: {} MB", "{}: {}?"}  # how much of a download; asked at an import alone


def test_there_is_a_second_language():
    assert [path.parts[-3] for path in CATALOGS] == ["de"]


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_catalog_is_complete(path):
    entries = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    assert len(said()) > 100
    every = said() | said_by_the_engine()
    assert not every - {text for text, translation in entries.items() if translation}
    assert not set(entries) - every, "nobody says this any more"


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parts[-3])
def test_translations_have_the_placeholders_and_mnemonics_of_the_text(path):
    for entry in polib.pofile(str(path)):
        assert sorted(re.findall(r"{\w+}", entry.msgid)) == sorted(re.findall(r"{\w+}", entry.msgstr)), entry.msgid
        # An underscore marks the key of a label; texts with placeholders have none.
        if "{" not in entry.msgid:
            assert entry.msgid.count("_") == entry.msgstr.count("_"), entry.msgid


@pytest.mark.parametrize(
    ("language", "expected"), [("de", "Unsicherheit"), ("de_AT:fr", "Unsicherheit"), ("fr", "Uncertainty")]
)
def test_texts_are_in_the_editor_s_language(tmp_path, language, expected):
    """As installed: the client's package beside the compiled catalogs."""
    shutil.copytree(CLIENT, tmp_path / CLIENT.name)
    for path in CATALOGS:
        compiled = tmp_path / path.relative_to(CLIENT.parent).with_suffix(".mo")
        polib.pofile(str(path)).save_as_mofile(str(compiled))
    code = "import photochrom_client; print(photochrom_client.translated('Uncertainty'))"
    environment = {"LANGUAGE": language, "LANG": "C.UTF-8", "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == expected
