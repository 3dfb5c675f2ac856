"""The pages about the centre are whole: every command, option, route and member stands there, and no other."""

import re
from pathlib import Path

from central.cli import central
from central.fan_in.stations import list_stations
from tests.unit.central.conftest import VILLAGE

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
API = (REFERENCE / "central-api.md").read_text("utf-8")
COMMANDS = (REFERENCE / "central-commands.md").read_text("utf-8")


def shown() -> dict[str, set[str]]:
    """{command: its options} as the page has them."""
    sections = re.split(r"^## `yizhan central ([a-z-]+)`$", COMMANDS, flags=re.MULTILINE)[1:]
    tables = zip(sections[::2], sections[1::2], strict=True)
    return {name: set(re.findall(r"^\| `(--[a-z-]+)` \|", body, re.MULTILINE)) for name, body in tables}


def test_every_command_and_option_stands_on_the_page_and_no_other():
    there = {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        for name, command in central.commands.items()
    }
    assert shown() == there


def test_every_route_of_the_api_stands_on_the_page_and_no_other(app):
    there = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert set(re.findall(r"^\| `([A-Z]+ /api/[^`]+)` \|", API, re.MULTILINE)) == there


def test_every_member_of_a_stations_row_stands_on_the_page(node, enrolled):
    enrolled("石桥村", VILLAGE)
    (row,) = list_stations(node, silent_days=3)
    table = API.partition("| member | |")[2].partition("\n\n")[0]
    first_cells = [line.split("|")[1] for line in table.split("\n") if line.startswith("| `")]
    assert set(re.findall(r"`([a-z_]+)`", "".join(first_cells))) == set(row)
