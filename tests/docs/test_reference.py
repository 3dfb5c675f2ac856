"""The reference is whole: every setting and every route of the API stands in it."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import central.settings
import edge_node.settings
from edge_node.services.found_station import found_station
from edge_node.wiring import build_app, build_station
from sync.http_api.feeds import FeedGate
from sync.values.settings import MOST, Setting
from sync.web.node_settings import COMMON

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def rows(settings: Iterable[Setting]) -> list[str]:
    return [f"| `{one.name}` | `{_as_given(one.default)}` | {one.explanation} |" for one in settings]


def _as_given(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_setting_stands_there_with_its_default_and_explanation_and_no_other() -> None:
    shown = (REFERENCE / "settings.md").read_text("utf-8")
    table = [line for line in shown.split("\n") if line.startswith("| `")]
    own = [[one for one in module.SETTINGS if one not in COMMON] for module in (edge_node.settings, central.settings)]
    assert table == rows(COMMON) + rows(own[0]) + rows(own[1])


def test_every_bound_of_a_number_stands_there_too() -> None:
    told = (REFERENCE / "settings.md").read_text("utf-8").partition("## What is allowed")[2].partition("\n## ")[0]
    settings = dict.fromkeys((*edge_node.settings.SETTINGS, *central.settings.SETTINGS))
    numbers = [one for one in settings if type(one.default) is int and (one.least, one.most) != (0, MOST)]
    assert sorted(dict.fromkeys(map(_bounds, numbers))) == [line for line in told.split("\n") if line.startswith("- ")]


def _bounds(one: Setting) -> str:
    return f"- `{one.name}`: {one.least:,} at the least" + ("" if one.most == MOST else f", {one.most:,} at the most")


@pytest.fixture
def routes(tmp_path: Path) -> set[str]:
    """`METHOD /path` of every route of the API a station really has."""
    place = {"name": "石桥村便民服务站", "region": "990281101201", "upstream": "http://127.0.0.1:1"}
    with found_station(tmp_path / "station", **place) as node:
        app = build_app(build_station(node, edge_node.settings.read({})), FeedGate())
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_of_the_api_stands_there_and_no_other(routes: set[str]) -> None:
    shown = (REFERENCE / "api.md").read_text("utf-8")
    assert set(re.findall(r"^\| `([A-Z]+ /api/[^`]+)` \|", shown, re.MULTILINE)) == routes
