"""Cases whose photos were let go: they are not looked at again, unless a photo was added or brought back.

Must not know: which cases may be let go of, how.
"""

from sync.store.transaction import Reader, Transaction


def note_let_go(tx: Transaction, case_id: str) -> None:
    """The photos of a case, as many as it has now, are away."""
    tx.execute(
        "INSERT OR REPLACE INTO let_go_cases VALUES (?1, (SELECT photos FROM cases WHERE id = ?1), NULL)", (case_id,)
    )


def note_looked_at(tx: Transaction, case_id: str, *, until_ms: int) -> None:
    """Somebody has wanted a photo of a case that was let go: what comes back stays until then."""
    tx.execute("UPDATE let_go_cases SET stays_until_ms = ? WHERE id = ?", (until_ms, case_id))


def keep_photos(tx: Transaction, case_id: str, *, until_ms: int) -> None:
    """The photos of a case stay until then, whatever becomes of the case: another has begun to name them."""
    tx.execute(
        "INSERT INTO let_go_cases VALUES (?, 0, ?) ON CONFLICT (id) DO UPDATE "
        "SET stays_until_ms = max(coalesce(stays_until_ms, 0), excluded.stays_until_ms)",
        (case_id, until_ms),
    )


def with_photos(reader: Reader, sid: str) -> tuple[str, ...]:
    """The cases of a station whose photos are here, or should be."""
    rows = reader.execute(
        "SELECT id FROM cases LEFT JOIN let_go_cases USING (id) "
        "WHERE sid = ? AND cases.photos > coalesce(let_go_cases.photos, 0) OR sid = ? AND stays_until_ms IS NOT NULL "
        "ORDER BY id",
        (sid, sid),
    )
    return tuple(case_id for (case_id,) in rows)


def stays_until(reader: Reader, case_id: str) -> int:
    """Until when what came back of a case stays; 0 when nothing was let go of it."""
    row = reader.one("SELECT stays_until_ms FROM let_go_cases WHERE id = ?", (case_id,))
    return int(row[0] or 0) if row else 0
