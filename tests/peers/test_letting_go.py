"""A PouchDB pulls from a store that let go of bodies: it takes the rest, and gets them once they are back."""

import json
import subprocess
from pathlib import Path

import pytest

from sync.http_api.api import create_app
from sync.http_api.feeds import FeedGate
from sync.revisions.tree import Branch
from sync.store.engine import Engine
from sync.values.documents import Document
from sync.web.serving import running

pytestmark = pytest.mark.node
HERE = Path(__file__).parent


def documents(*numbers: int) -> list[Document]:
    return [Document(f"doc-{n}", Branch(1, (f"{n:032}",)), b'{"n":%d}' % n) for n in numbers]


def test_a_pouchdb_is_told_what_is_away_and_gets_it_when_it_is_back(node_modules: Path, tmp_path: Path) -> None:
    assert node_modules.is_dir()
    with Engine.open(tmp_path / "store") as engine:
        database = engine.databases.create("notes")
        database.graft(documents(0, 1, 2, 3))
        engine.write(lambda tx: database.let_go_in(tx, ["doc-1", "doc-2"]))
        feeds = FeedGate()
        with running(create_app(engine.databases, uuid="away", feeds=feeds), threads=8) as port:
            command = ["node", str(HERE / "let_go.mjs"), f"http://127.0.0.1:{port}/notes"]
            with subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            ) as pouch:
                assert pouch.stderr is not None
                assert pouch.stderr.readline() == "again?\n"
                database.graft(documents(1, 2))
                told = json.loads(pouch.communicate("yes\n", timeout=60)[0])
            feeds.close()
    first, second = told["first"], told["second"]
    assert (first["ok"], first["last"], first["docs"]) == (False, 0, [["doc-0", 0], ["doc-3", 3]])
    assert second["ok"]
    assert second["docs"] == [[f"doc-{n}", n] for n in range(4)]
