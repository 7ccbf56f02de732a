"""Each entry of GIMP's menu has a key of its own."""

import re
from pathlib import Path

import polib
import pytest

import photochrom_client
from photochrom_client.kit import menu

CATALOGS = {path.parts[-3]: path for path in Path(photochrom_client.__file__).parent.glob("locale/*/*/*.po")}
LABELS = [entry.label for entry in vars(menu).values() if isinstance(entry, menu.Entry)]
ACTIONS = Path(__file__).parents[3] / "plugin" / "gimp" / "photochrom" / "actions.py"
ONLY_IN_GIMP_3 = re.findall(r'^        _\("(.*_.*)"\),$', ACTIONS.read_text(), re.MULTILINE)


@pytest.mark.parametrize("language", ["en", *CATALOGS])
def test_every_entry_has_a_key_of_its_own(language):
    assert ONLY_IN_GIMP_3 == ["Live _Strength and Warmth"]
    texts = [*LABELS, *ONLY_IN_GIMP_3]
    if language != "en":
        entries = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGS[language]))}
        texts = [entries[text] for text in texts]
    keys = [text[text.index("_") + 1].casefold() for text in texts]
    assert len(keys) > 14
    assert sorted(set(keys)) == sorted(keys)
