"""What is wrong with a request, in words: the validator's own sentences are for programmers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

MOST: Final = 3
"""Faults that are named; what else is wrong shows when these are mended."""

WORDS: Final = {
    "missing": "is missing",
    "extra_forbidden": "is unknown",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "literal_error": "must be {expected}",
    "too_short": "must have at least {min_length} values",
    "too_long": "must have at most {max_length} values",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "has a form that is not possible",
    "finite_number": "must be a finite number",
    "json_invalid": "is no JSON",
}
"""By the validator's kinds of faults, with what it tells about them."""

KINDS: Final = {
    "int": "must be a whole number",
    "float": "must be a number",
    "string": "must be text",
    "bool": "must be true or false",
    "list": "must be a list",
    "tuple": "must be a list",
    "dict": "must be an object",
    "model": "must be an object",
}
"""By the first word of the other kinds: a value of another type."""


def in_words(faults: Sequence[Mapping[str, Any]]) -> str:
    """The faults that a validator lists, as a sentence without its full stop."""
    said = dict.fromkeys(f"{_name(each['loc'])} {_fault(each)}" for each in _fewest(faults))
    return "; ".join(list(said)[:MOST])


def _fewest(faults: Sequence[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """Without those of other kinds that a value might have been of: only the kind with the fewest faults counts."""
    kinds: dict[tuple[Any, ...], dict[str, list[Mapping[str, Any]]]] = {}
    for fault in faults:
        place = tuple(fault["loc"])
        union = next((index for index, part in enumerate(place) if _is_kind(part)), len(place))
        kind = str(place[union]) if union < len(place) else ""
        kinds.setdefault(place[:union], {}).setdefault(kind, []).append(fault)
    for of_place in kinds.values():
        yield from min(of_place.values(), key=len)


def _is_kind(part: object) -> bool:
    return isinstance(part, str) and part[:1].isupper()


def _name(place: Sequence[Any]) -> str:
    names = [str(part) for part in place[1:] if isinstance(part, str) and not _is_kind(part)]
    return ".".join(names) or {"body": "the body"}.get(str(place[0]), str(place[0]))


def _fault(fault: Mapping[str, Any]) -> str:
    kind = str(fault["type"])
    if kind in WORDS:
        told = fault.get("ctx") or {}
        return WORDS[kind].format_map(
            {n: f"{value:g}" if isinstance(value, float) else value for n, value in told.items()}
        )
    return KINDS.get(kind.split("_", maxsplit=1)[0], "is not possible")
