"""Everybody registered at the stations kept here: a row each, the words they are found by, and whose case each is.

Must not know: what a word means, who may see whom.
"""

from collections.abc import Sequence

from sync.store.transaction import Reader, Transaction
from sync.typed import Value, astuple


class PersonRow(Value):
    """One person as the record stands.

    sound        how the name is typed by its sound;  status, as the person's table names it
    household    key, "" for none;  merged_into, another person's id, "" for none
    disputes     how many fields two people set unseen by each other
    """

    id: str
    sid: str
    name: str
    sound: str
    status: str
    cert_kind: str
    cert_number: str
    sex: str
    birthday: str
    phone: str
    household: str
    household_role: str
    registered_at: str
    merged_into: str
    disputes: int


_COLUMNS = ", ".join(PersonRow.__struct_fields__)
_PLACES = ", ".join("?" for _ in PersonRow.__struct_fields__)


def put_person(tx: Transaction, row: PersonRow, words: Sequence[str]) -> None:
    """A person stands so, and is found by these words and by nothing else; words are letters and figures only."""
    tx.execute(f"INSERT OR REPLACE INTO people ({_COLUMNS}) VALUES ({_PLACES})", astuple(row))
    text = " ".join(words)
    known = tx.one("SELECT row, words FROM found_people WHERE id = ?", (row.id,))
    if known is None:
        ((place,),) = tx.execute("INSERT INTO found_people (id, words) VALUES (?, ?) RETURNING row", (row.id, text))
        tx.execute("INSERT INTO people_words (rowid, words) VALUES (?, ?)", (place, text))
    elif known[1] != text:
        tx.execute("UPDATE found_people SET words = ? WHERE row = ?", (text, known[0]))
        tx.execute("DELETE FROM people_words WHERE rowid = ?", (known[0],))
        tx.execute("INSERT INTO people_words (rowid, words) VALUES (?, ?)", (known[0], text))


def find_people_words(
    reader: Reader, words: Sequence[str], *, begins: bool = False, limit: int
) -> tuple[PersonRow, ...]:
    """Those with any of these words, or with one that begins so, in the order of their names' sound.

    Of more than a page of them the first that were registered are told.
    """
    wanted = " OR ".join(f'"{word}"{" *" if begins else ""}' for word in words)
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM (SELECT rowid AS found FROM people_words WHERE people_words MATCH ? LIMIT ?) "
        "JOIN found_people ON row = found JOIN people USING (id) ORDER BY sound, id",
        (wanted, limit),
    )
    return tuple(PersonRow(*row) for row in rows)


def person_row(reader: Reader, person_id: str) -> PersonRow | None:
    """One person; None when nobody is registered by this id."""
    row = reader.one(f"SELECT {_COLUMNS} FROM people WHERE id = ?", (person_id,))
    return None if row is None else PersonRow(*row)


def people_by_paper(reader: Reader, papers: Sequence[tuple[str, str]], *, sid: str) -> tuple[PersonRow, ...]:
    """Everybody registered at a station by one of these papers, (kind, number); the first registered first."""
    among = ", ".join("(?, ?)" for _ in papers)
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM people WHERE (cert_kind, cert_number) IN (VALUES {among}) AND sid = ? "
        "ORDER BY registered_at, id",
        (*(part for paper in papers for part in paper), sid),
    )
    return tuple(PersonRow(*row) for row in rows)


def people_in_household(reader: Reader, household: str) -> tuple[PersonRow, ...]:
    """The members of a household, by id; none for ""."""
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM people WHERE household = ? AND household != '' ORDER BY id", (household,)
    )
    return tuple(PersonRow(*row) for row in rows)


def people_merged_into(reader: Reader, person_id: str) -> tuple[str, ...]:
    """The ids of those that were merged into a person."""
    rows = reader.execute(
        "SELECT id FROM people WHERE merged_into = ? AND merged_into != '' AND status = 'merged' ORDER BY id",
        (person_id,),
    )
    return tuple(row[0] for row in rows)


def people_page(
    reader: Reader, *, sid: str = "", status: str = "", after: tuple[str, str] = ("", ""), limit: int
) -> tuple[PersonRow, ...]:
    """Those behind a place (sound, id), in the order of sound and id; of a station, in a state, "" for all."""
    conditions, params = ["(sound, id) > (?, ?)"], list(after)
    for column, value in (("sid", sid), ("status", status)):
        if value:
            conditions.append(f"{column} = ?")
            params.append(value)
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM people WHERE {' AND '.join(conditions)} ORDER BY sound, id LIMIT ?",
        (*params, limit),
    )
    return tuple(PersonRow(*row) for row in rows)


def put_case_person(tx: Transaction, case_id: str, *, person: str, number: str, received_at: str) -> None:
    """Whose case it is: the person it names, and the number on its form; "" for neither."""
    if person or number:
        tx.execute("INSERT OR REPLACE INTO case_people VALUES (?, ?, ?, ?)", (case_id, person, number, received_at))


def cases_of_person(reader: Reader, persons: Sequence[str], number: str, *, limit: int) -> tuple[str, ...]:
    """The cases of a person by any of his ids, or with his number on the form; the newest receipt first.

    number  "" to ask by ids alone
    """
    asked = ", ".join("?" * len(persons))
    rows = reader.execute(
        f"SELECT case_id FROM (SELECT case_id, received_at FROM case_people WHERE person IN ({asked}) AND person != '' "
        "UNION SELECT case_id, received_at FROM case_people WHERE number = ? AND number != '' AND person = '') "
        "ORDER BY received_at DESC, case_id DESC LIMIT ?",
        (*persons, number, limit),
    )
    return tuple(row[0] for row in rows)


def cases_alike(reader: Reader, person: str, number: str, item: str, *, limit: int) -> tuple[str, ...]:
    """The cases of an item that name this person or this number on their form; the newest receipt first.

    limit  how many of his cases, of whatever item, are looked through
    """
    newest = "ORDER BY received_at DESC, case_id DESC LIMIT ?"
    rows = reader.execute(
        f"SELECT case_id FROM (SELECT * FROM (SELECT case_id, received_at FROM case_people "
        f"WHERE person = ? AND person != '' {newest}) UNION SELECT * FROM (SELECT case_id, received_at "
        f"FROM case_people WHERE number = ? AND number != '' {newest})) AS whose JOIN cases ON cases.id = case_id "
        "WHERE cases.item = ? ORDER BY whose.received_at DESC, case_id DESC",
        (person, limit, number, limit, item),
    )
    return tuple(row[0] for row in rows)
