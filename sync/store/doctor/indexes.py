"""Indexes of queries, made anew: every entry is one its document calls for, and none is missing.

Indexes are derived, so nothing is lost with them; but one that lacks an entry finds less than there is.
A document that cannot be read is named by the checks of documents, and passed over here.

Must not know: queries.
"""

from collections.abc import Iterator

from sync.errors import BadRequest
from sync.mango.answering import entry_key, entry_test
from sync.mango.matching import members
from sync.messages import N_, _
from sync.store.doctor.documents import place_of
from sync.store.doctor.finding import Advance, Finding, gathered
from sync.store.indexes import Kept, declared, digest_of, find_kept
from sync.store.place import Place, find_place
from sync.store.reading import read_winner
from sync.store.transaction import Reader
from sync.values.queries import Index

_REBUILD = N_(
    "The documents are sound, but queries may find too little or too much. Give this "
    "result to a technician: the index has to be deleted and made anew."
)
_UNREADABLE = (BadRequest, ValueError, LookupError, TypeError, AttributeError)


def check_indexes(reader: Reader, advance: Advance) -> Iterator[Finding]:
    """What each index holds is what its documents call for, up to where it has been brought."""
    yield from gathered(_wrong(reader, advance), _(_REBUILD))


def _wrong(reader: Reader, advance: Advance) -> Iterator[tuple[str, str]]:
    for (name,) in reader.execute("SELECT name FROM databases WHERE name IS NOT NULL ORDER BY name"):
        place = find_place(reader, name)
        try:
            known = {digest_of(index): index for index in declared(reader, place)}
        except _UNREADABLE:
            continue
        for digest, index in known.items():
            kept = find_kept(reader, place, digest)
            if kept is not None:
                yield from _of_index(reader, advance, place, index, kept)


def _of_index(reader: Reader, advance: Advance, place: Place, index: Index, kept: Kept) -> Iterator[tuple[str, str]]:
    title = _("Index %(design)s/%(name)s does not agree with the documents", design=index.design, name=index.name)
    belongs = entry_test(index)
    rows = reader.iterate(
        "SELECT d.id, d.deleted, e.key FROM documents AS d LEFT JOIN index_entries AS e "
        "ON e.number = ? AND e.id = d.id WHERE d.database = ? AND d.seq <= ? "
        "AND NOT EXISTS (SELECT 1 FROM let_go WHERE let_go.seq = d.seq)",
        (kept.number, place.database, kept.seq),
    )
    for number, (doc_id, deleted, key) in enumerate(rows):
        advance(number)
        try:
            found = None if deleted else read_winner(reader, place, doc_id)
            expected = entry_key(index, belongs, members(*found)) if found else None
        except _UNREADABLE:
            continue
        if key != expected:
            yield title, place_of(place.name, doc_id)
    strays = reader.iterate(
        "SELECT id FROM index_entries WHERE number = ? AND id NOT IN (SELECT id FROM documents WHERE database = ?)",
        (kept.number, place.database),
    )
    for (doc_id,) in strays:
        yield title, place_of(place.name, doc_id)
