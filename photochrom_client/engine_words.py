"""What the engine says, which is always English, in the language of the editor. Its errors stay as they are."""

from __future__ import annotations

import re

from .translation import translated

TEMPLATES = (
    "Loading {name}",
    "{name} is being prepared already",
    "Preparing {name} for this computer, once",
    "{name} is being installed already",
    "checking {name}",
    "converting {name}",
    "{name}: {done} of {total} MB",
)
"""What it says of a model or of a file while it works."""

_PATTERNS = {each: re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(each))) for each in TEMPLATES}


def sentence(text: str) -> str:
    """What has no names in it."""
    return translated(text) if text else ""


def work(message: str) -> str:
    """What is being done."""
    whole = sentence(message)
    if whole != message:
        return whole  # “Loading the colorizer” has no name in it
    for template, pattern in _PATTERNS.items():
        found = pattern.fullmatch(message)
        if found:
            return translated(template).format(**found.groupdict())
    return message


def described(title: str) -> str:
    """ "lite: any photograph"; the name stays."""
    name, colon, good_at = title.partition(": ")
    return f"{name}: {sentence(good_at)}" if colon else sentence(title)


def variant(title: str) -> str:
    """ "red, left; blue, right": what is different in a variant."""
    changes = [change.split(", ") for change in title.split("; ")]
    return "; ".join(", ".join(sentence(word) for word in change) for change in changes)
