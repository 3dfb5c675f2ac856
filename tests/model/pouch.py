"""PouchDB as a replica: some of the `Database` protocol, answered by a PouchDB in memory in a process of its own.

Only what is asked of it goes through here; trees, winners and conflicts are what PouchDB made of it.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sync.revisions.revision import Revision, parse_revision
from sync.revisions.tree import Branch, Tree
from sync.revisions.winner import order
from sync.values.changes import Change, Changes, Missing
from sync.values.documents import Document, Edit, Outcome, Wanted

HERE = Path(__file__).parent


class PouchDB:
    """A process with any number of databases in it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._names = count()

    @contextmanager
    def database(self, *, revs_limit: int) -> Iterator["PouchDatabase"]:
        """An empty database, gone afterwards."""
        database = PouchDatabase(self, f"db{next(self._names)}")
        self.ask(database.name, "open", revs_limit)
        yield database
        self.ask(database.name, "destroy")

    def ask(self, name: str, what: str, argument: Any = None) -> Any:
        """One command; what PouchDB threw fails the test."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([name, what, argument]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the process with PouchDB ended"
        told = json.loads(line)
        assert "error" not in told, told["error"]
        return told["ok"]


@contextmanager
def pouchdb() -> Iterator[PouchDB]:
    """PouchDB on Node, until the block ends."""
    command = ["node", str(HERE / "pouchdb.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as node:
        yield PouchDB(node)


class PouchDatabase:
    """One database of it; documents have no files, because PouchDB numbers those anew."""

    def __init__(self, pouchdb: PouchDB, name: str) -> None:
        self._pouchdb = pouchdb
        self.name = name

    def _ask(self, what: str, argument: Any = None) -> Any:
        return self._pouchdb.ask(self.name, what, argument)

    def info(self) -> Any:
        return SimpleNamespace(update_seq=self._ask("sequence"))

    def changes(self, since: str) -> Changes:
        assert since == "0"
        rows = self._ask("changes")
        results = [
            Change(row["id"], str(row["seq"]), tuple(parse_revision(each["rev"]) for each in row["changes"]))
            for row in rows
        ]
        return Changes(tuple(results), results[-1].seq if results else since)

    def missing(self, offered: Mapping[str, Sequence[Revision]]) -> Mapping[str, Missing]:
        told = self._ask(
            "missing", {doc_id: [str(each) for each in revisions] for doc_id, revisions in offered.items()}
        )
        return {doc_id: Missing(tuple(parse_revision(rev) for rev in each["missing"])) for doc_id, each in told.items()}

    def read(self, wanted: Sequence[Wanted]) -> Iterator[Document]:
        """Named revisions alone, or every leaf."""
        named = [
            (want.id, str(revision)) for want in wanted for revision in want.revisions or self.tree(want.id).leaves()
        ]
        return map(_document, self._ask("read", named))

    def graft(self, documents: Sequence[Document]) -> Sequence[Outcome]:
        refused = self._ask("graft", [_told(each) for each in documents])
        assert refused == [], refused
        return [Outcome(document.id, document.revision) for document in documents]

    def write(self, edits: Sequence[Edit]) -> Sequence[Outcome]:
        """Edits that any database takes; a refusal fails the test."""
        docs = []
        for edit in edits:
            doc = {"_id": edit.id, **json.loads(edit.body)}
            docs.append(
                doc | ({"_rev": str(edit.parent)} if edit.parent else {}) | ({"_deleted": True} if edit.deleted else {})
            )
        rows = self._ask("write", docs)
        assert all(row.get("ok") for row in rows), rows
        return [Outcome(row["id"], parse_revision(row["rev"])) for row in rows]

    def tree(self, doc_id: str) -> Tree | None:
        told = self._ask("tree", doc_id)
        branches = [Branch(generation, tuple(path), deleted) for generation, deleted, *path in told or ()]
        return order(branches) if branches else None

    def compact(self) -> None:
        self._ask("compact")

    def shown(self, doc_id: str) -> list[Revision] | None:
        """The winner and then the conflicts, as PouchDB tells an application; None when it shows no document."""
        told = self._ask("shown", doc_id)
        return None if told is None else [parse_revision(rev) for rev in told]


def _told(document: Document) -> dict[str, Any]:
    path = document.path
    told = {"_id": document.id, "_rev": str(path.leaf), **json.loads(document.body)}
    told["_revisions"] = {"start": path.generation, "ids": list(path.digests)}
    return told | ({"_deleted": True} if path.deleted else {})


def _document(told: dict[str, Any]) -> Document:
    path = Branch(told["_revisions"]["start"], tuple(told["_revisions"]["ids"]), told.get("_deleted", False))
    plain = {name: value for name, value in told.items() if not name.startswith("_")}
    return Document(told["_id"], path, json.dumps(plain, separators=(",", ":")).encode())
