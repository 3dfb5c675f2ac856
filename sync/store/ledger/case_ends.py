"""Of each case the newest event of every writer's life: what a holder must have come to, to have the case.

Derived from the records; may be emptied and filled again at any time.

Must not know: who holds what.
"""

from collections.abc import Mapping

from sync.store.ledger.writers import chain_number
from sync.store.transaction import Reader, Transaction

_PUT = "INSERT INTO case_ends VALUES (?, ?, ?) ON CONFLICT (id, chain) DO UPDATE SET last = excluded.last"


def put_case_ends(tx: Transaction, case_id: str, ends: Mapping[tuple[str, str], int]) -> None:
    """Note a case's newest events, {(writer, life): number}, in place of what was noted before."""
    known: dict[int, int] = dict(tx.execute("SELECT chain, last FROM case_ends WHERE id = ?", (case_id,)))
    for (writer, life), last in ends.items():
        chain = chain_number(tx, writer, life)
        if known.get(chain) != last:
            # Not OR REPLACE: where rows refer to others, that is prepared to undo itself each time.
            tx.execute(_PUT, (case_id, chain, last))


def count_case_ends(reader: Reader) -> int:
    """Of how many cases it is known: of all, but for a moment after an upgrade."""
    return int(reader.execute("SELECT count(DISTINCT id) FROM case_ends")[0][0])


def chains_of_cases(reader: Reader) -> tuple[tuple[int, str, str], ...]:
    """(chain, writer, life) of everybody who wrote in a case."""
    # One step down the index for each chain, however many cases there are.
    rows = reader.execute(
        "SELECT chain, writer, life FROM chains "
        "WHERE EXISTS (SELECT 1 FROM case_ends WHERE case_ends.chain = chains.chain) ORDER BY chain"
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def cases_behind(reader: Reader, chain: int, number: int) -> tuple[str, ...]:
    """The cases in which a life wrote something after its event of this number."""
    return tuple(
        row[0] for row in reader.iterate("SELECT id FROM case_ends WHERE chain = ? AND last > ?", (chain, number))
    )
