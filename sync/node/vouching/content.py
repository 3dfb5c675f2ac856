"""One digest over the content of a node, to tell whether two nodes hold the same.

SHA-256 over every document in the order of (database, id): its leaf revisions, the canonical body of each
leaf, and for chunk lists the root and whether every chunk is there. A chunk is named by its content: instead of
its bytes stands whether they are what the name says. One that was let go counts as it was, and how many are away
is told beside the digest. Sequences, receipts and whatever else differs from node to node by design are not content.

Must not know: how the content got here.
"""

import hashlib
from collections.abc import Iterable

from sync.blobs.reading import is_known_whole
from sync.database import Database
from sync.records.content_guard import content_problem
from sync.records.ids import parse_content_id
from sync.typed import Value
from sync.values.changes import START
from sync.values.documents import LET_GO, Absent, Document, Wanted
from sync.values.json_text import canonical

_PAGE = 200
_SOUND = "sound"


class ContentDigest(Value):
    """What a node holds, in one line; `blobs` counts complete ones, `away` the documents whose bodies were let go."""

    sha256: str
    documents: int
    blobs: int
    away: int


def digest_of(databases: Iterable[Database]) -> ContentDigest:
    """Digest the content of some databases, in constant memory apart from the ids."""
    whole = hashlib.sha256()
    documents = blobs = away = 0
    for database in sorted(databases, key=lambda one: one.name):
        for doc_id in sorted(set(_ids(database)), key=str.encode):
            leaves = _leaves(database, doc_id)
            away += sum(is_away for _, is_away in leaves)
            line = [database.name, doc_id, *(text for text, _ in leaves)]
            content = parse_content_id(doc_id)
            if content and content[0] == "blob":
                complete = is_known_whole(database, content[1])
                blobs += complete
                line.append(f"{content[1]} {'complete' if complete else 'incomplete'}")
            whole.update(canonical(line) + b"\n")
            documents += 1
    return ContentDigest(whole.hexdigest(), documents, blobs, away)


def _ids(database: Database) -> Iterable[str]:
    since = START
    while True:
        page = database.changes(since, limit=_PAGE)
        yield from (change.id for change in page.results)
        if not page.results:
            return
        since = page.last_seq


def _leaves(database: Database, doc_id: str) -> list[tuple[str, bool]]:
    """Each leaf as a line of text, and whether its body is away."""
    found = [one for one in database.read([Wanted(doc_id, ())]) if isinstance(one, Document) or one.reason == LET_GO]
    return sorted(_leaf(one) for one in found)


def _leaf(found: Document | Absent) -> tuple[str, bool]:
    content = parse_content_id(found.id)
    if isinstance(found, Absent):
        return f"{found.revision} live {_SOUND}", True
    body = canonical(found.fields()).decode("utf-8")
    if content is not None and content[0] == "chunk" and not content_problem(found):
        body = _SOUND
    return f"{found.revision} {'deleted' if found.deleted else 'live'} {body}", False
