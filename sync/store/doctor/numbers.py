"""Numbers kept in passing, counted anew: documents, bytes, sequences.

Must not know: trees, bodies.
"""

from collections.abc import Iterator

from sync.messages import N_, _
from sync.store.doctor.documents import place_of
from sync.store.doctor.finding import COUNT, REPORT, RESTORE, SERVED, Advance, Finding
from sync.store.transaction import Reader

_COUNTED = (
    (
        N_("Database %(name)s notes %(noted)s documents and has %(found)s"),
        "doc_count",
        "SELECT count(*) FROM documents AS d WHERE d.database = ? AND NOT deleted",
    ),
    (
        N_("Database %(name)s notes %(noted)s deleted documents and has %(found)s"),
        "doc_del_count",
        "SELECT count(*) FROM documents AS d WHERE d.database = ? AND deleted",
    ),
    (
        N_("Database %(name)s notes %(noted)s bytes in use and has %(found)s"),
        "active_bytes",
        "SELECT coalesce(sum(weight), 0) FROM documents AS d WHERE d.database = ?",
    ),
    (
        N_("Database %(name)s notes %(noted)s bytes taken up and has %(found)s"),
        "stored_bytes",
        "SELECT coalesce(sum(length(body) + (SELECT coalesce(sum(length), 0) FROM attachments AS a "
        "WHERE a.seq = r.seq)), 0) FROM revisions AS r JOIN documents AS d USING (document) WHERE d.database = ?",
    ),
)


def check_counters(reader: Reader, advance: Advance) -> Iterator[Finding]:
    """What each database says of itself is what is in it."""
    for number, (database, name) in enumerate(_databases(reader)):
        advance(number)
        for differs, column, counted in _COUNTED:
            ((said,),) = reader.execute(f"SELECT {column} FROM databases WHERE database = ?", (database,))
            ((found,),) = reader.execute(counted, (database,))
            if said != found:
                yield Finding(_(differs, name=name, noted=said, found=found), _(COUNT))


def check_sequences(reader: Reader, _advance: Advance) -> Iterator[Finding]:
    """Every change has a sequence of its own, at or below the node's counter."""
    ((counter,),) = reader.execute("SELECT update_seq FROM store")
    for database, name in _databases(reader):
        ((said, documents, purges),) = reader.execute(
            "SELECT update_seq, (SELECT coalesce(max(seq), 0) FROM documents WHERE database = ?1), "
            "(SELECT coalesce(max(seq), 0) FROM purges WHERE database = ?1) FROM databases WHERE database = ?1",
            (database,),
        )
        if said != max(documents, purges):
            told = _(
                "The update sequence of database %(name)s is noted as %(noted)s and is %(found)s: "
                "changes may be missed when it is replicated",
                name=name,
                noted=said,
                found=max(documents, purges),
            )
            yield Finding(told, _(RESTORE))
        if said > counter:
            told = _(
                "The update sequence %(noted)s of database %(name)s is beyond %(counter)s, that of "
                "the whole station: sequences will be given twice",
                name=name,
                noted=said,
                counter=counter,
            )
            yield Finding(told, _(RESTORE))
    ((newest,),) = reader.execute("SELECT coalesce(max(seq), 0) FROM revisions")
    if newest > counter:
        told = _(
            "Sequence %(newest)s is in use and the whole station counts up to %(counter)s: "
            "sequences will be given twice",
            newest=newest,
            counter=counter,
        )
        yield Finding(told, _(RESTORE))
    yield from _twice(reader)
    yield from _behind(reader)


def _twice(reader: Reader) -> Iterator[Finding]:
    rows = reader.execute("SELECT seq FROM documents GROUP BY seq HAVING count(*) > 1 LIMIT ?", (SERVED,))
    if rows:
        named = _(", ").join(str(seq) for (seq,) in rows)
        yield Finding(_("The same sequence was used twice: %(sequences)s", sequences=named), _(REPORT))


def _behind(reader: Reader) -> Iterator[Finding]:
    """A document stands at its newest change; one that stands before it is skipped by whoever follows."""
    rows = reader.execute(
        "SELECT name, id FROM documents JOIN databases USING (database) WHERE name IS NOT NULL AND seq < "
        "(SELECT max(revisions.seq) FROM revisions WHERE revisions.document = documents.document) LIMIT ?",
        (SERVED,),
    )
    if rows:
        named = _(", ").join(place_of(name, doc_id) for name, doc_id in rows)
        told = _(
            "Documents have a sequence before that of their own changes and will be missed when "
            "they are replicated: %(places)s",
            places=named,
        )
        yield Finding(told, _(RESTORE))


def _databases(reader: Reader) -> list[tuple[int, str]]:
    return [(row[0], row[1]) for row in reader.execute("SELECT database, name FROM databases WHERE name IS NOT NULL")]
