"""What the records of people name: others as relatives, and photos of papers that were signed.

Derived from the records; may be emptied and filled again at any time.

Must not know: what a relative may do, what is on a photo.
"""

from collections.abc import Iterable, Sequence

from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class Tie(Value):
    """One person named by another: `person` is the one at the other end; until, YYYY-MM-DD."""

    person: str
    kind: str
    until: str


def put_ties(tx: Transaction, person: str, ties: frozenset[Tie]) -> None:
    """A person names these, and nobody else."""
    rows = tx.execute("SELECT other, kind, until FROM person_ties WHERE person = ?", (person,))
    known = {Tie(*row) for row in rows}
    for gone in known - ties:
        tx.execute("DELETE FROM person_ties WHERE other = ? AND person = ?", (gone.person, person))
    for new in ties - known:
        tx.execute("INSERT INTO person_ties VALUES (?, ?, ?, ?)", (new.person, person, new.kind, new.until))


def ties_to(reader: Reader, persons: Sequence[str]) -> tuple[Tie, ...]:
    """Who names any of these, in the order of their ids."""
    asked = ", ".join("?" * len(persons))
    rows = reader.execute(
        f"SELECT person, kind, until FROM person_ties WHERE other IN ({asked}) ORDER BY person, other", tuple(persons)
    )
    return tuple(Tie(*row) for row in rows)


def put_photos(tx: Transaction, person: str, roots: frozenset[str]) -> None:
    """A person's record names these photos; what was named once stays named."""
    if roots:
        tx.execute_many("INSERT OR IGNORE INTO person_photos VALUES (?, ?)", [(root, person) for root in sorted(roots)])


def photos_of_people(reader: Reader, sid: str) -> frozenset[str]:
    """Every photo that somebody registered at a station names."""
    rows = reader.execute("SELECT root FROM person_photos JOIN people ON id = person WHERE sid = ?", (sid,))
    return frozenset(row[0] for row in rows)


def is_of_people(reader: Reader, roots: Iterable[str]) -> bool:
    """Whether somebody names any of these photos."""
    return any(reader.one("SELECT 1 FROM person_photos WHERE root = ?", (root,)) for root in roots)
