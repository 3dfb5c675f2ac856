"""The words cases are found by.

A case's row is numbered by the time of its receipt, which never changes: so the newest come first without anything
being sorted, and a search ends as soon as it has enough, however many there are.

Must not know: what a word means, where it comes from.
"""

from collections.abc import Sequence

from sync.store.transaction import Reader, Transaction

_BITS = 12  # for the cases of one second; a centre that takes in more lets some slide into the next


def put_case_words(tx: Transaction, case_id: str, *, received_seconds: int, words: Sequence[str]) -> None:
    """A case is found by these from now on, and by nothing else.

    words  without blanks, in letters and figures only
    """
    text = " ".join(words)
    known = tx.one("SELECT row, words FROM found_cases WHERE id = ?", (case_id,))
    if known is None:
        row = _free_row(tx, received_seconds)
        tx.execute("INSERT INTO found_cases VALUES (?, ?, ?)", (row, case_id, text))
        tx.execute("INSERT INTO case_words (rowid, words) VALUES (?, ?)", (row, text))
    elif known[1] != text:
        tx.execute("UPDATE found_cases SET words = ? WHERE row = ?", (text, known[0]))
        tx.execute("DELETE FROM case_words WHERE rowid = ?", (known[0],))
        tx.execute("INSERT INTO case_words (rowid, words) VALUES (?, ?)", (known[0], text))


def find_case_words(reader: Reader, words: Sequence[str], *, begins: bool = False, limit: int) -> tuple[str, ...]:
    """The ids of the cases with any of these words, or with one that begins so; the newest receipt first."""
    wanted = " OR ".join(f'"{word}"{" *" if begins else ""}' for word in words)
    rows = reader.execute(
        "SELECT id FROM (SELECT rowid AS found FROM case_words WHERE case_words MATCH ? ORDER BY rowid DESC LIMIT ?) "
        "JOIN found_cases ON row = found ORDER BY row DESC",
        (wanted, limit),
    )
    return tuple(row[0] for row in rows)


def numbered_cases(reader: Reader, word: str, number: str, *, limit: int) -> tuple[tuple[str, str], ...]:
    """(id, receipt number) of the cases with this 办件编号, or whose receipt number ends so; the newest receipt first.

    word  what those are found by whose number ends so
    """
    rows = reader.execute(
        "SELECT cases.id, receipt_number FROM case_words JOIN found_cases ON row = case_words.rowid "
        "JOIN cases ON cases.id = found_cases.id WHERE case_words MATCH ? "
        "AND (case_number = ? OR substr(receipt_number, ?) = ?) ORDER BY row DESC LIMIT ?",
        (f'"{word}" *', number, -len(number), number, limit),
    )
    return tuple((row[0], row[1]) for row in rows)


def _free_row(tx: Transaction, seconds: int) -> int:
    first, behind = seconds << _BITS, (seconds + 1) << _BITS
    ((last,),) = tx.execute("SELECT max(row) FROM found_cases WHERE row >= ? AND row < ?", (first, behind))
    if last is None:
        return first
    return last + 1 if last + 1 < behind else _free_row(tx, seconds + 1)
