"""Translates the engine's texts, which are in English, into the language of the editor; except its errors."""

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
"""Progress texts with names in them."""

_PATTERNS = {each: re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(each))) for each in TEMPLATES}


def sentence(text: str) -> str:
    """Translates a text without names."""
    return translated(text) if text else ""


def work(message: str) -> str:
    """Translates a progress text."""
    whole = sentence(message)
    if whole != message:
        return whole  # “Loading the colorizer” has no name in it
    for template, pattern in _PATTERNS.items():
        match = pattern.fullmatch(message)
        if match:
            return translated(template).format(**match.groupdict())
    return message


def described(title: str) -> str:
    """Translates a title such as "Portraits: groups, skin, hair and cloth"."""
    name, colon, good_at = title.partition(": ")
    return f"{sentence(name)}: {sentence(good_at)}" if colon else sentence(title)


def variant(title: str) -> str:
    """Translates a variant's title such as "red, left; blue, right"."""
    changes = [change.split(", ") for change in title.split("; ")]
    return "; ".join(", ".join(sentence(word) for word in change) for change in changes)
