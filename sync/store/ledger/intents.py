"""Documents that are written here and not yet on the server that keeps them, in the order of their writing.

An intent is on disk in the transaction that gave the number and the audit row, and that is what was
acknowledged. It goes when the server has the document; putting it there twice changes nothing.

Must not know: which server, how documents get there.
"""

from collections.abc import Iterable, Iterator, Sequence

from sync.store.transaction import Reader, Transaction
from sync.typed import Value


class Intent(Value):
    """One document to be put elsewhere.

    document  as JSON text with its path (`_revisions`)
    tree      the document's revision tree as this writing left it, as text
    whole     whether that is everything: False for a copy that was taken without looking what stood there
    refused   why the server would not take it; "" otherwise
    """

    number: int
    database: str
    id: str
    document: bytes
    tree: str
    whole: bool
    refused: str = ""


_COLUMNS = "intent, database, id, document, tree, whole, refused"


def add_intent(tx: Transaction, database: str, doc_id: str, *, document: bytes, tree: str, whole: bool) -> None:
    """Write an intent behind all others."""
    tx.execute(
        "INSERT INTO intents (database, id, document, tree, whole) VALUES (?, ?, ?, ?, ?)",
        (database, doc_id, document, tree, int(whole)),
    )


def intents_of(reader: Reader, database: str, ids: Iterable[str]) -> dict[str, list[Intent]]:
    """{id: its intents, oldest first}; an id without any has no entry."""
    found: dict[str, list[Intent]] = {}
    for row in reader.execute_many(
        f"SELECT {_COLUMNS} FROM intents WHERE database = ? AND id = ? ORDER BY intent",
        [(database, doc_id) for doc_id in dict.fromkeys(ids)],
    ):
        intent = _intent(row)
        found.setdefault(intent.id, []).append(intent)
    return found


def next_intents(reader: Reader, *, up_to: int, most_bytes: int, most: int) -> Sequence[Intent]:
    """The oldest intents that nobody refused, so many as weigh no more than one request should; at least one."""
    taken: list[Intent] = []
    weight = 0
    for intent in _in_order(reader, up_to, most):
        weight += len(intent.document)
        if taken and weight > most_bytes:
            break
        taken.append(intent)
    return taken


def newest_intent(reader: Reader) -> int:
    """The number of the newest intent there is; 0 when there is none."""
    row = reader.one("SELECT max(intent) FROM intents")
    return int(row[0] or 0) if row else 0


def waits_in(reader: Reader, database: str) -> bool:
    """Whether any intent of a database waits that nobody refused."""
    return reader.one("SELECT 1 FROM intents WHERE database = ? AND refused = '' LIMIT 1", (database,)) is not None


def finish(tx: Transaction, done: Iterable[int], refused: Iterable[tuple[int, str]]) -> None:
    """Forget the intents whose documents arrived, and note why others did not."""
    tx.execute_many("DELETE FROM intents WHERE intent = ?", [(number,) for number in done])
    tx.execute_many("UPDATE intents SET refused = ? WHERE intent = ?", [(reason, number) for number, reason in refused])


def try_again(tx: Transaction) -> None:
    """Let those refused be offered once more."""
    if tx.one("SELECT 1 FROM intents WHERE refused <> '' LIMIT 1"):
        tx.execute("UPDATE intents SET refused = '' WHERE refused <> ''")


def count_intents(reader: Reader) -> tuple[int, int]:
    """How many wait, and how many of these were refused."""
    row = reader.one("SELECT count(*), count(*) FILTER (WHERE refused <> '') FROM intents")
    return (int(row[0]), int(row[1])) if row else (0, 0)


def drop_intents(tx: Transaction, database: str) -> None:
    """Forget a database's intents, for it is being destroyed."""
    tx.execute("DELETE FROM intents WHERE database = ?", (database,))


def _in_order(reader: Reader, up_to: int, most: int) -> Iterator[Intent]:
    rows = reader.iterate(
        f"SELECT {_COLUMNS} FROM intents WHERE refused = '' AND intent <= ? ORDER BY intent LIMIT ?", (up_to, most)
    )
    return (_intent(row) for row in rows)


def _intent(row: Sequence[object]) -> Intent:
    number, database, doc_id, document, tree, whole, refused = row
    return Intent(number, database, doc_id, document, tree, bool(whole), refused)  # type: ignore[arg-type]
