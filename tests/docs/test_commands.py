"""Commands and options that the pages mention exist, in blocks of shell and in the text."""

import re
import shlex

import pytest
import typer
from photochrom import cli

from docs.pages import PAGES, REPOSITORY, commands

LATER = {"docs/add-a-host.md": {"--paint"}}
"""Options that exist once a guide was followed."""


def spoken(page):
    """The commands of `photochrom` on a page, each as its words."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`(?:\S*/)?(photochrom [a-z][^`]*)`", text)
    lines = [part for line in commands(page) for part in line.split(" && ")]
    ours = [line.removeprefix(".venv/bin/") for line in lines]
    return [shlex.split(line)[1:] for line in [*inline, *ours] if line.startswith("photochrom ")]


def options_of(words):
    """The options of the command that these words begin with. Fails for an unknown command."""
    command = typer.main.get_command(cli.command_line())
    while words and hasattr(command, "commands"):
        assert words[0] in command.commands, words
        command = command.commands[words.pop(0)]
        if words and "|" in words:
            return None  # `photochrom models fetch | import`: a list of commands
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_commands_and_their_options_exist(page):
    for words in spoken(page):
        if words[0].startswith("-"):
            continue
        given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        known = options_of(words)
        if known is not None:
            later = LATER.get(str(page.relative_to(REPOSITORY)), set())
            assert given <= known | later | {"--help"}, words
