"""Who did what, hash-chained: a row changed, removed or put in later breaks every link behind it.

Must not know: which actions there are. Callers keep citizens' numbers out of the detail.
"""

from sync.store.transaction import Reader, Transaction
from sync.trust.chain import BEGINNING, link
from sync.typed import Value
from sync.values.json_text import canonical


class Entry(Value):
    """One row of the audit.

    actor    `acct:<name>`, a writer id, or the name of a job
    subject  what it was done to: a document id, a peer, an account
    detail   a sentence or JSON text
    """

    at_ms: int
    actor: str
    action: str
    subject: str = ""
    detail: str = ""


def append_entry(tx: Transaction, entry: Entry) -> int:
    """Append a row, in the transaction that does what it tells; returns its number, from 1."""
    number, previous = _head(tx)
    values = (number + 1, entry.at_ms, entry.actor, entry.action, entry.subject, entry.detail)
    tx.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", (*values, link(previous, canonical(values))))
    return number + 1


def audit_head(reader: Reader) -> tuple[int, bytes]:
    """Number and link of the newest row; 0 and `BEGINNING` when there is none."""
    return _head(reader)


def entries_after(reader: Reader, number: int = 0, *, limit: int = 100) -> tuple[tuple[int, Entry], ...]:
    """Rows behind a number, oldest first."""
    rows = reader.execute(
        "SELECT number, at_ms, actor, action, subject, detail FROM audit WHERE number > ? ORDER BY number LIMIT ?",
        (number, limit),
    )
    return tuple((row[0], Entry(*row[1:])) for row in rows)


def entries_about(reader: Reader, subject: str) -> tuple[Entry, ...]:
    """What was done to one subject, oldest first."""
    rows = reader.execute(
        "SELECT at_ms, actor, action, subject, detail FROM audit WHERE subject = ? ORDER BY number", (subject,)
    )
    return tuple(Entry(*row) for row in rows)


def first_broken(reader: Reader, *, head: tuple[int, bytes] | None = None) -> int | None:
    """The number of the first row that was tampered with; None when the chain holds.

    head  number and link of a row remembered elsewhere: only with it a cut-off end is noticed
    """
    previous, expected = BEGINNING, 1
    for *values, stored in reader.iterate(
        "SELECT number, at_ms, actor, action, subject, detail, link FROM audit ORDER BY number"
    ):
        previous = link(previous, canonical(values))
        if values[0] != expected or stored != previous:
            return expected
        if head is not None and expected == head[0] and previous != head[1]:
            return expected
        expected += 1
    return expected if head is not None and expected <= head[0] else None


def _head(reader: Reader) -> tuple[int, bytes]:
    row = reader.one("SELECT number, link FROM audit ORDER BY number DESC LIMIT 1")
    return (0, BEGINNING) if row is None else (row[0], row[1])
