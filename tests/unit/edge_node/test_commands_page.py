"""The page of commands is whole: every command and option of `yizhan edge` stands there, and no other."""

import re
from pathlib import Path

from edge_node.cli import edge

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "commands.md"


def shown() -> dict[str, set[str]]:
    """{command: its options} as the page has them."""
    sections = re.split(r"^## `yizhan edge ([a-z-]+)`$", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    tables = zip(sections[::2], sections[1::2], strict=True)
    return {name: set(re.findall(r"^\| `(--[a-z-]+)` \|", body, re.MULTILINE)) for name, body in tables}


def test_every_command_and_option_stands_on_the_page_and_no_other():
    there = {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        for name, command in edge.commands.items()
    }
    assert shown() == there
