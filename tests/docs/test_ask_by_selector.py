"""The page about asking by selector: its requests and its Python do what it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync.database import Databases
from sync.http_api.api import create_app
from sync.http_api.feeds import FeedGate
from sync.store.engine import Engine
from sync.store.memory import MemoryDatabases
from sync.values.documents import Edit
from sync.values.json_text import dump, parse_object
from tests.docs.markdown import ROOT, Page
from tests.unit.sync.http_api.conftest import Caller

PAGE = Page(ROOT / "docs" / "how-to" / "ask-by-selector.md")
CASES = [
    ("a", "open", "2026-06-01"),
    ("b", "done", "2026-06-02"),
    ("c", "open", "2026-05-01"),
    ("d", "open", "2026-04-01"),
]


def filled(databases: Databases) -> Any:
    database = databases.create("cases")
    database.write([Edit(doc_id, None, dump({"status": status, "received_at": at})) for doc_id, status, at in CASES])
    return database


def test_the_requests_make_an_index_and_find_by_it() -> None:
    databases = MemoryDatabases()
    filled(databases)
    caller = Caller(create_app(databases, uuid="docs", feeds=FeedGate()))
    answers = []
    for request in PAGE.code("json"):
        line, body = request.split("\n", 1)
        method, address = line.split(" ")
        answers.append((address, body, caller.ask(method, address, json.loads(body)).json))
    (_, _, made), (_, body, found) = answers
    assert made["result"] == "created"
    assert [doc["_id"] for doc in found["docs"]] == ["c", "a"]
    assert "warning" not in found
    explained = caller.ask("POST", "/cases/_explain", json.loads(body)).json
    assert explained["index"]["name"] == "by-status"
    more = caller.ask("POST", "/cases/_find", json.loads(body) | {"bookmark": found["bookmark"]}).json
    assert more["docs"] == []


@pytest.mark.parametrize("engine", ["memory", "embedded"])
def test_the_python_lists_page_by_page(engine: str, tmp_path: Path) -> None:
    (code,) = PAGE.code("python")
    names: dict[str, Any] = {}
    exec(compile(code, str(PAGE), "exec"), names)
    with Engine.open(tmp_path) as opened:
        database = filled(MemoryDatabases() if engine == "memory" else opened.databases)
        first = names["list_open"](database)
        second = names["list_open"](database, first.bookmark)
        assert [parse_object(text)["_id"] for text in (*first.documents, *second.documents)] == ["d", "c", "a"]
        assert first.warning == ""
