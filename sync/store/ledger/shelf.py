"""What this node has of what the centre published: every version once read, which of it is vouched for, and drafts.

    shelf       one row for each version of an item, a 一件事, a calendar, a county's places
    vouched     digests the centre signed: (document id, digest, when)
    unvouched   documents that are here and that nobody vouches for yet
    drafts      at the centre alone: what is to be published next

Calendars and catalogues are at hand even where the documents are elsewhere and that place is away.

Must not know: what a body says, how a signature is proved.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sync.records.published import Entry
from sync.store.ledger.unindexed import note_unindexed
from sync.store.transaction import Reader, Transaction
from sync.typed import Value

FOUND = ("item", "bundle")  # kinds that are searched
DATED_BY = "calendar"  # by these days are counted
BY_HAND = 0  # for `published_ms`: nobody signed it, the operator of this machine brought it


class Label(Value):
    """What of a row is told without its body."""

    version: int
    name: str
    state: str
    common: bool


def shelve(tx: Transaction, entries: Sequence[tuple[Entry, int]]) -> None:
    """Put versions on the shelf, each with when it was released, in ms, or `BY_HAND`.

    Of two of the same version the one released later stays.
    """
    for kind in FOUND:
        note_unindexed(tx, kind, (entry.code for entry, _ in entries if entry.kind == kind))
    if any(entry.kind == DATED_BY for entry, _ in entries):
        _note_undated(tx)
    tx.execute_many(
        "INSERT INTO shelf VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "published_ms = excluded.published_ms, name = excluded.name, state = excluded.state, "
        "common = excluded.common, body = excluded.body WHERE excluded.published_ms >= shelf.published_ms",
        [
            (one.kind, one.code, one.version, published_ms, one.name, one.state, one.common, one.body)
            for one, published_ms in entries
        ],
    )


def newest(reader: Reader, kind: str) -> dict[str, Label]:
    """{code: what counts of it}: the greatest version the centre signed, or else the one brought by hand."""
    rows = reader.execute(
        "SELECT code, version, name, state, common FROM shelf WHERE kind = ? ORDER BY code, published_ms > 0, version",
        (kind,),
    )
    return {row[0]: Label(row[1], row[2], row[3], bool(row[4])) for row in rows}


def newest_bodies(reader: Reader, kind: str) -> dict[str, bytes]:
    """{code: body} of what `newest` counts."""
    rows = reader.execute(
        "SELECT code, body FROM shelf WHERE kind = ? ORDER BY code, published_ms > 0, version", (kind,)
    )
    return dict(rows)


def newest_of(reader: Reader, kind: str, code: str) -> Label | None:
    """What counts of one thing, as `newest` has it; None where nothing is here."""
    row = reader.one(
        "SELECT version, name, state, common FROM shelf WHERE kind = ? AND code = ? "
        "ORDER BY published_ms > 0 DESC, version DESC LIMIT 1",
        (kind, code),
    )
    return None if row is None else Label(row[0], row[1], row[2], bool(row[3]))


def body_of(reader: Reader, kind: str, code: str, version: int) -> bytes | None:
    """The body of one version; None where it is not here."""
    row = reader.one("SELECT body FROM shelf WHERE kind = ? AND code = ? AND version = ?", (kind, code, version))
    return None if row is None else row[0]


def vouch(tx: Transaction, digests: Mapping[str, bytes], *, at_ms: int) -> None:
    """Note that the centre released these: {document id: digest of its body}."""
    tx.execute_many(
        "INSERT INTO vouched VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
        "published_ms = max(published_ms, excluded.published_ms)",
        [(doc_id, digest, at_ms) for doc_id, digest in digests.items()],
    )


def vouched_at(reader: Reader, doc_id: str, digest: bytes) -> int | None:
    """When the centre released this very body of a document; None where it did not."""
    row = reader.one("SELECT published_ms FROM vouched WHERE id = ? AND digest = ?", (doc_id, digest))
    return None if row is None else row[0]


def weigh_shelf(reader: Reader) -> tuple[int, int]:
    """How many bodies the centre has vouched for, and how many bytes of them are on the shelf."""
    vouched = reader.execute("SELECT count(*) FROM vouched")[0][0]
    size = reader.execute("SELECT coalesce(sum(length(body)), 0) FROM shelf WHERE published_ms > 0")[0][0]
    return int(vouched), int(size)


def note_unvouched(tx: Transaction, ids: Iterable[str]) -> None:
    """Remember documents nobody vouches for yet."""
    tx.execute_many("INSERT OR IGNORE INTO unvouched VALUES (?)", [(doc_id,) for doc_id in ids])


def note_settled(tx: Transaction, ids: Iterable[str]) -> None:
    """Forget that somebody was to vouch for these."""
    tx.execute_many("DELETE FROM unvouched WHERE id = ?", [(doc_id,) for doc_id in ids])


def unvouched(reader: Reader) -> frozenset[str]:
    """The documents nobody vouches for yet."""
    return frozenset(row[0] for row in reader.execute("SELECT id FROM unvouched"))


def empty_shelf(tx: Transaction) -> None:
    """Forget all that was signed, for another centre is believed from now on; what was brought by hand stays."""
    tx.execute("INSERT OR IGNORE INTO unindexed SELECT DISTINCT kind, code FROM shelf WHERE kind IN (?, ?)", FOUND)
    _note_undated(tx)
    tx.execute("DELETE FROM shelf WHERE published_ms > 0")
    tx.execute("DELETE FROM vouched")
    tx.execute("DELETE FROM unvouched")


def put_drafts(tx: Transaction, drafts: Mapping[str, bytes]) -> None:
    """Keep drafts, {document id: body}; a later one of the same id replaces the earlier."""
    tx.execute_many("INSERT OR REPLACE INTO drafts VALUES (?, ?)", list(drafts.items()))


def drafts(reader: Reader) -> dict[str, bytes]:
    """Every draft, by document id."""
    return dict(reader.execute("SELECT id, body FROM drafts ORDER BY id"))


def drop_drafts(tx: Transaction, ids: Collection[str]) -> None:
    """Forget drafts."""
    tx.execute_many("DELETE FROM drafts WHERE id = ?", [(doc_id,) for doc_id in ids])


def _note_undated(tx: Transaction) -> None:
    """The day of every case that waits for one has to be counted anew."""
    tx.execute("INSERT OR IGNORE INTO unindexed SELECT 'due', id FROM cases WHERE due IS NOT NULL")
