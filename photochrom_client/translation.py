"""Translations into the language of the editor: gettext, with the catalogs in `locale`."""

from __future__ import annotations

import gettext
import locale
import os
from pathlib import Path

CATALOGS = Path(__file__).resolve().with_name("locale")


def _languages() -> list[str] | None:
    """None makes gettext use the environment, in which editors set their language."""
    if any(os.environ.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")):
        return None
    name = locale.getlocale()[0]  # on Windows, these variables are not set
    return [name] if name else None


translated = gettext.translation("photochrom", CATALOGS, languages=_languages(), fallback=True).gettext
"""Translates a text into the user's language; returns it unchanged if there is no translation."""
