"""The tables in which items and 一件事 are found: what they are called, and what their guides say.

What they are called is a short list that is read from end to end at every search: five thousand items have some
fifty thousand phrases, which takes less time than a person needs to look up. Guides are long, and have an index.

Must not know: where phrases come from, how a text is folded.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum

from sync.store.transaction import Reader, Transaction
from sync.typed import Value

PhraseRow = tuple[int, str, str, str]  # source, text, sound, initials


class Rank(IntEnum):
    """How well something fits what was asked, the best first."""

    NAME = 0  # it is called so
    WORD = 1  # people call it so
    NAME_BEGINS = 2
    WORD_BEGINS = 3
    INITIALS = 4
    INITIALS_BEGIN = 5
    SOUND_BEGINS = 6
    SLIP = 7  # nearly those initials
    NAME_WITHIN = 8
    WORD_WITHIN = 9
    SOUND_WITHIN = 10
    IN_PARTS = 11  # all of what was asked stands in what it is called, in parts or in other words
    ZONE = 12  # it belongs there
    ASKED_FOR = 13  # what was asked has its name or a word for it within
    GUIDE = 14


class Hit(Value):
    """Something found: kind and code, and how well it fits.

    sounds_so   it was not typed so and only sounds alike
    by_letters  some of it was typed as letters, in whatever way it fits
    """

    kind: str
    code: str
    rank: Rank
    common: bool
    sounds_so: bool = False
    by_letters: bool = False


class Called(Value):
    """Something with all it is called, its name and the words people have for it: (text, sound, initials)."""

    kind: str
    code: str
    common: bool
    names: tuple[tuple[str, str, str], ...]


# Within a sound or initials a few letters mean nothing: `an` is in everything. What cannot fit at all is passed over
# before anything is grouped, which is most of the time saved. Of what stands in what was asked the longest says most.
_FIND = """
    SELECT kind, code, min(CASE
        WHEN text = :text AND source < 2 THEN source
        WHEN source < 2 AND substr(text, 1, length(:text)) = :text THEN 2 + source
        WHEN source < 2 AND (initials = :sound OR sound = :sound) THEN 4
        WHEN source < 2 AND substr(initials, 1, length(:sound)) = :sound THEN 5
        WHEN source < 2 AND substr(sound, 1, length(:sound)) = :sound THEN 6
        WHEN source < 2 AND instr(text, :text) THEN 8 + source
        WHEN source < 2 AND length(:sound) >= 3 AND instr(initials, :sound) THEN 10
        WHEN source < 2 AND length(:sound) >= 4 AND instr(sound, :sound) THEN 10
        WHEN instr(text, :text) OR sound = :sound THEN 12
        WHEN source < 2 AND length(text) >= 2 AND instr(:text, text) THEN 13
    END) AS rank, common, min(length(text)),
        max(CASE WHEN source < 2 AND instr(:text, text) THEN length(text) ELSE 0 END) AS within
    FROM phrases
    WHERE instr(text, :text) OR sound = :sound
        OR source < 2 AND (instr(:text, text) OR instr(initials, :sound) OR instr(sound, :sound))
    GROUP BY kind, code HAVING rank IS NOT NULL
    ORDER BY rank, CASE rank WHEN 13 THEN -within END, common DESC, min(length(text)), kind DESC, code LIMIT :limit
