"""One digest over the content of a node, to tell whether two nodes hold the same.

SHA-256 over every document in the order of (database, id): its leaf revisions, the canonical body of each
leaf, and for chunk lists the root and whether every chunk is there. Sequences, receipts and whatever else
differs from node to node by design are not content.

Must not know: how the content got here.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sync.blobs.reading import is_complete
from sync.database import Database
from sync.records.ids import parse_content_id
from sync.values.changes import START
from sync.values.documents import Document, Wanted
from sync.values.json_text import canonical

_PAGE = 200


@dataclass(frozen=True, slots=True)
class ContentDigest:
    """What a node holds, in one line; `blobs` counts complete ones."""

    sha256: str
    documents: int
    blobs: int


def digest_of(databases: Iterable[Database]) -> ContentDigest:
    """Digest the content of some databases, in constant memory apart from the ids."""
    whole = hashlib.sha256()
    documents = blobs = 0
    for database in sorted(databases, key=lambda one: one.name):
        for doc_id in sorted(set(_ids(database)), key=str.encode):
            line = [database.name, doc_id, *_leaves(database, doc_id)]
            content = parse_content_id(doc_id)
            if content and content[0] == "blob":
                complete = is_complete(database, content[1])
                blobs += complete
                line.append(f"{content[1]} {'complete' if complete else 'incomplete'}")
            whole.update(canonical(line) + b"\n")
            documents += 1
    return ContentDigest(whole.hexdigest(), documents, blobs)


def _ids(database: Database) -> Iterable[str]:
    since = START
    while True:
        page = database.changes(since, limit=_PAGE)
        yield from (change.id for change in page.results)
        if not page.results:
            return
        since = page.last_seq


def _leaves(database: Database, doc_id: str) -> list[str]:
    found = [one for one in database.read([Wanted(doc_id, ())]) if isinstance(one, Document)]
    leaves = sorted(found, key=lambda one: one.revision)
    return [f"{one.revision} {'deleted' if one.deleted else 'live'} {_body(one)}" for one in leaves]


def _body(document: Document) -> str:
    return canonical(document.fields()).decode("utf-8")
