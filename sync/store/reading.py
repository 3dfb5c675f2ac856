"""Reading documents out of the file: the winner, every leaf, named revisions, or what became of them.

Must not know: threads, how the file is opened.
"""

from collections.abc import Iterator

from sync.revisions.revision import Revision
from sync.revisions.tree import Branch, Tree
from sync.store.choosing import chosen_paths
from sync.store.contents import filled, linked, plain
from sync.store.letting_go import AWAY
from sync.store.place import Place
from sync.store.transaction import Reader, Row
from sync.store.tree_text import tree_from_text
from sync.store.working import Working
from sync.typed import replace
from sync.values.documents import LET_GO, Absent, Attachment, Document, Wanted
from sync.wire.problems import NoDatabase

_FEW_PATHS = 8  # more than these are worth a look at all revisions of the document

_GLANCE = """
    SELECT d.tree, r.generation, r.digest, r.attachments, r.body FROM databases AS b
    LEFT JOIN documents AS d ON d.database = b.database AND d.id = ?2
    LEFT JOIN revisions AS r ON r.seq = d.seq
    WHERE b.name = ?1
"""


def read_one(reader: Reader, place: Place, wanted: Wanted, engine: Working) -> Iterator[Document | Absent]:
    """Everything one `Wanted` asks for, in its order; large contents are read later, from the engine."""
    document, tree = _document(reader, place, wanted.id)
    paths = list(chosen_paths(tree, wanted))
    seqs = _seqs(reader, document) if len(paths) > _FEW_PATHS else None
    for path in paths:
        if isinstance(path, Absent):
            yield path
            continue
        row = _row(reader, document, path) if seqs is None else _row_at(reader, seqs.get(path.leaf))
        if row is None or row[3] == AWAY:
            yield Absent(wanted.id, path.leaf, "missing" if row is None else LET_GO)
        else:
            yield _document_of(reader, row, path, wanted, engine)


def glance(engine: Working, name: str, doc_id: str) -> Document | Absent | None:
    """The winner of a document in one look, as most are read most of the time.

    returns  None where that does not tell: what was written last is not the winner, has files, or was let go
    raises   NotFound when there is no such database
    """
    row = engine.look(lambda reader: reader.one(_GLANCE, (name, doc_id)))
    if row is None:
        raise NoDatabase
    text, generation, digest, files, body = row
    if text is None:
        return Absent(doc_id, None, "missing")
    tree = tree_from_text(text)
    if tree.deleted:
        return Absent(doc_id, None, "deleted")
    if body == AWAY or files or tree.winner.leaf != (generation, digest):
        return None
    return Document(doc_id, tree.winner, body)


def read_winner(reader: Reader, place: Place, doc_id: str) -> tuple[Document, tuple[Revision, ...]] | None:
    """A live document, its files as stubs, and its other live leaves; None when there is none, or it was let go."""
    document, tree = _document(reader, place, doc_id)
    if tree is None or tree.deleted:
        return None
    row = _row(reader, document, tree.winner)
    if row is None or row[3] == AWAY:
        return None
    seq, _, attachments, body = row
    files = tuple(plain(file) for file in linked(reader, seq)) if attachments else ()
    others = tuple(branch.leaf for branch in tree.branches[1:] if not branch.deleted)
    return Document(doc_id, tree.winner, body, files), others


def tree_of(reader: Reader, place: Place, doc_id: str) -> Tree | None:
    """The revision tree of a document; None when it was never written."""
    return _document(reader, place, doc_id)[1]


def _document(reader: Reader, place: Place, doc_id: str) -> tuple[int, Tree | None]:
    row = reader.one("SELECT document, tree FROM documents WHERE database = ? AND id = ?", (place.database, doc_id))
    return (row[0], tree_from_text(row[1])) if row else (0, None)


def _document_of(reader: Reader, row: Row, path: Branch, wanted: Wanted, engine: Working) -> Document:
    seq, deleted, attachments, body = row
    # A tombstone that was built upon is no leaf any more, so the tree alone would not say what it was.
    if path.deleted != bool(deleted):
        path = replace(path, deleted=bool(deleted))
    files = _files(reader, seq, path, wanted, engine) if attachments else ()
    return Document(wanted.id, path, body, files)


def _files(reader: Reader, seq: int, path: Branch, wanted: Wanted, engine: Working) -> tuple[Attachment, ...]:
    return tuple(
        filled(reader, file, engine) if wanted.carries(file, path) else plain(file) for file in linked(reader, seq)
    )


def _row(reader: Reader, document: int, path: Branch) -> Row | None:
    """A revision as (seq, deleted, how many attachments, body); None when its body is not here."""
    return reader.one(
        "SELECT seq, deleted, attachments, body FROM revisions "
        "WHERE document = ? AND generation = ? AND digest = ? ORDER BY seq DESC",
        (document, path.generation, path.digests[0]),
    )


def _row_at(reader: Reader, seq: int | None) -> Row | None:
    """`_row`, of a revision known by its sequence."""
    if seq is None:
        return None
    return reader.one("SELECT seq, deleted, attachments, body FROM revisions WHERE seq = ?", (seq,))


def _seqs(reader: Reader, document: int) -> dict[tuple[int, str], int]:
    """The sequences of all revisions of a document whose bodies are here, in one look.

    Leaves of one generation stand side by side in the index; looked for one by one, each would pass by all others.
    """
    rows = reader.execute("SELECT generation, digest, seq FROM revisions WHERE document = ? ORDER BY seq", (document,))
    return {(generation, digest): seq for generation, digest, seq in rows}
