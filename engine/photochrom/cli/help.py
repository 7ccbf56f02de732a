"""How help texts look: the type of an option is shown only where it takes a value, that of an argument never.

Typer prints `<bool>` beside every flag, `--help` included; an empty metavar leaves it out. Beside an argument that has
a name for people it prints Python's type, `<list[Path]>`.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from typer.core import TyperCommand, TyperGroup


def _without_types(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        if parameter.param_type_name == "argument" and parameter.metavar:
            parameter.type = copy(parameter.type)  # many parameters share it
            parameter.type.get_metavar = lambda **_: ""
        if getattr(parameter, "is_flag", False) and parameter.metavar is None:
            parameter.metavar = ""
    return parameters


class Command(TyperCommand):
    """A command whose help shows no type for flags."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _without_types(super().get_params(ctx))


class Group(TyperGroup):
    """A group of commands whose help shows no type for flags."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _without_types(super().get_params(ctx))
