"""Reading and writing documents within a transaction of the ledger: by CouchDB's rules, into intents.

The revision is our own store's choice (`sync.values.digest`), so that the same edit gives the same revision
on a node of either engine; the CouchDB is handed revision and path as a replicator would.

Must not know: the network.
"""

from collections.abc import Iterable, Sequence

from sync.errors import Refused
from sync.outbox.foresight import Foresight, Unread
from sync.outbox.standing import Standing, standing_of
from sync.revisions.merge import stem
from sync.revisions.revision import Revision
from sync.store.edits import DEFAULT_REVS_LIMIT, extended, parent_of, require_id, require_path
from sync.store.ledger.intents import Intent, add_intent, intents_of
from sync.store.ledger.kept_elsewhere import is_made
from sync.store.stubs import resolve_edit
from sync.store.transaction import Reader, Transaction
from sync.store.tree_text import tree_to_text
from sync.values.digest import revision_digest
from sync.values.documents import Absent, Attachment, Document, Edit, Outcome, Wanted
from sync.wire.documents import write_document


def read_within(
    reader: Reader, foresight: Foresight, database: str, wanted: Sequence[Wanted]
) -> Sequence[Document | Absent]:
    """Read documents as a transaction finds them; raises Unread when some have to be fetched first."""
    is_made(reader, database)
    stood = _standing(reader, foresight, database, [one.id for one in wanted])
    found: list[Document | Absent] = []
    lacking: list[str] = []
    for one in wanted:

        def fetch(revision: Revision, doc_id: str = one.id) -> Absent:
            # A leaf that only the tree of an intent names; what was fetched has every leaf there is.
            if foresight.seen(database, doc_id) is None:
                lacking.append(doc_id)
            return Absent(doc_id, revision, "missing")

        found += stood[one.id].read(one, fetch)
    if lacking:
        raise Unread(database, lacking)
    return found


def write_within(
    tx: Transaction, foresight: Foresight, database: str, edits: Sequence[Edit], *, newborn: bool
) -> Sequence[Outcome]:
    """Write edits as intents, one outcome each, in order; raises Unread when some have to be fetched first."""
    is_made(tx, database)
    ids = [edit.id for edit in edits if _is_lawful(edit.id)]
    stood = _standing(tx, foresight, database, ids, newborn=newborn)
    outcomes = []
    for edit in edits:
        try:
            require_id(edit.id)
            document = _written(stood[edit.id], edit)
        except Refused as error:
            outcomes.append(Outcome(edit.id, None, error))
            continue
        stood[edit.id] = stood[edit.id].grown(document)
        _intend(tx, database, document, stood[edit.id], whole=True)
        outcomes.append(Outcome(edit.id, document.revision))
    return outcomes


def graft_within(tx: Transaction, database: str, documents: Sequence[Document]) -> Sequence[Outcome]:
    """Take replicas' revisions as intents, one outcome each, in order. The server joins them; nothing is asked."""
    is_made(tx, database)
    waiting = intents_of(tx, database, [one.id for one in documents if _is_lawful(one.id)])
    stood: dict[str, Standing] = {}
    outcomes = []
    for document in documents:
        try:
            require_id(document.id)
            require_path(document.path)
        except Refused as error:
            outcomes.append(Outcome(document.id, None, error))
            continue
        known = stood.get(document.id) or standing_of(document.id, (), waiting.get(document.id, ()))
        if known.tree is None or known.tree.branch_of(document.revision) is None:
            known = known.grown(document)
            _intend(tx, database, document, known, whole=False)
        stood[document.id] = known
        outcomes.append(Outcome(document.id, document.revision))
    return outcomes


def _standing(
    reader: Reader, foresight: Foresight, database: str, ids: Iterable[str], *, newborn: bool = False
) -> dict[str, Standing]:
    ids = tuple(dict.fromkeys(ids))
    waiting = intents_of(reader, database, ids)
    stood: dict[str, Standing] = {}
    lacking = []
    for doc_id in ids:
        fetched, intents = foresight.seen(database, doc_id), waiting.get(doc_id, [])
        if fetched is None and not newborn and not _say_all(intents):
            lacking.append(doc_id)
        else:
            stood[doc_id] = standing_of(doc_id, fetched.leaves if fetched else (), intents)
    if lacking:
        raise Unread(database, lacking)
    return stood


def _say_all(intents: Sequence[Intent]) -> bool:
    """Whether what waits tells the whole document, so that nobody has to be asked."""
    return any(one.whole and not one.refused for one in intents) and not any(one.refused for one in intents)


def _written(stood: Standing, edit: Edit) -> Document:
    """The document an edit makes; raises what CouchDB's rules refuse it with."""
    parent = parent_of(edit, stood.tree)
    files: Iterable[Attachment] = ()
    if edit.attachments:
        before = stood.files(parent.leaf) if parent else ()
        files = resolve_edit(edit.id, edit.attachments, before, generation=parent.generation + 1 if parent else 1)
    files = tuple(files)
    digest = revision_digest(parent.leaf if parent else None, edit.body, deleted=edit.deleted, attachments=files)
    path = stem(extended(parent, digest, deleted=edit.deleted), DEFAULT_REVS_LIMIT)
    return Document(edit.id, path, edit.body, files)


def _intend(tx: Transaction, database: str, document: Document, stood: Standing, *, whole: bool) -> None:
    assert stood.tree is not None
    text = write_document(document, revisions=True)
    add_intent(tx, database, document.id, document=text, tree=tree_to_text(stood.tree), whole=whole)


def _is_lawful(doc_id: str) -> bool:
    try:
        require_id(doc_id)
    except Refused:
        return False
    return True
