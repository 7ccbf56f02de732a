"""What plug-ins say to people, in the language of the editor: gettext, with the catalogs in `locale`."""

from __future__ import annotations

import gettext
import locale
import os
from pathlib import Path

CATALOGS = Path(__file__).resolve().with_name("locale")


def _languages() -> list[str] | None:
    """None lets gettext look into the environment, where editors put the language they are set to."""
    if any(os.environ.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")):
        return None
    name = locale.getlocale()[0]  # Windows has no such variables
    return [name] if name else None


translated = gettext.translation("photochrom", CATALOGS, languages=_languages(), fallback=True).gettext
"""A text of ours in the user's language; as it is where no catalog has it."""