"""


def put_phrases(
    tx: Transaction, kind: str, code: str, *, common: bool, phrases: Iterable[PhraseRow], guide: str
) -> None:
    """Something is found by these from now on, and by nothing else.

    guide  what its guide says, as words with blanks between
    """
    drop_phrases(tx, kind, code)
    tx.execute_many(
        "INSERT INTO phrases VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(kind, code, place, row[0], common, *row[1:]) for place, row in enumerate(phrases)],
    )
    ((row,),) = tx.execute(
        "INSERT INTO guides (kind, code, common) VALUES (?, ?, ?) RETURNING row", (kind, code, common)
    )
    tx.execute("INSERT INTO guide_words (rowid, words) VALUES (?, ?)", (row, guide))


def drop_phrases(tx: Transaction, kind: str, code: str) -> None:
    """Something is found no more."""
    tx.execute("DELETE FROM phrases WHERE kind = ? AND code = ?", (kind, code))
    for (row,) in tx.execute("DELETE FROM guides WHERE kind = ? AND code = ? RETURNING row", (kind, code)):
        tx.execute("DELETE FROM guide_words WHERE rowid = ?", (row,))


def find_phrases(reader: Reader, text: str, sound: str | None, *, limit: int) -> tuple[Hit, ...]:
    """What is called so, the best first; of those that fit alike the common ones first.

    text   folded, not empty;  sound, the same as Latin letters; None where it is not to be tried
    """
    rows = reader.execute(_FIND, {"text": text, "sound": sound, "limit": limit})
    return tuple(Hit(row[0], row[1], Rank(row[2]), bool(row[3])) for row in rows)


def find_said(reader: Reader, texts: Sequence[str], *, limit: int) -> tuple[Hit, ...]:
    """What is called just as one of these reads, and behind that whatever has one of them within what it is called.

    texts  folded, not empty
    """
    told = {f"t{at}": text for at, text in enumerate(texts)}
    rows = reader.execute(
        f"""SELECT kind, code, min(CASE WHEN text IN ({", ".join(f":{name}" for name in told)}) THEN source ELSE
            {Rank.IN_PARTS} END) AS rank, common
        FROM phrases WHERE source < 2 AND {_any_in("t", texts)}
        GROUP BY kind, code ORDER BY rank, common DESC, min(length(text)), kind DESC, code LIMIT :limit""",
        {**told, "limit": limit},
    )
    return tuple(Hit(row[0], row[1], Rank(row[2]), bool(row[3])) for row in rows)


def find_initials(reader: Reader, among: Sequence[str], *, limit: int) -> tuple[Hit, ...]:
    """What has any of these initials, in full."""
    rows = reader.execute(
        "SELECT DISTINCT kind, code, common FROM phrases WHERE source < 2 AND "
        f"initials IN ({', '.join('?' * len(among))}) ORDER BY common DESC, source, kind DESC, code LIMIT ?",
        (*among, limit),
    )
    return tuple(Hit(row[0], row[1], Rank.SLIP, bool(row[2])) for row in rows)


def find_called(
    reader: Reader, begins: Sequence[str], ends: Sequence[str], either: Sequence[str], *, limit: int
) -> tuple[Called, ...]:
    """What may be called so in parts, with all it is called: one of either stands in it, or one of each of the others.

    begins, ends, either  folded, none of them empty
    """
    told = {"b": begins, "e": ends, "t": either}
    begun, ended, whole = (_any_in(letter, texts) for letter, texts in told.items())
    # Only what one of them stands in is looked through for the other.
    rows = reader.execute(
        f"""WITH begun AS MATERIALIZED (
            SELECT kind, code, common, max({whole}) AS fits FROM phrases WHERE source < 2 AND ({begun} OR {whole})
            GROUP BY kind, code
        ), found AS MATERIALIZED (
            SELECT kind, code FROM begun WHERE fits
                OR EXISTS (SELECT 1 FROM phrases AS p WHERE p.kind = begun.kind AND p.code = begun.code
                    AND source < 2 AND {ended})
            ORDER BY common DESC, kind DESC, code LIMIT :limit
        )
        SELECT kind, code, common, group_concat(text || ' ' || sound || ' ' || initials, char(10))
        FROM found JOIN phrases USING (kind, code) WHERE source < 2
        GROUP BY kind, code ORDER BY common DESC, kind DESC, code""",
        {f"{letter}{at}": text for letter, texts in told.items() for at, text in enumerate(texts)} | {"limit": limit},
    )
    return tuple(Called(row[0], row[1], bool(row[2]), _names_in(row[3])) for row in rows)


def _names_in(joined: str) -> tuple[tuple[str, str, str], ...]:
    # What is folded has no blanks, and a sound is letters alone.
    parts = (line.split(" ") for line in joined.split("\n"))
    return tuple((text, sound, initials) for text, sound, initials in parts)


def _any_in(kind: str, texts: Sequence[str]) -> str:
    return "(" + " OR ".join(f"instr(text, :{kind}{at})" for at in range(len(texts))) + ")"


def find_guides(reader: Reader, words: Sequence[str], *, limit: int) -> tuple[Hit, ...]:
    """What has all these words in its guide; they are letters and figures only."""
    rows = reader.execute(
        "SELECT kind, code, common FROM guide_words JOIN guides ON row = guide_words.rowid "
        "WHERE guide_words MATCH ? ORDER BY common DESC, kind DESC, code LIMIT ?",
        (" AND ".join(f'"{word}"' for word in words), limit),
    )
    return tuple(Hit(row[0], row[1], Rank.GUIDE, bool(row[2])) for row in rows)
