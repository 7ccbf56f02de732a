"""The catalogues have all that the plug-ins say, with the same placeholders; and the language is the editor's."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

PLUGIN = Path(__file__).resolve().parents[3] / "plugin"
CATALOGUES = sorted(PLUGIN.glob("locale/*/LC_MESSAGES/photochrom.po"))


def said():
    """Every text in `_(…)` of the plug-ins."""
    texts = set()
    for source in [path for part in ("gimp", "krita", "photochrom_client") for path in PLUGIN.glob(f"{part}/**/*.py")]:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                texts.add(ast.literal_eval(node.args[0]))
    return texts


def test_there_is_a_second_language():
    assert [path.parts[-3] for path in CATALOGUES] == ["de"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_catalogue_is_complete(path):
    entries = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    assert len(said()) > 100
    assert not said() - {text for text, translation in entries.items() if translation}
    assert not set(entries) - said(), "nobody says this any more"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_have_the_placeholders_and_mnemonics_of_the_text(path):
    for entry in polib.pofile(str(path)):
        assert sorted(re.findall(r"{\w+}", entry.msgid)) == sorted(re.findall(r"{\w+}", entry.msgstr)), entry.msgid
        # An underscore marks the key of a label; texts with placeholders have none.
        if "{" not in entry.msgid:
            assert entry.msgid.count("_") == entry.msgstr.count("_"), entry.msgid


@pytest.mark.parametrize(("language", "expected"), [("de", "gedämpft"), ("de_AT:fr", "gedämpft"), ("fr", "muted")])
def test_texts_are_in_the_editor_s_language(tmp_path, language, expected):
    """As installed: the client's package beside the compiled catalogues."""
    shutil.copytree(PLUGIN / "photochrom_client", tmp_path / "photochrom_client")
    for path in CATALOGUES:
        compiled = tmp_path / path.relative_to(PLUGIN).with_suffix(".mo")
        compiled.parent.mkdir(parents=True)
        polib.pofile(str(path)).save_as_mofile(str(compiled))
    code = "import photochrom_client; print(photochrom_client.translated('muted'))"
    environment = {"LANGUAGE": language, "LANG": "C.UTF-8", "PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1"}
    said = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == expected
